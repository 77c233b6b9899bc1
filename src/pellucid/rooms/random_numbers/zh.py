"""Random numbers, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    ("{text}: call, {where}: {message~}", "{text}：{message~}"),
    ("call, line {line}, column {column}: {message~}", "第 {line} 行第 {column} 個字：{message~}"),
    ("call, column {column}: {message~}", "第 {column} 個字：{message~}"),
    (
        "call: there is none; write one like randn(3, 4) or normal(5, 2, size=1000)",
        "沒有呼叫；請寫一個，例如 randn(3, 4) 或 normal(5, 2, size=1000)",
    ),
    ("call, {where}: {message~}", "{message~}"),
    # the call
    ("{text}: a comma is missing before it", "{text}：前面少了逗號"),
    (
        "{text} behind the call; write one call a line, as in randn(3, 4)",
        "呼叫後面多了 {text}；一行只寫一個呼叫，例如 randn(3, 4)",
    ),
    ("one seed, please: {example}(7)", "種子只要一個：{example}(7)"),
    ("a seed is a whole number from 0 to {most}; write seed=7", "種子是 0 到 {most} 的整數；請寫 seed=7"),
    ("'(' is missing after {name}; write {example}", "{name} 後面少了 '('；請寫 {example}"),
    (
        "the bracket of column {column} is not closed; write ) at the end",
        "第 {column} 個字的括號沒有關上；請在最後加上 )",
    ),
    ("{text} is too large; numbers up to 1,000,000,000 are read", "{text} 太大；最多讀到 1,000,000,000"),
    ("a second call; write one call, and a seed if you like", "第二個呼叫；請只寫一個，可以再加一個種子"),
    ("a second seed, {given}, besides {seed}; write one", "除了 {seed} 還有第二個種子 {given}；請只寫一個"),
    (
        "{text}: numbers only; write it out, as in normal(5, 2, size=1000)",
        "{text}：只能用數字；請直接寫出來，例如 normal(5, 2, size=1000)",
    ),
    ("a bracket within a bracket; a shape is written (2, 3)", "括號裡又有括號；形狀請寫成 (2, 3)"),
    ("{text} is no number; write like 1000 or 0.5", "{text} 不是數字；請寫成像 1000 或 0.5"),
    ("{text}: a function's name is missing; write like randn(3, 4)", "{text}：少了函式的名稱；請寫成像 randn(3, 4)"),
    ("a function's name is missing; write like randn(3, 4)", "少了函式的名稱；請寫成像 randn(3, 4)"),
    ("a number is missing here; write like randn(3, 4)", "這裡少了一個數字；請寫成像 randn(3, 4)"),
    ("{text}: a number is missing here; write like randn(3, 4)", "{text}：這裡少了一個數字；請寫成像 randn(3, 4)"),
    ("{text}: a name is missing after the point", "{text}：點的後面少了名稱"),
    ("a name is missing after the point", "點的後面少了名稱"),
    ("not read here; write like randn(3, 4)", "這裡看不懂；請寫成像 randn(3, 4)"),
    ("{n} characters are more than the {most} of any name or number", "{n} 個字元超過名稱或數字的上限 {most}"),
    # its arguments
    ("one value too many: {call} takes {names}", "多了一個值：{call} 的引數是 {names}"),
    (
        "{call} has no {name}=; write the lengths one by one: {example}",
        "{call} 沒有 {name}=；長度請一個一個寫：{example}",
    ),
    (
        "{call} takes lengths one by one: np.random.{name}({inner}), or {other}",
        "{call} 的長度要一個一個寫：np.random.{name}({inner})，或 {other}",
    ),
    ("a shape and more; write {example}", "形狀之外還有別的；請寫 {example}"),
    (
        "{call} takes one shape: write {again}(({inner})). It is {other} that takes the lengths one by"
        " one: {other_again}({inner_again})",
        "{call} 只要一個形狀：請寫 {call}(({inner}))。把長度一個一個寫的是 {other}：{other}({inner})",
    ),
    ("from {a} to {b} {why~}; write the lower end first: {better}", "從 {a} 到 {b} {why~}；小的請寫在前面：{better}"),
    ("is empty", "是空的"),
    ("runs backwards", "是反過來的"),
    ("from {a} to {b} is too narrow for floating point; write it wider", "從 {a} 到 {b} 對浮點數來說太窄；請寫寬一點"),
    ("from where to where? Write {example}", "從哪裡到哪裡？請寫 {example}"),
    ("{value} is beyond ±{most}", "{value} 超過 ±{most}"),
    (
        "{call}({first}, {past}) is empty: the end is not included; {better} gives {first_again} only",
        "{call}({first}, {past}) 是空的：不包含上限；{better} 只會得到 {first}",
    ),
    ("{text} is no number; write {example}", "{text} 不是數字；請寫 {example}"),
    (
        "{value} is beyond what is drawn here; from {least} to {most} will do",
        "{value} 超出這裡能抽的範圍；請在 {least} 到 {most} 之間",
    ),
    (
        "{call} wants the shape in brackets, ({shape},); write {example}",
        "{call} 的形狀要放在括號裡，({shape},)；請寫 {example}",
    ),
    ("{n} axes are more than the {most} that are read", "{n} 個軸超過 {most} 個"),
    (
        "{n} numbers are more than the {most} that are drawn at once; write fewer",
        "{n} 個數字超過一次能抽的 {most} 個；請少一點",
    ),
    ("a value without a name behind one with a name; write {example}", "有名稱的引數後面又有沒名稱的；請寫 {example}"),
    ("{call} has no {name}={hint~} It takes {known}, seed", "{call} 沒有 {name}={hint~}它的引數是 {known}、seed"),
    ("{name} is given twice; write {example}", "{name} 給了兩次；請寫 {example}"),
    (
        "a standard deviation of {value} {what~}; write one above 0, as in {example}",
        "標準差 {value} {what~}；請寫大於 0 的數，例如 {example}",
    ),
    ("gives the same number every time", "每次都得到同一個數字"),
    ("is negative, which no spread can be", "是負的，但分散程度不可能是負的"),
    ("{text} is no whole number; write {example}", "{text} 不是整數；請寫 {example}"),
    ("{call} needs a shape; write {example}", "{call} 需要形狀；請寫 {example}"),
    ("{text} is no length; lengths are whole numbers{near}", "{text} 不是長度；長度是整數{near}"),
    ("a length of {length} {what~}; write at least 1", "長度 {length} {what~}；至少要是 1"),
    ("is no length", "不是長度"),
    ("gives no numbers", "不會有任何數字"),
    # settings
    ("a seed belongs into the field seed here; leave it out of the call", "這裡的種子要填在 seed 欄；請從呼叫裡拿掉"),
    (
        "only one value is possible, so that there is no error to see fall; write randint(1, 7)",
        "只可能有一個值，看不到誤差下降；請寫 randint(1, 7)",
    ),
    ("{name}: no such function{hint~} Known: {names}", "{name}：沒有這個函式{hint~}可用的有：{names}"),
    ("{text}: write {example}", "{text}：請寫 {example}"),
    ("write {example}", "請寫 {example}"),
    ("{character}: {advice~}", "{character}：{advice~}"),
)
