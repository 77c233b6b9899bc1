"""Random numbers, the system: the law of large numbers as training, answers for any call, what to look at."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Self

import numpy as np
import torch

from pellucid.core import contract
from pellucid.core.contract import Answer, Table
from pellucid.core.data.fingerprint import fingerprint_of
from pellucid.core.errors import Interrupted
from pellucid.core.run import Run
from pellucid.core.steps import log_steps
from pellucid.core.stopping import asked_to_stop
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.random_numbers import CARD
from pellucid.rooms.random_numbers.call import read
from pellucid.rooms.random_numbers.config import Config
from pellucid.rooms.random_numbers.inside import look, tables, tell
from pellucid.rooms.random_numbers.law import Law, law, slope
from pellucid.rooms.random_numbers.verdict import Sample, drawn, first_numbers, shape_text, verdict


class System(contract.System[Config]):
    """A seed and a formula. Training draws ever more numbers, and sees how near they come to what is expected."""

    headline: ClassVar[tuple[str, ...]] = ("slope", "mean_error", "distance")

    def __init__(self, config: Config):
        self.config = config

    # train

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        distribution = read(config.call).distribution
        text = f"{distribution.told} from seed {config.seed}".encode()
        run.set_data({
            "fingerprint": fingerprint_of("numbers", text),
            "source": "Philox 4x32-10",
            "distribution": distribution.told,
        })  # fmt: skip
        run.update(parameters=2)
        start = time.perf_counter()
        with asked_to_stop(run, world) as stop:
            seen = law(distribution, config.seed, config.n, range(config.repeats), stop)
            if len(seen.means) < config.repeats and stop():
                raise Interrupted(f"stopped after {len(seen.means)} of {config.repeats} repeats")
        _record(run, world, seen, max(time.perf_counter() - start, 1e-6))

    @classmethod
    def load(cls, run: Run) -> Self:
        with run.fitting():
            config = Config.build(run.info["config"])
            if run.load_weights()["means"].shape[0] != config.repeats:
                raise TypeError("another number of repeats than was asked for")
        return cls(config)

    # answer

    def predict(self, inputs: Iterable[str], *, batch_size: int = 256) -> Iterator[Answer]:
        return (answer(drawn(read(text), self.config.seed)) for text in inputs)

    def evaluate(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The law anew, on streams that training did not see; of the run's own call, or of one in a file of text."""
        config = self.config.changed(read)
        if file is not None:
            config = config.changed(call=CARD.input.of_file(file))
        seen = law(_distribution(config), config.seed, config.n, range(config.repeats, 2 * config.repeats))
        return {"slope": slope(seen.sizes, seen.errors), **seen.scores()}

    # look

    def look(self, value: str, *, backward: bool = False) -> Trace:
        """There are no gradients: nothing here is learned."""
        return look(read(value), self.config.seed)

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    def attribution(self) -> tuple[str, ...]:
        return CARD.data

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        return tables(_distribution(config))


def _distribution(config: Config) -> Any:
    return read(config.call).distribution


def answer(sample: Sample) -> Answer:
    """The card's outputs."""
    true, found = sample.distribution, sample.fit
    numbers = sample.numbers
    ends = {} if true.kind == "normal" else {"from": float(true.a), "below": float(true.b)}
    return {
        "shape": shape_text(sample.call.shape),
        "numbers": first_numbers(sample),
        "sample": {"mean": sample.mean, "std": sample.std, "min": float(numbers.min()), "max": float(numbers.max())},
        "expected": {"mean": float(true.mean), "std": float(true.std), **ends},
        "fit": found.p if found else None,
        "verdict": verdict(sample),
    }


def _record(run: Run, world: World, seen: Law, seconds: float) -> None:
    """A log line for each size of batch, TensorBoard, what was seen as weights, and what there is to say of it all."""
    lines = [
        (size, {"mean": float(seen.means[0, line]), "std": float(seen.stds[0, line]), **seen.scores(line)})
        for line, size in enumerate(map(int, seen.sizes))
    ]
    log_steps(run, lines, seconds)
    arrays = {"sizes": seen.sizes, "means": seen.means, "stds": seen.stds, "distances": seen.distances}
    tensors = {name: torch.from_numpy(np.ascontiguousarray(array)).float() for name, array in arrays.items()}
    run.save_weights("model", tensors)
    errors = seen.errors
    run.trained(
        world,
        epochs=len(lines),
        steps=int(seen.sizes[-1]),
        seconds=seconds,
        examples=int(seen.sizes[-1]) * len(seen.means),
        monitor="mean_error",
        best=float(errors.min()),
        best_epoch=int(errors.argmin()) + 1,
    )
