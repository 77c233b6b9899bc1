"""What goes in: pictures with their classes, in three parts. No torch: a shipped bundle uses the codec.

Built in: a sample of MNIST. By name: all of MNIST, Fashion-MNIST. Of one's own: a folder with such idx files, or one
with a folder of pictures for each class. Idx files bring their own test part; from what is for training, a tenth is
kept for validation, by the hash of each picture.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from pellucid.core import config as core
from pellucid.core.card import Words
from pellucid.core.config import path_from_anywhere, setting
from pellucid.core.data.download import fetch, local_copy
from pellucid.core.data.folders import read_folder
from pellucid.core.data.idx import idx_files, read_pair
from pellucid.core.data.page import DataPage
from pellucid.core.data.split import stratified_split
from pellucid.core.errors import UserError
from pellucid.rooms.image_classifier import CARD
from pellucid.rooms.image_classifier.codec import Codec
from pellucid.rooms.image_classifier.parts import (
    PARTS,
    Dataset,
    Pictures,
    described,
    held_back,
    in_earlier_parts,
    keys_of,
    page_of,
    without_repeats,
)
from pellucid.rooms.image_classifier.raster import middle, raster, resized
from pellucid.rooms.image_classifier.remotes import CLOTHES, FASHION_MNIST, REMOTES
from pellucid.rooms.image_classifier.subset import subset

if TYPE_CHECKING:
    from pellucid.rooms.image_classifier.config import Config

__all__ = ["REMOTES", "Codec", "DataConfig", "Dataset", "Pictures", "learn_codec", "prepare", "show"]

BUILT_IN = "built-in"
SAMPLE = Path(__file__).parent / "mnist"
NAMED = {remote.name: remote for remote in REMOTES}
DIGITS = tuple("0123456789")
FOLDER_SIDE = 32  # pixels, where the configuration says nothing


class DataConfig(core.Config):
    """Which pictures to learn from, and how to read them."""

    group: ClassVar[Words] = {"en": "Data", "zh-TW": "資料"}

    data: str = setting(
        BUILT_IN,
        "built-in (a sample of MNIST), mnist or fashion_mnist (downloaded once), or a folder: idx files, or one folder "
        "of pictures for each class",
        "built-in（MNIST 的一部分）、mnist 或 fashion_mnist（下載一次），或你自己的資料夾：idx 檔，"
        "或每個類別一個圖片資料夾",
    )
    size: int = setting(
        0,
        "side in pixels of what the network reads; 0: that of the idx files, 32 for folders of pictures",
        "網路讀入的圖片邊長（像素）；0：與 idx 檔相同，圖片資料夾則為 32",
        ge=0,
        le=512,
    )
    colour: Literal["auto", "gray", "colour"] = setting(
        "auto",
        "gray (one channel) or colour (three); auto: gray where all pictures are",
        "gray（灰階，一個通道）或 colour（彩色，三個通道）；auto：全部都是灰階時用灰階",
    )
    centre: Literal["auto", "yes", "no"] = setting(
        "auto",
        "make other pictures as the digits of MNIST were made: ink bright on black, centred; auto: for digits",
        "其他圖片是否照 MNIST 數字的做法處理：筆畫亮、背景黑、置中；auto：數字資料才做",
    )
    on_bad: Literal["refuse", "skip"] = setting(
        "refuse", "what to do with a picture that cannot be read", "讀不出來的圖片怎麼辦"
    )
    shift: int = setting(
        0, "augmentation: move by up to so many pixels, any way", "資料擴增：隨機平移，最多幾個像素", ge=0, le=128
    )
    flip: bool = setting(False, "augmentation: mirror half of the pictures", "資料擴增：一半的圖片左右翻轉")
    crop: float = setting(
        0.0,
        "augmentation: cut out a random part, at most this share of a side less, and enlarge it",
        "資料擴增：隨機裁切後放大，邊長最多裁去這個比例",
        ge=0,
        le=0.9,
    )
    jitter: float = setting(
        0.0,
        "augmentation: change brightness, contrast and saturation by up to this share",
        "資料擴增：亮度、對比與飽和度隨機改變，最多這個比例",
        ge=0,
        le=1,
    )

    _found_from_anywhere = path_from_anywhere("data", BUILT_IN, *NAMED)


def prepare(config: DataConfig) -> Dataset:
    """Read and split. The parts follow from the pictures alone: no seed, and no order of files."""
    if config.data in (BUILT_IN, *NAMED):
        folder = SAMPLE if config.data == BUILT_IN else fetch(NAMED[config.data])
        return of_idx(config, folder, config.data)
    folder = Path(config.data)
    if folder.is_dir() and idx_files(folder):
        return of_idx(config, folder, folder.name)
    return of_folder(config, folder)


def show(config: Config, each: int) -> DataPage:
    """The page about this data, with so many pictures of each class."""
    return page_of(subset(prepare(config), config), CARD.title["en"], each)


def learn_codec(config: DataConfig, data: Dataset) -> Codec:
    """How the network's numbers are made: mean and deviation are those of the training pictures."""
    about = data.about
    mean, deviation = tuple(about["mean"]), tuple(about["deviation"])
    return Codec(data.labels, about["size"], about["channels"], mean, deviation, about["centre"])


