"""The run folder: the truth on disk, whatever happens."""

from __future__ import annotations

import json

import pytest
import torch

from pellucid.core.errors import UserError
from pellucid.core.run import Run, write_beside


def test_two_runs_in_one_second_have_two_folders(tmp_path):
    runs = [Run.create(tmp_path, "room", {"seed": 1}) for _ in range(20)]
    assert len({run.path for run in runs}) == 20
    assert {run.path for run in Run.all(tmp_path, "room")} == {run.path for run in runs}


def test_metrics_pass_over_a_torn_line_and_count_a_step_once(tmp_path):
    run = Run.create(tmp_path, "room", {})
    run.log(1, kind="epoch", loss=3.0)
    run.log(2, kind="epoch", loss=2.0)
    with (run.path / "metrics.jsonl").open("a") as stream:
        stream.write('{"step": 3, "kind": "epo')  # killed here
    run.log(2, kind="epoch", loss=2.5)  # again, after a resume
    run.log(3, kind="epoch", loss=1.0)
    assert [(line["step"], line["loss"]) for line in run.metrics("epoch")] == [(1, 3.0), (2, 2.5), (3, 1.0)]


def test_weights_come_back_as_they_were(tmp_path):
    run = Run.create(tmp_path, "room", {})
    shared = torch.arange(6.0).view(2, 3)
    run.save_weights("model", {"a": shared, "b": shared.T, "c": torch.tensor([True])})
    back = run.load_weights()
    assert torch.equal(back["a"], shared) and torch.equal(back["b"], shared.T) and back["c"].dtype == torch.bool


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    file = tmp_path / "f.json"
    write_beside(file, b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserError, match="No space left on device"):
        write_beside(file, b"new")
    assert file.read_bytes() == b"old" and list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "damaged"),
        ("[1]", "not a JSON object"),
        (json.dumps({"format": 99, "room": "r", "config": {}, "state": "done"}), "format 1"),
        (json.dumps({"format": 1}), "not written by this version"),
    ],
)
def test_a_foreign_or_damaged_run_is_named(tmp_path, content, says):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(UserError, match=says):
        Run.open(tmp_path)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="choose another --runs"):
        Run.create(tmp_path / "file", "room", {})


@pytest.mark.parametrize(
    ("error", "told"),
    [(KeyError("weight"), "'weight'"), (RuntimeError("3 words\nfor 4"), "3 words"), (ValueError(), "ValueError"),
     (IndexError("2"), "2"), (TypeError("no field"), "no field")],
)  # fmt: skip
def test_files_that_do_not_fit_together_are_one_line(tmp_path, error, told):
    run = Run.create(tmp_path, "any", {})
    with pytest.raises(UserError) as said, run.fitting():
        raise error
    assert str(said.value) == f"{run.path}: damaged: its files do not fit together ({told})"


def test_an_error_that_is_said_already_stays_as_it_is(tmp_path):
    with pytest.raises(UserError, match="no such"), Run.create(tmp_path, "any", {}).fitting():
        raise UserError("no such")
