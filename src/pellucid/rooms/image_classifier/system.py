"""Image classifier, the system: training, answers, what to look at and what to ship."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from torch.nn import functional as F

from pellucid.core import contract
from pellucid.core.batches import Batches, Resident, Tensors
from pellucid.core.board import Board
from pellucid.core.contract import Answer, Maps, Patch, Program, Table
from pellucid.core.data.fingerprint import check_unchanged
from pellucid.core.data.folders import read_folder
from pellucid.core.data.idx import idx_files
from pellucid.core.data.pictures import data_url, png_url
from pellucid.core.errors import UserError, closest
from pellucid.core.fit import fit
from pellucid.core.metrics import class_scores
from pellucid.core.run import Run
from pellucid.core.world import World
from pellucid.look import Trace
from pellucid.rooms.image_classifier import CARD
from pellucid.rooms.image_classifier.augment import augment
from pellucid.rooms.image_classifier.config import Config
from pellucid.rooms.image_classifier.data import NAMED, Codec, learn_codec, prepare
from pellucid.rooms.image_classifier.influence import influence
from pellucid.rooms.image_classifier.inside import layers, look, tell
from pellucid.rooms.image_classifier.model import Classifier, build
from pellucid.rooms.image_classifier.parts import Dataset, Pictures
from pellucid.rooms.image_classifier.patches import Responses
from pellucid.rooms.image_classifier.subset import subset
from pellucid.rooms.image_classifier.transfer import check_start, take_backbone

CPU = torch.device("cpu")


class System(contract.System[Config]):
    """One trained image classifier."""

    codec: Codec
    headline: ClassVar[tuple[str, ...]] = ("accuracy", "macro_f1")

    def __init__(self, config: Config, codec: Codec, weights: Tensors, fingerprint: dict[str, Any]):
        self.config, self.codec, self.fingerprint = config, codec, fingerprint
        self.model = build(config, codec.channels, codec.size, len(codec.labels))
        self.model.load_state_dict(weights)
        self.model.eval()

    # train

    @classmethod
    def train(cls, config: Config, run: Run, world: World) -> None:
        start = check_start(config)  # what cannot be is said before the data is read
        data = subset(prepare(config), config)
        codec = learn_codec(config, data)
        torch.manual_seed(config.seed)
        model = build(config, codec.channels, codec.size, len(codec.labels))
        if start:
            codec = take_backbone(model, codec, start)
        if config.freeze == "backbone":
            model.freeze()
        train, validation = data.parts["train"], data.parts["validation"]
        if world.main:
            print(*data.remarks(), sep="\n", file=sys.stderr)
            run.set_data(data.about)
            run.update(parameters=sum(p.numel() for p in model.parameters()))
            run.write_json("codec.json", codec.to_json())

        found = np.empty(0)

        def validate(model: Classifier) -> dict[str, float]:
            nonlocal found
            found = probabilities(model, codec, validation)
            scores = class_scores(validation.targets, found, codec.labels)
            return {f"validation_{name}": scores[name] for name in ("log_loss", "accuracy", "macro_f1")}

        def illustrate(model: Classifier, board: Board, step: int) -> None:
            worst, table = most_wrong(found, codec, validation)
            board.image(step, "validation/most_wrong", worst)
            board.text(step, "validation/most_wrong", table)

        batches = make_batches(train, codec, config, world.device)
        fit(
            model, batches, make_loss(config, codec), validate, config, run, world,
            monitor="validation_log_loss", lowest=True, illustrate=illustrate,
        )  # fmt: skip

    @classmethod
    def load(cls, run: Run) -> Self:
        info = run.info
        with run.fitting():
            codec = Codec.from_json(run.read_json("codec.json"))
            return cls(Config.build(info["config"]), codec, run.load_weights(), info["data"]["fingerprint"])

    # answer

    def examples(
        self, split: str = "test", file: str | None = None, read: Mapping[str, Any] | None = None
    ) -> tuple[Sequence[str], Sequence[str]]:
        """Pictures as data URLs, and the names of their classes."""
        if file is not None:
            return self._examples_of(file, read or {})
        data = self._data()
        return _urls(data.parts[split], data.labels)

    def _data(self) -> Dataset:
        """What this run was trained and tested on; UserError where it is not the same any more."""
        data = subset(prepare(self.config), self.config)
        check_unchanged(self.config.data, data.about["fingerprint"], self.fingerprint)
        return data

    def _examples_of(self, file: str, read: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[str]]:
        """All pictures of a folder of class folders, however few, or of a data set."""
        config = self.config.changed(read, data=file, classes="", per_class=0)
        folder = Path(config.data)
        if folder.is_dir() and not idx_files(folder):
            found = read_folder(folder, data_url, on_bad=config.on_bad)
            print(found.report(), end="\n" if found.report() else "", file=sys.stderr)
            inputs, targets, labels = found.values, [each.label for each in found.files], found.labels
        else:
            data = prepare(config)
            pairs = [_urls(part, data.labels) for part in data.parts.values()]
            inputs, targets = ([each for pair in pairs for each in pair[side]] for side in (0, 1))
            labels = data.labels
        for label in labels:
            if label not in self.codec.labels:
                raise UserError(
                    f"{file}: class {label!r} is not one that this run knows{closest(label, self.codec.labels)} "
                    f"It knows {', '.join(self.codec.labels)}"
                )
        return inputs, targets

    def score(self, answers: Sequence[Answer], targets: Sequence[str]) -> dict[str, Any]:
        labels = self.codec.labels
        found = np.array([[answer["probabilities"][label] for label in labels] for answer in answers])
        places = {label: i for i, label in enumerate(labels)}
        return class_scores(np.array([places[target] for target in targets]), found, labels)

    def influence(self, value: str) -> Maps:
        return influence(self.model, self.codec, value)

    def patches(self, node: str, channel: int) -> list[Patch] | None:
        return self._responses.patches(node, channel)

    @cached_property
    def _responses(self) -> Responses:
        data = self._data()
        train = data.parts["train"]
        return Responses(self.model, self.codec, train.pixels, [data.labels[i] for i in train.targets], train.names)

    # look and ship

    def attribution(self) -> tuple[str, ...]:
        if self.config.data == "built-in":
            return CARD.data
        if self.config.data in NAMED:
            remote = NAMED[self.config.data]
            return (f"{remote.title}, {remote.about}, {remote.licence}",)
        return (f"a folder of the user's own ({self.fingerprint['name']}); its licence is theirs to state",)

    def program(self) -> Program:
        codec = self.codec
        return Program(
            self.model,
            inputs={"pixels": torch.zeros(2, codec.channels, codec.size, codec.size)},
            outputs=("probabilities",),
            dynamic={"pixels": {0: "batch"}},
            fixed={"batch": 1},
        )

    def look(self, value: str, *, backward: bool = False) -> Trace:
        return look(self.model, self.codec, value, backward=backward)

    def story(self, trace: Trace) -> Iterator[str]:
        return tell(trace)

    @classmethod
    def summary(cls, config: Config) -> list[Table]:
        channels, size, classes = expected_shape(config)
        with torch.device("meta"):
            return layers(build(config, channels, size, classes), channels, size)


# parts, each of use alone


def expected_shape(config: Config) -> tuple[int, int, int]:
    """Channels, side and classes of the configured data; only a folder must be read for that."""
    if config.data == "built-in" or config.data in NAMED:
        classes = len(config.chosen_classes) or 10
        return 3 if config.colour == "colour" else 1, config.size or 28, classes
    data = subset(prepare(config), config)
    return data.about["channels"], data.about["size"], len(data.labels)


def make_batches(pictures: Pictures, codec: Codec, config: Config, device: torch.device = CPU) -> Batches:
    """Training batches: bytes lie on the device, and become the network's numbers a batch at a time."""
    planes = np.ascontiguousarray(np.moveaxis(pictures.pixels, -1, 1))  # [N, C, H, W]
    normalise = on_device(codec, device)

    def ready(batch: Tensors) -> Tensors:
        return batch | {"pixels": normalise(batch["pixels"])}

    return Batches(
        lengths=np.ones(len(pictures), dtype=np.int64),
        size=config.batch_size,
        seed=config.seed,
        collate=Resident({"pixels": planes, "targets": pictures.targets}, device, ready),
    )


