"""What goes in: a table of numbers, its three parts, and how features are scaled.

Built in: 200 made-up flats (make_houses.py). Means and standard deviations come from the training rows alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.core.data.fingerprint import fingerprint
from pellucid.core.data.parsers import Row
from pellucid.core.data.split import stratified_split
from pellucid.core.data.tables import Rows, read_rows
from pellucid.core.data.unpack import bare
from pellucid.core.errors import UserError, closest
from pellucid.rooms.linear_regression.config import Config, split_names
from pellucid.rooms.linear_regression.typed import no_number

Floats = NDArray[np.float64]

BUILT_IN = Path(__file__).with_name("houses.csv")
FRACTIONS = {"train": 0.6, "validation": 0.2, "test": 0.2}
YES = ("yes", "1", "true", "positive")  # classes whose probability is meant, unless told otherwise
FEWEST = 10
EXAMPLES = 3  # inputs of its own data that a run keeps for those who try it


@dataclass(frozen=True)
class Part:
    """Some rows: features [n, d] and the target [n], for two classes 0 and 1."""

    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True)
class Dataset:
    """The three parts, what the columns are called, and what is to be recorded about the data."""

    parts: dict[str, Part]
    features: list[str]
    target: str
    labels: list[str]
    """Classification: the class 0 and the class 1; empty for regression."""
    about: dict[str, Any]

    def remark(self) -> str:
        """What a person should know before training on it."""
        sizes = ", ".join(f"{name} {len(part):,}" for name, part in self.parts.items())
        repeated = f"; {self.about['repeated']:,} equal another and are left out" if self.about["repeated"] else ""
        skipped = f"\n{self.about['skipped']}" if self.about["skipped"] else ""
        return f"{self.about['rows']:,} rows: {sizes}{repeated}{skipped}"


@dataclass(frozen=True)
class Scale:
    """What is done to each feature: (x - mean) / deviation. Learned from training rows, used on all others."""

    mean: Floats
    deviation: Floats

    @classmethod
    def learn(cls, x: Floats, standardize: bool) -> Scale:
        return cls(x.mean(axis=0), x.std(axis=0) if standardize else np.ones(x.shape[1]))

    def design(self, x: Floats) -> Floats:
        """[n, 1 + d]: a one for the intercept, then the scaled features."""
        return np.column_stack([np.ones(len(x)), (x - self.mean) / self.deviation])


def prepare(config: Config) -> Dataset:
    """Read, check and split.

    A row's part follows from its line in the file and the seed, whatever columns are used: models of the same file with
    other features are tested on the same rows.
    """
    features = split_names(config.features)
    if config.target in features:
        raise UserError(f"features: {config.target!r} is the target itself; what is to be predicted is not known then")
    path, rows, skipped = read(config, features)
    kept = unrepeated(rows) if config.deduplicate else rows
    if len(kept) < FEWEST:
        raise UserError(f"{path}: {len(kept)} different rows are too few; at least {FEWEST} are needed")
    labels = two_classes(kept, config, path) if config.task == "classification" else []
    x, y = numbers(kept, features), targets(kept, config.target, labels)
    places = stratified_split([f"{config.seed}\t{row.line}" for row in kept], strata(kept, y, labels), FRACTIONS)
    if config.train_rows:
        places["train"] = places["train"][: config.train_rows]
    parts = {name: Part(x[place], y[place]) for name, place in places.items()}
    check_training(parts["train"], features, config, path)
    about = {
        "source": "built-in" if path == BUILT_IN else str(path),
        "fingerprint": fingerprint(path),
        "rows": len(rows),
        "skipped": skipped,
        "repeated": len(rows) - len(kept),
        "features": features,
        "target": config.target,
        "labels": labels,
        "parts": {name: len(part) for name, part in parts.items()},
    }
    if path != BUILT_IN or features != split_names(Config().features):  # the card's examples are not about these
        about["examples"] = [typed(row, features) for row in parts["test"].x[:EXAMPLES]]
    return Dataset(parts, features, config.target, labels, about)


def typed(row: Floats, features: Sequence[str]) -> str:
    """A row as a person would type it: `size = 120, rooms = 3`."""
    return ", ".join(f"{name} = {value:.6g}" for name, value in zip(features, row, strict=True))


def held(config: Config, file: str, features: list[str], labels: list[str]) -> Part:
    """All rows of a further file, read as the training file was."""
    _, rows, _ = read(config.model_copy(update={"data": file}), features)
    for row in rows if labels else ():
        if row.values[config.target] not in labels:
            known = " and ".join(map(repr, labels))
            raise UserError(
                f"{file}, line {row.line}, column {config.target!r}: {row.values[config.target]!r}; "
                f"this run knows {known}"
            )
    return Part(numbers(rows, features), targets(rows, config.target, labels))


# reading


def read(config: Config, features: Sequence[str]) -> tuple[Path, list[Row], str]:
    """Rows whose features (and, for regression, target) are numbers; and what had to be skipped, in words."""
    path = BUILT_IN if config.data == "built-in" else Path(config.data)
    numeric = [*features, config.target] if config.task == "regression" else list(features)
    found = rows_of(path, config, features)
    good, bad = [], []
    unit = "row" if path.suffix.lower() == ".parquet" else "line"
    for row in found:
        complaint = complain(row, numeric)
        if not complaint:
            good.append(row)
        elif config.on_bad == "refuse":
            found.close()
            raise UserError(f"{path}, {unit} {row.line}, {complaint}")
        else:
            bad.append(f"{unit} {row.line}, {complaint}")
    reports = [found.report()] if found.report() else []
    reports += [f"{len(bad):,} skipped for what they hold, the first at {bad[0]}"] if bad else []
    if not good:
        raise UserError(f"{path}: holds no row that can be used" + (f": {reports[-1]}" if reports else ""))
    return path, good, "; ".join(reports)


def rows_of(path: Path, config: Config, features: Sequence[str]) -> Rows:
    """Features and target of every row, as text."""
    if bare(path).suffix.lower() == ".txt":
        raise UserError(f"{path}: a table with columns is needed: .csv, .tsv, .jsonl or .parquet")
    columns = [*features, config.target]
    return read_rows(path, columns, encoding=config.encoding, on_bad=config.on_bad, fractions=True)


def peek(config: Config) -> None:
    """UserError where the file is not there, or has no such column: known before a run begins."""
    if config.data != "built-in":
        with contextlib.closing(rows_of(Path(config.data), config, split_names(config.features))) as rows:
            next(rows, None)


def complain(row: Row, numeric: Iterable[str]) -> str:
    """What is wrong with a row's numbers; empty where nothing is."""
    for name in row.values:
        if not row.values[name].strip():
            return f"column {name!r}: is empty; fill it in, or leave such rows out with --on-bad skip"
    for name in numeric:
        if trouble := no_number(row.values[name].strip()):
            return f"column {name!r}: {trouble}"
    return ""


