"""The seven optimizers, each as its formula: state and gradient in, state after one step out.

They are written for anything that NumPy's operators know: arrays of any shape, a whole sweep of learning rates at once,
or the values of a trace that is being recorded (inside.py). They start from zeros and take their settings by name.
Defaults are those of `torch.optim`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

State = dict[str, Any]
"""x: the point; t: steps taken; and what the optimizer remembers, by name."""


@dataclass(frozen=True)
class Settings:
    """What an optimizer may be told; each takes what is its own. Numbers, or arrays for many descents at once."""

    rate: Any = 1e-3
    momentum: float = 0.9
    """Of momentum and Nesterov: the share of the velocity that is kept."""
    decay: float = 0.99
    """Of RMSProp: the share of the mean square that is kept."""
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.01
    """Of AdamW: decoupled from the gradient."""


def gradient_descent(state: State, g: Any, o: Settings) -> State:
    update = o.rate * g
    return {"x": state["x"] - update, "update": update}


def momentum(state: State, g: Any, o: Settings) -> State:
    velocity = o.momentum * state["velocity"] + g
    update = o.rate * velocity
    return {"velocity": velocity, "update": update, "x": state["x"] - update}


def nesterov(state: State, g: Any, o: Settings) -> State:
    velocity = o.momentum * state["velocity"] + g
    update = o.rate * (g + o.momentum * velocity)
    return {"velocity": velocity, "update": update, "x": state["x"] - update}


def adagrad(state: State, g: Any, o: Settings) -> State:
    sum_of_squares = state["sum_of_squares"] + g * g
    update = o.rate * g / (np.sqrt(sum_of_squares) + o.epsilon)
    return {"sum_of_squares": sum_of_squares, "update": update, "x": state["x"] - update}


def rmsprop(state: State, g: Any, o: Settings) -> State:
    mean_square = o.decay * state["mean_square"] + (1 - o.decay) * (g * g)
    update = o.rate * g / (np.sqrt(mean_square) + o.epsilon)
    return {"mean_square": mean_square, "update": update, "x": state["x"] - update}


def adam(state: State, g: Any, o: Settings) -> State:
    t = state["t"] + 1
    first_moment = o.beta1 * state["first_moment"] + (1 - o.beta1) * g
    second_moment = o.beta2 * state["second_moment"] + (1 - o.beta2) * (g * g)
    first_corrected = first_moment / (1 - o.beta1**t)
    second_corrected = second_moment / (1 - o.beta2**t)
    update = o.rate * first_corrected / (np.sqrt(second_corrected) + o.epsilon)
    return {
        "first_moment": first_moment, "second_moment": second_moment, "first_corrected": first_corrected,
        "second_corrected": second_corrected, "update": update, "x": state["x"] - update,
    }  # fmt: skip


def adamw(state: State, g: Any, o: Settings) -> State:
    shrunk = state["x"] - (o.rate * o.weight_decay) * state["x"]
    return {"shrunk": shrunk, **adam(state | {"x": shrunk}, g, o)}


@dataclass(frozen=True)
class Optimizer:
    step: Callable[[State, Any, Settings], State]
    title: str
    remembers: tuple[str, ...] = ()
    """What it carries from step to step, besides the point: zeros at first."""

    def start(self, x: Any) -> State:
        return {"x": x, "t": 0} | {name: np.zeros_like(x) for name in self.remembers}

    def __call__(self, state: State, gradient: Any, settings: Settings) -> State:
        return {"t": state["t"] + 1, **self.step(state, gradient, settings)}


_MOMENTS = ("first_moment", "second_moment")
OPTIMIZERS: dict[str, Optimizer] = {
    "gd": Optimizer(gradient_descent, "Gradient descent"),
    "momentum": Optimizer(momentum, "Momentum", ("velocity",)),
    "nesterov": Optimizer(nesterov, "Nesterov", ("velocity",)),
    "adagrad": Optimizer(adagrad, "AdaGrad", ("sum_of_squares",)),
    "rmsprop": Optimizer(rmsprop, "RMSProp", ("mean_square",)),
    "adam": Optimizer(adam, "Adam", _MOMENTS),
    "adamw": Optimizer(adamw, "AdamW", _MOMENTS),
}
