"""The front door: what the command line, the server and Python programs do with systems and runs.

Everything here speaks to rooms through `core.contract.System`, found by name in the catalog.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import shlex
import shutil
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid import catalog
from pellucid.core.card import Card, Input
from pellucid.core.contract import Added, Answer, System, Table
from pellucid.core.errors import Interrupted, UserError, closest
from pellucid.core.process import process, quoted
from pellucid.core.run import Run

if TYPE_CHECKING:
    from pellucid.core.config import Config
    from pellucid.look import Trace


def runs_folder(runs: str | Path | None = None) -> Path:
    """Where runs lie: the folder given, else $PELLUCID_RUNS, else ./runs."""
    return Path(runs or os.environ.get("PELLUCID_RUNS") or "runs").expanduser()


def all_runs(runs: str | Path | None = None, room: str | None = None) -> list[Run]:
    """Every run there, of all rooms or of one, in the order of the course, oldest first."""
    return [run for name in ([room] if room else catalog.BUILT) for run in Run.all(runs_folder(runs), name)]


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
        recorded(self.run)  # a run of another version is refused with the name of its file
        return catalog.load(self.run.room).load(self.run)

    def evaluate(self, split: str = "test", file: str | Path | None = None, **read: Any) -> dict[str, Any]:
        """Scores on a split that training did not see, or on a file of one's own. `read`: fields of the configuration
        that say how to read it, such as `text_column`, where they differ from the run's."""
        return self.system.evaluate(split, None if file is None else str(file), read)

    def predict(self, inputs: Any) -> Any:
        """An answer for one input, a list of them for a list. A picture may be a file, an array, a PIL image."""
        if isinstance(inputs, list | tuple):
            return list(self.system.predict([self.input.read(value) for value in inputs]))
        return next(self.system.predict([self.input.read(inputs)]))

    def stream(self, inputs: Iterable[Any]) -> Iterator[Answer]:
        """Answers to a stream of any length."""
        return self.system.predict(inputs)

    def look(self, value: Any, *, backward: bool = False) -> Trace:
        """A trace of every tensor that the model computes for this input."""
        return self.system.look(self.input.read(value), backward=backward)

    def add(
        self, file: str | Path, *, progress: Callable[[str, float], None] | None = None,
        stop: Callable[[], bool] | None = None, **read: Any,
    ) -> Added:  # fmt: skip
        """Take what a file holds into this run, where its room can (documents into a search). `read`: fields of the
        configuration that say how to read it, where they differ from the run's. Ctrl-C leaves the run as it was."""
        from contextlib import nullcontext

        from pellucid.core import stopping, world

        room, adds = self.run.room, self.card.adds
        if adds is None:
            able = ", ".join(name for name in catalog.BUILT if catalog.card(name).adds)
            raise UserError(f"{room}: nothing can be added to its runs (only to those of {able}); train a new one")
        if self.bundled:
            raise UserError(
                f"{room}: the bundled run is part of the package and stays as it is; train one of your own and add to "
                f"that: pellucid train {room}"
            )
        if (state := self.run.state) != "done":
            raise UserError(f"{self.path}: its training is not done ({state}); add to it when it is")
        if wrong := [name for name in read if name not in adds.read]:
            raise UserError(
                f"{wrong[0]}: cannot differ from the run's own; what can, for an addition: {', '.join(adds.read)}"
            )
        asked = nullcontext(stop) if stop else stopping.asked_to_stop(self.run, world.here())
        with asked as stopped:
            found = catalog.load(room).add(self.run, str(file), read, progress=progress, stop=stopped)
        self.__dict__.pop("system", None)  # the next question is asked of the run as it is now
        return found

    def export(self, to: str = "onnx", out: str | Path | None = None, *, quantize: str | None = None) -> Path:
        """A bundle that runs without torch, held against the trained model before it is left there; its folder. Or
        files that other tools open, where the room has some of that name (`System.files`)."""
        from pellucid import ship

        if self.card.ships_nothing:
            raise UserError(f"{self.run.room} ships nothing: {self.card.ships_nothing['en']}")
        folder = Path(out) if out else self.export_folder(to if quantize is None else f"{to}-{quantize}")
        if write := self.system.files().get(to):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UserError(f"{folder}: cannot be made: {error.strerror}; choose another folder") from None
            write(folder)
            return folder
        return ship.export(self.system, folder, card=self.card, to=to, quantize=quantize, source=self.fingerprint)

    def export_folder(self, name: str, runs: str | Path | None = None) -> Path:
        """Where a bundle goes: into the run, but nothing is written into the package itself."""
        return (runs_folder(runs) / self.run.room / "bundled" if self.bundled else self.path) / "exports" / name

    @property
    def fingerprint(self) -> str:
        """Of what was learned: weights and codec. A bundle made from others is out of date."""
        parts = (self.path / name for name in ("model.safetensors", "codec.json"))
        return hashlib.sha256(b"".join(part.read_bytes() for part in parts if part.exists())).hexdigest()

    def __repr__(self) -> str:
        return f"<{self.run.room} run {self.path}{' (bundled)' if self.bundled else ''}>"


