"""Part of a data set: some of its classes, some pictures of each. The test part keeps all pictures of its classes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pellucid.core.errors import UserError, closest
from pellucid.rooms.image_classifier.parts import Dataset, Pictures, described

if TYPE_CHECKING:
    from pellucid.rooms.image_classifier.config import Config


def subset(data: Dataset, config: Config) -> Dataset:
    """The classes and pictures that the configuration chooses; which pictures, its seed decides."""
    if not config.classes and not config.per_class:
        return data
    labels = _chosen_labels(data.labels, config.chosen_classes)
    places = [data.labels.index(label) for label in labels]
    parts = {
        name: _part(part, places, 0 if name == "test" else config.per_class, config.seed)
        for name, part in data.parts.items()
    }
    for name, part in parts.items():
        if not len(part):
            raise UserError(f"classes: {config.classes}: no picture of them is in the {name} part")
    return described(parts, labels, data.about)


def _chosen_labels(known: tuple[str, ...], chosen: tuple[str, ...]) -> tuple[str, ...]:
    """In the data's own order; UserError where there are not at least two of them."""
    for label in chosen:
        if label not in known:
            raise UserError(f"classes: {label!r} is not in the data{closest(label, known)} It has {', '.join(known)}")
    labels = tuple(label for label in known if not chosen or label in chosen)
    if len(labels) < 2:
        raise UserError(f"classes: {', '.join(labels)} alone is no choice; name two or more of {', '.join(known)}")
    return labels


def _part(part: Pictures, places: list[int], most: int, seed: int) -> Pictures:
    """The pictures of these classes, at most `most` of each (0: all), their targets counted anew."""
    random = np.random.default_rng(seed)
    rows: list[NDArray[np.int64]] = []
    for place in places:
        of_class = np.flatnonzero(part.targets == place)
        if most and len(of_class) > most:
            of_class = np.sort(random.permutation(of_class)[:most])
        rows.append(of_class)
    kept = part.chosen(np.sort(np.concatenate(rows)))
    return replace(kept, targets=np.searchsorted(places, kept.targets))
