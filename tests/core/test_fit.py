"""Training: the same seed gives the same run, and no kill, Ctrl-C or second process changes where it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import small
import torch

from pellucid.core import checkpoint
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run

SCRIPT = Path(small.__file__)
posix = pytest.mark.skipif(os.name == "nt", reason="SIGKILL")


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory) -> dict[str, torch.Tensor]:
    run = small.create(tmp_path_factory.mktemp("whole"))
    small.train_in_this_process(run)
    return {**run.load_weights("last"), **{f"best.{k}": v for k, v in run.load_weights("model").items()}}


def same(run: Run, expected: dict[str, torch.Tensor]) -> None:
    got = {**run.load_weights("last"), **{f"best.{k}": v for k, v in run.load_weights("model").items()}}
    assert got.keys() == expected.keys()
    for name, value in expected.items():
        assert torch.equal(got[name], value), name  # bit for bit


def test_it_learns(uninterrupted, tmp_path):
    run = small.create(tmp_path, epochs=30)
    small.train_in_this_process(run, epochs=30)
    assert run.info["training"]["best"] >= 0.95
    assert max(line["accuracy"] for line in run.metrics("epoch")) == run.info["training"]["best"]


def test_the_same_seed_gives_the_same_run_and_another_does_not(uninterrupted, tmp_path):
    run = small.create(tmp_path)
    small.train_in_this_process(run)
    same(run, uninterrupted)
    other = small.create(tmp_path)
    small.train_in_this_process(other, seed=6)
    assert not torch.equal(other.load_weights("last")["out.weight"], uninterrupted["out.weight"])


@posix
@pytest.mark.parametrize(
    ("moment", "count"), [("step", 1), ("step", 13), ("write", 4), ("write", 9), ("rename", 2), ("rename", 7)]
)
def test_killed_and_resumed_ends_with_the_same_weights(uninterrupted, tmp_path, moment, count):
    run = small.create(tmp_path)
    killed = subprocess.run([sys.executable, SCRIPT, run.path, moment, str(count)], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    small.train_in_this_process(run)
    same(run, uninterrupted)
    assert [line["epoch"] for line in run.metrics("epoch")] == [1, 2, 3, 4]


@posix
def test_a_killed_run_is_seen_as_dead(tmp_path):
    run = small.create(tmp_path)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    run.update(pid=gone.pid)
    assert run.state == "died"


def test_ctrl_c_stops_after_the_batch_and_loses_nothing(uninterrupted, tmp_path, monkeypatch):
    run = small.create(tmp_path)
    steps = []
    step = torch.optim.AdamW.step

    def stepped(self, *args, **kwargs):
        steps.append(1)
        if len(steps) == 11:
            signal.raise_signal(signal.SIGINT)
        return step(self, *args, **kwargs)

    monkeypatch.setattr(torch.optim.AdamW, "step", stepped)
    with pytest.raises(Interrupted, match="after step 11"):
        small.train_in_this_process(run)
    assert len(steps) == 11
    assert checkpoint.load(run)[1]["step"] == 11
    small.train_in_this_process(run)
    assert len(steps) == 4 * 8
    same(run, uninterrupted)


def test_only_the_newest_checkpoint_is_kept_and_half_a_one_is_passed_over(tmp_path):
    run = small.create(tmp_path)
    checkpoint.save(run, 1, {"a": torch.ones(2)}, {})
    checkpoint.save(run, 2, {"a": torch.zeros(2)}, {})
    (run.path / "checkpoint" / "step-000000000003").mkdir()
    tensors, state = checkpoint.load(run)
    assert state["step"] == 2 and tensors["a"].tolist() == [0, 0]
    assert not (run.path / "checkpoint" / "step-000000000001").exists()


def test_early_stopping_counts_epochs_without_a_better_score(tmp_path):
    run = small.create(tmp_path, epochs=50)
    small.train_in_this_process(run, epochs=50, patience=3, learning_rate=1e-9)
    assert run.info["training"]["epochs"] == 4  # the first is the best, then three without a better one


def test_clipping_holds_the_gradient_down(tmp_path):
    free, held = small.create(tmp_path), small.create(tmp_path)
    small.train_in_this_process(free, epochs=1)
    small.train_in_this_process(held, epochs=1, clip_norm=1e-12)
    start = seeded()
    assert (held.load_weights("last")["out.weight"] - start["out.weight"]).abs().max() < 1e-3
    assert (free.load_weights("last")["out.weight"] - start["out.weight"]).abs().max() > 1e-2


def seeded() -> dict[str, torch.Tensor]:
    torch.manual_seed(small.FIELDS["seed"])
    return small.Small().state_dict()


def test_a_loss_that_explodes_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(small.F, "binary_cross_entropy_with_logits", lambda x, y: x.sum() * float("nan"))
    with pytest.raises(UserError, match=r"loss became nan by step \d+ .* lower learning_rate"):
        small.train_in_this_process(small.create(tmp_path))


def test_bfloat16_autocast_trains(tmp_path):
    run = small.create(tmp_path, epochs=20)
    small.train_in_this_process(run, epochs=20, precision="bfloat16")
    assert run.info["training"]["best"] >= 0.9
    assert run.load_weights()["out.weight"].dtype == torch.float32


def test_two_processes_train_as_one(tmp_path):
    """torchrun with gloo: equal weights on both ranks, one writer, and the weights that one process would have."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    two, one = tmp_path / "two", tmp_path / "one"
    torchrun = ["-m", "torch.distributed.run", "--nproc_per_node", "2", "--standalone"]
    for folder, how in ((two, torchrun), (one, [])):
        folder.mkdir()
        command = [sys.executable, *how, SCRIPT, folder, "together"]
        done = subprocess.run(command, capture_output=True, env=environment, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
    files = (two / "rank0.pt", two / "rank1.pt", one / "rank0.pt")
    first, second, alone = (torch.load(file, weights_only=True) for file in files)
    for name, value in first.items():
        assert torch.equal(value, second[name])
        torch.testing.assert_close(value, alone[name], atol=1e-5, rtol=1e-4)  # sums in another order
    (run,) = Run.all(two, "small")
    assert [line["epoch"] for line in run.metrics("epoch")] == [1, 2, 3, 4]
    assert run.info["training"]["processes"] == 2
