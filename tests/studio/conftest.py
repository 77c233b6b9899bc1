"""The studio as a user has it: `pellucid studio` in a process of its own, and a headless Chromium in front of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@dataclass
class Studio:
    """A running one: its address, its way in, its folder of runs, its process."""

    url: str
    token: str
    runs: Path
    process: subprocess.Popen[str]


def start(runs: Path, *options: str) -> Studio:
    command = [sys.executable, "-m", "pellucid", "studio", "--no-browser", "--port", "0", "--runs", str(runs), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    line = process.stdout.readline()
    url, token = re.search(r"(http://[^/]+)/\?token=(\S+)", line).groups()
    return Studio(url, token, runs, process)


@pytest.fixture(scope="session")
def studio(tmp_path_factory) -> Iterator[Studio]:
    running = start(tmp_path_factory.mktemp("studio") / "runs")
    yield running
    running.process.terminate()
    running.process.wait(20)


@pytest.fixture(scope="session")
def start_studio() -> Iterator[Callable]:
    """A function: a folder of runs, options → a further studio on it. For tests that train, delete or restart."""
    started: list[Studio] = []

    def further(runs: Path, *options: str) -> Studio:
        started.append(start(runs, *options))
        return started[-1]

    yield further
    for each in started:
        each.process.terminate()
    for each in started:
        each.process.wait(20)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: .ci/run installs it")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield chromium
        chromium.close()


@dataclass
class Watched:
    """What a page did that it should not: errors, failed loads, requests to other hosts."""

    wrong: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def visitors(browser) -> Iterator[dict]:
    """Browser contexts that have been here before: what they loaded is in their cache, and nothing else is kept."""
    found: dict = {}
    yield found
    for context in found.values():
        context.close()


@pytest.fixture
def open_page(browser, studio, visitors) -> Iterator[Callable]:
    """A function: path → a page of the studio there, let in by the token, watched. The test fails if it did wrong.

    of: another studio than the one that all tests share. again: by somebody who has been here before, in this module.
    """
    contexts, pages, watched, hosts = [], [], Watched(), {"data:", "blob:"}

    def visitor(again: bool, **options):
        key = repr(sorted(options.items()))
        if again and key in visitors:
            return visitors[key]
        context = browser.new_context(reduced_motion="reduce", **options)
        if again:
            visitors[key] = context
            context.add_init_script("if (location.search.includes('token=')) localStorage.clear()")
        else:
            contexts.append(context)
        return context

    def go(
        path: str = "/", *, viewport=DESKTOP, scheme: str = "light", language: str = "en-US", of=studio, again=False,
        **options,
    ):  # fmt: skip
        hosts.add(of.url)
        context = visitor(again, viewport=viewport, color_scheme=scheme, locale=language, **options)
        page = context.new_page()
        pages.append(page)
        page.set_default_timeout(20_000)
        page.on("console", lambda m: m.type in ("error", "warning") and watched.wrong.append(f"console: {m.text}"))
        page.on("pageerror", lambda error: watched.wrong.append(f"error: {error}"))
        page.on("request", lambda r: watched.hosts.add(re.sub(r"^(\w+:(//[^/]*)?).*", r"\1", r.url, flags=re.S)))
        page.goto(f"{of.url}/?token={of.token}", wait_until="commit")
        page.goto(of.url + path)
        return page

    go.watched = watched
    yield go
    for page in pages:
        page.close()
    for context in contexts:
        context.close()
    assert not watched.wrong
    assert watched.hosts <= hosts
