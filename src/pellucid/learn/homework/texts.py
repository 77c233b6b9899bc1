"""Every sentence of the checker, in both languages."""

from __future__ import annotations

from typing import Any, Literal

from pellucid.core.card import Words

TEXT: dict[str, Words] = {
    "passed": {"en": "passed: {n} checks", "zh-TW": "通過：{n} 項檢查"},
    "passed_answer": {"en": "passed", "zh-TW": "通過"},
    "public": {
        "en": "public checks passed, {n} hidden ones not run here",
        "zh-TW": "公開檢查通過，另有 {n} 項隱藏檢查不在此執行",
    },
    "open": {"en": "not written yet", "zh-TW": "尚未作答"},
    "missing": {"en": "{name} is not there; keep its name as it was", "zh-TW": "找不到 {name}；請保留原本的名稱"},
    "not_callable": {"en": "{name} is no function any more", "zh-TW": "{name} 不再是函式"},
    "syntax": {"en": "Python cannot read {where}: {message}", "zh-TW": "Python 讀不懂 {where}：{message}"},
    "top": {
        "en": "{type} while the file was read, {where}: {message}",
        "zh-TW": "讀取檔案時發生 {type}，{where}：{message}",
    },
    "error": {"en": "{type}, {where}: {message}", "zh-TW": "{type}，{where}：{message}"},
    "recursion": {"en": "it calls itself without end, {where}", "zh-TW": "函式不停呼叫自己，{where}"},
    "memory": {"en": "it wants more memory than the {n} GB allowed", "zh-TW": "需要的記憶體超過允許的 {n} GB"},
    "time": {"en": "no answer after {n:g} s; does a loop never end?", "zh-TW": "{n:g} 秒內沒有答案；是否有無窮迴圈？"},
    "exit": {
        "en": "the code ended Python itself (exit code {n}) instead of returning a value",
        "zh-TW": "程式自行結束了 Python（結束代碼 {n}），沒有回傳值",
    },
    "crash": {"en": "the code crashed Python (signal {n})", "zh-TW": "程式讓 Python 當掉了（訊號 {n}）"},
    "too_much": {
        "en": "it prints or returns too much; is there a print in a loop?",
        "zh-TW": "印出或回傳的內容太多；迴圈裡是否有 print？",
    },
    "never_started": {
        "en": "Python did not start in time on this machine; try again",
        "zh-TW": "這台電腦未能及時啟動 Python；請再試一次",
    },
    "garbled": {"en": "what came back is no value", "zh-TW": "傳回來的不是一個值"},
    "changed": {
        "en": "it changes its arguments; work on a copy",
        "zh-TW": "函式改動了傳入的引數；請先複製再處理",
    },
    "nothing": {"en": "it returns nothing; is a return missing?", "zh-TW": "函式沒有回傳任何值；是否少了 return？"},
    "type": {"en": "a value of another type was expected", "zh-TW": "回傳值的型別不對"},
    "shape": {"en": "the shape differs", "zh-TW": "形狀不同"},
    "dtype": {"en": "the type of the array's elements differs", "zh-TW": "陣列元素的型別不同"},
    "length": {"en": "the length differs", "zh-TW": "長度不同"},
    "keys": {"en": "the keys differ", "zh-TW": "鍵值不同"},
    "value": {"en": "the value differs", "zh-TW": "數值不同"},
    "nan": {"en": "it gives nan, which is no number", "zh-TW": "得到 nan，不是一個數字"},
    "should_raise": {"en": "it should raise {type} here", "zh-TW": "此處應該引發 {type}"},
    "hidden": {"en": "hidden call {n}: {about}", "zh-TW": "隱藏的呼叫 {n}：{about}"},
    "no_number": {"en": "the answer is no number", "zh-TW": "答案不是數字"},
    "quantity": {"en": "that is not the number", "zh-TW": "數字不對"},
    "no_option": {"en": "write one of the letters {letters}", "zh-TW": "請寫下 {letters} 其中一個字母"},
    "no_run": {"en": "write the folder of your run", "zh-TW": "請寫下你的執行紀錄資料夾"},
    "run": {"en": "that run cannot be checked: {why}", "zh-TW": "無法檢查這筆執行紀錄：{why}"},
    "beaten": {"en": "passed: {metric} {got:.4f}", "zh-TW": "通過：{metric} {got:.4f}"},
    "not_beaten": {"en": "{metric} is not there yet", "zh-TW": "{metric} 還差一點"},
    "broken": {
        "en": "the exercise itself is broken, its solution fails: {why}",
        "zh-TW": "題目本身有問題，解答無法執行：{why}",
    },
}


def say(key: str, **values: Any) -> Words:
    """The sentence with these values; a value may itself be in both languages."""
    return {"en": _filled(key, "en", values), "zh-TW": _filled(key, "zh-TW", values)}


def _filled(key: str, language: Literal["en", "zh-TW"], values: dict[str, Any]) -> str:
    chosen = {name: value[language] if isinstance(value, dict) else value for name, value in values.items()}
    return TEXT[key][language].format(**chosen)


def joined(*sentences: Words) -> Words:
    return {"en": " ".join(s["en"] for s in sentences), "zh-TW": "".join(s["zh-TW"] for s in sentences)}
