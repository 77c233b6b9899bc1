"""The model in Keras, on TensorFlow. Read it beside in_torch.py: the same five parts in the same order.

Nothing here is imported before a run asks for it: TensorFlow takes seconds, and may not be installed.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from pellucid.core.errors import UserError
from pellucid.rooms.frameworks.config import Config
from pellucid.rooms.frameworks.points import BATCH, Array, Points, Weights

NAMES = ("hidden.weight", "hidden.bias", "output.weight", "output.bias")
"""What PyTorch calls Keras's weights, in Keras's order."""


def modules() -> tuple[Any, Any]:
    """(keras, tensorflow), or UserError where one is missing or Keras runs on something else."""
    missing = [name for name in ("keras", "tensorflow") if find_spec(name) is None]
    if missing:
        raise UserError(
            f"framework: {' and '.join(missing)} not installed; pip install keras tensorflow, or choose framework torch"
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    keras, tf = import_module("keras"), import_module("tensorflow")
    if keras.backend.backend() != "tensorflow":
        raise UserError(
            f"framework: Keras runs on {keras.backend.backend()} here; set the environment variable "
            "KERAS_BACKEND=tensorflow and start again"
        )
    return keras, tf


# the model


def net(keras: Any, hidden: int = 8) -> Any:
    """Points [N, 2] -> log-odds [N, 1] that the two signs differ."""
    return keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(hidden, activation="tanh", name="hidden"),
            keras.layers.Dense(1, name="output"),
        ]
    )


class Training:
    """The model with its loss and optimizer."""

    def __init__(self, config: Config, weights: Weights):
        self.keras, self.tf = modules()
        self.model = net(self.keras, config.hidden)
        self.model.set_weights([weights[name].T for name in NAMES])  # Keras holds its matrices the other way round
        self.forward = self.tf.function(self.model) if config.graph == "static" else self.model
        self.loss = self.keras.losses.BinaryCrossentropy(from_logits=True)
        optimizers = self.keras.optimizers
        # PyTorch's Adam adds 1e-8 to its root, Keras's 1e-7 unless it is told otherwise
        self.optimizer = {"sgd": optimizers.SGD, "adam": lambda lr: optimizers.Adam(lr, epsilon=1e-8)}[
            config.optimizer
        ](config.learning_rate)

    # the data

    def epoch(self, points: Points, order: Array) -> list[float]:
        """One pass over the points in this order; the loss of each batch."""
        dataset = self.tf.data.Dataset.from_tensor_slices((points.x[order], points.y[order, None]))
        return [self.step(x, y) for x, y in dataset.batch(BATCH)]

    # one step

    def step(self, x: Any, y: Any) -> float:
        with self.tf.GradientTape() as tape:
            loss = self.loss(y, self.forward(x))
        gradients = tape.gradient(loss, self.model.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.model.trainable_variables, strict=True))
        return float(loss)

    # answers

    def probability(self, x: Array) -> Array:
        found: Array = self.tf.sigmoid(self.model(x))[:, 0].numpy()
        return found

    # the weights, out and in

    def weights(self) -> Weights:
        return {name: each.T.copy() for name, each in zip(NAMES, self.model.get_weights(), strict=True)}