def train(room: str, *, runs: str | Path | None = None, **fields: Any) -> Trained:
    """Train a system with these configuration fields; a new run. Under torchrun: with all its processes together."""
    system = catalog.load(room)
    return _train(system, catalog.config(room).build(fields), room, runs_folder(runs), None)


def resume(run: str | Path, *, runs: str | Path | None = None, room: str | None = None) -> Trained:
    """Go on with a run that was interrupted or killed, to the weights that it would have had; or train a queued one.

    run: its folder, or a room's name for the newest run of it that is not done. room: refuse a run of another one.
    """
    found = _unfinished(str(run), runs)
    if room not in (None, found.room):
        raise UserError(f"{found.path}: is a run of {found.room}, not of {room}")
    if found.state == "done":
        raise UserError(f"{found.path}: is done; there is nothing to resume")
    if not int(os.environ.get("RANK", 0)):  # the main process speaks
        if found.state != "training":
            found.forget_stop()  # it was meant for an earlier attempt
        elif found.info["pid"] != os.getpid():  # a notebook resumes what failed in it; a queue names who it started
            raise UserError(f"{found.path}: is being trained by process {found.info['pid']}; stop that one first")
    system = catalog.load(found.room)
    return _train(system, recorded(found), found.room, Path(), found)


def _unfinished(name: str, runs: str | Path | None) -> Run:
    if name not in catalog.BUILT or Path(name, "run.json").is_file():
        return find(name, runs).run
    for run in reversed(Run.all(runs_folder(runs), name)):
        if run.state != "done":
            return run
    raise UserError(f"{name}: no run of it in {runs_folder(runs)} is unfinished; start one: pellucid train {name}")


def _train(system: type[System[Any]], config: Any, room: str, root: Path, run: Run | None) -> Trained:
    from pellucid.core import world

    new = run is None
    with world.join(config.device, config.threads) as here:
        if run is None:
            made = Run.create(root, room, config.model_dump(), command(room, config)) if here.main else None
            run = Run(here.agree(made.path if made else Path()))
        elif here.main:
            run.update(state="training", **process())
        state = "failed"
        try:
            system.train(config, run, here)
            state = "done"
        except (Interrupted, KeyboardInterrupt) as stop:
            state = "interrupted"
            if new and "data" not in run.info:
                raise Interrupted("stopped before the first step; nothing is left behind") from None
            lost = isinstance(stop, KeyboardInterrupt) and "data" in run.info
            kept = "the last checkpoint is kept" if lost else "nothing is lost"
            again = f"pellucid train --resume {quoted(run.path)}"
            raise Interrupted(f"{stop if str(stop) else 'stopped at once'}; {kept}. Go on with: {again}") from None
        finally:
            if here.main:
                run.update(state=state)
                if new and state != "done" and "data" not in run.info:
                    shutil.rmtree(run.path, ignore_errors=True)  # it never got to its data: leave nothing behind
        return Trained(run)


def recorded(run: Run) -> Config:
    """The configuration in a run's `run.json`; UserError that names this file where it is no longer one."""
    try:
        return catalog.config(run.room).build(run.info["config"])
    except UserError as error:
        raise UserError(f"{run.path / 'run.json'}: {error}") from None


