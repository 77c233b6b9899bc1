"""What the studio costs: starting, painting, typing, pointing, memory, sizes.

    pip install -c constraints.txt -e ".[test]"
    python benchmarks/studio.py --rounds 5

Linux, with a Chromium in front (headless, 1440 × 900 pixels, drawn by the processor). Medians of the rounds, lowest and
highest in brackets. TensorBoard starts in turn with the studio on the same folder of runs; both are asked for their
page again and again until they answer.

Typing: from the key until the frame with the new picture, or the new probability, is painted; for a further key Look
waits 90 ms first, Try not at all. Pointing: 200 cells one after the other, by the mouse, in what the page shows first;
a frame is the time between two callbacks of requestAnimationFrame, work the processor time of the main thread per
movement, drawing included. Opening: from a click on a part of the overview until it is painted (for people who asked
for less motion; for others it grows out of its small picture meanwhile). The large trace is read from the server by
ranges.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from pellucid import api
from pellucid.look import Trace, capture

ROOM, RUNS, MOVES = "spam_detector", 20, 200
TEXT = "WINNER!! Claim your free prize now, call 09061701461"
LONG = " ".join((TEXT, "ok see you at home later") * 25)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
Figures = dict[str, list[float]]


# processes


@contextmanager
def studio(runs: Path, **environment: str) -> Iterator[tuple[str, str, int, float]]:
    """A running one: address, token, process id, and when it was started."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "pellucid", "studio", "--no-browser", "--port", "0", "--runs", str(runs)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | environment)
    try:
        found = re.search(r"(http://[^/]+)/\?token=(\S+)", process.stdout.readline())
        yield found.group(1), found.group(2), process.pid, start
    finally:
        process.terminate()
        process.wait(20)


def answers(url: str, token: str = "", body: dict[str, Any] | None = None) -> bytes:
    """What is at an address, once it answers."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), headers)
    while True:
        try:
            with urllib.request.urlopen(request) as response:
                return response.read()
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.005)


def starting(runs: Path, figures: Figures) -> None:
    with studio(runs) as (url, token, _, start):
        answers(url, token)
        figures["studio"].append(time.perf_counter() - start)
        answers(f"{url}/api/rooms/{ROOM}/runs/bundled/look", token, {"input": TEXT})
        figures["first trace"].append(time.perf_counter() - start)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.perf_counter()
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(runs), "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    answers(f"http://127.0.0.1:{port}/")
    figures["TensorBoard"].append(time.perf_counter() - start)
    process.terminate()
    process.wait(20)


def memory(pid: int) -> float:
    """Resident megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1000


def remembering(folder: Path, figures: Figures) -> None:
    """The same small run, copied: to the studio these are different ones."""
    for i in range(RUNS):
        shutil.copytree(api.bundled(ROOM), folder / ROOM / f"run-{i:02}")
    with studio(folder) as (url, token, pid, _):
        answers(url, token)
        time.sleep(5)  # torch is being loaded
        figures["before a run is opened"].append(memory(pid))
        for i in range(RUNS):
            answers(f"{url}/api/rooms/{ROOM}/runs/run-{i:02}/look", token, {"input": TEXT})
            if i == 0:
                figures["1 run looked into"].append(memory(pid))
        figures[f"{RUNS} runs looked into"].append(memory(pid))


# in the browser