def on_device(codec: Codec, device: torch.device) -> Callable[[torch.Tensor], torch.Tensor]:
    """What `codec.normalise` does to bytes [N, C, H, W], on the device and to the last bit but one."""
    black, white = (codec.normalise(np.full((1, codec.channels, 1, 1), value)) for value in (0, 255))
    scale, offset = (torch.from_numpy(each).to(device) for each in ((white - black) / 255, black))
    return lambda planes: planes.float().mul_(scale).add_(offset)


def make_loss(config: Config, codec: Codec) -> Callable[[Classifier, Tensors], torch.Tensor]:
    """Cross-entropy of a batch of pictures, moved and changed a little, so that no single pixel is relied on."""
    black = torch.from_numpy(codec.normalise(np.zeros((1, codec.channels, 1, 1)))).flatten()

    def loss(model: Classifier, batch: Tensors) -> torch.Tensor:
        logits = model.logits(augment(batch["pixels"], config, black))
        return F.cross_entropy(logits.float(), batch["targets"], label_smoothing=config.smoothing)

    return loss


def probabilities(model: Classifier, codec: Codec, pictures: Pictures, at_once: int = 500) -> np.ndarray[Any, Any]:
    """Probabilities [N, K] of prepared pictures, on whatever device the model is."""
    device = model.dense.weight.device
    normalise = on_device(codec, device)
    parts = []
    with torch.inference_mode():
        for first in range(0, len(pictures), at_once):
            planes = np.ascontiguousarray(np.moveaxis(pictures.pixels[first : first + at_once], -1, 1))
            parts.append(model(normalise(torch.from_numpy(planes).to(device))).float().cpu().numpy())
    return np.concatenate(parts)


def most_wrong(
    found: np.ndarray[Any, Any], codec: Codec, pictures: Pictures, rows: int = 3, columns: int = 8
) -> tuple[np.ndarray[Any, Any], str]:
    """The pictures whose class was found least likely ([N, K]), side by side [H, W, C] from 0 to 1, and as a Markdown
    table."""
    of_truth = found[np.arange(len(pictures)), pictures.targets]
    worst = np.argsort(of_truth, kind="stable")[: rows * columns]
    height, width, channels = pictures.pixels.shape[1:]
    sheet = np.zeros((rows * columns, height, width, channels))
    sheet[: len(worst)] = pictures.pixels[worst] / 255
    sheet = sheet.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    told = (
        f"| {pictures.names[i]} | {codec.labels[pictures.targets[i]]} | {of_truth[i]:.3f} | "
        f"{codec.labels[found[i].argmax()]} |"
        for i in worst
    )
    table = "\n".join(["| picture | truth | its probability | answer |", "|---|---|---|---|", *told])
    return sheet.reshape(rows * height, columns * width, channels), table


def _urls(pictures: Pictures, labels: Sequence[str]) -> tuple[list[str], list[str]]:
    return [png_url(each) for each in pictures.pixels], [labels[target] for target in pictures.targets]
