"""What the tests of linear_regression share: its examples, a problem as numbers."""

from __future__ import annotations

from pellucid.rooms.linear_regression.config import Config
from pellucid.rooms.linear_regression.data import Scale, prepare
from pellucid.rooms.linear_regression.solve import Problem

SIZE = "size = 120, rooms = 3, age = 10, door = 7"
SOLD = {"task": "classification", "target": "sold"}
REGRESSIONS = [
    {"penalty": "none"},
    {"penalty": "l1", "alpha": 5.0},
    {"penalty": "l1", "alpha": 80.0},
    {"penalty": "l2", "alpha": 0.1},
    {"penalty": "l2", "alpha": 0.05, "features": "size, rooms, age, door, station"},
    {"penalty": "elastic_net", "alpha": 0.3, "l1_ratio": 0.5},
    {"penalty": "elastic_net", "alpha": 2.0, "l1_ratio": 0.9, "features": "size, rooms, station"},
]
CLASSIFICATIONS = [
    {"penalty": "none"},
    {"penalty": "l1", "alpha": 0.02},
    {"penalty": "l2", "alpha": 0.05},
    {"penalty": "elastic_net", "alpha": 0.05, "l1_ratio": 0.3},
]


def problem(**fields) -> tuple[Problem, Config]:
    config = Config(**fields)
    train = prepare(config).parts["train"]
    design = Scale.learn(train.x, config.standardize).design(train.x)
    return Problem(design, train.y, config.task == "classification"), config
