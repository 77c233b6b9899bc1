"""Lagrange multipliers, the system: solve, walk along the constraint, answer any problem, and what to look at."""

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
from pellucid.core.steps import LINES, evenly, log_steps
from pellucid.core.stopping import asked_to_stop
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.lagrange import CARD
from pellucid.rooms.lagrange.config import Config
from pellucid.rooms.lagrange.inside import layers, look, tell
from pellucid.rooms.lagrange.problem import read
from pellucid.rooms.lagrange.solve import Solution, solve
from pellucid.rooms.lagrange.verdict import verdict
from pellucid.rooms.lagrange.walk import Walk, walk


class System(contract.System[Config]):
    """One problem solved and walked; it solves anew each that it is asked."""

    headline: ClassVar[tuple[str, ...]] = ("distance", "angle", "steps")

    def __init__(self, config: Config):
        self.config = config

    # train

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        problem = read(config.problem)
        fingerprint = fingerprint_of("problem", "\n".join(problem.lines).encode())
        run.set_data({"fingerprint": fingerprint, "source": "problem", "problem": list(problem.lines)})
        run.update(parameters=len(problem.names) + len(problem.constraints))
        start = time.perf_counter()
        with asked_to_stop(run, world) as stop:
            solution = solve(problem)
            way = walk(solution, config, stop)
        if way.end == "stopped":
            raise Interrupted(f"stopped after step {way.steps}")
        _record(run, world, solution, way, max(time.perf_counter() - start, 1e-6))

    @classmethod
    def load(cls, run: Run) -> Self:
        with run.fitting():
            config = Config.build(run.info["config"])
            point, names = run.load_weights()["point"], read(config.problem).names
            if point.shape != (len(names),):
                raise TypeError(f"{point.numel()} coordinates for {len(names)} variables")
        return cls(config)

    # answer

    def predict(self, inputs: Iterable[str], *, batch_size: int = 256) -> Iterator[Answer]:
        return (answer(solve(read(text))) for text in inputs)

    def evaluate(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """How the walk did on the run's own problem, or on that in a file of text."""
        config = self.config.changed(read)
        if file is not None:
            config = config.changed(problem=CARD.input.of_file(file))
        solution, way = _solved(config)
        best, tangent = solution.best, way.angles[-1]
        away = abs(float(way.values[-1]) - best.value) if best else float(way.misses[-1])
        return {
            "distance": away,
            "angle": float(np.nan_to_num(tangent, nan=90.0)),
            "miss": float(way.misses[-1]),
            "steps": way.steps,
            "points": len(solution.points),
            "complete": float(solution.complete),
        }

    # look

    def look(self, value: str, *, backward: bool = False) -> Trace:
        """The walk computes its gradients going forward: they are in the trace, asked for or not."""
        solution = solve(read(value))
        trace = look(solution, walk(solution, self.config))
        trace.meta["text"] = value
        return trace

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    def attribution(self) -> tuple[str, ...]:
        if self.config.problem == Config.model_fields["problem"].default:
            return CARD.data
        return ("a problem of the user's own",)

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        return layers(read(config.problem))


def _solved(config: Config) -> tuple[Solution, Walk]:
    solution = solve(read(config.problem))
    return solution, walk(solution, config)


def answer(solution: Solution) -> Answer:
    """The card's outputs."""
    best, problem = solution.best, solution.problem
    point: dict[str, float | None] = dict.fromkeys(problem.names)
    multipliers: dict[str, float | None] = dict.fromkeys(problem.multipliers)
    if best is not None:
        point = {name: float(value) for name, value in zip(problem.names, best.at, strict=True)}
        if best.multipliers is not None:
            weights = best.exact_multipliers or best.multipliers  # 1/8 and not 0.12499999999999997
            multipliers = {name: float(value) for name, value in zip(problem.multipliers, weights, strict=True)}
    return {
        "best": point,
        "value": None if best is None else best.value,
        "multipliers": multipliers,
        "points": None if solution.family else len(solution.points),
        "verdict": verdict(solution),
    }


def _record(run: Run, world: World, solution: Solution, way: Walk, seconds: float) -> None:
    """Log lines, TensorBoard, what was found, and what there is to say about the walk."""
    lines = evenly(0, way.steps, LINES)
    told = []
    for step in lines:
        scores = {"value": way.values[step], "angle": way.angles[step], "miss": way.misses[step]}
        scores |= {f"multiplier_{i + 1}": each for i, each in enumerate(way.multipliers[step])}
        told.append((step, {name: float(value) for name, value in scores.items() if np.isfinite(value)}))
    log_steps(run, told, seconds)
    n = solution.calculus.n
    at = np.array([each.at for each in solution.points]).reshape(-1, n)
    arrays = {"point": way.points[-1], "path": way.points[lines], "solutions": at}
    arrays |= {"values": np.array([each.value for each in solution.points])}
    run.save_weights("model", {name: torch.from_numpy(np.array(array, float)) for name, array in arrays.items()})
    values = solution.sign * way.values[lines]
    best = int(np.nanargmax(values)) if np.isfinite(values).any() else 0
    run.trained(
        world,
        epochs=len(lines),
        steps=way.steps,
        seconds=seconds,
        examples=way.steps,
        monitor="value",
        best=float(way.values[lines[best]]) if np.isfinite(values).any() else 0.0,
        best_epoch=best + 1,
    )
