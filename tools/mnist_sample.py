"""The sample of MNIST that the package ships: `python tools/mnist_sample.py FOLDER`, the folder with the idx files.

10,000 of the training and 2,000 of the test pictures, as many of each class as its share asks, drawn by a seed and kept
in MNIST's own order. Written as four idx files, gzipped without a date: the same command gives the same bytes.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np

from pellucid.core.data.idx import PARTS, idx_bytes, idx_files, read_pair

INTO = Path(__file__).parents[1] / "src/pellucid/rooms/image_classifier/mnist"
COUNTS = {"train": 10_000, "test": 2_000}
SEED = 1998


def drawn(labels: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Places of `count` labels, each class as often as its share asks (largest remainders rounded up)."""
    classes, sizes = np.unique(labels, return_counts=True)
    exact = sizes * count / len(labels)
    wanted = np.floor(exact).astype(int)
    wanted[np.argsort(-(exact - wanted), kind="stable")[: count - wanted.sum()]] += 1
    chosen = [random.permutation(np.flatnonzero(labels == name))[:n] for name, n in zip(classes, wanted, strict=True)]
    return np.sort(np.concatenate(chosen))


def main(folder: Path) -> None:
    files = idx_files(folder)
    if files is None:
        raise SystemExit(f"{folder}: has no idx files")
    random = np.random.default_rng(SEED)
    total = 0
    for part, count in COUNTS.items():
        pictures, labels = read_pair(files[f"{part} images"], files[f"{part} labels"])
        places = drawn(labels, count, random)
        for what, array in (("images-idx3", pictures[places]), ("labels-idx1", labels[places])):
            packed = gzip.compress(idx_bytes(array), 9, mtime=0)
            (INTO / f"{PARTS[part]}-{what}-ubyte.gz").write_bytes(packed)
            total += len(packed)
    print(f"{INTO}: {total:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
