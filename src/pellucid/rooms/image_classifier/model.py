"""Five networks from pixels to the probability of each class, from the plain one to those that won ImageNet.

Shapes: N pictures, C channels, H rows, W columns, K classes. Comments give [channels, rows, columns] of one gray
28 × 28 picture with the defaults. Each layer is a module with a name, and each result a variable: a trace shows them.
"""

from __future__ import annotations

from typing import Self

import torch
from torch import Tensor, nn

from pellucid.core.errors import UserError
from pellucid.nn.pictures import Inception, Residual
from pellucid.rooms.image_classifier.config import Config, Model
from pellucid.rooms.image_classifier.sides import Sides, convolution, pooling


class Classifier(nn.Module):
    """What the five share: pixels [N, C, H, W] -> probabilities [N, K]. The last layer of each is `dense`."""

    dense: nn.Linear
    frozen = False

    def __init__(self, config: Config, channels: int, size: int, classes: int):
        """For pictures of that many channels and pixels a side."""
        super().__init__()

    def forward(self, pixels: Tensor) -> Tensor:
        logits = self.logits(pixels)
        probabilities = torch.softmax(logits, dim=1)
        return probabilities

    def logits(self, pixels: Tensor) -> Tensor:
        """Scores [N, K] before softmax: what the loss takes, because they stay exact where a probability rounds."""
        raise NotImplementedError

    def freeze(self) -> None:
        """Let training change the last layer only."""
        self.frozen = True
        for name, child in self.named_children():
            child.requires_grad_(name == "dense")

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        if self.frozen:  # batch norm would go on averaging, dropout disturb features that learn nothing from it
            for name, child in self.named_children():
                child.train(mode and name == "dense")
        return self


class Mlp(Classifier):
    """One hidden layer that sees every pixel at once: TensorFlow's quickstart for beginners."""

    def __init__(self, config: Config, channels: int, size: int, classes: int):
        super().__init__(config, channels, size, classes)
        self.flatten = nn.Flatten()
        self.hidden = nn.Linear(channels * size * size, config.hidden)
        self.dropout = nn.Dropout(config.dropout)
        self.dense = nn.Linear(config.hidden, classes)
        initialise(self)

    def logits(self, pixels: Tensor) -> Tensor:
        flat = self.flatten(pixels)  # [784]
        hidden = self.hidden(flat)  # [128]
        relu = torch.relu(hidden)
        dropped = self.dropout(relu)
        logits = self.dense(dropped)  # [10]
        return logits


class Cnn(Classifier):
    """Two blocks of two 3 × 3 convolutions and a pooling, as VGG has them (Simonyan & Zisserman 2015), but narrow."""

    def __init__(self, config: Config, channels: int, size: int, classes: int):
        super().__init__(config, channels, size, classes)
        sides, filters = Sides(size, config.padding), config.filters
        self.conv1 = convolution(channels, filters, 3, sides, "conv1", stride=config.stride)
        self.conv2 = convolution(filters, filters, 3, sides, "conv2")
        self.pool1 = pooling(config.pooling, sides, "pool1")
        self.conv3 = convolution(filters, filters, 3, sides, "conv3")
        self.conv4 = convolution(filters, filters, 3, sides, "conv4")
        self.pool2 = pooling(config.pooling, sides, "pool2")
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(config.dropout)
        self.dense = nn.Linear(filters * sides.now**2, classes)
        initialise(self)

    def logits(self, pixels: Tensor) -> Tensor:
        conv1 = self.conv1(pixels)  # [16, 28, 28]
        relu1 = torch.relu(conv1)
        conv2 = self.conv2(relu1)
        relu2 = torch.relu(conv2)
        pool1 = self.pool1(relu2)  # [16, 14, 14]
        conv3 = self.conv3(pool1)
        relu3 = torch.relu(conv3)
        conv4 = self.conv4(relu3)
        relu4 = torch.relu(conv4)
        pool2 = self.pool2(relu4)  # [16, 7, 7]
        flat = self.flatten(pool2)  # [784]
        dropped = self.dropout(flat)
        logits = self.dense(dropped)  # [10]
        return logits


