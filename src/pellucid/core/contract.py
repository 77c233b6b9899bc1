"""What a room offers: the one base class of Pellucid. Everything outside a room talks to it through this.

A room's `system.py` has one subclass, named `System` there; its `config.py` has the `Config` it is made with. What is
the same for all rooms (predict, evaluate) stands here; the rest is the room's own.
"""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

import numpy as np

from pellucid.core import memory
from pellucid.core.card import Words
from pellucid.core.config import Config
from pellucid.core.errors import UserError

if TYPE_CHECKING:
    import torch

    from pellucid.core.run import Run
    from pellucid.core.world import World

Arrays = dict[str, np.ndarray[Any, Any]]
"""Tensors by name, as the module's `forward` names its arguments or the program its outputs."""

Answer = dict[str, Any]
"""One prediction, plain JSON: the card's outputs by name."""


class Codec(Protocol):
    """Raw inputs to arrays, and arrays to answers. Lives in the room's `data.py`; NumPy only, so that a shipped
    bundle is served without torch. Its whole state is plain JSON (vocabulary, labels, threshold)."""

    def encode(self, inputs: Sequence[Any]) -> Arrays:
        """One batch: arrays by the names of the module's inputs."""

    def decode(self, outputs: Arrays, inputs: Sequence[Any] = ()) -> list[Answer]:
        """One answer for each row of the module's outputs. inputs: the raw inputs of these rows, for a codec whose
        answers speak of what was asked; without them such an answer says less."""

    def cost(self, value: Any) -> int:
        """The work that this input takes: those alike are computed together. 1 where all are equal."""

    def to_json(self) -> dict[str, Any]: ...

    def example(self) -> str:
        """Python source for a bundle's README: `encode(value)`, the feed of one raw input, and `decode(outputs)`, its
        answer. It may use `np` and `codec`, which is what `to_json` gave; neither torch nor Pellucid."""

    @classmethod
    def from_json(cls, state: dict[str, Any]) -> Self: ...


@dataclass(frozen=True)
class Program:
    """The one module that is looked at and shipped, in evaluation mode, with example inputs in `forward`'s order."""

    module: torch.nn.Module
    inputs: dict[str, torch.Tensor]
    outputs: tuple[str, ...]
    dynamic: dict[str, dict[int, str]]
    """Axes whose size may change, by input: `{"ids": {0: "batch", 1: "time"}}`."""
    fixed: dict[str, int]
    """Sizes of those axes for run times that cannot change them (LiteRT): `{"batch": 1, "time": 162}`."""


@dataclass(frozen=True)
class Layer:
    """One row of `pellucid summary`: the count of parameters and the formula that gives it."""

    name: str
    kind: str
    shape: str
    parameters: int
    formula: str


@dataclass(frozen=True)
class Table:
    """Rows of layers under a title; the total is theirs."""

    title: str
    layers: tuple[Layer, ...]

    @property
    def total(self) -> int:
        return sum(layer.parameters for layer in self.layers)


@dataclass(frozen=True)
class Influence:
    """How much each part of one input (a word) speaks for the answer. All lists are as long as `parts`."""

    parts: tuple[str, ...]
    known: tuple[bool, ...]
    """False: read as any unknown part, so that its own letters say nothing."""
    score: float
    """The answer's score with the whole input."""
    score_name: Words
    occlusion: tuple[float, ...]
    """score - the score with this part read as unknown."""
    gradient: tuple[float, ...]
    """gradient · input of this part: what it adds to `gradient_of`, to first order."""
    gradient_of: Words


@dataclass(frozen=True)
class HeatMap:
    """One map of a picture: a number for each of its pixels."""

    name: str
    title: Words
    about: Words
    """What its numbers are, and of what unit: one sentence."""
    values: tuple[tuple[float, ...], ...]
    """Rows of `Maps.width` numbers, `Maps.height` of them."""
    signed: bool
    """False: no number is below 0, and 0 is where nothing counts."""


@dataclass(frozen=True)
class Maps:
    """What each pixel of one picture has to do with the answer. All maps are as large as the network's picture."""

    height: int
    width: int
    score: float
    """The answer's score with the whole picture."""
    score_name: Words
    maps: tuple[HeatMap, ...]
    picture: str = ""
    """The picture as the network sees it (centred, of its size), a data URL; empty: just as it was sent."""


@dataclass(frozen=True)
class Patch:
    """One place of a data set that a unit of the network responds to strongly."""

    picture: str
    """The whole picture as a data URL, of the network's size; rows and columns count in its pixels."""
    name: str
    """Which picture of the data it is."""
    target: str
    row: int
    """The first of the part that the unit sees; below 0 where that begins in the padding."""
    column: int
    height: int
    width: int
    value: float
    """How strongly the unit responds there."""


@dataclass(frozen=True)
class Added:
    """What came of adding to a trained run."""

    count: int
    total: int
    """How many the run holds now."""
    skipped: str = ""
    """What was left out, in one line; empty where nothing was."""
    advice: Words | None = None
    """Why training anew is worth it by now; None where it is not."""


C = TypeVar("C", bound=Config)


