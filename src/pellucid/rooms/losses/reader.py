"""From what a person types to the problem that it states. Every complaint says where, what was expected, and how."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from pellucid.core.errors import UserError, closest
from pellucid.rooms.losses.checks import checked, weighing
from pellucid.rooms.losses.grammar import Part, numbers, parts, plain
from pellucid.rooms.losses.kinds import KINDS, NAMES, Kind, squashed
from pellucid.rooms.losses.problem import Problem

MOST_RATE, MOST_STEPS = 1e6, 2_000
SAMPLE = "bce from logits; y = 0 1; p = -2 3"

_ALSO = {
    "loss": "loss name 損失 損失函數",
    "y": "y y_true ytrue true target targets label labels t truth actual 目標 標籤 真值 答案",
    "p": "p ŷ y_pred ypred yhat y_hat pred preds prediction predictions q probs prob probability probabilities"
    " score scores output outputs 預測 機率",
    "logits": "logit logits z 對數勝算",
    "from_logits": "from_logits from_log",
    "sample_weights": "sample_weight sample_weights 樣本權重",
    "class_weights": "class_weight class_weights 類別權重",
    "pos_weight": "pos_weight positive_weight",
    "weights": "weight weights w 權重",
    "reduction": "reduction reduce",
    "delta": "delta δ",
    "rate": "rate learning_rate lr 學習率",
    "steps": "steps step epochs 步數",
}
KEYS = {also: key for key, line in _ALSO.items() for also in line.split()}
REDUCTIONS = {
    "mean": "mean", "sum": "sum", "none": "none", "weighted_mean": "weighted_mean", "sum_over_batch_size": "mean",
    "batchmean": "mean", "average": "mean", "mean_with_sample_weight": "weighted_mean",
}  # fmt: skip
_OPTION = re.compile(r"[\s,(]*(?P<key>[^\W\d][\w]*)\s*=\s*(?P<value>[^\s,()]+)[\s,)]*")


def read(text: str, rate: float = 0.5, steps: int = 100) -> Problem:
    """The problem that a text states; rate and steps where it says nothing of them."""
    found: dict[str, Part] = {}
    loss: Part | None = None
    for part in parts(text, KEYS):
        if part.name in ("", "loss"):
            if loss is not None:
                _not_understood(part) if part.name == "" else part.wrong("a second loss; write one at a time")
            loss = part
        elif part.name in found:
            part.wrong(f"{part.typed} stands there twice; write it once")
        else:
            found[part.name] = part
    if loss is None:
        raise UserError(f"problem: no loss is named; begin with one of {', '.join(KINDS)}, as in {SAMPLE}")
    name, options = _loss_line(loss)
    for option in options:
        if option.name in found:
            option.wrong(f"{option.typed} stands there twice; write it once")
        found[option.name] = option
    for key, what in (("y", "the targets"), ("p", "the predictions")):
        if key not in found and not (key == "p" and "logits" in found):
            raise UserError(f"problem: {what} are missing; write a line like {key} = {'0 1' if key == 'y' else '-2 3'}")
    if "p" in found and "logits" in found:
        found["logits"].wrong("predictions stand there twice, once as p and once as logits; write one of both")
    return _problem(name, loss, found, rate, steps)


def _not_understood(part: Part) -> NoReturn:
    word = re.match(r"[^\s=:]+", part.text)
    typed = plain(word[0]) if word else part.text
    known = sorted({*_ALSO} - {"loss"})
    if squashed(typed) in NAMES:
        part.wrong(f"{typed} is a second loss; write one at a time")
    hint = closest(typed, KEYS) or "."
    part.wrong(f"{part.text[:40]!r} is not understood{hint} Write name = numbers, with a name of {', '.join(known)}")


def _loss_line(part: Part) -> tuple[str, list[Part]]:
    """The name of the loss as one knows it (or `cross_entropy`), and its options as parts."""
    text, options = part.text, []
    if logits := re.search(
        r"[\s,(]*\b(from|with|of|on|in)[ _-]+(raw[ _-]+)?log(it)?s?\b(?!\s*=)\)?", text, re.IGNORECASE
    ):
        at = logits.start()
        options.append(Part("from_logits", "true", *part.place(at + 1), typed="from logits"))
        text = text[:at] + " " * len(logits[0]) + text[logits.end() :]
    while option := re.search(_OPTION, text):
        key = KEYS.get(plain(option["key"]), "")
        at = option.start("key")
        if key in ("y", "p", "logits"):
            part.wrong(f"{option['key']!r} stands in the line of the loss; write a ; or a new line before it", at)
        if key in ("", "loss"):
            part.wrong(f"{option['key']!r} is no option of a loss; known: from logits, delta=1, reduction=sum", at)
        options.append(Part(key, option["value"], *part.place(option.start("value")), typed=option["key"]))
        text = text[: option.start()] + " " * len(option[0]) + text[option.end() :]
    typed = squashed(text)
    if typed.endswith(("withlogits", "fromlogits")):
        typed = typed[: -len("withlogits")]
        options.append(Part("from_logits", "true", part.line, part.column, typed="from logits"))
    if typed in ("crossentropy", "ce", "交叉熵"):
        return "cross_entropy", options
    if typed not in NAMES:
        near = closest(typed, NAMES)
        meant = f". Did you mean {NAMES[near.split(chr(39))[1]].name!r}?" if near else "."
        part.wrong(f"{part.text.strip()[:40]!r} is no loss{meant} Known: {', '.join(KINDS)}")
    return NAMES[typed].name, options


def _problem(name: str, loss: Part, found: dict[str, Part], rate: float, steps: int) -> Problem:
    y_part, p_part = found["y"], found.get("p") or found["logits"]
    (y, y_rows), (p, p_rows) = numbers(y_part), numbers(p_part)
    kind = _which(loss, y, p) if name == "cross_entropy" else KINDS[name]
    from_logits = _truth(found["from_logits"]) if "from_logits" in found else "logits" in found and bool(kind.logits)
    if from_logits and kind.logits is None:
        found.get("from_logits", loss).wrong(
            f"{kind.name} has no logits; leave out 'from logits', its predictions are used as they are"
        )
    targets, predictions = checked(kind, from_logits, y_part, y, y_rows, p_part, p, p_rows)
    reduction: Any = _reduction(found.get("reduction"))
    delta = _bounded(found.get("delta"), 1.0, 1e-6, 1e6)
    if "delta" in found and kind.name != "huber":
        found["delta"].wrong(f"delta belongs to huber; {kind.name} has none, leave it out")
    problem = Problem(
        kind, from_logits, targets, predictions, reduction=reduction, delta=delta,
        rate=_bounded(found.get("rate"), rate, 0, MOST_RATE),
        steps=int(_bounded(found.get("steps"), steps, 1, MOST_STEPS, whole=True)),
    )  # fmt: skip
    return weighing(problem, found)


def _which(part: Part, y: list[list[float]], p: list[list[float]]) -> Kind:
    """`cross_entropy` is one of three; the shapes say which, where they can."""
    if len(p) > 1 and len(y) == 1 and len(y[0]) == len(p):
        return KINDS["sparse_categorical_crossentropy"]
    if len(p) > 1 and len(y) == len(p):
        return KINDS["categorical_crossentropy"]
    names = (
        "binary_crossentropy, categorical_crossentropy (rows of classes) or sparse_categorical_crossentropy (labels)"
    )
    return part.wrong(f"cross-entropy of which sort? Write {names}")


def _truth(part: Part) -> bool:
    word = part.text.strip().lower()
    if word not in ("true", "false", "yes", "no", "1", "0"):
        part.wrong(f"{part.text[:20]!r} says neither yes nor no; write from logits, or from_logits = false")
    return word in ("true", "yes", "1")


def _reduction(part: Part | None) -> str:
    if part is None:
        return "mean"
    word = plain(part.text.strip("'\" "))
    if word not in REDUCTIONS:
        hint = closest(word, REDUCTIONS) or ";"
        part.wrong(f"{part.text[:30]!r} is no reduction{hint} write mean, sum, none or weighted mean")
    return REDUCTIONS[word]


def _bounded(part: Part | None, default: float, low: float, high: float, whole: bool = False) -> float:
    if part is None:
        return default
    rows, _ = numbers(part)
    value = rows[0][0]
    if len(rows) > 1 or len(rows[0]) > 1:
        part.wrong(f"{part.typed} is one number; write like {part.name} = {default:g}")
    if not (low <= value <= high and value > 0) or (whole and value != int(value)):
        what = "a whole number" if whole else "a number"
        part.wrong(f"{part.typed} = {value:g}: it should be {what} from {low:,g} to {high:,g}, like {default:g}")
    return value
