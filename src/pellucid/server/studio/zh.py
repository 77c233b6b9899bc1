"""What the studio refuses, in Traditional Chinese: its own phrase book, and those of core and of all rooms with it."""

from functools import cache

from pellucid import catalog
from pellucid.core import zh
from pellucid.core.phrases import Pairs, Phrases

PHRASES: Pairs = (
    ("{suffix}: send one of {known}", "{suffix}：請上傳 {known} 其中一種"),
    ("{room}: it has no data to choose from", "{room}：沒有資料可以挑選"),
    ("{room}: its answers are no classes, so none is wrong", "{room}：它的答案不是類別，所以無所謂答錯"),
    ("{room}: nothing can be added to its runs", "{room}：它的執行紀錄不能再加入東西"),
    ("does not say how a file is read", "這個設定和讀取檔案無關"),
    (
        "{room}: the bundled run is part of the package and stays as it is; train one of your own and add to that: "
        "{command}",
        "{room}：內附的執行紀錄屬於套件，不能更改；請先訓練自己的一次，再加入：{command}",
    ),
    (
        "{path}: its training is not done ({state}); add to it when it is",
        "{path}：訓練還沒完成（{state}）；完成之後才能加入",
    ),
    ("{value} is no class of this run: {choices}", "{value} 不是這次訓練的類別：{choices}"),
    ("no such file; load the page again", "沒有這個檔案；請重新載入頁面"),
    ("there is nothing at this address", "這個網址沒有東西"),
    ("{page}: no such page of the lesson", "{page}：課文裡沒有這一頁"),
    ("{room} has no lesson in {language}", "{room} 沒有 {language} 的課文"),
    ("this trace is gone; look again", "這份追蹤已經不在了；請再看一次"),
    ("the bundled run comes with Pellucid and stays as it is", "內附的執行紀錄不能更改"),
    ("{run}: is {state}; there is nothing to resume", "{run}：狀態是 {state}，沒有可以繼續的訓練"),
    ("{run}: is {state}; there is nothing to stop", "{run}：狀態是 {state}，沒有可以停止的訓練"),
    ("{run}: is training; stop it first", "{run}：正在訓練，請先停止"),
    ("{run}: is not in the trash", "{run}：不在垃圾桶裡"),
    ("{run}: cannot be moved to {place}: {why}", "{run}：無法移到 {place}（{why}）"),
    ("{name}: no such run time", "{name}：沒有這種執行環境"),
    ("{file}: not in this bundle", "{file}：不在這個套件裡"),
    ("{what} is being exported; one is made at a time", "正在匯出 {what}；一次只做一個"),
    ("{room}: no such system, or not built yet", "{room}：沒有這個系統，或還沒有建好"),
    ("{run}: no such run of {room}", "{room} 沒有 {run} 這個執行紀錄"),
    ("{run}: is a run of {room}", "{run}：是 {room} 的執行紀錄"),
    ("TensorBoard {reason} (all of it: {log})", "TensorBoard {reason}（完整紀錄：{log}）"),
    ("TensorBoard cannot be started: {why}", "TensorBoard 無法啟動：{why}"),
    (
        "open the URL that `pellucid studio` printed when it started: it carries the key",
        "請開啟 pellucid studio 啟動時印出的網址，裡面帶著金鑰",
    ),
)


@cache
def _book() -> Phrases:
    return Phrases(PHRASES, *catalog.phrases(), zh.PHRASES)


def in_chinese(message: str) -> str:
    """The sentence in Traditional Chinese; empty where no phrase book has it."""
    return _book().translate(message) or ""
