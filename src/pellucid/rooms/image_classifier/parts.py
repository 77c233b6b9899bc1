"""Pictures in memory and their three parts: cut by content, counted, described."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pellucid.core.data.page import DataPage
from pellucid.core.data.pictures import png_url
from pellucid.core.data.split import FRACTIONS, stratified_split

HELD_BACK = {"train": 0.9, "validation": 0.1}  # where the test part is given
PARTS = tuple(FRACTIONS)


@dataclass(frozen=True)
class Pictures:
    """pixels [N, H, W, C], targets [N] as places in the list of classes, and each picture's name."""

    pixels: NDArray[np.uint8]
    targets: NDArray[np.int64]
    names: list[str]

    def __len__(self) -> int:
        return len(self.targets)

    def chosen(self, rows: NDArray[np.int64]) -> Pictures:
        return Pictures(self.pixels[rows], self.targets[rows], [self.names[i] for i in rows])

    def counts(self, classes: int) -> list[int]:
        """How many there are of each class."""
        return np.bincount(self.targets, minlength=classes).tolist()


@dataclass(frozen=True)
class Dataset:
    """The three parts, the names of the classes, and what is to be recorded about the data."""

    parts: dict[str, Pictures]
    labels: tuple[str, ...]
    about: dict[str, Any]

    def remarks(self) -> list[str]:
        """What a person should know before training on it."""
        about = self.about
        sizes = ", ".join(f"{name} {len(part):,}" for name, part in self.parts.items())
        shape = f"{about['size']} × {about['size']} pixels, {'gray' if about['channels'] == 1 else 'in colour'}"
        remarks = [f"{about['pictures']:,} pictures, {shape}, {len(self.labels)} classes: {sizes}"]
        if about["repeated"]:
            done = "left out" if about["repeated_removed"] else "kept, as their authors gave them out"
            remarks.append(f"{about['repeated']:,} repeat another and are {done}")
        if about["across"]:
            done = "only the later part keeps them" if about["repeated_removed"] else "the test asks what is known"
            remarks.append(f"{about['across']:,} of validation and test are in an earlier part, too: {done}")
        if about["label_conflicts"]:
            remarks.append(f"{about['label_conflicts']:,} repeat another under another class: the first counts")
        return [*remarks, about["skipped"]] if about["skipped"] else remarks


def keys_of(pixels: NDArray[np.uint8]) -> list[str]:
    """A hash of each picture: two with the same are the same picture."""
    return [hashlib.blake2b(picture.tobytes(), digest_size=16).hexdigest() for picture in pixels]


def held_back(keys: Sequence[str], labels: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """Rows of training pictures as train and validation. Those that are the same go to the same part."""
    first: dict[str, int] = {}
    for row, key in enumerate(keys):
        first.setdefault(key, row)
    unique = list(first)
    cut = stratified_split(unique, [labels[first[key]] for key in unique], HELD_BACK)
    held = {unique[i] for i in cut["validation"]}
    is_held = np.array([key in held for key in keys])
    return {"train": np.flatnonzero(~is_held), "validation": np.flatnonzero(is_held)}


def without_repeats(
    keys: Sequence[str], targets: NDArray[np.int64], parts: Sequence[str]
) -> tuple[NDArray[np.int64], int]:
    """Rows in which each picture stands once, and how many of those left out have another class.

    What is in the test part as well stays there and leaves the others: the test asks for what was not seen.
    """
    order = sorted(range(len(keys)), key=lambda row: -PARTS.index(parts[row] or "train"))
    first: dict[str, int] = {}
    conflicts = 0
    for row in order:
        conflicts += int(targets[first.setdefault(keys[row], row)] != targets[row])
    return np.array(sorted(first.values())), conflicts


def in_earlier_parts(keys: Mapping[str, Sequence[str]]) -> int:
    """How many pictures of validation and test stand in a part before them, too."""
    seen: set[str] = set()
    found = 0
    for part in PARTS:
        found += sum(key in seen for key in keys.get(part, ()))
        seen.update(keys.get(part, ()))
    return found


def page_of(data: Dataset, title: str, each: int) -> DataPage:
    """What `pellucid data show` shows, with so many pictures of each class, of the training part."""
    about, train = data.about, data.parts["train"]
    small, usual, large = (f"{height} × {width}" for height, width in about["sides"])
    given = small if small == large else f"{small} to {large} pixels, the middle one {usual}"
    samples = {}
    for place, label in enumerate(data.labels):
        rows = np.flatnonzero(train.targets == place)[:each]
        samples[label] = [png_url(train.pixels[row]) for row in rows]
    facts = {
        "source": about["source"],
        "pictures": f"{about['pictures']:,} of {len(data.labels)} classes",
        "as decoded": f"{given} (height × width)",
        "as read": f"{about['size']} × {about['size']}, {'gray' if about['channels'] == 1 else 'red, green, blue'}",
        "mean": ", ".join(f"{value:.4f}" for value in about["mean"]) + " (of the training pictures, white is 1)",
        "deviation": ", ".join(f"{value:.4f}" for value in about["deviation"]),
        "repeated": f"{about['repeated']:,}"
        + (", left out" if about["repeated"] and about["repeated_removed"] else ""),
        "in an earlier part": f"{about['across']:,} of validation and test",
        "under two classes": f"{about['label_conflicts']:,}",
        "fingerprint": about["fingerprint"]["sha256"],
    }
    remarks = data.remarks()[1:]
    return DataPage(title, facts, about["classes"], samples, "picture", remarks)


def described(parts: dict[str, Pictures], labels: tuple[str, ...], about: dict[str, Any]) -> Dataset:
    """The data set, with what can be said of any: sizes, counts, mean and deviation of the training pictures."""
    train = parts["train"].pixels
    size, channels = train.shape[2:]
    mean = [float(train[..., c].mean(dtype=np.float64)) / 255 for c in range(channels)]
    deviation = [float(train[..., c].std(dtype=np.float64)) / 255 for c in range(channels)]
    counts = {name: dict(zip(labels, part.counts(len(labels)), strict=True)) for name, part in parts.items()}
    return Dataset(
        parts,
        labels,
        about
        | {
            "pictures": sum(map(len, parts.values())),
            "labels": list(labels),
            "size": int(size),
            "channels": int(channels),
            "mean": [round(value, 6) for value in mean],
            "deviation": [max(round(value, 6), 1e-3) for value in deviation],  # of blank pictures it would be 0
            "parts": {name: {"pictures": len(part)} for name, part in parts.items()},
            "classes": counts,
        },
    )
