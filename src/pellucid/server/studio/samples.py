"""Samples: the data that a run was trained and tested on, page by page, each with its truth and the run's answer."""

from __future__ import annotations

import operator
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query

from pellucid import catalog
from pellucid.core import memory
from pellucid.core.errors import UserError
from pellucid.server.studio.messages import Sample, Samples
from pellucid.server.studio.refused import Refused
from pellucid.server.studio.state import Studio

if TYPE_CHECKING:
    from pellucid.core.contract import System

MOST = 96  # samples in one answer
MOST_KEPT = 4  # splits of runs in memory
LONGEST = 200  # characters of a class's name


def router(studio: Studio) -> APIRouter:
    routes = APIRouter()
    kept = Kept()

    @routes.get("/api/rooms/{room}/runs/{run}/samples")
    def samples(
        room: str,
        run: str,
        split: Literal["train", "validation", "test"] = "test",
        start: Annotated[int, Query(ge=0, le=10**9)] = 0,
        count: Annotated[int, Query(ge=1, le=MOST)] = 48,
        target: Annotated[str | None, Query(max_length=LONGEST)] = None,
        answer: Annotated[str | None, Query(max_length=LONGEST)] = None,
        wrong: bool = False,
    ) -> Samples:
        """A page of those that have this target, got this answer, were answered wrongly; in the data's order."""
        key = f"{room}/{run}/{studio.find(room, run).fingerprint}/{split}"
        with studio.system(room, run) as system:
            found = kept.get(key) or kept.put(key, read(system, room, split))
            for name, value in (("target", target), ("answer", answer)):
                if value is not None and value not in found.names:
                    choices = ", ".join(found.names[:20])
                    raise Refused(422, name, f"{value!r} is no class of this run: {choices}", "no_class", found.names)
            if (wrong or answer is not None) and found.output is None:
                raise Refused(422, "wrong", f"{room}: its answers are no classes, so none is wrong", "no_labels")
            places = [
                i
                for i, true in enumerate(found.targets)
                if (target is None or true == target)
                and (answer is None or found.answer(system, i, all_at_once=True) == answer)
                and (not wrong or found.answer(system, i, all_at_once=True) != true)
            ]
            page = places[start : start + count]
            found.compute(system, page)
            return Samples(
                total=len(places),
                targets=found.names,
                samples=[
                    Sample(place=i, input=found.inputs[i], target=found.targets[i], answer=found.answer(system, i))
                    for i in page
                ],
            )

    return routes


@dataclass
class Split:
    """A split of the data of one run, and the answers that were asked for so far."""

    inputs: Sequence[Any]
    targets: list[str]
    names: list[str]
    """Of all classes, in the model's order."""
    output: str | None
    """Which output of the card is the class; None where there is no such."""
    answers: dict[int, str | None] = field(default_factory=dict)

    def compute(self, system: System[Any], places: Sequence[int]) -> None:
        if self.output is None:
            return
        missing = [i for i in places if i not in self.answers]
        with memory.kept():
            said = system.predict([self.inputs[i] for i in missing])
            self.answers |= {i: answer[self.output] for i, answer in zip(missing, said, strict=True)}

    def answer(self, system: System[Any], place: int, *, all_at_once: bool = False) -> str | None:
        """all_at_once: the others will be asked for as well."""
        if all_at_once and len(self.answers) < len(self.inputs):
            self.compute(system, range(len(self.inputs)))
        return self.answers.get(place)


def read(system: System[Any], room: str, split: str) -> Split:
    """Refused: 404 for a room without examples, 409 where its data has changed or is gone."""
    try:
        inputs, targets = system.examples(split)
    except NotImplementedError:
        raise Refused(404, "room", f"{room}: it has no data to choose from", "no_samples") from None
    except UserError as error:
        raise Refused(409, "data", str(error), "data") from None
    labels = labels_of(system)
    names = [name_of(target, labels) for target in targets]
    output = next((each.name for each in catalog.card(room).outputs if each.kind == "label"), None)
    return Split(inputs, names, labels or sorted(set(names)), output)


def labels_of(system: System[Any]) -> list[str]:
    """The names of a classifier's classes in the order of its outputs; empty where there are none."""
    return [str(label) for label in getattr(getattr(system, "codec", None), "labels", ())]


def name_of(target: Any, labels: Sequence[str]) -> str:
    """The class that a target means: data sets keep its name, or its place among the labels (False, True are 0, 1)."""
    try:
        return labels[operator.index(target)]
    except (TypeError, IndexError):
        return str(target)


class Kept:
    """The splits that were read last: paging reads nothing again."""

    def __init__(self) -> None:
        self._splits: OrderedDict[str, Split] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Split | None:
        with self._lock:
            if key in self._splits:
                self._splits.move_to_end(key)
            return self._splits.get(key)

    def put(self, key: str, split: Split) -> Split:
        with self._lock:
            self._splits[key] = split
            while len(self._splits) > MOST_KEPT:
                self._splits.popitem(last=False)
        return split