def of_idx(config: DataConfig, folder: Path, name: str) -> Dataset:
    """Idx files: gray, their test part as it is, validation held back from what is for training."""
    files = idx_files(folder)
    assert files is not None
    given = {part: read_pair(files[f"{part} images"], files[f"{part} labels"]) for part in ("train", "test")}
    labels = _classes(config.data, folder, [targets for _, targets in given.values()])
    whole = {part: _pictures(config, part, *arrays) for part, arrays in given.items()}
    keys = {part: keys_of(pictures.pixels) for part, pictures in whole.items()}
    cut = held_back(keys["train"], [labels[target] for target in whole["train"].targets])
    parts = {part: whole["train"].chosen(rows) for part, rows in cut.items()} | {"test": whole["test"]}
    everything = [key for found in keys.values() for key in found]
    hashes = hashlib.sha256(b"".join(array.data for arrays in given.values() for array in arrays))
    about = {
        "source": config.data,
        "fingerprint": {
            "name": name,
            "files": len(files),
            "bytes": sum(array.nbytes for arrays in given.values() for array in arrays),
            "sha256": hashes.hexdigest(),
        },
        "centre": config.centre == "yes" or (config.centre == "auto" and labels == DIGITS),
        "sides": [list(given["train"][0].shape[1:])] * 3,
        "repeated": len(everything) - len(set(everything)),
        "repeated_removed": False,
        "across": in_earlier_parts(keys),
        "label_conflicts": 0,
        "skipped": "",
    }
    return described(parts, labels, about)


def of_folder(config: DataConfig, folder: Path) -> Dataset:
    """A folder of pictures for each class: every picture once, cut by content or as train and test folders say."""
    size, centre = config.size or FOLDER_SIDE, config.centre == "yes"
    channels = {"gray": 1, "colour": 3, "auto": 0}[config.colour]

    def convert(pixels: NDArray[np.uint8]) -> tuple[tuple[int, ...], NDArray[np.uint8]]:
        planes = raster(pixels, size, channels or (1 if pixels.ndim == 2 or centre else 3), centre)
        return pixels.shape[:2], np.moveaxis(np.floor(planes + 0.5), 0, -1).astype(np.uint8)

    found = read_folder(folder, convert, on_bad=config.on_bad)
    channels = max(value.shape[-1] for _, value in found.values)
    pixels = np.stack([np.broadcast_to(value, (size, size, channels)) for _, value in found.values])
    targets = np.array([found.labels.index(file.label) for file in found.files])
    whole = Pictures(pixels, targets, [file.name for file in found.files])
    given, keys = [file.part for file in found.files], keys_of(pixels)
    by_part = {part: [key for key, place in zip(keys, given, strict=True) if place == part] for part in PARTS}
    kept, conflicts = without_repeats(keys, targets, given)
    labels = [found.labels[target] for target in targets]
    cut = _cut([keys[i] for i in kept], [labels[i] for i in kept], [given[i] for i in kept])
    if empty := [part for part in PARTS if not len(cut[part])]:
        raise UserError(f"{folder}: no picture is in the {empty[0]} part that is not in a later one, too")
    sides = sorted((shape for shape, _ in found.values), key=lambda shape: shape[0] * shape[1])
    about = {
        "source": config.data,
        "fingerprint": found.fingerprint(),
        "centre": centre,
        "sides": [list(sides[0]), list(sides[len(sides) // 2]), list(sides[-1])],
        "repeated": len(keys) - len(kept),
        "repeated_removed": True,
        "across": in_earlier_parts(by_part),
        "label_conflicts": conflicts,
        "skipped": found.report(),
    }
    return described({part: whole.chosen(kept[cut[part]]) for part in PARTS}, found.labels, about)


def _cut(keys: list[str], labels: list[str], given: list[str]) -> dict[str, NDArray[np.int64]]:
    """Rows of each part: by content, as far as the folder says nothing."""
    if not any(given):
        return stratified_split(keys, labels)
    cut = {part: np.flatnonzero([place == part for place in given]) for part in PARTS}
    if not len(cut["validation"]):
        rows = cut["train"]
        held = held_back([keys[i] for i in rows], [labels[i] for i in rows])
        cut |= {part: rows[places] for part, places in held.items()}
    return cut


def _classes(data: str, folder: Path, targets: list[NDArray[np.uint8]]) -> tuple[str, ...]:
    """The names of idx data's classes: numbers, but for Fashion-MNIST, which its checksums tell."""
    if data == FASHION_MNIST.name or (data != BUILT_IN and local_copy(FASHION_MNIST, folder)):
        return CLOTHES
    return tuple(map(str, range(1 + max(int(each.max()) for each in targets))))


def _pictures(config: DataConfig, part: str, pixels: NDArray[np.uint8], targets: NDArray[np.uint8]) -> Pictures:
    """Idx data at the size that is wanted, with an axis for channels."""
    size = config.size or min(pixels.shape[1:])
    if pixels.shape[1:] != (size, size):
        steps = (pixels[i : i + 1000].astype(np.float64) for i in range(0, len(pixels), 1000))
        made = [np.floor(resized(middle(step), size, size) + 0.5).astype(np.uint8) for step in steps]
        pixels = np.concatenate(made)
    channels = 3 if config.colour == "colour" else 1
    names = [f"{part} {i}" for i in range(len(targets))]
    return Pictures(pixels[..., None].repeat(channels, axis=-1), targets.astype(np.int64), names)
