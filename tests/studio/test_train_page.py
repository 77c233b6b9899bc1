"""Train: through the form to a run that can be used; stopped, queued, killed, out of sight, and nothing is lost."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import time
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import expected
from pellucid import api, catalog

TRAIN = "/spam_detector/train?lang=en"
TINY = expected("spam_detector")["tiny"]["fields"]
LONG = {**TINY, "epochs": 300, "hidden": 5}  # longer than any test watches it


@pytest.fixture(scope="module")
def own(start_studio, tmp_path_factory):
    """A studio of our own, in which nothing was trained yet."""
    return start_studio(tmp_path_factory.mktemp("train") / "runs")


def folder(own, run: str) -> Path:
    return own.runs / "spam_detector" / run


def record(own, run: str) -> dict:
    return json.loads((folder(own, run) / "run.json").read_text(encoding="utf-8"))


def epochs(own, run: str) -> list[dict]:
    """The lines of the log that count: a resumed run may write one again."""
    lines = map(json.loads, (folder(own, run) / "metrics.jsonl").read_text(encoding="utf-8").splitlines())
    return list({line["epoch"]: line for line in lines if line["kind"] == "epoch"}.values())


def watched(page) -> str:
    page.wait_for_url("**watch=**")
    return parse_qs(urlsplit(page.url).query)["watch"][0]


def until(page, state: str) -> None:
    """Until the run that is watched is in that state."""
    page.locator(f".live .state.{state}").wait_for(timeout=60_000)


def started(page, own, fields: dict) -> str:
    """A new run by the API; its page."""
    answer = page.request.post(
        f"{own.url}/api/rooms/spam_detector/runs", data={"config": fields}, headers={"Origin": own.url}
    )
    run = answer.json()["id"]
    page.goto(f"{own.url}{TRAIN}&watch={run}")
    return run


def call(page, own, run: str, method: str, what: str = "") -> None:
    path = f"{own.url}/api/rooms/spam_detector/runs/{run}{what}"
    assert page.request.fetch(path, method=method, headers={"Origin": own.url}).ok


def trained_epochs(page, at_least: int) -> None:
    """Until that many epochs are in the table of scores."""
    last = "document.querySelector('.scores tbody th')?.textContent.match(/\\d+/)"
    page.wait_for_function(f"() => Number({last} ?? 0) >= {at_least}", timeout=60_000)


def write(page, name: str, text: str) -> None:
    box = page.locator(f"#setting-{name}")
    if not box.is_visible():
        page.locator("details.more", has=box).locator("summary").click()
    box.fill(text)


def pairs(words: list[str]) -> set[tuple[str, ...]]:
    """The flags of `pellucid train ROOM --flag value …`."""
    return set(zip(words[3::2], words[4::2], strict=True))


def drawn(page) -> int:
    """The coloured pixels that curves left on the canvases."""
    return page.evaluate(
        """() => {
          let coloured = 0;
          for (const canvas of document.querySelectorAll('.live .canvas canvas')) {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            for (let i = 0; i < data.length; i += 4) {
              const [red, green, blue, alpha] = data.slice(i, i + 4);
              if (alpha > 128 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) coloured++;
            }
          }
          return coloured;
        }"""
    )


def test_from_the_form_to_a_run_that_answers(open_page, own):
    page = open_page(TRAIN, of=own)
    page.get_by_text("Nothing trained here yet").wait_for()
    field, problem = page.locator("#setting-hidden"), page.locator("#setting-hidden-problem")
    for text, en, zh in (
        ("0", "Must be at least 1.", "必須大於或等於 1。"),
        ("1.5", "Must be a whole number, without a fraction.", "必須是整數，不能有小數。"),
        ("many", "Must be a whole number.", "必須是整數。"),
    ):
        field.fill(text)
        assert problem.inner_text() == en
        assert field.get_attribute("aria-invalid") == "true"
        page.locator(".languages [lang=zh-TW]").click()
        page.wait_for_function("text => document.querySelector('#setting-hidden-problem').textContent === text", arg=zh)
        assert field.input_value() == text  # what was written stays
        page.locator(".languages [lang=en]").click()
        page.wait_for_function("text => document.querySelector('#setting-hidden-problem').textContent === text", arg=en)
    starts = page.get_by_role("button", name="Start training").all()
    assert [button.is_disabled() for button in starts] == [True, True]  # above the form, and below it
    assert page.locator(".form .count").inner_text() == "1 to put right"

    for name, value in TINY.items():
        write(page, name, str(value))
    field.focus()
    page.keyboard.press("ArrowUp")  # and the keys of a number step it
    assert field.input_value() == "7"
    page.keyboard.press("ArrowDown")
    page.wait_for_url(re.compile("set=.*hidden%3D6"))  # the form is in the URL: it can be linked to
    page.reload()
    assert page.locator("#setting-hidden").input_value() == "6"
    config = catalog.config("spam_detector").build(TINY)
    told = shlex.split(page.locator(".form .command code").inner_text())
    wanted = shlex.split(api.command("spam_detector", config))
    assert (told[:3], pairs(told)) == (wanted[:3], pairs(wanted))

    page.locator("#setting-hidden").press("Enter")
    run = watched(page)
    assert {name: record(own, run)["config"][name] for name in TINY} == TINY
    until(page, "done")
    lines = epochs(own, run)
    assert [line["epoch"] for line in lines] == [1, 2]
    rows = page.locator(".scores tbody tr")
    heads = page.locator(".scores thead th").all_inner_texts()
    for row, line in zip(rows.all(), reversed(lines), strict=True):
        cells = dict(zip(heads, row.locator("th, td").all_inner_texts(), strict=True))
        assert cells["validation F1"] == f"{line['validation_f1']:.4f}"
        assert cells["training loss"] == f"{line['train_loss']:.4f}"
    said = page.locator(".live .canvas").first.get_attribute("aria-label")
    assert f"training loss from {lines[0]['train_loss']:.4f} to {lines[-1]['train_loss']:.4f}" in said
    assert drawn(page) > 300
    page.locator(".live").get_by_role("link", name="Try it").click()
    page.locator(".run-name", has_text=run.split("-")[-1]).wait_for()  # it is the one that the tabs show now
    page.locator(".gauge b").wait_for()
    own_answer = api.open(folder(own, run)).predict("free prize now")
    page.locator("textarea").fill("free prize now")
    page.locator(".gauge b", has_text=f"{own_answer['probability']:.4f}").wait_for()


# Presses a key in the very moment in which the page says so, before anything else of it runs.
AS_SOON_AS_INTERRUPTED = """key => {
  const watcher = new MutationObserver(() => {
    if (!document.querySelector(".live .state.interrupted")) return;
    watcher.disconnect();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    window.pressed = true;
  });
  watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def test_stopped_and_resumed_and_the_next_waits_its_turn(open_page, own):
    page = open_page(TRAIN, of=own)
    first = started(page, own, LONG)
    page.get_by_role("button", name="Stop").wait_for()
    page.evaluate(AS_SOON_AS_INTERRUPTED, "s")
    page.keyboard.press("s")  # at once, while its process still loads
    page.wait_for_function("() => window.pressed")
    until(page, "training")
    trained_epochs(page, 2)
    second = started(page, own, TINY)
    page.get_by_text("Waiting for its turn: number 1 in the queue.").wait_for()
    assert record(own, second)["state"] == "queued"
    page.goto(f"{own.url}{TRAIN}&watch={first}")
    page.get_by_role("button", name="Stop").click()
    until(page, "interrupted")
    page.get_by_text("Stopped; nothing is lost.").wait_for()
    reached = len(epochs(own, first))
    assert reached >= 2
    page.goto(f"{own.url}{TRAIN}&watch={second}")
    until(page, "done")  # it began by itself
    page.goto(f"{own.url}{TRAIN}&watch={first}")
    page.get_by_role("button", name="Resume").click()
    trained_epochs(page, reached + 1)
    page.get_by_role("button", name="Stop").click()
    until(page, "interrupted")
    numbers = [line["epoch"] for line in epochs(own, first)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_killed_training_is_shown_as_such_and_goes_on(open_page, own):
    page = open_page(TRAIN, of=own)
    run = started(page, own, {**LONG, "checkpoint_seconds": 0})
    trained_epochs(page, 2)
    os.kill(record(own, run)["pid"], signal.SIGKILL)
    until(page, "died")
    page.get_by_text("The training process is gone without a word").wait_for()
    log = page.locator(".live details.log")
    assert log.evaluate("log => log.open")  # its last lines need not be asked for
    last = [line for line in (folder(own, run) / "train.log").read_text(encoding="utf-8").split("\n") if line][-1]
    assert last in log.inner_text()
    reached = len(epochs(own, run))
    page.get_by_role("button", name="Resume").click()
    trained_epochs(page, reached + 1)
    call(page, own, run, "POST", "/stop")
    until(page, "interrupted")


def test_nothing_is_missing_after_server_and_page_were_away(open_page, own, start_studio):
    page = open_page(TRAIN, of=own)
    run = started(page, own, {**TINY, "epochs": 20, "hidden": 4})
    trained_epochs(page, 1)
    other = page.context.new_page()
    other.goto(f"{own.url}{TRAIN}&watch={run}")
    other.close()  # a page that goes disturbs nobody
    own.process.terminate()
    own.process.wait(20)
    page.get_by_text("The studio does not answer").first.wait_for()
    seen = page.locator(".scores tbody tr").count()
    assert seen >= 1  # what was there stays to be read
    deadline = time.monotonic() + 90
    while record(own, run)["state"] == "training" and time.monotonic() < deadline:
        time.sleep(0.1)  # the training needs neither of them
    assert record(own, run)["state"] == "done"

    again = start_studio(own.runs, "--port", own.url.rsplit(":", 1)[1], "--token", own.token)
    assert again.url == own.url
    own.process = again.process
    until(page, "done")
    page.get_by_text("The studio does not answer").wait_for(state="detached")
    page.get_by_role("button", name="Show all 20 epochs").click()
    shown = page.locator(".scores tbody th").all_inner_texts()
    assert [int(re.search(r"\d+", text).group()) for text in reversed(shown)] == list(range(1, 21))
    losses = [float(text) for text in page.locator(".scores tbody tr td:nth-child(2)").all_inner_texts()]
    assert losses == [round(line["train_loss"], 4) for line in reversed(epochs(own, run))]
    wrong = open_page.watched.wrong
    wrong[:] = [each for each in wrong if not re.search("ERR_(CONNECTION|INCOMPLETE|EMPTY)", each)]


@pytest.fixture(scope="module")
def several(own):
    """Three runs that are done, made without the studio."""
    kinds = ({}, {"cell": "gru"}, {"cell": "rnn", "hidden": 4})
    return [api.train("spam_detector", runs=own.runs, **{**TINY, **fields}).path.name for fields in kinds]


def row(page, run: str):
    return page.locator("table.runs tbody tr", has=page.locator(f"a[href*='watch={run}']"))


def test_runs_are_sorted_by_keyboard(open_page, own, several):
    page = open_page(TRAIN, of=own)
    row(page, several[0]).wait_for()
    page.get_by_role("button", name="parameters").focus()
    for key, order in (("Enter", "descending"), ("Space", "ascending")):
        page.keyboard.press(key)
        page.locator(f"th[aria-sort={order}]", has_text="parameters").wait_for()
        texts = page.locator("table.runs td.at-parameters").all_inner_texts()
        counts = [int(text.replace(",", "")) for text in texts if text]
        falls = order == "descending"
        assert len(counts) >= 4
        assert all(a >= b if falls else a <= b for a, b in pairwise(counts))
        assert f"sort={'-' if falls else ''}parameters" in page.url
    page.reload()
    page.locator("th[aria-sort=ascending]", has_text="parameters").wait_for()


def test_runs_are_compared(open_page, own, several):
    page = open_page(TRAIN, of=own)
    for run in several:
        row(page, run).get_by_role("checkbox").check()
    table = page.locator(".compare table")
    table.wait_for()
    heads = table.locator("thead th").all_inner_texts()
    assert [head.strip().split(" ")[0] for head in heads] == [run.split("-")[-1] for run in several]
    differing = {
        each.locator("th").inner_text(): each.locator("td").all_inner_texts()
        for each in table.locator("tbody").first.locator("tr:not(.part)").all()
    }
    assert differing == {"cell": ["lstm", "gru", "rnn"], "hidden": ["6", "6", "4"]}
    said = page.locator(".compare .canvas")
    page.get_by_label("Curve of").select_option("validation_f1")
    ends = [f"to {epochs(own, run)[-1]['validation_f1']:.4f}".replace("0.0000", "0") for run in several]
    page.wait_for_function(
        "ends => ends.every((end) => document.querySelector('.compare .canvas')?.ariaLabel.includes(end))", arg=ends
    )
    page.get_by_role("radio", name="seconds").click()
    page.wait_for_function("() => document.querySelector('.compare .canvas').ariaLabel.includes('over seconds')")
    address = page.url
    page.goto(address)
    said.wait_for()
    assert page.get_by_label("Curve of").input_value() == "validation_f1"


def test_a_deleted_run_can_be_brought_back(open_page, own, several):
    gone = several[2]
    page = open_page(TRAIN, of=own)
    row(page, gone).get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete", exact=True).click()
    row(page, gone).wait_for(state="detached")
    assert not folder(own, gone).exists()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    row(page, gone).wait_for()
    assert (folder(own, gone) / "model.safetensors").exists()
    row(page, gone).get_by_role("checkbox").check()
    page.get_by_role("button", name="Delete", exact=True).click()
    row(page, gone).wait_for(state="detached")
    page.reload()  # the toast is gone, the run is not
    page.get_by_text("Deleted runs").click()
    page.get_by_role("button", name="Restore").first.click()
    row(page, gone).wait_for()


def test_a_run_becomes_the_one_that_the_tabs_show(open_page, own, several):
    page = open_page(f"{TRAIN}&watch={several[0]}", of=own)
    until(page, "done")
    page.get_by_role("button", name="More to do with").click()
    page.get_by_role("button", name="Use this run").click()
    page.wait_for_url(f"**run={several[0]}**")
    assert page.locator(".run-name").inner_text() == several[0].split("-")[-1]
    row(page, several[0]).locator(".mark", has_text="in use").wait_for()
    page.locator(".live").get_by_text("All settings").click()
    assert page.locator(".settings-of .command code").inner_text() == record(own, several[0])["command"]
    page.get_by_role("button", name="Evaluate on the test data").click()
    page.locator(".evaluation").wait_for()
    scores = api.open(folder(own, several[0])).evaluate()
    shown = dict(
        zip(
            page.locator(".evaluation dt").all_inner_texts(),
            page.locator(".evaluation dd").all_inner_texts(),
            strict=True,
        )
    )
    assert shown["accuracy"] == f"{scores['accuracy']:.4f}"
    counts = [int(text.replace(",", "")) for text in page.locator(".confusion td strong").all_inner_texts()]
    assert counts == [n for line in scores["confusion"] for n in line]
