"""Linear equations, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    ("{text}: line {line}, column {column}: {message~}", "{text}：第 {line} 行第 {column} 個字：{message~}"),
    ("equations, line {line}, column {column}: {message~}", "方程式第 {line} 行第 {column} 個字：{message~}"),
    (
        "equations: there is none; write some like 5x + 2y = 10, one a line",
        "沒有方程式；請一行寫一個，例如 5x + 2y = 10",
    ),
    (
        "equations: {n} unknowns ({names}) are more than {most}; leave some out",
        "方程式：{n} 個未知數（{names}）超過 {most} 個，請少用幾個",
    ),
    (
        "equations: {equations} equation{s}, but {n} unknown{plural} ({names}); write as many equations as unknowns",
        "方程式：{equations} 個方程式，卻有 {n} 個未知數（{names}）；方程式與未知數要一樣多",
    ),
    (
        "rows of numbers and equations are mixed; write all of one kind",
        "數字列與方程式混在一起了，請全部用同一種寫法",
    ),
    (
        "{n} numbers, but the first row has {first}; write rows of one length",
        "這一列有 {n} 個數字，第一列卻有 {first} 個；每一列要一樣長",
    ),
    (
        "{character}: a power is not linear; each unknown stands alone, with a number before it",
        "{character}：次方不是線性的；每個未知數單獨出現，前面可以乘上數字",
    ),
    ("{character}: brackets are not read; multiply them out", "{character}：看不懂括號，請先乘開"),
    ("{character}: only equations are solved; write =", "{character}：只能解等式，請寫 ="),
    ("{character}: not read here; write like 5x + 2y = 10", "{character}：這裡看不懂，請寫成像 5x + 2y = 10"),
    ("{what~} is missing at the end", "最後少了{what~}"),
    ("{what~} is missing before {text}", "{text} 前面少了{what~}"),
    ("a number or an unknown", "數字或未知數"),
    ("a number", "數字"),
    (
        "no equal sign; write an equation like 5x + 2y = 10, or a row of numbers like 5, 2 | 10",
        "沒有等號；請寫方程式，例如 5x + 2y = 10，或一列數字，例如 5, 2 | 10",
    ),
    ("two equal signs; write one equation a line", "有兩個等號；一行只寫一個方程式"),
    ("no unknown in it; write at least one letter, like x", "沒有未知數；至少要有一個字母，例如 x"),
    (
        "{mark} stands between the numbers of a row; in an equation write a point: 0.5",
        "{mark} 用來隔開一列裡的數字；方程式裡的小數點請寫成 0.5",
    ),
    ("{text} is one too many; write + or - before it", "多了 {text}；前面請寫 + 或 -"),
    (
        "a number stands right behind another factor; write an operator between, as in 2*3",
        "數字緊接在另一個因數後面；中間請寫運算符號，例如 2*3",
    ),
    (
        "divided by the unknown {name}: that is not linear; divide by numbers only",
        "除以未知數 {name} 就不是線性的了；只能除以數字",
    ),
    ("divided by 0", "除以 0"),
    (
        "{name} times {other}: a product of unknowns is not linear; write + between them",
        "{name} 乘 {other}：未知數相乘不是線性的；中間請寫 +",
    ),
    (
        "a name of {n} characters is longer than {most}; write a shorter one",
        "名稱有 {n} 個字元，超過 {most} 個；請寫短一點",
    ),
    ("{n} digits are more than {most}; write a shorter number", "{n} 位數超過 {most} 位；請寫短一點的數字"),
    ("two bars; the one | stands before the right side", "有兩條直線；| 只放在右邊的數字之前"),
    ("behind the bar stands one number, the right side", "直線後面只能有一個數字，就是等號右邊"),
    (
        "a single number is no equation; write 5x + 2y = 10, or a row like 5, 2 | 10",
        "只有一個數字不是方程式；請寫 5x + 2y = 10，或一列數字，例如 5, 2 | 10",
    ),
    (
        "a number above 1,000,000,000; divide the equation by something",
        "有超過 1,000,000,000 的數字；請把方程式除以某個數",
    ),
    (
        "a number nearer to 0 than 0.000000001; multiply the equation by something",
        "有比 0.000000001 更接近 0 的數字；請把方程式乘上某個數",
    ),
    (
        "it should be auto, or a number above 0 and at most {most}",
        "應該是 auto，或大於 0、不超過 {most} 的數字",
    ),
)
