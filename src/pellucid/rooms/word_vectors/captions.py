"""Names of what is inside, for people: captions, titles, symbols and axes, in both languages."""

from __future__ import annotations

from pellucid.core.card import Words
from pellucid.rooms.word_vectors.options import Options

# what the names in model.py and parts.py mean, in the order of the story
STORY = {
    "units": {"en": "every word's vector, divided by its length", "zh-TW": "每個詞的向量，都除以自己的長度"},
    "rows": {"en": "the rows of the words that were asked", "zh-TW": "取出所問的詞的那幾列"},
    "sums": {"en": "their sum, each times its weight: + or −", "zh-TW": "各乘上權重（加或減），再加總"},
    "question": {"en": "the sum, divided by its length", "zh-TW": "總和除以自己的長度"},
    "scores": {
        "en": "its product with every word's vector: the cosine of the angle between them",
        "zh-TW": "與每個詞的向量相乘：兩者夾角的餘弦",
    },
    "pair.one_hot": {
        "en": "one training step: a word goes in as one-hot, a 1 at its place and 0 everywhere else",
        "zh-TW": "一次訓練：輸入的詞是 one-hot，自己的位置是 1，其餘都是 0",
    },
    "pair.rows": {
        "en": "one-hot times the table: just the word's row, its dense vector",
        "zh-TW": "one-hot 乘上表格，就是取出這個詞的那一列：它的稠密向量",
    },
    "pair.hidden": {"en": "the hidden layer: the mean of the rows", "zh-TW": "隱藏層：各列的平均"},
    "pair.target_rows": {"en": "the second table's rows of what is asked", "zh-TW": "第二張表格中，要判斷的各列"},
    "pair.scores": {"en": "hidden layer times each of them: a score", "zh-TW": "隱藏層與每一列相乘：分數"},
    "pair.probabilities": {
        "en": "the sigmoid makes a probability of each score",
        "zh-TW": "sigmoid 把每個分數變成機率",
    },
    "pair.loss": {
        "en": "the loss: minus the logarithm of the right side's probability, summed",
        "zh-TW": "損失：正確一方的機率取對數，變號後加總",
    },
    "pair.errors": {"en": "how far each probability is from its label", "zh-TW": "每個機率與標籤差多少"},
    "pair.input_gradient": {
        "en": "the slope of the loss along the input row: errors times the rows of the targets",
        "zh-TW": "損失對輸入列的梯度：誤差乘上各目標列",
    },
    "pair.output_gradient": {
        "en": "and along each target's row: its error times the hidden layer",
        "zh-TW": "以及對每個目標列的梯度：誤差乘上隱藏層",
    },
    "pair.new_rows": {
        "en": "the input row after one step: all other rows of the table stay as they are",
        "zh-TW": "走一步之後的輸入列；表格其餘各列都不變",
    },
    "pair.new_target_rows": {"en": "the targets' rows after the step", "zh-TW": "走一步之後的目標列"},
    "pair.new_loss": {"en": "the same loss once more: smaller", "zh-TW": "再算一次同樣的損失：變小了"},
    "map.centered": {"en": "a map: some words' vectors, less their mean", "zh-TW": "地圖：一些詞的向量，減去平均"},
    "map.covariance": {"en": "how the dimensions vary together", "zh-TW": "各維度如何一起變化（共變異數）"},
    "map.stretched": {
        "en": "the two directions only become longer by it: they are its eigenvectors",
        "zh-TW": "乘上它，這兩個方向只變長、不轉向：它們是特徵向量",
    },
    "map.share": {"en": "how much of the whole spread each direction shows", "zh-TW": "每個方向占全部變異的比例"},
    "map.coordinates": {"en": "how far each word lies along both", "zh-TW": "每個詞沿這兩個方向的座標"},
}
AXES = {
    "ids": ("query", "term"),
    "weights": ("query", "term"),
    "vectors": ("word", "dimension"),
    "lengths": ("word", "length"),
    "units": ("word", "dimension"),
    "rows": ("query", "term", "dimension"),
    "weighted": ("query", "term", "dimension"),
    "sums": ("query", "dimension"),
    "norms": ("query", "length"),
    "question": ("query", "dimension"),
    "scores": ("query", "word"),
    "context": ("input",),
    "targets": ("target",),
    "labels": ("target",),
    "times": ("target",),
    "pair.one_hot": ("input", "word"),
    "pair.rows": ("input", "dimension"),
    "pair.hidden": ("hidden", "dimension"),
    "pair.outputs": ("output row", "dimension"),
    "pair.target_rows": ("target", "dimension"),
    "pair.scores": ("hidden", "target"),
    "pair.probabilities": ("hidden", "target"),
    "pair.sides": ("target",),
    "pair.surprises": ("hidden", "target"),
    "pair.errors": ("hidden", "target"),
    "pair.input_gradient": ("hidden", "dimension"),
    "pair.output_gradient": ("target", "dimension"),
    "pair.new_rows": ("input", "dimension"),
    "pair.new_target_rows": ("target", "dimension"),
    "pair.new_hidden": ("hidden", "dimension"),
    "pair.new_scores": ("hidden", "target"),
    "pair.new_surprises": ("hidden", "target"),
    "places": ("place",),
    "directions": ("dimension", "direction"),
    "map.points": ("place", "dimension"),
    "map.center": ("dimension",),
    "map.centered": ("place", "dimension"),
    "map.covariance": ("dimension", "dimension"),
    "map.stretched": ("dimension", "direction"),
    "map.spread": ("direction",),
    "map.share": ("direction",),
    "map.coordinates": ("place", "direction"),
    "map.across": ("place",),
    "map.up": ("place",),
    "map.wide": ("end",),
    "map.tall": ("end",),
}


