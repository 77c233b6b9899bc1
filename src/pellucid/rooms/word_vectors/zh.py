"""Word vectors, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    ("query: has no word; write one, such as queen", "查詢：沒有任何詞；請寫一個，例如 queen"),
    (
        "query: {text} takes away all that it adds; leave something to look up",
        "查詢：{text} 加上的又全部減掉了；請留下一些可以查的",
    ),
    (
        "query: {word} is not one of the {n} words that this run knows{hint~}",
        "查詢：這次訓練認得的 {n} 個詞裡沒有 {word}{hint~}",
    ),
    ("query: has {n} words; ask of at most {most} at once", "查詢：有 {n} 個詞；一次最多問 {most} 個"),
    (
        "{data}: has {n} words to learn from, and two are needed; take more text, or lower min_count ({count})",
        "{data}：只有 {n} 個詞可學，至少要兩個；請給更多文字，或調低 min_count（{count}）",
    ),
    (
        "{data}: has {n} word to learn from, and two are needed; take more text, or lower min_count ({count})",
        "{data}：只有 {n} 個詞可學，至少要兩個；請給更多文字，或調低 min_count（{count}）",
    ),
    (
        "engine: compiled computes on the CPU, and device is {device}; take engine=torch",
        "engine：compiled 只在 CPU 上計算，而 device 是 {device}；請改用 engine=torch",
    ),
    (
        "{data}: has no two words beside each other to learn from; take more text",
        "{data}：沒有相鄰的兩個詞可學；請給更多文字",
    ),
    ("{path}: has no question whose four words this run knows", "{path}：沒有一題的四個詞都是這次訓練認得的"),
    (
        "{path}: has no two words beside each other that this run knows",
        "{path}：沒有相鄰的兩個詞是這次訓練認得的",
    ),
    ("{path}, line {n}: is not two words and a number", "{path} 第 {n} 行：不是兩個詞加一個數字"),
    ("{path}, line {n}: has {k} words; a question has four", "{path} 第 {n} 行：有 {k} 個詞；一題要有四個詞"),
    (
        "similarity: {n} of its pairs have two words that this run knows; two are needed",
        "similarity：只有 {n} 對詞的兩個詞都認得；至少要兩對",
    ),
    (
        "the vectors became infinite in epoch {n}: lower learning_rate ({rate})",
        "向量在第 {n} 個 epoch 變成無限大；請調低 learning_rate（{rate}）",
    ),
    ("stopped in epoch {n} of {epochs}", "在第 {n} 個 epoch 停止，共 {epochs} 個"),
    ("{path}: holds no vectors", "{path}：沒有任何向量"),
    (
        "{path}: its first line is not `words dimensions`: no vectors in word2vec's format",
        "{path}：第一行不是「詞數」與「維度」：不是 word2vec 格式的向量",
    ),
    (
        "{path}: says that it holds {n} words of {d} numbers, which cannot be",
        "{path}：聲稱有 {n} 個詞、每個 {d} 個數字，這不可能",
    ),
    ("{path}, line {line}: ends after {n} of {all} words", "{path} 第 {line} 行：{all} 個詞只到第 {n} 個就結束了"),
    ("{path}: ends after {n} of {all} words", "{path}：{all} 個詞只到第 {n} 個就結束了"),
    ("{path}, line {line}: holds something that is not a number", "{path} 第 {line} 行：有不是數字的內容"),
    (
        "{path}, line {line}: has {n} numbers; the first line says {d}",
        "{path} 第 {line} 行：有 {n} 個數字；第一行說是 {d} 個",
    ),
)
