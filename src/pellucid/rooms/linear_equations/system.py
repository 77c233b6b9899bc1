"""Linear equations, the system: descent as training, answers for any equations, what to look at."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Self

import torch

from pellucid.core import contract
from pellucid.core.contract import Answer, Table
from pellucid.core.data.fingerprint import fingerprint_of
from pellucid.core.errors import Interrupted
from pellucid.core.run import Run
from pellucid.core.steps import LINES, early_ones, log_steps
from pellucid.core.stopping import asked_to_stop
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.linear_equations import CARD
from pellucid.rooms.linear_equations.config import Config
from pellucid.rooms.linear_equations.descent import descend, learning_rate
from pellucid.rooms.linear_equations.equations import Problem, read
from pellucid.rooms.linear_equations.inside import layers, look, tell
from pellucid.rooms.linear_equations.solve import solve
from pellucid.rooms.linear_equations.verdict import Outcome, verdict


class System(contract.System[Config]):
    """One layer of weights, descended on one system of equations; it descends anew on each that it is asked."""

    headline: ClassVar[tuple[str, ...]] = ("residual", "distance", "steps")

    def __init__(self, config: Config):
        self.config = config

    # train

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        problem = read(config.equations)
        fingerprint = fingerprint_of("equations", "\n".join(problem.lines).encode())
        run.set_data({"fingerprint": fingerprint, "source": "equations", "equations": list(problem.lines)})
        run.update(parameters=len(problem.names))
        start = time.perf_counter()
        with asked_to_stop(run, world) as stop:
            outcome = run_descent(config, problem, stop)
        if outcome.path.end == "stopped":
            raise Interrupted(f"stopped after step {outcome.path.steps}")
        _record(run, world, outcome, max(time.perf_counter() - start, 1e-6))

    @classmethod
    def load(cls, run: Run) -> Self:
        with run.fitting():
            config = Config.build(run.info["config"])
            weight, unknowns = run.load_weights()["weight"], len(read(config.equations).names)
            if weight.shape != (1, unknowns):
                raise TypeError(f"{weight.numel()} weights for {unknowns} unknowns")
        return cls(config)

    # answer

    def predict(self, inputs: Iterable[str], *, batch_size: int = 256) -> Iterator[Answer]:
        return (answer(run_descent(self.config, read(text))) for text in inputs)

    def evaluate(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """How well the run's own equations, or those in a file of text, were solved."""
        config = self.config.changed(read)
        if file is not None:
            config = config.changed(equations=CARD.input.of_file(file))
        outcome = run_descent(config)
        return {
            "residual": outcome.residual,
            "distance": outcome.distance,
            "steps": outcome.path.steps,
            "loss": float(outcome.path.losses[-1]),
            "reached": float(outcome.reached),
        }

    # look

    def look(self, value: str, *, backward: bool = False) -> Trace:
        """The descent computes its gradients going forward: they are in the trace, asked for or not."""
        return look(run_descent(self.config, read(value)))

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    def attribution(self) -> tuple[str, ...]:
        if self.config.equations == Config.model_fields["equations"].default:
            return CARD.data
        return ("equations of the user's own",)

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        return layers(read(config.equations))


def run_descent(config: Config, problem: Problem | None = None, stop: Any = lambda: False) -> Outcome:
    """Descend with these settings on the configured equations, or on others."""
    problem = problem or read(config.equations)
    exact = solve(problem)
    rate = learning_rate(config, exact)
    path = descend(
        problem.coefficients, problem.right_sides, rate,
        steps=config.steps, tolerance=config.tolerance, momentum=config.momentum, asked_to_stop=stop,
    )  # fmt: skip
    return Outcome(problem, exact, path, rate, config.momentum)


def answer(outcome: Outcome) -> Answer:
    """The card's outputs."""
    found = [None if outcome.diverged else float(each) for each in outcome.path.unknowns[-1]]
    return {
        "solution": dict(zip(outcome.problem.names, found, strict=True)),
        "exact": dict(zip(outcome.problem.names, map(float, outcome.exact.values), strict=True)),
        "condition": outcome.exact.condition,
        "steps": outcome.path.steps,
        "verdict": verdict(outcome),
    }


def _record(run: Run, world: World, outcome: Outcome, seconds: float) -> None:
    """Log lines, TensorBoard, weights, and what there is to say about the training."""
    path, n = outcome.path, len(outcome.problem.names)
    lines = early_ones(path.steps + 1, LINES)
    log_steps(
        run,
        [(step, {"loss": float(path.losses[step]), "gradient": float(path.slopes[step])}) for step in lines],
        seconds,
    )
    arrays = {"weight": path.unknowns[-1:], "path": path.unknowns[lines]}
    arrays |= {"coefficients": outcome.problem.coefficients, "right_sides": outcome.problem.right_sides}
    run.save_weights("model", {name: torch.from_numpy(array.copy()) for name, array in arrays.items()})
    losses = path.losses[lines]
    run.trained(
        world,
        epochs=len(lines),
        steps=path.steps,
        seconds=seconds,
        examples=path.steps * n,
        monitor="loss",
        best=float(losses.min()),
        best_epoch=int(losses.argmin()) + 1,
    )