class System(ABC, Generic[C]):
    """One trained system of the course, ready to answer. `load` makes one from a run folder."""

    codec: Codec
    config: C

    @property
    @abstractmethod
    def headline(self) -> tuple[str, ...]:
        """The scores that a comparison shows, best known first. Most rooms have one list, an attribute of the class."""

    @classmethod
    @abstractmethod
    def train(cls, config: C, run: Run, world: World) -> None:
        """Train on the configured data and leave everything that `load` needs in the run folder."""

    @classmethod
    @abstractmethod
    def load(cls, run: Run) -> Self:
        """The trained system of a run folder, in evaluation mode on the CPU."""

    @classmethod
    @abstractmethod
    def summary(cls, config: C) -> list[Table]:
        """The layers with their counts, from real modules; the first table is the model itself."""

    def program(self) -> Program:
        """What is looked at and shipped. Not asked of a room whose card says that it ships nothing."""
        raise NotImplementedError

    @abstractmethod
    def look(self, value: Any, *, backward: bool = False) -> Any:
        """A named and captioned `pellucid.look.Trace` of the program on one raw input. (core does not import it.)

        Its `meta["picture"]` names the node whose numbers stand for the system on the course's map.
        """

    @abstractmethod
    def story(self, trace: Any) -> Iterator[str]:
        """The trace told in the terminal, line by line."""

    @classmethod
    def add(
        cls, run: Run, file: str, read: Mapping[str, Any], *,
        progress: Callable[[str, float], None] | None = None, stop: Callable[[], bool] | None = None,
    ) -> Added:  # fmt: skip
        """Take what a file holds into a run that is trained; only of a room whose card says what it `adds`.

        read: fields of the configuration that say how to read the file, where they differ from the run's.
        progress hears what is being done and the share of it that is done. Where stop says True, Interrupted is raised.
        Whoever reads the run meanwhile, or after a kill, finds it as it was or with all of it.
        """
        raise NotImplementedError

    @abstractmethod
    def attribution(self) -> tuple[str, ...]:
        """Whose data this system was trained on, and under which licence: it travels with what is shipped."""

    def examples(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> tuple[Sequence[Any], Sequence[Any]]:
        """Raw inputs and their targets: a split of the data this run was trained on, or all of a file of one's own.

        read: fields of the configuration that say how to read the file, where they differ from the run's.
        A room that overrides `evaluate` needs neither this nor `score`.
        """
        raise NotImplementedError

    def score(self, answers: Sequence[Answer], targets: Sequence[Any]) -> dict[str, Any]:
        """Metrics of answers against targets; `confusion` may be a matrix, all others are numbers."""
        raise NotImplementedError

    def influence(self, value: Any) -> Influence | Maps | None:
        """What each part of one raw input contributes to the answer (of a picture: each of its pixels); None where an
        input has no such parts."""
        return None

    def patches(self, node: str, channel: int) -> list[Patch] | None:
        """The places of the data to which a channel of a node of the trace responds most, the strongest first.

        None where the node has no such channels, or the room has no such places. UserError where the data is gone.
        """
        return None

    def files(self) -> Mapping[str, Callable[[Path], None]]:
        """Files that other tools open, by the name that `pellucid export --to` takes; each is written into a folder."""
        return {}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a table that are one input together, each as `name = value`; empty: one cell is an input."""
        return ()

    @property
    def threshold(self) -> float | None:
        """The probability from which on the answer is another label; None where no such number decides."""
        return None

    def predict(self, inputs: Iterable[Any], *, batch_size: int = 256) -> Iterator[Answer]:
        """An answer for each input, in their order. Constant memory on a stream of any length.

        A room that is an algorithm and no network overrides this, and has no codec.
        """
        return answers(self.codec, self.compute, inputs, batch_size)

    def evaluate(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The scores on a split that training did not see, or on a file of one's own."""
        inputs, targets = self.examples(split, file, read)
        if not len(inputs):
            raise UserError(f"{file or split}: there is nothing to evaluate")
        with memory.kept():
            return self.score(list(self.predict(inputs)), targets)

    def compute(self, arrays: Arrays) -> Arrays:
        """One forward pass of the program, arrays in and out."""
        import torch

        program = self.program()
        with torch.inference_mode():
            outputs = program.module(*(torch.from_numpy(arrays[name]) for name in program.inputs))
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        return {name: value.numpy() for name, value in zip(program.outputs, outputs, strict=True)}


def codec_module(codec: type[Codec]) -> Path | None:
    """The codec once more, as a module of JavaScript for browsers: `codec.js` beside the room's `data.py`.

    It exports `encode(state, value)`, the feed of one raw input as `{name: {data, dims}}`, and
    `decode(state, outputs, value)` for its answer; `state` is what `to_json` gave. None where the room has none.
    """
    file = Path(inspect.getfile(codec)).with_name("codec.js")
    return file if file.is_file() else None


def answers(
    codec: Codec, compute: Callable[[Arrays], Arrays], inputs: Iterable[Any], batch_size: int = 256
) -> Iterator[Answer]:
    """Encode, compute, decode: the one way from raw inputs to answers, for a run and for a shipped bundle alike.

    Reads a window of 16 batches at a time and computes those of like cost together, so that padding costs little.
    """
    for window in in_batches(inputs, 16 * batch_size):
        order = sorted(range(len(window)), key=lambda i: codec.cost(window[i]))
        found: dict[int, Answer] = {}
        for part in in_batches(order, batch_size):
            values = [window[i] for i in part]
            found |= zip(part, codec.decode(compute(codec.encode(values)), values), strict=True)
        yield from (found[i] for i in range(len(window)))


def in_batches(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most `size` values, lazily. (`itertools.batched` needs Python 3.12.)"""
    stream = iter(values)
    while batch := list(islice(stream, size)):
        yield batch
