"""A narrow window, many runs, a server that is away for a while: nothing is cut off, piled up or stuck."""

from __future__ import annotations

import shutil
from itertools import pairwise

import pytest

from pellucid import api

PHONE = {"width": 390, "height": 844}
MANY = 30


@pytest.fixture(scope="module")
def crowded(start_studio, tmp_path_factory):
    """A studio with many runs of one system."""
    runs = tmp_path_factory.mktemp("many") / "runs"
    for n in range(MANY):
        shutil.copytree(api.bundled("spam_detector"), runs / "spam_detector" / f"20260101-0000{n:02}-run{n}")
    return start_studio(runs)


@pytest.mark.parametrize("menu", [".inputs .menu", ".top .menu"])
def test_a_menu_stays_inside_a_narrow_window(open_page, menu):
    page = open_page("/spam_detector/look", viewport=PHONE)
    page.wait_for_selector(".stage .view")  # the answer beside the menu has taken its room
    page.click(f"{menu} > button")
    box = page.locator(f"{menu} > .list").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]


def test_of_many_runs_each_can_be_read_and_chosen(open_page, crowded):
    page = open_page("/spam_detector/look", of=crowded)
    page.click(".top .menu > button")
    boxes = [one.bounding_box() for one in page.locator(".top .menu .list > button > span").all()]
    assert len(boxes) == MANY + 1
    assert all(above["y"] + above["height"] <= below["y"] for above, below in pairwise(boxes))


def test_of_many_runs_some_are_listed_and_all_on_demand(open_page, crowded):
    page = open_page(
        "/spam_detector/train?sort=name&run=20260101-000000-run0&compare=20260101-000029-run29", of=crowded
    )
    rows = page.locator("table.runs tbody tr")
    rows.first.wait_for()
    assert rows.count() == 21  # the first twenty, and the one that is chosen
    page.click(f"text=Show all {MANY + 1} runs")
    assert rows.count() == MANY + 1


def test_a_page_goes_on_when_the_server_is_back(open_page):
    page = open_page("/spam_detector/look")
    page.wait_for_selector(".stage")
    page.route("**/api/course", lambda route: route.abort())
    page.click(".brand")
    page.wait_for_selector(".notice.error")
    page.unroute("**/api/course")
    page.wait_for_selector("a.card")
    assert page.locator(".notice.error").count() == 0
    open_page.watched.wrong.clear()  # the browser tells of each request that failed


def test_an_answer_comes_when_the_server_is_back(open_page):
    page = open_page("/spam_detector/try")
    page.wait_for_selector(".answer output")
    page.route("**/predict", lambda route: route.abort())
    page.fill("textarea", "Ok, see you at the library")
    page.wait_for_selector(".panel-answer .notice.error")
    page.unroute("**/predict")
    page.wait_for_selector(".answer output")
    assert page.inner_text(".answer output").strip() == "ham"
    open_page.watched.wrong.clear()
