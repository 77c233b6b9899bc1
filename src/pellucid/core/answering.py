"""A whole file answered: each of its rows with its answer, or with what is wrong with it.

`refuse`: the first bad row stops it all, with its place and reason. `skip`: it keeps its place among the answers, with
the reason in a column of its own. A row can be bad in itself (a broken line, an empty cell) or only to the system (a
word that it does not know): who asks many at once learns of one of them by asking in halves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pellucid.core.card import Card
from pellucid.core.contract import Answer, in_batches
from pellucid.core.data.inputs import Question
from pellucid.core.errors import UserError

ERROR = "error"  # the column of reasons
WINDOW = 4096  # rows that are asked together

Predict = Callable[[Sequence[Any]], Iterable[Answer]]


@dataclass(frozen=True)
class Answered:
    """A question with its answer; None where `wrong` says why there is none."""

    question: Question
    answer: Answer | None
    wrong: str = ""


class Answering(Iterator[Answered]):
    """The questions answered, in their order. `count` and `bad` count them; `first` is what was wrong at first."""

    def __init__(
        self, predict: Predict, questions: Iterable[Question], on_bad: Literal["refuse", "skip"] = "refuse",
        window: int = WINDOW,
    ) -> None:  # fmt: skip
        self.count, self.bad, self.first = 0, 0, ""
        self._predict, self._skip = predict, on_bad == "skip"
        self._found = (one for some in in_batches(questions, window) for one in self._answered(some))

    def __next__(self) -> Answered:
        found = next(self._found)
        self.count += 1
        if found.wrong:
            reason = ": ".join(filter(None, (found.question.place, found.wrong)))
            if not self._skip:
                raise UserError(f"{reason}; mend it, or have the other rows answered: on_bad=skip")
            self.bad, self.first = self.bad + 1, self.first or reason
        return found

    def report(self) -> str:
        """What was not answered, in one line; empty where everything was."""
        return f"not answered: {self.bad:,} of {self.count:,}, the first: {self.first}" if self.bad else ""

    def _answered(self, some: Sequence[Question]) -> Iterator[Answered]:
        found = iter(_asked(self._predict, [each.value for each in some if not each.wrong]))
        for question in some:
            answer = question.wrong or next(found)
            yield Answered(question, None, answer) if isinstance(answer, str) else Answered(question, answer)


def _asked(predict: Predict, values: Sequence[Any]) -> list[Answer | str]:
    """An answer to each, or why there is none."""
    if not values:
        return []
    try:
        return list(predict(values))
    except UserError as error:
        if len(values) == 1:
            return [str(error)]
    half = len(values) // 2
    return _asked(predict, values[:half]) + _asked(predict, values[half:])


def line_of(found: Answered, card: Card, *, reasons: bool) -> dict[str, Any]:
    """One line of what is handed back: the input, the other columns of its row, the answer, and the reason."""
    outputs = {output.name: None for output in card.outputs}
    line = {card.input.name: found.question.shown} | beside(found.question.rest, card)
    line |= outputs | (found.answer or {})
    return line | {ERROR: found.wrong or None} if reasons else line


def beside(rest: Mapping[str, Any], card: Card) -> dict[str, Any]:
    """Other columns under their own names; one that is called as an answer is (a truth beside it) is told apart."""
    taken = {card.input.name, ERROR, *(output.name for output in card.outputs)}
    found: dict[str, Any] = {}
    for name, value in rest.items():
        while name in taken:
            name = f"file_{name}"
        taken.add(name)
        found[name] = None if isinstance(value, float) and not math.isfinite(value) else value
    return found
