"""Optimizers, the system: a run is one descent, with the sweep of learning rates of all seven beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Self

import numpy as np

from pellucid.core import contract
from pellucid.core.contract import Answer, Layer, Table
from pellucid.core.data.fingerprint import fingerprint_of
from pellucid.core.errors import UserError
from pellucid.core.run import Run
from pellucid.core.steps import LINES, evenly, log_steps
from pellucid.core.stopping import asked_to_stop
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.optimizers import CARD
from pellucid.rooms.optimizers.config import Config
from pellucid.rooms.optimizers.convexity import convexity
from pellucid.rooms.optimizers.convexity import words as convexity_words
from pellucid.rooms.optimizers.descent import descend, judge, path, sweep
from pellucid.rooms.optimizers.descent import words as verdict_words
from pellucid.rooms.optimizers.inside import look, shown_box, tell
from pellucid.rooms.optimizers.network import SIZE, Network
from pellucid.rooms.optimizers.problem import of_config, read, settings
from pellucid.rooms.optimizers.steps import OPTIMIZERS

Array = np.ndarray[Any, Any]
MOST_KEPT = 1_001  # points of the path, among the weights
RATES = np.geomspace(1e-4, 10, 50)
"""The learning rates of a sweep."""


class System(contract.System[Config]):
    """One descent that was made, and any that is asked for."""

    headline: ClassVar[tuple[str, ...]] = ("value", "slope", "best_value")

    def __init__(self, config: Config, trajectory: Array):
        self.config, self.trajectory = config, trajectory

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        if not world.main:
            return
        value, gradient, start = task(config)
        what = f"{config.surface}\n{start.tolist()}\n{config.seed}"
        fingerprint = fingerprint_of(config.surface, what.encode())
        run.set_data({"fingerprint": fingerprint, "source": "the configuration"})
        run.update(parameters=len(start))
        began = time.perf_counter()
        with asked_to_stop(run, world) as stop:
            points = _until(stop, config, gradient, start)
        with np.errstate(all="ignore"):
            values, slopes = value(points), np.linalg.norm(gradient(points), axis=-1)
        good = np.isfinite(values) & np.isfinite(slopes) & np.isfinite(points).all(axis=-1)
        taken = len(points) - 1 if good.all() else max(int(np.argmin(good)) - 1, 0)
        seconds = max(time.perf_counter() - began, 1e-3)
        shown = evenly(min(1, taken), taken, LINES)
        log_steps(
            run, [(step, {"value": float(values[step]), "slope": float(slopes[step])}) for step in shown], seconds
        )
        _save(run, points[: taken + 1])
        best = int(values[: taken + 1].argmin())
        run.trained(
            world,
            epochs=len(shown),
            steps=taken,
            seconds=seconds,
            examples=taken,
            monitor="value",
            best=float(values[best]),
            best_epoch=int(np.argmin(np.abs(np.array(shown) - best))) + 1,
        )

    @classmethod
    def load(cls, run: Run) -> Self:
        info = run.info
        with run.fitting():
            return cls(Config.build(info["config"]), run.load_weights()["path"].numpy())

    # answer

    def predict(self, inputs: Iterable[Any], *, batch_size: int = 256) -> Iterator[Answer]:
        for text in inputs:
            problem = read(CARD.input.check(text), self.config)
            points = path(problem)
            outcome, box = judge(problem, points), shown_box(points, problem)
            yield {
                "end": dict(zip(("x", "y"), map(float, outcome.end), strict=True)),
                "value": outcome.value,
                "verdict": verdict_words(outcome),
                "convexity": convexity_words(convexity(problem.surface, box), box),
            }

    def evaluate(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Where the run's descent ended, and the best that each optimizer reached with any of 50 learning rates."""
        if file is not None:
            raise UserError(f"{file}: a descent has no file to be evaluated on; give it a surface with f = …")
        value, gradient, start = task(self.config)
        end = self.trajectory[-1]
        found = best(value, gradient, start, self.config)
        scores = {"value": float(value(end)), "slope": float(np.linalg.norm(gradient(end)))}
        scores |= {"steps": len(self.trajectory) - 1, "best_value": min(low for low, _ in found.values())}
        for name, (low, rate) in found.items():
            scores |= {f"best_{name}": low, f"best_rate_{name}": rate}
        if self.config.surface == "network":
            scores["accuracy"] = float(Network(self.config.seed).accuracy(end))
        return scores

    # look

    def look(self, value: str, *, backward: bool = False) -> Trace:
        trace = look(read(value, self.config))
        trace.meta["text"] = value
        return trace

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    def attribution(self) -> tuple[str, ...]:
        return CARD.data

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        """What is moved, and what each optimizer remembers of it."""
        count = SIZE if config.surface == "network" else 2
        kind = "weights of a 2-8-1 network" if count == SIZE else "point in the plane"
        formula = "2·8 + 8 + 8 + 1" if count == SIZE else "x and y"
        tables = [Table("optimizers", (Layer("point", kind, f"[{count}]", count, formula),))]
        rows = tuple(
            Layer(name, " and ".join(each.remembers).replace("_", " ") or "nothing", f"[{count}]" * len(each.remembers),
                  count * len(each.remembers), f"{len(each.remembers)} × {count}")
            for name, each in OPTIMIZERS.items()
        )  # fmt: skip
        return [*tables, Table("numbers that an optimizer remembers", rows)]


# parts


def task(config: Config) -> tuple[Callable[[Array], Array], Callable[[Array], Array], Array]:
    """Value, gradient and start of what the configuration says to go down."""
    if config.surface == "network":
        network = Network(config.seed)
        return network.value, network.gradient, network.start()
    problem = of_config(config)
    return problem.surface.value, problem.surface.gradient, problem.point


def best(
    value: Callable[[Array], Array], gradient: Callable[[Array], Array], start: Array, config: Config
) -> dict[str, tuple[float, float]]:
    """optimizer → (lowest value that any of the learning rates led to, that rate)."""
    found = {}
    with np.errstate(all="ignore"):
        for name, values in sweep(value, gradient, start, settings(config), RATES, config.steps).items():
            values = np.where(np.isfinite(values), values, np.inf)
            low = int(values.argmin())
            reached = float(values[low]) if np.isfinite(values[low]) else float(value(start))
            found[name] = (reached, float(RATES[low]))
    return found


def _until(stop: Callable[[], bool], config: Config, gradient: Callable[[Array], Array], start: Array) -> Array:
    """The descent, cut short where somebody asks for it: what was done counts."""

    def asked(x: Array) -> Array:
        return np.full_like(x, np.nan) if stop() else gradient(x)

    return descend(OPTIMIZERS[config.optimizer], settings(config), asked, start, config.steps)


def _save(run: Run, points: Array) -> None:
    import torch

    kept = np.array(evenly(0, len(points) - 1, MOST_KEPT))
    run.save_weights("model", {"path": torch.from_numpy(points[kept]), "steps": torch.from_numpy(kept)})
