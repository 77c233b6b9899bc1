"""Losses, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    ("{text}: problem, line {line}, column {column}: {message~}", "{text}：第 {line} 行第 {column} 個字：{message~}"),
    ("{text}: line {line}, column {column}: {message~}", "{text}：第 {line} 行第 {column} 個字：{message~}"),
    ("problem, line {line}, column {column}: {message~}", "第 {line} 行第 {column} 個字：{message~}"),
    # lines and options
    ("problem: the predictions are missing; write a line like {example}", "少了預測；請加一行像 {example}"),
    ("problem: the targets are missing; write a line like {example}", "少了目標；請加一行像 {example}"),
    (
        "problem: no loss is named; begin with one of {names}, as in {example}",
        "沒有寫損失；請先寫 {names} 其中之一，例如 {example}",
    ),
    ("problem: {what} are missing; write a line like {key} = {example}", "少了 {what}；請加一行像 {key} = {example}"),
    (
        "{text} is not understood{hint~} Write name = numbers, with a name of {names}",
        "看不懂 {text}{hint~}請寫成「名稱 = 數字」，名稱是 {names} 其中之一",
    ),
    ("cross-entropy of which sort? Write {names}", "哪一種交叉熵？請寫 {names}"),
    (
        "predictions stand there twice, once as p and once as logits; write one of both",
        "預測寫了兩次，一次是 p、一次是 logits；請留一個",
    ),
    ("{text} is a second loss; write one at a time", "{text} 是第二個損失；一次只寫一個"),
    ("a second loss; write one at a time", "這是第二個損失；一次只寫一個"),
    ("{text} is no loss{hint~} Known: {names}", "{text} 不是損失{hint~}可用的有：{names}"),
    ("{text} is no loss{meant~}", "{text} 不是損失{meant~}"),
    (
        "{loss} has no logits; leave out 'from logits', its predictions are used as they are",
        "{loss} 沒有 logit；請去掉 from logits，它的預測照原樣使用",
    ),
    ("delta belongs to huber; {loss} has none, leave it out", "delta 屬於 huber；{loss} 沒有這一項，請拿掉"),
    (
        "{text} says neither yes nor no; write from logits, or from_logits = false",
        "{text} 既不是「是」也不是「否」；請寫 from logits，或 from_logits = false",
    ),
    (
        "{text} is no reduction{hint~} write mean, sum, none or weighted mean",
        "{text} 不是彙總方式{hint~}請寫 mean、sum、none 或 weighted mean",
    ),
    ("{name} is one number; write like {example} = {value}", "{name} 只要一個數字；請寫成 {example} = {value}"),
    (
        "{name} = {value}: it should be {what~} from {low} to {high}, like {example}",
        "{name} = {value}：應為 {low} 到 {high} 的{what~}，例如 {example}",
    ),
    ("a whole number", "整數"),
    ("a number", "數字"),
    ("{text} stands there twice; write it once", "{text} 寫了兩次，請只寫一次"),
    (
        "{text} stands in the line of the loss; write a ; or a new line before it",
        "{text} 和損失寫在同一行了；前面請加 ; 或換行",
    ),
    (
        "{text} is no option of a loss; known: from logits, delta=1, reduction=sum",
        "{text} 不是損失的選項；可用的有 from logits、delta=1、reduction=sum",
    ),
    # numbers
    (
        "{text} is no number that can be descended on; write a finite one, like 800",
        "{text} 不能用來做梯度下降；請寫有限的數字，例如 800",
    ),
    ("{text} is no number; write {advice~}", "{text} 不是數字；請寫{advice~}"),
    ("0.8, not 80 %", " 0.8，不是 80 %"),
    ("numbers, like {example}", "數字，例如 {example}"),
    ("{text} is not closed; write as many ] as [", "{text} 沒有關上；] 和 [ 要一樣多"),
    ("{name} has no numbers; write some like {example} = 0 1 0 0", "{name} 沒有數字；請寫成 {example} = 0 1 0 0"),
    ("{n} numbers are more than {most}; take fewer examples", "{n} 個數字超過 {most} 個；請少用幾筆"),
    ("divided by 0", "除以 0"),
    (
        "{text} is beyond {most}; numbers of that size are not computed here",
        "{text} 超過 {most}；這裡不計算這麼大的數字",
    ),
    (
        "row {row} has {n} numbers, but row 1 has {first}; write rows of one length",
        "第 {row} 列有 {n} 個數字，第 1 列卻有 {first} 個；每一列要一樣長",
    ),
    ("a number is missing behind this comma", "這個逗號後面少了一個數字"),
    ("{text} closes a bracket that was not opened", "{text} 關上了沒有打開的括號"),
    # what fits together
    (
        "{loss} takes rows of at least two numbers, one a {each}; write p = 0.1 0.9 | 0.7 0.3",
        "{loss} 要用每列至少兩個數字，每個 {each} 一個；請寫成 p = 0.1 0.9 | 0.7 0.3",
    ),
    ("{n} numbers in a row are more than {most}; take fewer", "一列 {n} 個數字超過 {most} 個，請少用幾個"),
    (
        "the targets are {size}, the predictions {other}; write a row of targets for each{row}",
        "目標是 {size}，預測是 {other}；每一列預測都要有一列目標",
    ),
    (
        "{n} targets, but {count} predictions; write as many, or one for all",
        "{n} 個目標，卻有 {count} 個預測；要一樣多，或只寫一個給全部",
    ),
    (
        "these are one-hot rows; write the number of each class, like y = 1 2, or take categorical_crossentropy",
        "這是 one-hot 的列；請寫類別的編號，例如 y = 1 2，或改用 categorical_crossentropy",
    ),
    (
        "{n} labels for {count} rows of predictions; write one whole number for each row, like y = 1 2",
        "{count} 列預測卻有 {n} 個標籤；每一列寫一個整數，例如 y = 1 2",
    ),
    (
        "weights stand there twice; write sample weights or class weights, not both",
        "權重寫了兩次；樣本權重和類別權重只能寫一種",
    ),
    ("all weights are 0; write at least one above", "權重全是 0；至少要有一個大於 0"),
    ("{loss} has no classes; write sample weights, one for each example", "{loss} 沒有類別；請寫樣本權重，每筆一個"),
    (
        "the classes of all examples have the weight 0; nothing would be left of the loss",
        "所有樣本的類別權重都是 0，損失就什麼都不剩了",
    ),
    (
        "class weights need targets of 0 and 1; for others write sample weights, one for each example",
        "類別權重需要 0 與 1 的目標；其他情形請寫樣本權重，每筆一個",
    ),
    (
        "weights of what? Write sample weights = … (one for each example) or class weights = … (one a class)",
        "是什麼的權重？請寫 sample weights = …（每筆一個）或 class weights = …（每類一個）",
    ),
    ("{n} {what}; write {wanted}, one for each {each}", "有 {n} 個 {what}；請寫 {wanted} 個，每個 {each} 一個"),
    ("{n} {what}s; write {wanted}, one for each {each}", "有 {n} 個 {what}；請寫 {wanted} 個，每個 {each} 一個"),
    (
        "{loss} takes one number an example, not rows; write {name} = 0 1 0 0, or take categorical_crossentropy"
        " for rows of classes",
        "{loss} 每筆只有一個數字，不是一列；請寫 {name} = 0 1 0 0，多類別請用 categorical_crossentropy",
    ),
    (
        "a mean of 0 allows no count but 0; write one above 0, like 0.1",
        "平均是 0 就只可能數到 0；請寫大於 0 的數字，例如 0.1",
    ),
    ("-1 and 0 are mixed; write labels as -1 and 1, or as 0 and 1", "-1 和 0 混在一起了；標籤請用 -1 與 1，或 0 與 1"),
    (
        "{value} is no class: with {n} predictions a row they are 0 to {last}",
        "{value} 不是類別：一列有 {n} 個預測，類別是 0 到 {last}",
    ),
    ("row {row} adds up to {sum}; probabilities add up to 1. {advice}", "第 {row} 列加起來是 {sum}；機率加起來要是 1"),
    (
        "{value}: a probability is from 0 to 1. {advice}",
        "{value}：機率在 0 到 1 之間；如果這是 logit，請在損失後面寫 from logits",
    ),
    ("{value}: probabilities are from 0 to 1. {advice}", "{value}：機率在 0 到 1 之間"),
    ("{value}: a label of hinge is -1 or 1 (or 0 for -1)", "{value}：hinge 的標籤是 -1 或 1（或以 0 代表 -1）"),
    (
        "row {row} is all zeros, which points nowhere; write at least one other number",
        "第 {row} 列全是零，沒有方向；至少寫一個別的數字",
    ),
)