def both(text: str) -> Words:
    return {"en": text, "zh-TW": text}


TITLES: dict[str, Words] = {
    "ids": {"en": "Words", "zh-TW": "詞"},
    "weights": {"en": "Weights", "zh-TW": "權重"},
    "vectors": {"en": "Word vectors", "zh-TW": "詞向量"},
    "lengths": {"en": "Lengths", "zh-TW": "長度"},
    "units": {"en": "Unit vectors", "zh-TW": "單位向量"},
    "rows": {"en": "Rows", "zh-TW": "取出的列"},
    "weighted": {"en": "Times weight", "zh-TW": "乘上權重"},
    "sums": {"en": "Sum", "zh-TW": "總和"},
    "norms": {"en": "Length", "zh-TW": "長度"},
    "question": {"en": "Question", "zh-TW": "問題向量"},
    "scores": {"en": "Scores", "zh-TW": "分數"},
    "pair": {"en": "One training step", "zh-TW": "一次訓練"},
    "context": {"en": "Input word", "zh-TW": "輸入詞"},
    "targets": {"en": "Targets", "zh-TW": "目標"},
    "labels": {"en": "Labels", "zh-TW": "標籤"},
    "times": {"en": "Times drawn", "zh-TW": "抽中次數"},
    "one_hot": {"en": "One-hot", "zh-TW": "One-hot"},
    "hidden": {"en": "Hidden layer", "zh-TW": "隱藏層"},
    "outputs": {"en": "Second table", "zh-TW": "第二張表格"},
    "target_rows": {"en": "Target rows", "zh-TW": "目標列"},
    "probabilities": {"en": "Probabilities", "zh-TW": "機率"},
    "sides": {"en": "Side", "zh-TW": "方向"},
    "surprises": {"en": "Surprise", "zh-TW": "意外程度"},
    "loss": {"en": "Loss", "zh-TW": "損失"},
    "errors": {"en": "Errors", "zh-TW": "誤差"},
    "input_gradient": {"en": "Gradient of the input row", "zh-TW": "輸入列的梯度"},
    "output_gradient": {"en": "Gradient of the target rows", "zh-TW": "目標列的梯度"},
    "new_rows": {"en": "Input row after", "zh-TW": "更新後的輸入列"},
    "new_target_rows": {"en": "Target rows after", "zh-TW": "更新後的目標列"},
    "new_hidden": {"en": "Hidden layer after", "zh-TW": "更新後的隱藏層"},
    "new_scores": {"en": "Scores after", "zh-TW": "更新後的分數"},
    "new_surprises": {"en": "Surprise after", "zh-TW": "更新後的意外程度"},
    "new_loss": {"en": "Loss after", "zh-TW": "更新後的損失"},
    "map": {"en": "Map", "zh-TW": "地圖"},
    "places": {"en": "Words of the map", "zh-TW": "地圖上的詞"},
    "directions": {"en": "Directions", "zh-TW": "方向"},
    "points": {"en": "Unit vectors", "zh-TW": "單位向量"},
    "center": {"en": "Mean", "zh-TW": "平均"},
    "centered": {"en": "Less the mean", "zh-TW": "減去平均"},
    "covariance": {"en": "Covariance", "zh-TW": "共變異數"},
    "stretched": {"en": "Stretched directions", "zh-TW": "拉長的方向"},
    "spread": {"en": "Variance", "zh-TW": "變異數"},
    "share": {"en": "Share shown", "zh-TW": "呈現比例"},
    "coordinates": {"en": "Coordinates", "zh-TW": "座標"},
    "across": {"en": "Along the first", "zh-TW": "沿第一方向"},
    "up": {"en": "Along the second", "zh-TW": "沿第二方向"},
    "wide": {"en": "first direction", "zh-TW": "第一方向"},
    "tall": {"en": "second direction", "zh-TW": "第二方向"},
    "linalg_vector_norm": {"en": "Length", "zh-TW": "長度"},
    "linalg_vector_norm#2": {"en": "Length", "zh-TW": "長度"},
}
SYMBOLS = {
    "linalg_vector_norm": "\\|v\\|",
    "linalg_vector_norm#2": "\\|s\\|",
    "sums": "s",
    "question": "q",
    "units": "\\hat v",
    "scores": "c",
    "one_hot": "x",
    "hidden": "h",
    "target_rows": "v'",
    "probabilities": "p",
    "labels": "y",
    "loss": "L",
    "rate": "\\eta",
    "input_gradient": "\\nabla_{v} L",
    "output_gradient": "\\nabla_{v'} L",
    "covariance": "C",
    "directions": "W",
}
AXIS_TITLES: dict[str, Words] = {
    "query": {"en": "query", "zh-TW": "查詢"},
    "term": {"en": "word asked", "zh-TW": "所問的詞"},
    "word": {"en": "word", "zh-TW": "詞"},
    "dimension": {"en": "dimension", "zh-TW": "維度"},
    "length": {"en": "length", "zh-TW": "長度"},
    "input": {"en": "input word", "zh-TW": "輸入詞"},
    "hidden": {"en": "hidden layer", "zh-TW": "隱藏層"},
    "target": {"en": "target", "zh-TW": "目標"},
    "output row": {"en": "row", "zh-TW": "列"},
    "place": {"en": "word on the map", "zh-TW": "地圖上的詞"},
    "direction": {"en": "direction", "zh-TW": "方向"},
    "end": {"en": "end", "zh-TW": "端點"},
}
MAP_TITLE: Words = {
    "en": "A map: the two directions in which these words differ the most",
    "zh-TW": "地圖：這些詞差異最大的兩個方向",
}


def cut_note(shown: int, whole: int) -> Words:
    return {
        "en": f"Here are {shown:,} of {whole:,} words: the most frequent, and those that the answer names.",
        "zh-TW": f"這裡有 {whole:,} 個詞中的 {shown:,} 個：最常見的，以及回答裡提到的。",
    }


def pair_note(centre: str, contexts: list[str], options: Options) -> Words:
    """Which words the training step is about."""
    negative, cbow = options.loss == "negative", options.architecture == "cbow"
    given, given_zh = ", ".join(contexts), "、".join(contexts)
    what = "negatives drawn by chance" if negative else "the turns of its path through the Huffman tree"
    what_zh = "隨機抽出的負樣本" if negative else "它在 Huffman 樹中的路徑上的轉彎"
    several = " (CBOW: their mean)" if cbow else ""
    several_zh = "（CBOW：取平均）" if cbow else ""
    return {
        "en": f"The training step: {given} goes in{several}, {centre} is to be told"
        + (f" from {what}." if negative else f" by {what}."),
        "zh-TW": f"這一次訓練：輸入 {given_zh}{several_zh}，"
        + (f"要從{what_zh}中認出 {centre}。" if negative else f"要照著{what_zh}找到 {centre}。"),
    }
