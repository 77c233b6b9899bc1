"""Documentation says what is: its commands run, its Python runs, its links lead somewhere, its figures are true."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import signal
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import numpy as np
import pytest
from PIL import Image

from conftest import expected
from pellucid import api, catalog
from pellucid.cli import main

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)


LINES = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("pellucid ")]
COMMANDS = [line for line in LINES if line != "pellucid studio"]  # which runs until it is stopped: a test of its own


def test_the_readme_has_its_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "pip install -c constraints.txt . && pellucid train spam_detector\n" in text
    assert 'pip install -c constraints.txt -e ".[test]" && pytest\n' in text


def pictures() -> None:
    """A digit, and photographs of two kinds: light and dark."""
    rng = np.random.default_rng(0)
    Image.new("L", (28, 28)).save("digit.png")
    for kind, most in (("dark", 90), ("light", 255)):
        Path("photos", kind).mkdir(parents=True)
        for i in range(20):
            Image.fromarray(rng.integers(most - 90, most, (32, 32, 3), dtype=np.uint8)).save(f"photos/{kind}/{i}.png")


@pytest.mark.parametrize("command", [*COMMANDS, "pellucid train spam_detector"])
def test_each_command_of_the_readme_runs(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = [(f"win prize {'x' * i} now", "junk") for i in range(9)] + [(f"ok see {'y' * i}", "mail") for i in range(9)]
    Path("mine.csv").write_text("body,class\n" + "".join(f"{a},{b}\n" for a, b in rows))
    Path("more.csv").write_text("body\nhello there\n")
    Path("my.txt.gz").write_bytes(gzip.compress(b"the cat sat on the mat\nthe dog sat on the cat\n" * 40))
    pictures()
    words = shlex.split(command)[1:]
    if words[0] == "compare":  # as it stands it trains nine times; once each will do here
        words += ["--seeds", "1", "--epochs", "1"]
    if "--epochs" in words:  # the later one counts, and one shows as much
        words += ["--epochs", "1"]
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 0, capsys.readouterr().err


def test_the_studio_of_the_readme_starts(tmp_path):
    command = [sys.executable, "-m", "pellucid", "studio", "--no-browser", "--port", "0"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    url = re.search(r"http://\S+", process.stdout.readline()).group()
    with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(url, timeout=30) as answer:
        assert b"importmap" in answer.read()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) in (0, 130, -signal.SIGINT)


@pytest.mark.parametrize("code", blocks("python"), ids=["api", "any module"])
def test_the_python_of_the_readme_runs(code, tmp_path):
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    checked, total = re.search(r"checked (\d+) of (\d+) nodes", done.stdout).groups()
    assert checked == total


def test_the_readmes_count_of_nodes_is_true(capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    said = re.search(r"`(checked \d+ of \d+ nodes)", text).group(1)
    with pytest.raises(SystemExit):
        main(["look", "spam_detector", "--runs", "none", "WINNER!! Claim your free prize now, call 09061701461"])
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_links_lead_somewhere(file):
    for target in re.findall(r"\]\(([^)#]+)\)", file.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (file.parent / target).exists(), target


def commands(command: click.Command, path: str = "pellucid") -> Iterator[tuple[str, set[str]]]:
    """Each command with its flags, the rooms' among them."""
    context = click.Context(command)
    flags = {flag for param in command.get_params(context) for flag in (*param.opts, *param.secondary_opts)}
    yield path, flags
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), f"{path} {name}")


@cache
def cli() -> dict[str, set[str]]:
    return dict(commands(main))


FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.S | re.M)
SPAN = re.compile(r"`([^`]+)`")
FLAG = re.compile(r"(?<![\w-])--[a-z][\w-]*")
PELLUCID = re.compile(r"(?<![\w/.])pellucid(?: (?![-\[<.]).*|(?= --).*)")


def pieces(text: str) -> Iterator[str]:
    """What is set as code, a command each. (Python code runs in a test of its own.)"""
    for language, block in FENCED.findall(text):
        yield from () if language == "python" else re.split(r"&&|;|\||\n", block)
    for span in SPAN.findall(FENCED.sub("", text)):
        yield from re.split(r"&&|;|\|", " ".join(span.split()))