@contextmanager
def page_of(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


WHOLE = {"/": ".card .picture canvas", f"/{ROOM}/learn": ".stage .view", f"/{ROOM}/look": ".stage .view"}
SEEN = """selector => new Promise((done, fail) => {
  setTimeout(() => fail(new Error(`no ${selector} within a minute`)), 60000);
  const painted = () => requestAnimationFrame(() => done(performance.now()));
  const look = () => document.querySelector(selector) ? painted() : setTimeout(look, 4);
  look();
})"""
PAINT = "name => performance.getEntriesByName(name)[0].startTime"


def painting(browser: Browser, url: str, token: str, figures: Figures) -> None:
    for path, selector in WHOLE.items():
        with page_of(browser) as page:
            page.context.request.get(f"{url}/?token={token}")
            page.goto(url + path)
            figures[f"{path} whole"].append(page.evaluate(SEEN, selector))
            for name in ("first-paint", "first-contentful-paint"):
                figures[f"{path} {name}"].append(page.evaluate(PAINT, name))


KEY = """([field, watched]) => {
  const text = () => document.querySelector(watched)?.textContent;
  const before = text();
  window.took = new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`${watched} stays as it was`)), 60000);
    document.querySelector(field).addEventListener("keydown", () => {
      const start = performance.now();
      const painted = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
      const watch = new MutationObserver(() => text() === before || (watch.disconnect(), painted()));
      watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    }, { once: true });
  });
}"""


def typing(browser: Browser, url: str, token: str, figures: Figures) -> None:
    places = {"look": (".look input[type=text]", ".stage header"), "try": (".try textarea", ".gauge b")}
    for tab, (field, watched) in places.items():
        with page_of(browser) as page:
            page.context.request.get(f"{url}/?token={token}")
            page.goto(f"{url}/{ROOM}/{tab}?input=win+a+prize")
            page.wait_for_selector(watched)
            page.click(field)
            page.keyboard.press("End")
            for word in "u2ia":
                page.keyboard.type(" ")
                page.wait_for_timeout(700)
                page.evaluate(KEY, [field, watched])
                page.keyboard.type(word)
                figures[tab].append(page.evaluate("() => window.took"))
    for word in "u2ia":
        said = json.loads(answers(f"{url}/api/rooms/{ROOM}/runs/bundled/look", token, {"input": f"win a prize {word}"}))
        figures["look server"].append(said["milliseconds"])


FRAMES = """() => {
  window.frames = [];
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    window.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
AREA = """() => {
  const body = document.querySelector(".stage .view-body").getBoundingClientRect();
  const seen = document.querySelector(".stage .view-scroll").getBoundingClientRect();
  return [Math.max(body.left, seen.left + 80), Math.max(body.top, seen.top + 26), Math.min(body.right, seen.right),
    Math.min(body.bottom, seen.bottom, innerHeight)];
}"""
OPEN = """async () => {
  const parts = () => document.querySelectorAll(".flow:not(.inner) .step");
  const all = parts().length, took = [];
  for (let i = 0; i < all; i += Math.max(1, Math.floor(all / 8))) {
    const start = performance.now();
    parts()[i].click();
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    took.push(performance.now() - start);
    await new Promise(done => setTimeout(done, 200));
  }
  return took;
}"""


def pointing(browser: Browser, file: Path, name: str, figures: Figures) -> None:
    with page_of(browser) as page:
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

        def work() -> float:
            return next(
                m["value"] for m in devtools.send("Performance.getMetrics")["metrics"] if m["name"] == "TaskDuration"
            )

        page.goto(file.as_uri())
        figures[f"{name} opens"].append(page.evaluate(SEEN, ".stage .view"))
        page.wait_for_timeout(500)
        left, top, right, bottom = page.evaluate(AREA)
        page.evaluate(FRAMES)
        before = work()
        for i in range(MOVES):
            page.mouse.move(left + 3 + (right - left - 6) * (i * 37 % MOVES) / MOVES,
                            top + 3 + (bottom - top - 6) * (i * 13 % MOVES) / MOVES)  # fmt: skip
        figures[f"{name} work"].append(1000 * (work() - before) / MOVES)
        frames = sorted(page.evaluate("() => window.frames"))
        figures[f"{name} frame"].append(statistics.median(frames))
        figures[f"{name} frame 95"].append(frames[int(0.95 * len(frames))])
        page.mouse.move(2, 2)
        took = page.evaluate(OPEN)
        figures[f"{name} open"].append(statistics.median(took))
        figures[f"{name} slowest"].append(max(took))


def deep() -> Trace:
    """A stack of 450 small blocks."""
    import torch
    from torch import nn

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.norm, self.up, self.down = nn.LayerNorm(24), nn.Linear(24, 48), nn.Linear(48, 24)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            h = torch.relu(self.up(self.norm(x)))
            scaled = 0.1 * self.down(h)
            return x + scaled

    torch.manual_seed(0)
    return capture(nn.Sequential(*(Block() for _ in range(450)), nn.Linear(24, 4)), torch.randn(1, 30, 24))


def large(browser: Browser, folder: Path, figures: Figures) -> None:
    """An embedding of 50,000 words × 768 numbers, and one cell of it: what is read to show it."""
    import torch
    from torch import nn

    trace = capture(nn.Embedding(50_000, 768), torch.tensor([[7, 40_000, 3]]))
    temporary = folder / "temporary"
    temporary.mkdir()
    with studio(folder / "runs", TMPDIR=str(temporary)) as (url, token, _, _), page_of(browser) as page:
        answers(url, token)
        for traces in temporary.glob("pellucid-*"):  # among them that of its traces
            size = trace.save(traces / "large.safetensors")
        said = {"url": "/api/traces/large", "bytes": size, "check": trace.check().summary(), "answer": None}
        page.route("**/look", lambda route: route.fulfill(json={**said, "milliseconds": 0}))
        read: list[int] = []
        page.on("response", lambda r: "/api/traces/" in r.url and read.append(int(r.headers["content-length"])))
        page.context.request.get(f"{url}/?token={token}")
        page.goto(f"{url}/{ROOM}/look?node=weight&cell=40000,700")
        figures["large opens"].append(page.evaluate(SEEN, ".stage .view"))
        page.wait_for_timeout(2000)
        figures["large"].append(size / 1e6)
        figures["large read"].append(sum(read) / 1e6)


# the report


def told(values: list[float], digits: int) -> str:
    whole = f"{statistics.median(values):,.{digits}f}"
    return f"{whole} ({min(values):,.{digits}f} to {max(values):,.{digits}f})" if len(values) > 1 else whole


def table(head: str, *lines: list[str]) -> None:
    columns = head.count("|") - 1
    print(f"{head}\n|---|{'--:|' * (columns - 1)}")
    for line in lines:
        print(f"| {' | '.join(line)} |")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    figures: Figures = defaultdict(list)
    system = api.open(ROOM)
    traces = {
        "spam detector, 10 words": system.look(TEXT),
        "spam detector, 200 words": system.look(LONG),
        "450 blocks": deep(),
    }
    sizes: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        runs = folder / "runs"
        shutil.copytree(api.bundled(ROOM), runs / ROOM / "one")
        for number, (name, trace) in enumerate(traces.items()):
            (folder / f"{number}.html").write_text(trace.to_html(title=name), encoding="utf-8")
            size, page = trace.save(folder / "trace"), (folder / f"{number}.html").stat().st_size
            sizes[name] = [f"{len(trace):,}", f"{size / 1e6:.2f}", f"{page / 1e6:.2f}"]
        wheel = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", temporary]
        subprocess.run(wheel, cwd=Path(__file__).parents[1], check=True, capture_output=True)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        large(browser, folder, figures)
        remembering(folder / "many", figures)
        for _ in range(rounds):
            starting(runs, figures)
            with studio(runs) as (url, token, _, _):
                answers(f"{url}/api/rooms/{ROOM}/runs/bundled/look", token, {"input": TEXT})
                painting(browser, url, token, figures)
                typing(browser, url, token, figures)
            for number, name in enumerate(traces):
                pointing(browser, folder / f"{number}.html", name, figures)
        browser.close()
        (built,) = folder.glob("*.whl")
        report(figures, sizes, built.stat().st_size)


def report(figures: Figures, sizes: dict[str, list[str]], wheel: int) -> None:
    ratios = [ours / theirs for ours, theirs in zip(figures["studio"], figures["TensorBoard"], strict=True)]
    table(
        "| from the start of the process | s |",
        ["`pellucid studio`, until its page is there", told(figures["studio"], 2)],
        ["… until the first trace is there (torch loaded)", told(figures["first trace"], 2)],
        ["TensorBoard, until its page is there", told(figures["TensorBoard"], 2)],
        ["`pellucid studio` / TensorBoard", told(ratios, 2)],
    )
    names = {"/": "map", f"/{ROOM}/learn": "Learn", f"/{ROOM}/look": "Look"}
    columns = ("first-paint", "first-contentful-paint", "whole")
    table(
        "| page, nothing kept, ms | first paint | first contentful paint | picture there |",
        *([title, *(told(figures[f"{path} {column}"], 0) for column in columns)] for path, title in names.items()),
    )
    table(
        "| from the key | ms |",
        ["Look: new picture, with the 90 ms of waiting", told(figures["look"], 0)],
        ["… without them", told([value - 90 for value in figures["look"]], 0)],
        ["… of which the server: computed, checked, saved", told(figures["look server"], 0)],
        ["Try: new probability", told(figures["try"], 0)],
    )
    table(
        f"| a trace as a page, {MOVES} cells pointed at | nodes | trace MB | page MB | opens, ms | frame, ms "
        "| 95 % of frames below, ms | work per movement, ms | opening a part, ms | the slowest, ms |",
        *(
            [
                name,
                *sizes[name],
                *(told(figures[f"{name} {column}"], 1 if column in ("work", "frame", "frame 95") else 0)
                  for column in ("opens", "frame", "frame 95", "work", "open", "slowest")),
            ]
            for name in sizes
        ),
    )  # fmt: skip
    table(
        "| a trace with an embedding of 50,000 × 768, from the server | |",
        ["the file, MB", told(figures["large"], 1)],
        ["opens at a cell of it, ms", told(figures["large opens"], 0)],
        ["read for that, MB", told(figures["large read"], 2)],
    )
    memories = [name for name in figures if name.endswith(("opened", "looked into"))]
    table(
        "| size | MB |",
        *([f"memory of the server, {name}", told(figures[name], 0)] for name in memories),
        ["wheel", f"{wheel / 1e6:.1f}"],
    )


if __name__ == "__main__":
    main()