class LeNet(Classifier):
    """LeNet-5 (LeCun, Bottou, Bengio & Haffner 1998, section II), the first that read the digits of real cheques.

    Other than there: c3 sees all six maps of s2 (the paper leaves some out to save work); pooling takes the maximum
    unless told otherwise, and has neither weights nor squashing of its own; tanh is not scaled; softmax takes the place
    of distances to drawn digits. Padding `same` gives c1 the border that the paper's 32 × 32 pictures have; c3 has
    none, as there. c5, a convolution that covers the whole of its maps, is written as the dense layer that it is.
    """

    def __init__(self, config: Config, channels: int, size: int, classes: int):
        super().__init__(config, channels, size, classes)
        sides = Sides(size, config.padding)
        self.c1 = convolution(channels, 6, 5, sides, "c1", stride=config.stride)
        self.s2 = pooling(config.pooling, sides, "s2")
        self.c3 = convolution(6, 16, 5, sides, "c3", border=0)
        self.s4 = pooling(config.pooling, sides, "s4")
        self.flatten = nn.Flatten()
        self.c5 = nn.Linear(16 * sides.now**2, 120)
        self.f6 = nn.Linear(120, 84)
        self.dropout = nn.Dropout(config.dropout)
        self.dense = nn.Linear(84, classes)
        initialise(self)

    def logits(self, pixels: Tensor) -> Tensor:
        c1 = self.c1(pixels)  # [6, 28, 28]
        tanh1 = torch.tanh(c1)
        s2 = self.s2(tanh1)  # [6, 14, 14]
        c3 = self.c3(s2)  # [16, 10, 10]
        tanh3 = torch.tanh(c3)
        s4 = self.s4(tanh3)  # [16, 5, 5]
        flat = self.flatten(s4)  # [400]
        c5 = self.c5(flat)  # [120]
        tanh5 = torch.tanh(c5)
        f6 = self.f6(tanh5)  # [84]
        tanh6 = torch.tanh(f6)
        dropped = self.dropout(tanh6)
        logits = self.dense(dropped)  # [10]
        return logits


class ResNet(Classifier):
    """Three residual blocks (He, Zhang, Ren & Sun 2016): what a block learns is added to what came in.

    Where a block has more channels than came in, a 1 × 1 convolution gives the shortcut as many. `padding` is the
    stem's: without a border in the blocks there would be nothing of the same size to add to.
    """

    def __init__(self, config: Config, channels: int, size: int, classes: int):
        super().__init__(config, channels, size, classes)
        sides, filters = Sides(size, config.padding), config.filters
        self.stem = convolution(channels, filters, 3, sides, "stem", stride=config.stride, bias=False)
        self.norm = nn.BatchNorm2d(filters)
        self.pool = pooling(config.pooling, sides, "pool")
        self.block1 = Residual(filters, filters)
        self.block2 = Residual(filters, 2 * filters, stride=2)
        self.block3 = Residual(2 * filters, 4 * filters, stride=2)
        self.dropout = nn.Dropout(config.dropout)
        self.dense = nn.Linear(4 * filters, classes)
        initialise(self)

    def logits(self, pixels: Tensor) -> Tensor:
        stem = self.stem(pixels)  # [16, 28, 28]
        norm = self.norm(stem)
        relu = torch.relu(norm)
        pool = self.pool(relu)  # [16, 14, 14]
        block1 = self.block1(pool)
        block2 = self.block2(block1)  # [32, 7, 7]
        block3 = self.block3(block2)  # [64, 4, 4]
        means = block3.mean(dim=(2, 3))  # [64]
        dropped = self.dropout(means)
        logits = self.dense(dropped)  # [10]
        return logits


class GoogLeNet(Classifier):
    """Two Inception modules (Szegedy et al. 2015): kernels of three sizes side by side.

    A 1 × 1 convolution reduces the channels before 3 × 3 and 5 × 5. `padding` is the stem's: without a border in the
    modules their branches would not fit beside each other.
    """

    def __init__(self, config: Config, channels: int, size: int, classes: int):
        super().__init__(config, channels, size, classes)
        sides, filters = Sides(size, config.padding), config.filters
        self.stem = convolution(channels, filters, 3, sides, "stem", stride=config.stride)
        self.pool1 = pooling(config.pooling, sides, "pool1")
        self.inception1 = Inception(filters, filters, config.pooling)
        self.pool2 = pooling(config.pooling, sides, "pool2")
        self.inception2 = Inception(self.inception1.width, filters, config.pooling)
        self.dropout = nn.Dropout(config.dropout)
        self.dense = nn.Linear(self.inception2.width, classes)
        initialise(self)

    def logits(self, pixels: Tensor) -> Tensor:
        stem = self.stem(pixels)  # [16, 28, 28]
        relu = torch.relu(stem)
        pool1 = self.pool1(relu)  # [16, 14, 14]
        inception1 = self.inception1(pool1)  # [64, 14, 14]
        pool2 = self.pool2(inception1)  # [64, 7, 7]
        inception2 = self.inception2(pool2)  # [64, 7, 7]
        means = inception2.mean(dim=(2, 3))  # [64]
        dropped = self.dropout(means)
        logits = self.dense(dropped)  # [10]
        return logits


MODELS: dict[Model, type[Classifier]] = {
    "mlp": Mlp,
    "cnn": Cnn,
    "lenet": LeNet,
    "resnet": ResNet,
    "inception": GoogLeNet,
}


def build(config: Config, channels: int, size: int, classes: int) -> Classifier:
    """The configured network for such pictures; UserError where a kernel would not fit into what is left of them."""
    if size < 8:
        raise UserError(f"size: pictures of {size} × {size} pixels; the networks need 8 × 8 or more")
    return MODELS[config.model](config, channels, size, classes)


def initialise(model: nn.Module) -> None:
    """Weights that keep the size of signals through ReLU layers (He et al. 2015), a last layer that starts from
    near-equal probabilities, no biases; batch norm starts as the identity."""
    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            if name == "dense":
                nn.init.xavier_uniform_(module.weight)
            else:
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