def unknown(text: str) -> list[str]:
    """Commands and flags that are mentioned and that nobody has."""
    known = cli()
    any_flag = set().union(*known.values())
    wrong = [flag for flag in FLAG.findall(SPAN.sub("", FENCED.sub("", text))) if flag not in any_flag]
    for piece in pieces(text):
        if found := PELLUCID.search(piece):
            words = re.sub(r"(?<= )-.*", "", found.group()).split()
            path = next(p for i in (4, 3, 2, 1) if (p := " ".join(words[:i])) in known)
            below = [p for p in known if p.startswith(f"{path} ")]
            if below and len(words) > len(path.split()):
                wrong.append(" ".join(words[: len(path.split()) + 1]))
                continue
            # `pellucid train --cell gru`, without a room: the flags of any of its rooms
            flags = known[path].union(*(known[p] for p in below if path != "pellucid"))
            wrong += [f"{path} {flag}" for flag in FLAG.findall(found.group()) if flag not in flags]
        elif script := re.search(r"python ((?:benchmarks|tools)/\w+\.py)", piece):
            source = (ROOT / script.group(1)).read_text(encoding="utf-8")
            wrong += [f"{script.group(1)} {flag}" for flag in FLAG.findall(piece) if f'"{flag}"' not in source]
        elif piece.startswith("--"):  # a flag alone: of any command
            wrong += [flag for flag in FLAG.findall(piece) if flag not in any_flag]
    return wrong


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_every_command_and_flag_that_is_mentioned_exists(file):
    assert unknown(file.read_text(encoding="utf-8")) == []


def test_every_field_of_a_room_is_a_flag():
    for name in catalog.BUILT:
        for field in catalog.config(name).model_fields:
            for command in ("train", "summary", "compare"):
                assert f"--{field.replace('_', '-')}" in cli()[f"pellucid {command} {name}"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("say `pellucid trane spam_detector`", ["pellucid trane"]),
        ("say `pellucid\n  train --cel gru`", ["pellucid train --cel"]),
        ("```sh\npip install . && pellucid look spam_detector --epochs 3\n```", ["pellucid look --epochs"]),
        ("`torchrun --nproc_per_node 2 -m pellucid train spam_detector --no`", ["pellucid train spam_detector --no"]),
        ("with `--backwards`", ["--backwards"]),
        ("Pellucid is good; pellucid says | with --backwards", ["--backwards"]),
        ("`cat x | pellucid predict spam_detector --fyle -`", ["pellucid predict --fyle"]),
        ("`pellucid data fetch`", ["pellucid data fetch"]),
        ("`pellucid train spam_detectr`", ["pellucid train spam_detectr"]),
        ("`python benchmarks/spam_detector.py --turns 5`", ["benchmarks/spam_detector.py --turns"]),
        (
            "Pellucid is said `pellucid --help`, `pellucid train --cell gru`, `--no-bidirectional`, pip's `pip -c --x`",
            [],
        ),
    ],
)
def test_what_does_not_exist_is_found(text, wrong):
    assert unknown(text) == wrong


def test_constraints_name_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {
        re.split("==", line)[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    for requirement in wanted:
        assert re.match(r"[\w-]+", requirement).group().lower() in pinned, requirement


def test_the_quality_that_is_promised_was_measured():
    """The promise: test F1 at or above 0.93, mean of three seeds, for lstm and gru with the defaults."""
    study = expected("spam_detector")["studies"][0]
    assert study["seeds"] == 3
    for cell in ("lstm", "gru"):
        assert study["variants"][f"cell={cell}"]["f1"]["mean"] >= 0.93
        assert study["variants"][f"cell={cell}"]["seconds"]["mean"] < 30


def test_the_quality_that_is_promised_is_there(tmp_path):
    """One seed with the defaults, trained here and now, and the run that comes with the package."""
    assert api.train("spam_detector", runs=tmp_path).evaluate()["f1"] >= 0.90
    bundled = api.find("spam_detector", runs="none")
    assert bundled.bundled
    assert bundled.evaluate()["f1"] >= 0.93


def test_the_built_in_file_is_the_one_that_notice_names():
    from pellucid.core.data.fingerprint import fingerprint
    from pellucid.rooms.spam_detector.data import BUILT_IN, REMOTES

    found = fingerprint(BUILT_IN)
    assert found["sha256"] in (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert REMOTES[0].files[0].checksum == f"sha256:{found['sha256']}"
    assert REMOTES[0].files[0].size == found["bytes"]


def test_schema_of_bundled_run_is_current():
    info = json.loads((ROOT / "src/pellucid/rooms/spam_detector/bundled/run.json").read_text(encoding="utf-8"))
    from pellucid import catalog

    assert catalog.config("spam_detector").build(info["config"]).model_dump() == info["config"]


@pytest.mark.parametrize("file", sorted((ROOT / "benchmarks" / "results").glob("*.md")), ids=lambda file: file.name)
def test_the_tables_in_the_docs_are_what_the_benchmarks_printed(file):
    assert file.read_text(encoding="utf-8").strip() in (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")


def test_the_wheel_carries_every_file(tmp_path):
    """Data, the bundled run, the server's page: what is in the source folder is what users get."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "src"
    files = [file for file in source.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    assert {file.relative_to(source).as_posix() for file in files} <= inside
    assert any(name.endswith("licenses/NOTICE") for name in inside)
