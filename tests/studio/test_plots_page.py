"""Curves, planes and surfaces of a room that is an algorithm: their numbers are the trace's, by mouse and by keys."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from pellucid.look.record import Recorder
from studio.conftest import PHONE
from studio.seen import AXE

STEPS, SIDE = 36, 21
RATE = 0.04
START = np.array([-2.5, 1.5])


def words(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh-TW": chinese}


def descent():
    """Gradient descent on x² + 10 y² with its plane, its path and its losses; 60 flowers in three classes."""
    record = Recorder()
    xs, ys = np.linspace(-3, 3, SIDE), np.linspace(-2, 2, SIDE)
    record.value(xs, "grid_x", ("x",))
    record.value(ys, "grid_y", ("y",))
    across, up = np.meshgrid(xs, ys)
    flat = record.node("mul", [across, across], across**2)
    steep = record.node("mul", [record.node("mul", [up, up], up**2), 10.0], 10 * up**2)
    record.node("add", [flat, steep], across**2 + 10 * up**2, name="plane", axes=("y", "x"))
    point, at = START, record.value(START, "start", ("parameter",), "input")
    slopes, weights = (record.value(np.array(each), axes=("parameter",)) for each in ([2.0, 20.0], [1.0, 10.0]))
    for step in range(STEPS):
        gradient = record.node("mul", [at, slopes], point * [2.0, 20.0], name="gradient", step=step)
        move = record.node("mul", [gradient, RATE], point * [2.0, 20.0] * RATE, name="move", step=step)
        point = point - point * [2.0, 20.0] * RATE
        at = record.node(
            "sub",
            [at, move],
            point,
            name="w",
            step=step,
            axes=("parameter",),
            caption=words("Where it is.", "目前位置。"),
        )
        square = record.node("mul", [at, at], point * point, name="square", step=step)
        parts = record.node("mul", [square, weights], point * point * [1.0, 10.0], name="parts", step=step)
        record.node("sum", [parts], np.array((point * point * [1.0, 10.0]).sum()), name="loss", step=step)
    record.value(np.zeros(2), "minimum", ("parameter",))
    flowers = np.arange(120.0).reshape(60, 2) % 17
    record.node("mul", [flowers, 1.0], flowers, name="flowers", axes=("flower", "coordinate"))
    trace = record.trace(
        room="descent", picture="w", titles={"plane": words("Loss", "損失"), "loss": words("Loss", "損失")},
        axis_titles={"step": words("step", "步")},
        steps={"": {"axis": "step", "labels": [str(step + 1) for step in range(STEPS)]}},
        plots=[
            {
                "kind": "plane", "node": "plane", "x": "grid_x", "y": "grid_y", "title": words("Way down", "下降"),
                "paths": [{"node": "w", "start": "start", "label": words("Descent", "下降路線")}],
                "points": [{"node": "minimum", "label": words("Minimum", "最小值")}],
            },
            {"kind": "line", "node": "loss", "title": words("Loss by step", "每步損失")},
        ],
    )  # fmt: skip
    trace.axis_labels = {"flower": ["setosa", "versicolor", "virginica"] * 20}
    return trace


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    trace = descent()
    path = tmp_path_factory.mktemp("plots") / "descent.html"
    path.write_text(trace.to_html(), encoding="utf-8")
    return path, trace


@pytest.fixture
def opened(open_page, page_file):
    """A function: fragment → the page that is one file, with its plots drawn."""

    def go(fragment: str = "lang=en&cell=4,0", **options):
        page = open_page("/", **options)
        open_page.watched.hosts.discard("file://")
        page.goto(f"{page_file[0].as_uri()}#{fragment}")
        page.locator(".plots .ground path").first.wait_for()
        return page

    yield go
    open_page.watched.hosts.discard("file://")
    open_page.watched.hosts.discard("file:")


def query(page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).fragment).items()}


def until_cell(page, cell: str) -> None:
    page.wait_for_function("cell => new URLSearchParams(location.hash.slice(1)).get('cell') === cell", arg=cell)


def until_label(page, where: str, pattern: str, there: bool = True) -> None:
    """Until the text equivalent of that picture says so, or no longer does."""
    page.wait_for_function(
        """([where, pattern, there]) =>
          RegExp(pattern).test(document.querySelector(where).getAttribute('aria-label')) === there""",
        arg=[where, pattern, there],
    )


def numbers(text: str) -> list[float]:
    return [float(each.replace("−", "-")) for each in re.findall(r"[−-]?\d+(?:\.\d+)?(?:e[−-]?\d+)?", text)]


def reading(page, plot: int = 0) -> list[float]:
    return numbers(page.locator(".plot-read").nth(plot).inner_text())


def test_contours_lie_at_round_levels_and_the_dot_at_the_open_step(opened, page_file):
    page, trace = opened(), page_file[1]
    levels = [float(each.get_attribute("data-level")) for each in page.locator(".ground path").all()]
    low, high = float(trace.array("plane").min()), float(trace.array("plane").max())
    assert len(levels) >= 8 and levels == sorted(levels) and low < levels[0] and levels[-1] < high
    assert np.allclose(reading(page), trace.series("w")[4], atol=5e-4)
    step, loss = reading(page, 1)
    assert step == 5 and np.isclose(loss, trace.series("loss")[4], atol=5e-3)
    page.locator(".scrub input").press("ArrowRight")
    until_cell(page, "5,0")
    assert np.allclose(reading(page), trace.series("w")[5], atol=5e-4)


def test_the_path_is_drawn_as_far_as_it_has_come_from_where_it_began(opened):
    page = opened("lang=en&cell=4,0")
    drawn = lambda kind: page.locator(f".way .{kind}").get_attribute("d").count("L")  # noqa: E731
    assert (drawn("walked"), drawn("to-come")) == (5, STEPS - 5)
    assert page.locator(".way .steps").get_attribute("d").count("M") == 6


def test_the_pointer_reads_the_plane_and_a_click_opens_the_step(opened, page_file):
    page, trace = opened(), page_file[1]
    frame = page.locator(".plot-plane .frame").bounding_box()
    x, y = 1.2, -1.0
    at = (frame["x"] + (x + 3) / 6 * frame["width"], frame["y"] + (2 - y) / 4 * frame["height"])
    page.mouse.move(*at)
    page.locator(".plot-read", has_text="≈").wait_for()
    read = reading(page)
    assert np.allclose(read[:2], [x, y], atol=0.02) and abs(read[2] - (x * x + 10 * y * y)) < 0.6
    px, py = trace.series("w")[1]
    page.mouse.click(frame["x"] + (px + 3) / 6 * frame["width"], frame["y"] + (2 - py) / 4 * frame["height"])
    until_cell(page, "1,0")


def test_keys_read_the_plane(opened):
    page = opened()
    page.locator(".plot-plane").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.locator(".plot-read", has_text="≈").wait_for()
    assert np.allclose(reading(page)[:2], [6 / 40, 0], atol=1e-3)
    assert query(page)["cell"] == "4,0"
    page.keyboard.press("ArrowRight")
    until_cell(page, "5,0")


def test_a_surface_is_turned_by_keys_and_by_dragging_and_reads_samples(opened, page_file):
    page, trace = opened(), page_file[1]
    page.get_by_role("radio", name="Surface").click()
    surface = page.locator(".plot-surface")
    told = lambda: numbers(surface.get_attribute("aria-label").split("turned")[1])  # noqa: E731
    assert told() == [-32, 46]
    surface.focus()
    page.keyboard.press("ArrowLeft")
    until_label(page, ".plot-surface", "turned −?-?26°")
    assert query(page)["cell"] == "4,0"
    before = surface.screenshot()
    box = surface.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 130, steps=4)
    page.mouse.up()
    assert told() != [-26, 46] and surface.screenshot() != before
    surface.focus()
    page.keyboard.press("0")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2 + 2, box["y"] + box["height"] / 2)
    page.wait_for_function("() => document.querySelector('.plot-read').textContent.split('=').length === 4")
    x, y, value = reading(page)
    assert told() == [-32, 46] and np.isclose(value, x * x + 10 * y * y, atol=0.02)
    assert float(np.abs(trace.array("grid_x") - x).min()) < 1e-3


def test_a_logarithmic_scale_is_offered_and_moves_the_curve(opened):
    page = opened()
    line = page.locator(".plot").nth(1)
    before = line.locator(".stroke").first.get_attribute("d")
    line.get_by_role("radio", name="Log").click()
    page.wait_for_function(
        "d => document.querySelectorAll('.plot')[1].querySelector('.stroke').getAttribute('d') !== d", arg=before
    )
    assert "0.1" in line.locator(".axes").text_content()


def test_it_is_told_in_words_in_both_languages(opened, page_file):
    trace = page_file[1]
    page = opened("lang=zh-TW&cell=0,0")
    told = page.locator(".plot-plane").get_attribute("aria-label")
    assert told.startswith("下降。") and f"下降路線：{STEPS + 1} 個點" in told and "最小值" in told
    line = page.locator(".plot-line").get_attribute("aria-label")
    assert numbers(line)[-1] == pytest.approx(float(trace.series("loss")[0]), abs=0.05)


def test_no_barrier_and_no_overflow_on_a_phone_in_the_dark(opened):
    page = opened("lang=zh-TW&cell=3,0", viewport=PHONE, scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.evaluate(AXE)
    found = page.evaluate("axe.run('.plots', {runOnly: ['wcag2a', 'wcag2aa']})")
    assert [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]] == []


def test_speed_of_playing_is_chosen_and_kept(opened):
    page = opened()
    page.locator(".speed").select_option("fast")
    page.get_by_role("button", name="Play").click()
    until_cell(page, f"{STEPS - 1},0")
    page.reload()
    page.locator(".speed").wait_for()
    assert page.locator(".speed").input_value() == "fast"


def test_points_of_classes_are_zoomed_by_wheel_and_keys(opened):
    page = opened("lang=en&node=flowers")
    plane = page.locator(".view-plot")
    assert page.locator(".view-classes li").all_inner_texts() == ["setosa", "versicolor", "virginica"]
    shapes = {each.get_attribute("d") for each in page.locator(".view-classes path").all()}
    assert len(shapes) == 3
    plane.hover()
    page.mouse.wheel(0, -400)
    until_label(page, ".view-plot", "times as large")
    plane.focus()
    page.keyboard.press("0")
    until_label(page, ".view-plot", "times as large", there=False)
    page.keyboard.press("+")
    until_label(page, ".view-plot", "1.5 times as large")


def test_equations_are_written_in_several_lines_and_answered_in_every_kind(open_page):
    page = open_page("/linear_equations/try?lang=en")
    box = page.locator("textarea")
    box.fill("3x + 2y = 12")
    box.press("End")
    box.press("Enter")
    box.press_sequentially("x + 4y = 14")
    page.wait_for_function("() => new URLSearchParams(location.search).get('input') === '3x + 2y = 12\\nx + 4y = 14'")
    page.locator(".answer-numbers").first.wait_for()
    table = page.locator(".answer-numbers tr").all_inner_texts()
    assert [numbers(each)[0] for each in table[:2]] == pytest.approx([2, 3], abs=1e-2)
    assert page.locator(".answer-sentence output").inner_text().strip()
    assert page.locator(".influence").count() == 0
    page.goto(page.url.replace("/try", "/look"))
    written = page.locator(".written textarea")
    written.wait_for()
    assert written.input_value() == "3x + 2y = 12\nx + 4y = 14"
    open_page.watched.wrong[:] = [each for each in open_page.watched.wrong if " 422 " not in each]  # half an equation
    assert "y = 3" in page.locator(".answered").inner_text()


def test_what_ships_nothing_says_so(open_page):
    page = open_page("/linear_equations/ship?lang=en")
    page.locator(".ship.nothing").wait_for()
    assert page.locator(".targets").count() == 0 and page.locator(".ship.nothing p").inner_text().strip()
