"""Configuration: every wrong value is one line that names the field, the value and what would do."""

import pytest
from pydantic import Field

from pellucid.core.config import FitConfig
from pellucid.core.errors import UserError
from pellucid.nn.kinds import CellName


class Config(FitConfig):
    cell: CellName = Field("lstm", description="the cell")


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({"celll": "gru"}, ["celll", "no such field", "Did you mean 'cell'?"]),
        ({"cell": "lstmm"}, ["cell", "'lstmm'", "rnn, lstm, gru", "Did you mean 'lstm'?"]),
        ({"epochs": 0}, ["epochs", "0", "greater than or equal to 1"]),
        ({"epochs": "many"}, ["epochs", "'many'", "whole number"]),
        ({"learning_rate": float("nan")}, ["learning_rate", "nan", "finite"]),
        ({"learning_rate": "-1"}, ["learning_rate", "-1", "greater than 0"]),
        ({"device": "gpu"}, ["device", "'gpu'", "cuda:1"]),
    ],
)
def test_one_line_that_helps(values, parts):
    with pytest.raises(UserError) as error:
        Config.build(values)
    text = str(error.value)
    assert "\n" not in text
    for part in parts:
        assert part in text


def test_strings_from_the_command_line_become_numbers():
    config = Config.build({"epochs": "3", "learning_rate": "1e-2", "cell": "gru"})
    assert (config.epochs, config.learning_rate, config.cell) == (3, 0.01, "gru")


def test_every_field_says_what_it_means():
    assert all(field.description for field in Config.model_fields.values())