def numbers(rows: Sequence[Row], names: Sequence[str]) -> Floats:
    return np.array([[float(row.values[name]) for name in names] for row in rows])


def targets(rows: Sequence[Row], target: str, labels: list[str]) -> Floats:
    """The target as numbers; of two classes the second is 1."""
    if labels:
        return np.array([float(row.values[target] == labels[1]) for row in rows])
    return np.array([float(row.values[target]) for row in rows])


def two_classes(rows: Sequence[Row], config: Config, path: Path) -> list[str]:
    """The other class and the one whose probability is meant; UserError where there are not two."""
    found = sorted({row.values[config.target] for row in rows})
    if len(found) != 2:
        some = ", ".join(map(repr, found[:5])) + (" …" if len(found) > 5 else "")
        raise UserError(f"{path}, column {config.target!r}: {len(found)} different classes ({some}); two are needed")
    if config.positive and config.positive not in found:
        raise UserError(
            f"positive: {config.positive!r} is not in {path}{closest(config.positive, found)} It has {found}"
        )
    wanted = [config.positive] if config.positive else [label for label in found if label.lower() in YES]
    if len(wanted) != 1:
        raise UserError(f"{path}: classes {found[0]!r} and {found[1]!r}: whose probability is meant? Set positive")
    return [next(label for label in found if label != wanted[0]), wanted[0]]


# splitting


def unrepeated(rows: Sequence[Row]) -> list[Row]:
    """The first of those that are equal in all columns that are used."""
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        first.setdefault(tuple(row.values.values()), row)
    return list(first.values())


def strata(rows: Sequence[Row], y: Floats, labels: list[str]) -> list[str]:
    """Each part gets its share of both: the two classes, or the lower and the upper half of the target."""
    if labels:
        return [labels[int(value)] for value in y]
    texts = ["\t".join(row.values.values()) for row in rows]
    order = sorted(range(len(y)), key=lambda i: (y[i], texts[i]))
    half = {i: "lower" if rank < len(y) / 2 else "upper" for rank, i in enumerate(order)}
    return [half[i] for i in range(len(y))]


def check_training(train: Part, features: Sequence[str], config: Config, path: Path) -> None:
    """What no model can be learned from."""
    for name, column in zip(features, train.x.T, strict=True):
        if np.ptp(column) <= 1e-12 * np.abs(column).max():
            raise UserError(
                f"{path}, column {name!r}: is {column[0]:g} in all {len(train):,} training rows and tells nothing; "
                "leave it out of features"
            )
    if np.ptp(train.y) == 0:
        raise UserError(f"{path}, column {config.target!r}: is the same in all {len(train):,} training rows")
    if config.penalty == "none" and len(train) < len(features) + 2:
        raise UserError(
            f"{path}: {len(train)} training rows are too few for {len(features)} features and an intercept without a "
            "penalty; take fewer features, more rows or --penalty l2"
        )
