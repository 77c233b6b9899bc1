"""Names of what is inside, for people: captions, titles, symbols and axes, in both languages."""

from __future__ import annotations

from pellucid.core.card import Words

# what the names in model.py mean, in the order of the story; those of a direction's steps are in nn/recurrent/steps.py
STORY = {
    "embedding.vectors": {"en": "each word becomes a vector of learned numbers", "zh-TW": "每個詞變成一個學得的向量"},
    "recurrent.*.from_input": {"en": "what the word says: W x", "zh-TW": "這個詞的貢獻：W x"},
    "recurrent.*.from_state": {"en": "what the memory says: U h", "zh-TW": "記憶的貢獻：U h"},
    "recurrent.*.input_gate": {
        "en": "input gate: how much of the candidate is let in",
        "zh-TW": "輸入閘：讓多少候選值進入",
    },
    "recurrent.*.forget_gate": {"en": "forget gate: how much of the cell is kept", "zh-TW": "遺忘閘：保留多少細胞狀態"},
    "recurrent.*.reset_gate": {
        "en": "reset gate: how much past the candidate sees",
        "zh-TW": "重置閘：候選值看見多少過去",
    },
    "recurrent.*.update_gate": {"en": "update gate: how much of the past stays", "zh-TW": "更新閘：保留多少過去"},
    "recurrent.*.candidate": {"en": "candidate: what might be remembered", "zh-TW": "候選值：可能要記住的內容"},
    "recurrent.*.output_gate": {
        "en": "output gate: how much of the cell is shown",
        "zh-TW": "輸出閘：顯露多少細胞狀態",
    },
    "recurrent.*.c": {"en": "cell state: the long memory", "zh-TW": "細胞狀態：長期記憶"},
    "recurrent.*.h": {"en": "hidden state: what the next layer sees", "zh-TW": "隱藏狀態：下一層看見的內容"},
    "recurrent.output": {"en": "both directions' states become one", "zh-TW": "兩個方向的狀態合而為一"},
    "words_only": {"en": "padding is taken out of the running", "zh-TW": "填充位置不參與比較"},
    "pooled": {"en": "of each unit, the highest state over all words", "zh-TW": "每個單元取所有詞中的最大值"},
    "logit": {"en": "one weighted sum: the log-odds of spam", "zh-TW": "一個加權總和：垃圾簡訊的對數勝算"},
    "probability": {"en": "the sigmoid makes a probability of it", "zh-TW": "經 sigmoid 變成機率"},
}
AXES = {
    "ids": ("message", "word"),
    "real": ("message", "word"),
    "embedding.weight": ("vocabulary", "dimension"),
    "embedding.vectors": ("message", "word", "dimension"),
    "recurrent.*.weight_input": ("gate and unit", "dimension"),
    "recurrent.*.weight_hidden": ("gate and unit", "unit"),
    "recurrent*.output": ("message", "word", "unit"),
    "words_only": ("message", "word", "unit"),
    "pooled": ("message", "unit"),
    "logit": ("message",),
    "probability": ("message",),
}

# what a view calls a name of the model (its last part), or a module of it
TITLES: dict[str, Words] = {
    "ids": {"en": "Words", "zh-TW": "詞"},
    "embedding": {"en": "Embedding", "zh-TW": "嵌入層"},
    "words_only": {"en": "Mask", "zh-TW": "遮罩"},
    "pooled": {"en": "Max pooling", "zh-TW": "最大池化"},
    "dense": {"en": "Dense", "zh-TW": "全連接層"},
    "logit": {"en": "Logit", "zh-TW": "Logit"},
    "probability": {"en": "Probability", "zh-TW": "機率"},
    "forward_direction": {"en": "Forward", "zh-TW": "正向"},
    "backward_direction": {"en": "Backward", "zh-TW": "反向"},
    "output": {"en": "Both directions", "zh-TW": "兩個方向合併"},
    "vectors": {"en": "Word vectors", "zh-TW": "詞向量"},
    "from_input": {"en": "From the word", "zh-TW": "來自詞"},
    "from_state": {"en": "From the memory", "zh-TW": "來自記憶"},
    "input_gate": {"en": "Input gate", "zh-TW": "輸入閘"},
    "forget_gate": {"en": "Forget gate", "zh-TW": "遺忘閘"},
    "output_gate": {"en": "Output gate", "zh-TW": "輸出閘"},
    "reset_gate": {"en": "Reset gate", "zh-TW": "重置閘"},
    "update_gate": {"en": "Update gate", "zh-TW": "更新閘"},
    "candidate": {"en": "Candidate", "zh-TW": "候選值"},
    "c": {"en": "Cell state", "zh-TW": "細胞狀態"},
    "h": {"en": "Hidden state", "zh-TW": "隱藏狀態"},
    "weight_input": {"en": "Input weights W", "zh-TW": "輸入權重 W"},
    "weight_hidden": {"en": "Recurrent weights U", "zh-TW": "循環權重 U"},
    "bias": {"en": "Bias b", "zh-TW": "偏差值 b"},
    "weight": {"en": "Weights", "zh-TW": "權重"},
}

# the same where there is little room: the parts of the recurrent layer side by side
SHORT: dict[str, Words] = {
    "from_input": {"en": "W x", "zh-TW": "W x"},
    "from_state": {"en": "U h", "zh-TW": "U h"},
    "input_gate": {"en": "Input", "zh-TW": "輸入閘"},
    "forget_gate": {"en": "Forget", "zh-TW": "遺忘閘"},
    "output_gate": {"en": "Output", "zh-TW": "輸出閘"},
    "reset_gate": {"en": "Reset", "zh-TW": "重置閘"},
    "update_gate": {"en": "Update", "zh-TW": "更新閘"},
    "candidate": {"en": "Candidate", "zh-TW": "候選值"},
    "c": {"en": "Cell", "zh-TW": "細胞"},
    "h": {"en": "Hidden", "zh-TW": "隱藏"},
}

# TeX of a name in a formula
SYMBOLS = {
    "from_input": "W x_t",
    "from_state": "U h_{t-1}",
    "bias": "b",
    "input_gate": "i_t",
    "forget_gate": "f_t",
    "output_gate": "o_t",
    "reset_gate": "r_t",
    "update_gate": "z_t",
    "candidate": "g_t",
    "c": "c_t",
    "h": "h_t",
    "logit": "z",
    "probability": "p",
}

AXIS_TITLES: dict[str, Words] = {
    "message": {"en": "message", "zh-TW": "簡訊"},
    "word": {"en": "word", "zh-TW": "詞"},
    "dimension": {"en": "dimension", "zh-TW": "維度"},
    "unit": {"en": "unit", "zh-TW": "單元"},
    "gate and unit": {"en": "gate and unit", "zh-TW": "閘與單元"},
    "vocabulary": {"en": "vocabulary", "zh-TW": "詞彙"},
}