def command(room: str, config: Config) -> str:
    """The command line that trains with this configuration: the fields that are not the defaults."""
    words = ["pellucid", "train", room]
    for name, value in config.model_dump(exclude_defaults=True).items():
        flag = name.replace("_", "-")
        words += [f"--{'' if value else 'no-'}{flag}"] if isinstance(value, bool) else [f"--{flag}", str(value)]
    return shlex.join(words)


def find(name: str, runs: str | Path | None = None) -> Trained:
    """A run by its folder or its name; or a room's newest run that can answer, else the one bundled with that room."""
    path = Path(name).expanduser()
    if (path / "run.json").is_file():
        return Trained(Run.open(path))
    if name in catalog.BUILT:
        own = [run for run in Run.all(runs_folder(runs), name) if (run.path / "model.safetensors").exists()]
        return Trained(Run.open(own[-1].path)) if own else Trained(Run.open(bundled(name)), bundled=True)
    if path.exists():
        raise UserError(f"{name}: not a run folder (it has no run.json)")
    if name in {entry.name for entry in catalog.CATALOG}:
        catalog.find(name)  # says that it is not built yet
    mine = {run.path.name: run.path for run in all_runs(runs)}
    if name in mine:
        return Trained(Run.open(mine[name]))
    near = closest(path.name, [*catalog.BUILT, *mine])
    raise UserError(f"{name}: no such run or system{near or '.'} Try: pellucid runs, pellucid list")


def open(name: str | Path, *, runs: str | Path | None = None) -> Trained:
    """A trained system by run folder, or by its room's name."""
    return find(str(name), runs)


def bundled(room: str) -> Path:
    """The folder of the tiny run that comes with a room."""
    return catalog.folder(room) / "bundled"


def summary(room: str, **fields: Any) -> list[Table]:
    """The layers of a system with the formula of each count."""
    return catalog.load(room).summary(catalog.config(room).build(fields))


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
    say: Callable[[str], None] = lambda text: None,
    **fields: Any,
) -> Iterator[Variant]:
    """Train every combination of the varied fields with seeds 0 … seeds - 1, and score each on the test data. A room
    whose configuration has no seed leaves nothing to chance: each combination is trained once.

    The order goes round the variants seed by seed, so that a machine that slows down slows all of them. Yields each
    variant when its last seed is done. `examples_per_second` is speed; `<score>_per_second` is performance per cost:
    the first headline scores divided by the seconds that training took. `say` hears what is trained next.
    """
    if "seed" in vary or "seed" in fields:
        raise UserError("seed: a comparison runs through the seeds itself; say how many with seeds")
    if twice := next((name for name in vary if name in fields), None):
        raise UserError(f"{twice}: is varied, and given one value as well; leave one of the two out")
    variants = [dict(zip(vary, values, strict=True)) for values in itertools.product(*vary.values())]
    for variant in variants:  # all wrong values, and files that are not there, are found before the first training
        catalog.peek(room, catalog.config(room).build({**fields, **variant}))
    figures: list[dict[str, list[float]]] = [{} for _ in variants]
    by_chance = "seed" in catalog.config(room).model_fields
    seeds = seeds if by_chance else 1
    done = 0
    for seed in range(seeds):
        for variant, found in zip(variants, figures, strict=True):
            say(f"seed {seed + 1} of {seeds}: " + " ".join(f"{name}={value}" for name, value in variant.items()))
            try:
                trained = train(room, runs=runs, **{**fields, **variant, **({"seed": seed} if by_chance else {})})
            except Interrupted as stop:
                kept = f"{done} of {seeds * len(variants)} trainings of the comparison are done"
                raise Interrupted(f"{stop}; {kept}, see: pellucid runs {room}") from None
            done += 1
            scores = trained.evaluate()
            timing = trained.run.info["training"]
            row = {"seconds": timing["seconds"], "examples_per_second": timing["examples_per_second"]}
            row |= {name: scores[name] for name in trained.system.headline}
            row |= {f"{name}_per_second": scores[name] / timing["seconds"] for name in trained.system.headline}
            for name, value in row.items():
                found.setdefault(name, []).append(value)
            if seed == seeds - 1:
                yield Variant(variant, found)
