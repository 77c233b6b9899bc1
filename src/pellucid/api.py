"""The front door: what the command line, the server and Python programs do with systems and runs.

Everything here speaks to rooms through `core.contract.System`, found by name in the catalog.
"""

from __future__ import annotations

import itertools
import os
import shlex
import shutil
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid import catalog
from pellucid.core.card import Card, Input
from pellucid.core.contract import Answer, System, Table
from pellucid.core.errors import Interrupted, UserError, closest
from pellucid.core.run import Run

if TYPE_CHECKING:
    from pellucid.core.config import Config
    from pellucid.look import Trace


def runs_folder(runs: str | Path | None = None) -> Path:
    """Where runs lie: the folder given, else $PELLUCID_RUNS, else ./runs."""
    return Path(runs or os.environ.get("PELLUCID_RUNS") or "runs").expanduser()


@dataclass(frozen=True)
class Trained:
    """A run and the system trained in it. `bundled`: the tiny run that comes with the package."""

    run: Run
    bundled: bool = False

    @property
    def path(self) -> Path:
        return self.run.path

    @property
    def card(self) -> Card:
        return catalog.card(self.run.room)

    @property
    def input(self) -> Input:
        """The type of what goes in."""
        return self.card.input

    @cached_property
    def system(self) -> System[Any]:
        """The trained system; loads torch and the weights the first time."""
        return catalog.load(self.run.room).load(self.run)

    def evaluate(self, split: str = "test", file: str | Path | None = None) -> dict[str, Any]:
        """Scores on a split that training did not see, or on a file of one's own."""
        return self.system.evaluate(split, None if file is None else str(file))

    def predict(self, inputs: Any) -> Any:
        """An answer for one input, a list of them for a list."""
        if isinstance(inputs, list | tuple):
            return list(self.system.predict([self.input.check(value) for value in inputs]))
        return next(self.system.predict([self.input.check(inputs)]))

    def stream(self, inputs: Iterable[Any]) -> Iterator[Answer]:
        """Answers to a stream of any length."""
        return self.system.predict(inputs)

    def look(self, value: Any, *, backward: bool = False) -> Trace:
        """A trace of every tensor that the model computes for this input."""
        return self.system.look(self.input.check(value), backward=backward)

    def export(self, to: str = "onnx", out: Path | None = None, *, quantize: str | None = None) -> Path:
        """A bundle that runs without torch, held against the trained model before it is left there; its folder."""
        from pellucid import ship

        folder = out or self.export_folder(to if quantize is None else f"{to}-{quantize}")
        return ship.export(self.system, folder, card=self.card, to=to, quantize=quantize)

    def export_folder(self, name: str) -> Path:
        """Where a bundle goes: into the run, but nothing is written into the package itself."""
        return (runs_folder() / self.run.room / "bundled" if self.bundled else self.path) / "exports" / name

    def __repr__(self) -> str:
        return f"<{self.run.room} run {self.path}{' (bundled)' if self.bundled else ''}>"


def train(room: str, *, runs: str | Path | None = None, **fields: Any) -> Trained:
    """Train a system with these configuration fields; a new run. Under torchrun: with all its processes together."""
    system = catalog.load(room)
    return _train(system, system.config_type.build(fields), room, runs_folder(runs), None)


def resume(run: str | Path, *, runs: str | Path | None = None) -> Trained:
    """Go on with a run that was interrupted or killed, to the weights that it would have had."""
    found = find(str(run), runs)
    if found.bundled:
        raise UserError(f"{run}: no run of your own to resume; start one: pellucid train {run}")
    if found.run.state == "done":
        raise UserError(f"{found.path}: is done; there is nothing to resume")
    system = catalog.load(found.run.room)
    return _train(system, system.config_type.build(found.run.info["config"]), found.run.room, Path(), found.run)


