"""The command line as a person uses it: what it prints and returns, and that nothing is lost when it is stopped."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import polars
import pytest

from conftest import expected
from pellucid import catalog
from pellucid.cli import main
from pellucid.core import checkpoint
from pellucid.core.run import Run

FIELDS = [flag for k, v in expected("spam_detector")["tiny"]["fields"].items() for flag in (f"--{k}", str(v))]
posix = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run a command in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PELLUCID_RUNS", raising=False)

    def call(*arguments) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return stop.value.code, out, err

    return call


@pytest.fixture
def tiny(tiny_runs):
    return tiny_runs("spam_detector")


def pellucid(*arguments, **kwargs) -> subprocess.Popen:
    command = [sys.executable, "-m", "pellucid", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kwargs)


def test_list_shows_all_rooms_and_which_are_built(run):
    code, out, _ = run("list")
    assert code == 0
    lines = out.splitlines()
    assert len(lines) == len(catalog.CATALOG)
    assert sum("not built yet" in line for line in lines) == len(catalog.CATALOG) - len(catalog.BUILT)
    assert any(line.startswith("day 4  spam_detector") for line in lines)


def test_summary_prints_the_slides_figures_with_their_formulas(run):
    code, out, _ = run("summary", "spam_detector", "--vocabulary", 7297, "--length", 162)
    assert code == 0
    flat = " ".join(out.split())
    for text in (
        "145,960 (V + 1) D = 7,298 × 20",
        "2,160 4 (D M + M M + M) = 4 × (20 × 15 + 15 × 15 + 15)",
        "[N, 15] 0 nothing to learn",
        "16 M + 1 = 15 + 1",
        "total 148,136",
        "1,500,000 T D × T M = 1,000 × 1,500",
        "total 1,501,500",
        "total 390",
    ):
        assert text in flat, text


def test_train_evaluate_predict_look(run):
    code, out, err = run("train", "spam_detector", *FIELDS)
    assert code == 0
    assert "epoch 2/2" in err
    assert "f1" in out and "next: pellucid look runs/spam_detector/" in out
    (folder,) = list(Path("runs/spam_detector").iterdir())

    code, out, err = run("evaluate", "spam_detector", "--json")
    assert code == 0 and str(folder) in err
    assert json.loads(out)["examples"] == 1028

    code, out, _ = run("predict", str(folder), "Win a free prize", "see you at five", "--json")
    assert [line["text"] for line in map(json.loads, out.splitlines())] == ["Win a free prize", "see you at five"]

    code, out, _ = run("look", "spam_detector", "Win a free prize", "--out", "t.safetensors", "--backward")
    assert code == 0 and Path("t.safetensors").stat().st_size > 1000
    lines = out.splitlines()
    assert lines[-1].startswith("checked ") and " nodes, largest difference " in lines[-1]
    checked, total = lines[-1].split()[1:4:2]
    assert checked == total
    assert any("back-propagation through time" in line for line in lines)

    code, out, _ = run("look", "spam_detector", "Win a free prize", "--json")
    found = json.loads(out)
    assert found["check"]["checked"] == found["check"]["total"] == len(found["graph"]["nodes"])


def test_without_a_run_of_ones_own_the_bundled_one_answers_and_says_so(run):
    code, out, err = run("predict", "spam_detector", "WINNER!! Claim your free prize now, call 09061701461")
    assert code == 0
    assert out.startswith("spam  0.9")
    assert "no run of yours yet: using the one bundled" in err


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "txt", "csv.gz", "parquet"])
def test_predict_reads_files(run, tiny, tmp_path, kind):
    texts = ["Win a free prize", 'he said "hi", then left', "see you"]
    file = tmp_path / f"in.{kind}"
    if kind == "parquet":
        polars.DataFrame({"text": texts}).write_parquet(file)
    elif kind == "jsonl":
        file.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    elif kind == "txt":
        file.write_text("\n".join(texts) + "\n")
    else:
        table = polars.DataFrame({"id": [1, 2, 3], "text": texts})
        content = table.write_csv(separator="\t" if kind == "tsv" else ",").encode()
        file.write_bytes(gzip.compress(content) if kind.endswith("gz") else content)
    code, out, err = run("predict", tiny.path, "--file", file, "--json")
    assert code == 0, err
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["text"] for row in rows] == texts
    assert [row["probability"] for row in rows] == pytest.approx(
        [a["probability"] for a in tiny.predict(texts)], abs=1e-6
    )


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["train", "spam_detectr"], ["Did you mean 'spam_detector'?"]),
        (["train", "translator"], ["not built yet"]),
        (["train", "spam_detector", "--cel", "gru"], ["--cel", "--cell"]),
        (["train", "spam_detector", "--cell", "gruu"], ["cell", "'gruu'", "Did you mean 'gru'?"]),
        (["train", "spam_detector", "--epochs", "0"], ["epochs", "greater than or equal to 1"]),
        (["train", "spam_detector", "--data", "nope.csv"], ["nope.csv"]),
        (["train", "--resume", "nowhere"], ["nowhere"]),
        (["evaluate", "nowhere"], ["nowhere", "pellucid list"]),
        (["evaluate", "."], ["no run.json"]),
        (["predict", "spam_detector"], ["inputs or --file"]),
        (["predict", "spam_detector", ""], ["text", "empty"]),
        (["predict", "spam_detector", "--file", "nope.txt"], ["nope.txt"]),
        (["look", "spam_detector", "   "], ["text", "empty"]),
        (["compare", "spam_detector", "--vary", "cell"], ["--vary", "FIELD=A,B"]),
        (["compare", "spam_detector", "--vary", "cell=rnn,xyz"], ["cell", "'xyz'"]),
        (["compare", "spam_detector", "--vary", "sell=rnn"], ["sell", "Did you mean 'cell'?"]),
        (["export", "spam_detector", "--to", "tfjs"], ["'tfjs'", "onnx, litert"]),
        (["data", "get", "sms_spm"], ["Did you mean 'sms_spam'?"]),
        (["train", "spam_detector", "--device", "tpu"], ["device", "'tpu'", "cuda:1"]),
        (["data", "show", "lagrange"], ["lagrange", "these have: image_classifier, spam_detector"]),
        (["look", "module.py:build", "--input", "cut.npz"], ["cut.npz", "cannot be read"]),
        (["serve", "linear_equations"], ["ships nothing"]),
        (["studio", "--runs", "one.txt"], ["one.txt", "is a file"]),
        (["nonsense"], ["nonsense"]),
    ],
)
def test_what_the_user_can_mend_is_one_line_and_exit_code_2(run, arguments, parts, tmp_path):
    (tmp_path / "one.txt").write_text("steam engine\n")
    (tmp_path / "module.py").write_text("import torch\ndef build(): return torch.nn.Linear(3, 2)\n")
    (tmp_path / "cut.npz").write_bytes(b"PK\x03\x04 cut off")
    code, out, err = run(*arguments)
    assert code == 2
    last = err.strip().splitlines()[-1]
    assert last.startswith("pellucid: ")
    for part in parts:
        assert part in last
    assert "Traceback" not in err and out == ""
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").glob("*/*"))


def test_a_file_with_a_bad_row_is_named_by_line(run, tiny, tmp_path):
    (tmp_path / "bad.csv").write_text("text,label\nhello,ham\nhello\n")
    code, _, err = run("predict", tiny.path, "--file", "bad.csv")
    assert code == 2 and "bad.csv, line 3" in err


def test_evaluate_on_a_file_of_ones_own(run, tiny, tmp_path):
    (tmp_path / "mine.csv").write_text("text,label\nWin a free prize now,spam\nsee you,ham\n")
    code, out, _ = run("evaluate", tiny.path, "--data", "mine.csv", "--json")
    assert code == 0 and json.loads(out)["examples"] == 2
    (tmp_path / "other.csv").write_bytes("body,class\n恭喜中獎,spam\nsee you,ham\n".encode("cp950"))
    flags = ["--read", "text_column=body", "--read", "label-column=class", "--read", "encoding=cp950"]
    code, out, _ = run("evaluate", tiny.path, "--data", "other.csv", *flags, "--json")
    assert code == 0 and json.loads(out)["examples"] == 2
    code, _, err = run("evaluate", tiny.path, "--data", "other.csv", "--read", "text_colum=body")
    assert code == 2 and "Did you mean 'text_column'" in err
    (tmp_path / "mine.csv").write_text("text,label\nWin a free prize now,junk\n")
    code, _, err = run("evaluate", tiny.path, "--data", "mine.csv", "--json")
    assert code == 2 and "line 2" in err and "'junk'" in err


def test_own_data_with_own_columns_and_labels(run, tmp_path):
    rows = [(f"win prize number {i} call now {'x' * i}", "yes") for i in range(1, 30)]
    rows += [(f"see you at home {'y' * i} ok", "no") for i in range(1, 30)]
    (tmp_path / "mine.tsv").write_text("class\tbody\n" + "".join(f"{b}\t{a}\n" for a, b in rows))
    flags = ["--data", "mine.tsv", "--text-column", "body", "--label-column", "class", "--epochs", 15]
    code, out, err = run("train", "spam_detector", *flags, "--min-count", 1)
    assert code == 0, err
    code, out, _ = run("evaluate", "spam_detector", "--json")
    assert json.loads(out)["f1"] == 1.0
    (tmp_path / "mine.tsv").write_text("class\tbody\n" + "".join(f"{b}\t{a}\n" for a, b in rows[1:]))
    code, _, err = run("evaluate", "spam_detector")
    assert code == 2 and "has changed since" in err


def test_compare_prints_mean_and_spread(run):
    code, out, err = run("compare", "spam_detector", "--vary", "cell=lstm,gru", "--seeds", 2, *FIELDS)
    assert code == 0, err
    flat = " ".join(out.split())
    for name in (
        "cell=lstm",
        "cell=gru",
        "examples per second",
        "accuracy",
        "recall",
        "f1",
        "auc",
        "f1 per second",
        "±",
    ):
        assert name in flat, name
    code, out, err = run("compare", "spam_detector", "--vary", "dropout=0,0.5", "--seeds", 1, "--json", *FIELDS)
    assert [variant["fields"] for variant in json.loads(out)] == [{"dropout": "0"}, {"dropout": "0.5"}]


def weights(folder) -> bytes:
    return (folder / "last.safetensors").read_bytes() + (folder / "model.safetensors").read_bytes()


def newest_step(folder: Path) -> int:
    """Of the newest whole checkpoint; 0 where there is none."""
    return max((int(part.name.partition("-")[2]) for part in folder.glob("checkpoint/step-*")), default=0)


@posix
def test_kill_minus_nine_then_resume_gives_the_same_weights(tmp_path):
    """Really killed in the middle of training, at moments that the clock and chance decide; resumed until done."""
    epochs, chance = 12, random.Random(4)
    flags = ["spam_detector", *FIELDS, "--epochs", epochs, "--dropout", 0.5, "--checkpoint-seconds", 0.05]
    whole = pellucid("train", *flags, "--runs", tmp_path / "whole")
    whole.communicate()
    assert whole.returncode == 0
    (expected_folder,) = (tmp_path / "whole" / "spam_detector").iterdir()

    process = pellucid("train", *flags, "--runs", tmp_path / "runs")
    folder = wait_for(tmp_path / "runs", "spam_detector/*/run.json").parent
    kills, reached = 0, 0
    for _ in range(3):
        while newest_step(folder) <= reached and process.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        _, err = process.communicate()
        state = Run.open(folder).state
        if state == "done":
            break
        assert process.returncode == -signal.SIGKILL and state == "died", err
        before, reached = reached, newest_step(folder)
        assert reached > before  # each attempt got on
        kills += 1
        process = pellucid("train", "--resume", folder)
    _, err = process.communicate()
    assert kills >= 2
    run = Run.open(folder)
    assert run.state == "done", err
    assert weights(folder) == weights(expected_folder)
    assert (folder / "codec.json").read_bytes() == (expected_folder / "codec.json").read_bytes()
    scores, expected_scores = (
        [{k: v for k, v in line.items() if k != "seconds"} for line in one.metrics("epoch")]
        for one in (run, Run.open(expected_folder))
    )
    assert [line["epoch"] for line in scores] == list(range(1, epochs + 1))
    assert scores == expected_scores


@posix
def test_ctrl_c_saves_says_how_to_go_on_and_returns_130(tmp_path):
    flags = ["spam_detector", *FIELDS, "--epochs", 500, "--runs", tmp_path]
    process = pellucid("train", *flags)
    folder = wait_for(tmp_path, "spam_detector/*/metrics.jsonl").parent
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    last = err.strip().splitlines()[-1]
    assert "nothing is lost" in last and f"pellucid train --resume {folder}" in last
    assert json.loads((folder / "run.json").read_text())["state"] == "interrupted"
    assert "Traceback" not in err


def wait_for(root, pattern):
    for _ in range(600):
        if found := list(root.glob(pattern)):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"{pattern} never came")


def test_the_same_command_under_torchrun(tmp_path):
    """Two processes, one run folder, one voice."""
    flags = ["train", "spam_detector", *FIELDS, "--runs", tmp_path]
    torchrun = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nproc_per_node",
        "2",
        "--standalone",
        "-m",
        "pellucid",
    ]
    done = subprocess.run([*torchrun, *map(str, flags)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    (folder,) = (tmp_path / "spam_detector").iterdir()
    assert json.loads((folder / "run.json").read_text())["training"]["processes"] == 2
    assert done.stdout.count("trained spam_detector") == 1


FULL_DISK = """
import errno, os, sys
from pathlib import Path
from pellucid import catalog
from pellucid.cli import main
fsync, written, full = os.fsync, set(), []
def synced(descriptor):
    written.update(Path("runs").glob("*/*/checkpoint/step-*"))
    if len(written) >= 2 and list(Path("runs").glob(sys.argv[1])):
        full.append(descriptor)
    if full:  # and it stays so
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    fsync(descriptor)
os.fsync = synced
main(sys.argv[2:])
"""


@pytest.mark.parametrize("writing", [".model.safetensors.*.writing", "checkpoint/.writing"])
def test_nothing_is_written_to_a_full_disk(run, tmp_path, writing):
    """The disk fills up while this is written, after two checkpoints: one line, exit code 2, the checkpoint before it
    is whole, and training goes on from there once there is room again."""
    fields = ["spam_detector", *FIELDS, "--epochs", 4]
    command = [sys.executable, "-c", FULL_DISK, f"*/*/{writing}", "train", *map(str, fields)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "No space left" in done.stderr.strip().splitlines()[-1]
    assert "Traceback" not in done.stderr
    (folder,) = (tmp_path / "runs" / "spam_detector").iterdir()
    assert not list(folder.rglob("*.writing"))
    tensors, state = checkpoint.load(Run.open(folder))
    assert state["step"] == newest_step(folder) > 0 and state["epoch"] < 4
    assert any(name.startswith("optimizer.") for name in tensors)

    code, _, err = run("train", "--resume", folder)
    assert code == 0, err
    code, _, err = run("train", *fields, "--runs", "whole")
    assert code == 0, err
    (whole,) = (tmp_path / "whole" / "spam_detector").iterdir()
    assert weights(folder) == weights(whole)


def test_python_interface():
    import pellucid as package

    run = package.open("spam_detector")
    assert run.predict("Claim your free prize now! Call 09061701461")["label"] == "spam"
    assert [answer["label"] for answer in run.predict(["ok see you", "free prize! call 0800123456 to claim"])] == [
        "ham",
        "spam",
    ]
    assert run.look("Claim your prize").check().failed == []
    with pytest.raises(AttributeError):
        _ = package.nonsense


def test_compare_refuses_what_contradicts_itself_before_it_trains(run, tmp_path):
    code, _, err = run("compare", "spam_detector", "--vary", "cell=lstm,gru", "--cell", "rnn")
    assert code == 2 and "cell" in err and "leave one of the two out" in err
    (tmp_path / "good.csv").write_text("text,label\nwin a prize,spam\nsee you,ham\n")
    code, _, err = run("compare", "spam_detector", "--vary", "data=good.csv,gone.csv")
    assert code == 2 and "gone.csv" in err and "seed 1" not in err
    assert not (tmp_path / "runs").exists()


def test_runs_says_what_there_is_and_names_find_them(run, tiny, tmp_path):
    code, out, err = run("runs")
    assert (code, out) == (0, "") and "no runs in runs yet" in err
    kept = tmp_path / "runs/spam_detector/20260101-000000-amber"
    shutil.copytree(tiny.path, kept)
    broken = tmp_path / "runs/spam_detector/20260101-000001-birch"
    broken.mkdir()
    (broken / "run.json").write_text("{")
    code, out, _ = run("runs", "spam_detector")
    first, second = out.splitlines()
    assert code == 0 and first.split()[:3] == ["20260101-000000-amber", "spam_detector", "done"]
    assert second.split()[2] == "damaged" and "run.json" in second
    told = json.loads(run("runs", "--json")[1])
    assert told[0]["best"] == tiny.run.info["training"]["best"]
    assert run("predict", "20260101-000000-amber", "see you")[0] == 0
    code, _, err = run("predict", "20260101-000000-ambre", "see you")
    assert code == 2 and "Did you mean '20260101-000000-amber'?" in err
    code, _, err = run("runs", "spam_detectr")
    assert code == 2 and "Did you mean 'spam_detector'?" in err


def test_a_configuration_that_cannot_be_is_refused_with_its_file(run, tiny, tmp_path):
    info = json.loads((shutil.copytree(tiny.path, tmp_path / "copy") / "run.json").read_text())
    (tmp_path / "copy/run.json").write_text(json.dumps(info | {"config": info["config"] | {"layers": 2}}))
    code, _, err = run("predict", "copy", "hello")
    assert code == 2 and "copy/run.json: layers: no such field. Known:" in err.replace(os.sep, "/")


@pytest.mark.parametrize("name", ["model.safetensors", "codec.json"])
def test_a_folder_in_the_place_of_a_file_is_no_traceback(run, tiny, tmp_path, name):
    copy = shutil.copytree(tiny.path, tmp_path / "copy")
    (copy / name).unlink()
    (copy / name).mkdir()
    code, _, err = run("predict", "copy", "hello")
    assert code == 2 and name in err and len(err.splitlines()) == 1


def test_each_figure_of_an_answer_has_its_name(run):
    code, out, _ = run("predict", "linear_equations", "5x + 2y = 10; x + 4y = 11")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "5x + 2y = 10; x + 4y = 11" and lines[1].startswith("  One solution: x = 1, y = 2.5.")
    assert re.search(r"^  Exact solution, or the best there is +x = 1, y = 2.5$", out, re.M)
    code, out, err = run("predict", "spam_detector", "see you at five")
    assert "Class · Probability of spam · Message" in err.splitlines() and len(out.splitlines()) == 1


def commands(group, path=()):
    """Every command and, of those with one for each room, one room's."""
    for name in group.list_commands(click.Context(group)):
        if path and path[-1] in ("train", "compare", "summary", "show") and name != "spam_detector":
            continue
        command = group.get_command(click.Context(group), name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", [path for path, _ in commands(main)], ids=" ".join)
def test_each_help_has_an_example_and_says_what_each_option_does(run, path):
    code, out, _ = run(*path, "--help")
    assert code == 0
    room = path[-1] == "spam_detector" and path[0] in ("summary", "data")
    assert room or re.search(rf"^  pellucid {' '.join(path)}\b", out, re.M) or " ".join(path) in ("data", "homework")
    command = dict(commands(main))[path]
    for option in command.get_params(click.Context(command)):
        assert not isinstance(option, click.Option) or option.help, option.name
    assert len(command.get_short_help_str(70)) < 70 and not command.get_short_help_str(70).endswith("...")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_json_loses_no_character_in_an_old_encoding(tmp_path, encoding):
    text = "恭喜中獎 🎁 déjà"
    with pellucid(
        "predict", "spam_detector", text, "--json", cwd=tmp_path, env=os.environ | {"PYTHONIOENCODING": encoding}
    ) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert json.loads(out)["text"] == text


def test_progress_that_cannot_be_kept_takes_no_result_away(run, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PELLUCID_HOME", str(tmp_path / "file"))  # no folder can be made there, whoever runs this
    assert run("homework", "start", "lagrange")[0] == 0
    code, out, err = run("homework", "check", "homework")
    assert code == 1 and "not written yet" in out and "set PELLUCID_HOME" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments", [["list"], ["predict", "spam_detector", "see you"], ["look", "spam_detector", "see you", "--json"]]
)
def test_output_that_finds_no_room_is_one_line(tmp_path, arguments):
    command = [sys.executable, "-m", "pellucid", *arguments]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert last.startswith("pellucid: the output: cannot be written: No space left")


def test_homework_of_a_day_is_told_in_the_order_of_the_course(run):
    assert run("homework", "start", "day1")[0] == 0
    _, out, _ = run("homework", "check", "homework")
    titles = [line for line in out.splitlines() if line[0].isalpha()]
    assert titles == [
        "linear_equations: Linear equations", "losses: Losses", "optimizers: Optimizers", "frameworks: Frameworks",
    ]  # fmt: skip
    assert out.index("softmax_gradient") > out.index("losses: ") > out.index("stuck")
    alone = run("homework", "check", "homework/losses.py")[1]
    assert "losses: " not in alone and "softmax_gradient" in alone


def test_a_single_document_whose_words_weigh_nothing_is_no_traceback(run, tmp_path):
    (tmp_path / "one.txt").write_text("steam engine\n")
    code, _, err = run("train", "document_search", "--data", "one.txt")
    assert code == 0, err
