"""Every page in a browser: it loads without errors, fits its window, is accessible, speaks both languages."""

from __future__ import annotations

import json
import re

import pytest

from pellucid import api, catalog
from studio.seen import serious

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
TABS = ("learn", "train", "look", "try", "ship")
PAGES = ["/", *(f"/{room}/{tab}" for room in catalog.BUILT for tab in TABS)]

# three English words in a row; code, what the user or the data wrote, and names are no sentences of ours
ENGLISH = re.compile(r"\b[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
TEXTS = """() => {
  const ours = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const inside = node.parentElement.closest(
      "code, pre, .num, .katex, [lang=en], input, textarea, script, style, .theirs",
    );
    if (!inside && node.parentElement.checkVisibility()) ours.push(node.textContent);
  }
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
    for (const name of ["aria-label", "title", "placeholder"]) ours.push(element.getAttribute(name) ?? "");
  return ours;
}"""


def settle(page) -> None:
    """Until nothing is loading any more."""
    page.wait_for_selector("main", state="attached")
    page.wait_for_function("() => !document.querySelector('.spinner')")
    page.wait_for_function("() => document.body.innerText.trim().length > 40")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_page_loads_fits_and_is_accessible(open_page, path, viewport):
    page = open_page(path, viewport=viewport, again=True)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.evaluate("document.querySelectorAll('main').length") == 1
    for scheme, rules in (("light", ()), ("dark", (("color-contrast",),))):  # only colours depend on the scheme
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert not serious(page, *rules), scheme


def documents() -> list[str]:
    """The names of what the bundled runs search: they are the data's."""
    codecs = (api.bundled(room) / "codec.json" for room in catalog.BUILT)
    return [name for file in codecs if file.exists() for name in json.loads(file.read_text("utf-8")).get("names", [])]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_in_the_readers_language(open_page, path):
    page = open_page(path, language="zh-TW", again=True)
    settle(page)
    assert page.evaluate("document.documentElement.lang") == "zh-TW"
    cards = [catalog.card(room) for room in catalog.BUILT]
    theirs = [*documents(), *(words for card in cards for words in (*card.data, *card.input.examples))]
    for text in page.evaluate(TEXTS):
        for own in theirs:
            text = text.replace(own, "")
        assert not ENGLISH.search(re.sub(r"（[^）]*）", "", text)), text  # a term may stand in English in parentheses
    assert re.search(r"[\u4e00-\u9fff]", page.inner_text("main"))


def test_the_language_is_remembered_and_in_the_url(open_page):
    page = open_page("/spam_detector/train")
    settle(page)
    page.click("[lang='zh-TW']")
    assert "lang=zh-TW" in page.url
    assert "訓練" in page.inner_text("nav")
    page.goto(page.url.split("?")[0])
    assert "訓練" in page.inner_text("nav")
    page.goto(f"{page.url}?lang=en")
    assert "Train" in page.inner_text("nav")


def test_a_teachers_link_hides_parts(open_page):
    page = open_page("/spam_detector/look?hide=train,ship")
    settle(page)
    assert page.locator("nav.tabs a").all_inner_texts() == ["Learn", "Look", "Try"]
    page.click("nav.tabs a >> text=Try")
    assert "hide=train%2Cship" in page.url
    assert page.locator("nav.tabs a").count() == 3


def test_the_theme_can_be_chosen(open_page):
    page = open_page("/spam_detector/look")
    settle(page)
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.click("button[title='Dark colours']")
    page.wait_for_function(f"() => getComputedStyle(document.documentElement).backgroundColor !== '{light}'")
    assert "theme=dark" in page.url


def test_keys_lead_everywhere(open_page):
    page = open_page("/spam_detector/look")
    settle(page)
    page.keyboard.press("?")
    keys = page.inner_text("dialog")
    assert "→" in keys or "ArrowRight" in keys
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.keyboard.press("4")
    page.wait_for_url("**/spam_detector/try**")
    page.keyboard.press("/")
    page.keyboard.type("gate")
    page.wait_for_selector("[role=option][aria-selected=true] >> text=gate by gate")
    page.keyboard.press("Enter")
    page.wait_for_url("**/spam_detector/learn?page=lstm**")