def _train(system: type[System[Any]], config: Any, room: str, root: Path, run: Run | None) -> Trained:
    from pellucid.core import world

    with world.join(config.device, config.threads) as here:
        if run is None:
            made = Run.create(root, room, config.model_dump(), command(room, config)) if here.main else None
            run = Run(here.agree(made.path if made else Path()))
        elif here.main:
            run.update(state="training", pid=os.getpid())
        state = "failed"
        try:
            system.train(config, run, here)
            state = "done"
        except (Interrupted, KeyboardInterrupt) as stop:
            state = "interrupted"
            how = f"{stop}; nothing is lost. Go on with: pellucid train --resume {run.path}"
            raise Interrupted(how if (run.path / "checkpoint").is_dir() else "stopped before the first step") from None
        finally:
            if here.main:
                run.update(state=state)
                if state != "done" and not (run.path / "checkpoint").is_dir():
                    shutil.rmtree(run.path, ignore_errors=True)  # it never got going: leave nothing behind
        return Trained(run)


def command(room: str, config: Config) -> str:
    """The command line that trains with this configuration: the fields that are not the defaults."""
    words = ["pellucid", "train", room]
    for name, value in config.model_dump(exclude_defaults=True).items():
        flag = name.replace("_", "-")
        words += [f"--{'' if value else 'no-'}{flag}"] if isinstance(value, bool) else [f"--{flag}", str(value)]
    return shlex.join(words)


def find(name: str, runs: str | Path | None = None) -> Trained:
    """A run folder, or a room's newest run that can answer, or else the run bundled with that room."""
    path = Path(name).expanduser()
    if (path / "run.json").is_file():
        return Trained(Run.open(path))
    if name in catalog.BUILT:
        own = [run for run in Run.all(runs_folder(runs), name) if (run.path / "model.safetensors").exists()]
        return Trained(Run.open(own[-1].path)) if own else Trained(Run.open(bundled(name)), bundled=True)
    if path.exists():
        raise UserError(f"{name}: not a run folder (it has no run.json)")
    catalog.find(name) if name in {entry.name for entry in catalog.CATALOG} else None
    raise UserError(f"{name}: no such run folder or system{closest(name, catalog.BUILT) or '.'} Try: pellucid list")


def open(name: str | Path, *, runs: str | Path | None = None) -> Trained:
    """A trained system by run folder, or by its room's name."""
    return find(str(name), runs)


def bundled(room: str) -> Path:
    """The folder of the tiny run that comes with a room."""
    return Path(__file__).parent / "rooms" / room / "bundled"


def summary(room: str, **fields: Any) -> list[Table]:
    """The layers of a system with the formula of each count."""
    system = catalog.load(room)
    return system.summary(system.config_type.build(fields))


@dataclass(frozen=True)
class Variant:
    """One row of a comparison: what was varied, and each seed's figures by name."""

    fields: dict[str, Any]
    figures: dict[str, list[float]]

    def mean(self, name: str) -> float:
        return statistics.fmean(self.figures[name])

    def spread(self, name: str) -> float:
        """Sample standard deviation over the seeds; 0 for one seed."""
        return statistics.stdev(self.figures[name]) if len(self.figures[name]) > 1 else 0.0


def compare(
    room: str,
    vary: Mapping[str, Sequence[Any]],
    *,
    seeds: int = 3,
    runs: str | Path | None = None,
    **fields: Any,
) -> Iterator[Variant]:
    """Train every combination of the varied fields with seeds 0 … seeds - 1, and score each on the test data.

    The order goes round the variants seed by seed, so that a machine that slows down slows all of them. Yields each
    variant when its last seed is done. `examples_per_second` is speed; `<score>_per_second` is performance per cost:
    the first headline scores divided by the seconds that training took.
    """
    system = catalog.load(room)
    variants = [dict(zip(vary, values, strict=True)) for values in itertools.product(*vary.values())]
    for variant in variants:  # all wrong values are found before the first training
        system.config_type.build({**fields, **variant})
    figures: list[dict[str, list[float]]] = [{} for _ in variants]
    for seed in range(seeds):
        for variant, found in zip(variants, figures, strict=True):
            trained = train(room, runs=runs, **{**fields, **variant, "seed": seed})
            scores = trained.evaluate()
            timing = trained.run.info["training"]
            row = {"seconds": timing["seconds"], "examples_per_second": timing["examples_per_second"]}
            row |= {name: scores[name] for name in system.headline}
            row |= {f"{name}_per_second": scores[name] / timing["seconds"] for name in system.headline}
            for name, value in row.items():
                found.setdefault(name, []).append(value)
            if seed == seeds - 1:
                yield Variant(variant, found)
