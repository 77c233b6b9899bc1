"""Configuration: every wrong value is one line that names the field, the value and what would do."""

from pathlib import Path

import pytest
from pydantic import Field

from pellucid.core.config import AutoOrRate, FitConfig, path_from_anywhere, readable, setting
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


def in_capitals(text: str) -> None:
    if not text.isupper():
        raise UserError(f"word, column 1: {text!r} is not in capitals")


class OfARoom(FitConfig):
    """With what rooms ask of their own fields."""

    word: str = setting("ABC", "a word", "詞")
    data: str = setting("built-in", "the data", "資料")
    learning_rate: AutoOrRate = setting("auto", "step size", "步長")

    _can_be_read = readable("word", in_capitals)
    _found_from_anywhere = path_from_anywhere("data", "built-in", "mnist")


def test_what_a_reader_refuses_is_told_with_the_fields_name_once():
    assert OfARoom.build({"word": "XYZ"}).word == "XYZ"
    with pytest.raises(UserError) as error:
        OfARoom.build({"word": "xyz"})
    assert str(error.value) == "word: 'xyz': column 1: 'xyz' is not in capitals"
    (complaint,) = OfARoom.complaints({"word": "xyz"})
    assert (complaint.field, complaint.message) == ("word", "'xyz': column 1: 'xyz' is not in capitals")


def test_paths_are_found_from_other_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert OfARoom.build({"data": "a/b.csv"}).data == str(tmp_path / "a" / "b.csv")
    assert OfARoom.build({"data": "~/b.csv"}).data == str(Path.home() / "b.csv")
    for name in ("built-in", "mnist"):
        assert OfARoom.build({"data": name}).data == name


@pytest.mark.parametrize(("given", "kept"), [("auto", "auto"), (0.5, "0.5"), (2, "2"), ("1e-3", "1e-3"), (".5", ".5")])
def test_a_step_size_may_be_left_to_the_room(given, kept):
    assert OfARoom.build({"learning_rate": given}).learning_rate == kept


@pytest.mark.parametrize("given", ["fast", 0, -1, "0.0", "1e9", "inf", float("nan"), True, None, "1" * 41])
def test_what_is_no_step_size_is_refused(given):
    with pytest.raises(UserError, match=r"^learning_rate: "):
        OfARoom.build({"learning_rate": given})


def test_changed_fields_are_checked_as_new_ones():
    config = OfARoom.build({"word": "XYZ", "epochs": 3})
    other = config.changed({"epochs": 5, "data": "x"}, data="built-in")
    assert (other.epochs, other.word, other.data) == (5, "XYZ", "built-in") and config.epochs == 3
    assert config.changed() == config == config.changed(None)
    with pytest.raises(UserError, match=r"^epochs: 0"):
        config.changed(epochs=0)
