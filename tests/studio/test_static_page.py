"""A page that is one file: opened from disk it shows what the studio shows, and asks nobody for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pytest

from pellucid import api
from pellucid.look import capture
from studio.seen import BOLD, agrees, at_node, recorded, serious, shows

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
TEXT = "WINNER!! Claim your <b>free</b> prize, call 09061701461"
CELLS = "recurrent.forward_direction"
FORGET, HIDDEN = f"{CELLS}.forget_gate", f"{CELLS}.h"


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """As a user makes it."""
    out = tmp_path_factory.mktemp("static") / "page.html"
    nowhere = str(out.parent / "no-runs")
    command = [sys.executable, "-m", "pellucid", "look", "spam_detector", TEXT, "--html", str(out), "--runs", nowhere]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return out


@pytest.fixture(scope="module")
def trace():
    return api.find("spam_detector", runs="there/is/no/such/folder").look(TEXT)


@dataclass
class Seen:
    """What happened on the pages of a test."""

    wrong: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)


@pytest.fixture
def open_file(browser):
    """A function: file → a page with it, from disk. The test fails on errors, and on a request that leaves the disk."""
    contexts, seen = [], Seen()

    def go(file: Path, after: str = "", *, viewport=DESKTOP, scheme: str = "light", language: str = "en-US"):
        context = browser.new_context(
            viewport=viewport, color_scheme=scheme, locale=language, reduced_motion="reduce", offline=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda m: m.type in ("error", "warning") and seen.wrong.append(f"console: {m.text}"))
        page.on("pageerror", lambda error: seen.wrong.append(f"error: {error}"))
        page.on("request", lambda request: seen.asked.add(re.sub(r"^(\w+:).*", r"\1", request.url, flags=re.S)))
        page.goto(file.as_uri() + after)
        return page

    yield go
    for context in contexts:
        context.close()
    assert not seen.wrong
    assert seen.asked <= {"file:", "data:", "blob:", "about:"}


def at(page, **query: str) -> None:
    """Another place of the same page, by its address."""
    words = "&".join(f"{name}={value}" for name, value in query.items())
    page.evaluate(
        "hash => { history.pushState(null, '', hash); dispatchEvent(new PopStateEvent('popstate')); }", f"#{words}"
    )


def test_it_shows_the_same_numbers_without_asking_anybody(open_file, file, trace):
    page = open_file(file)
    at_node(page, HIDDEN)
    assert page.locator("header b").inner_text() == TEXT  # as text: markup in it is none
    assert f"checked {len(trace)} of {len(trace)} nodes" in page.locator(".badge").inner_text()
    for node, cell in ((FORGET, "9,9"), (f"{CELLS}.c", "3,4"), ("embedding.vectors", "0,19"), ("logit", "")):
        at(page, node=node, cell=cell)
        shows(page, trace, node, cell)
    page = open_file(file, f"#node={FORGET}&cell=2,1")  # a link to a place in it
    shows(page, trace, FORGET, "2,1")
    page.get_by_role("radio", name="Table").click()
    page.locator(".view.table").wait_for()
    assert "view=table" in page.url
    assert page.get_by_role("radio", name="Gradients").count() == 0  # there are none in it


def test_by_keyboard(open_file, file, trace):
    page = open_file(file, f"#node={FORGET}&cell=5,3")
    shows(page, trace, FORGET, "5,3")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    shows(page, trace, FORGET, "6,4")
    assert page.url.endswith(f"#node={FORGET}&cell=6%2C4")
    page.keyboard.press("n")
    at_node(page, "words_only")
    page.keyboard.press("Escape")
    shows(page, trace, FORGET, "6,4")
    page.keyboard.press("Enter")
    at_node(page, f"{CELLS}.from_input")
    page.go_back()
    shows(page, trace, FORGET, "6,4")


def test_in_both_languages(open_file, file):
    page = open_file(file, f"#node={FORGET}", language="zh-TW")
    at_node(page, FORGET)
    assert page.locator(".stage h3").inner_text() == "遺忘閘"
    assert page.locator(".view-corner").inner_text() == "詞 →"
    page.locator("button[lang=en]").click()
    page.locator(".stage h3", has_text="Forget gate").wait_for()
    assert page.locator(".view-corner").inner_text() == "word →"
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_is_accessible(open_file, file, viewport, scheme):
    page = open_file(file, f"#node={FORGET}&cell=2,2", viewport=viewport, scheme=scheme)
    page.locator(".view-cells").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground)[:3])) < 300) == (scheme == "dark")
    assert not serious(page)


def test_the_frame_of_a_notebook(open_file, trace, tmp_path):
    html = trace._repr_mimebundle_()["text/html"]
    assert 'sandbox="allow-scripts"' in html
    scratch = tmp_path / "notebook.html"
    scratch.write_text(f"<!doctype html><title>{escape(TEXT)}</title>{html}", encoding="utf-8")
    page = open_file(scratch)
    frame = page.frame_locator("iframe")
    frame.locator(".stage .code-name code", has_text=HIDDEN).first.wait_for()
    frame.locator(".flow .step", has_text="Probability").click()  # no address changes in there, the picture does
    frame.locator(".explained header code", has_text="probability[0]").wait_for()
    inner = page.frames[1]
    _, value = recorded(trace, "probability", "")
    assert agrees(inner.evaluate(BOLD), value)
    inner.locator("body").press("p")
    frame.locator(".explained header code", has_text="logit[0]").wait_for()


def encoder():
    import torch

    torch.manual_seed(0)
    layer = torch.nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
    return capture(layer, torch.randn(1, 5, 8))


def pictures():
    import torch
    from torch import nn

    torch.manual_seed(0)
    layers = nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3)
    net = nn.Sequential(*layers, nn.Flatten(), nn.Linear(16, 5), nn.Softmax(-1)).eval()
    return capture(net, torch.rand(1, 1, 8, 8))


@pytest.mark.parametrize("make", [encoder, pictures], ids=["encoder layer", "convolutions"])
def test_somebody_elses_module_node_by_node(open_file, make, tmp_path):
    trace = make()
    file = tmp_path / "foreign.html"
    file.write_text(trace.to_html(title="a module of torch"), encoding="utf-8")
    page = open_file(file)
    written = 0
    for node in trace.nodes:
        value = trace.values[node.outputs[0]]
        shape = list(value.shape)
        while shape and shape[0] == 1:
            shape.pop(0)
        cell = ",".join(str(n * 2 // 3) for n in shape)
        at(page, node=node.name.replace("#", "%23"), cell=cell)
        at_node(page, node.name)
        if 0 in shape:
            page.locator(".view-empty").wait_for()
            continue
        shows(page, trace, node.name, cell)
        written += page.locator(".explained .katex").count() > 0
    assert written > len(trace) / 4
    assert f"checked {len(trace)} of {len(trace)} nodes" in page.locator(".badge").inner_text()
