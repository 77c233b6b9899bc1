"""Learn: every link of a lesson leads to what it names, every number stands, and pages clean up after themselves."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

import pytest

from pellucid import api, catalog
from pellucid.learn import lesson as lessons
from studio.seen import at_node, recorded, visit

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LEARN = "/spam_detector/learn"
HERE = "page => new URLSearchParams(location.search).get('page') === page"


@pytest.fixture(scope="module")
def own(start_studio, tmp_path_factory):
    """A studio of our own: here pages are read, and trainings started."""
    return start_studio(tmp_path_factory.mktemp("learn") / "runs")


def pages(language: str = "en", room: str = "spam_detector"):
    return lessons.read_file(catalog.folder(room), language, catalog.card(room).input.examples)["pages"]


def nodes(part, wanted: str):
    """The nodes of a type in a part of a lesson, in reading order."""
    if isinstance(part, dict):
        if part.get("type") == wanted:
            yield part
        for each in part.values():
            yield from nodes(each, wanted)
    elif isinstance(part, list):
        for each in part:
            yield from nodes(each, wanted)


def actions(part) -> list[dict]:
    """The links that do something."""
    return list(nodes(part, "action"))


def figures(part) -> list[dict]:
    """The numbers that are read off a trace."""
    return [figure for figure in nodes(part, "figure") if figure["source"] == "trace"]


def open_lesson(page, lesson: str) -> None:
    """Until that page of the lesson is there, with all its numbers; its folds opened."""
    page.wait_for_function(HERE, arg=lesson)
    page.wait_for_selector(".lesson article h2")
    page.evaluate("() => document.querySelectorAll('.lesson details').forEach((each) => (each.open = true))")


def leads(page, link, action: dict) -> None:
    """The link does what it says: moves the picture or changes the input; of what leaves the page, where it leads."""
    does, target, more = action["does"], action["target"], action["query"]
    if does not in ("look", "input"):
        address = link.get_attribute("href") or ""
        beginning = {"tab": f"/spam_detector/{target}?", "try": "/spam_detector/try?", "page": "/spam_detector/learn?"}
        assert address.startswith(beginning.get(does, ""))
        assert does != "try" or urlencode({"input": target}) in address
        assert link.evaluate("link => link.tagName") == ("BUTTON" if does == "train" else "A")
        return
    link.click()
    page.wait_for_function(
        "has => Object.entries(has).every(([key, value]) => new URLSearchParams(location.search).get(key) === value)",
        arg={"input": target} if does == "input" else {"node": target, **more},
    )
    if does == "look":
        at_node(page, target)
        page.wait_for_function("() => document.querySelector('.explained .num, .explained .katex')")
        if "cell" in more and target not in ("logit", "probability"):  # the mark comes to where the link says
            page.wait_for_function(
                "end => document.querySelector('.stage [role=img]')?.ariaLabel.split(' = ')[0].endsWith(end)",
                arg=f" {more['cell'].split(',')[-1]}",
            )
        if more.get("show") == "gradient":
            page.get_by_role("radio", checked=True, name=re.compile("Gradients|梯度")).wait_for()
    else:
        page.wait_for_function("text => document.querySelector('.written input').value === text", arg=target)
        page.wait_for_function("() => !document.querySelector('.written .spinner')")
    link.and_(page.locator("[aria-current=true]")).wait_for()
    assert page.locator(".look .notice").count() == 0  # nothing is missing in this model


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_every_link_leads_to_what_it_names_and_every_number_stands(open_page, language):
    page = open_page(f"{LEARN}?lang={language}&run=bundled")
    counted = 0
    for lesson in pages(language):
        visit(page, f"{LEARN}?lang={language}&run=bundled&page={lesson['id']}")
        page.locator(".lesson h2", has_text=lesson["title"]).wait_for()
        open_lesson(page, lesson["id"])
        page.wait_for_function(
            "() => [...document.querySelectorAll('.lesson .figure')].every((each) => !each.textContent.includes('…'))"
        )
        assert page.locator(".lesson .katex-error").count() == 0
        links, wanted = page.locator(".lesson article .act"), actions(lesson["blocks"])
        assert links.count() == len(wanted)
        for i, action in enumerate(wanted):
            leads(page, links.nth(i), action)
        counted += len(wanted)
    assert counted > 40


def test_the_numbers_of_a_page_are_those_of_the_bundled_network(open_page):
    """… for the inputs that the page names, whatever is on screen."""
    bundled = api.find("spam_detector", runs="there/is/no/such/folder")
    lesson = max(pages(), key=lambda page: len(figures(page)))
    page = open_page(f"{LEARN}?lang=en&page={lesson['id']}&input=see%20you%20at%20five")
    page.locator(".stage").wait_for()
    page.wait_for_function("() => document.querySelector('.lesson .figure')?.textContent.includes('…') === false")
    wanted = figures(lesson["blocks"])
    assert len(wanted) > 5
    traces = {text: bundled.look(text) for text in {each["input"] for each in wanted}}
    for each in wanted:
        name, _, cell = each["ask"].partition("[")
        _, value = recorded(traces[each["input"]], name, cell.rstrip("]"))
        texts = page.locator(f".lesson .figure[title$=': {each['ask']}']").all_inner_texts()
        assert format(value, each["format"]).replace("-", "−") in texts


def test_pages_turn_by_button_and_by_key(open_page, own):
    ids = [page["id"] for page in pages()]
    page = open_page(f"{LEARN}?lang=en", of=own)
    open_lesson(page, ids[0])
    assert page.locator(".turn a").count() == 1  # there is nothing before the first
    page.locator(".turn a[rel=next]").click()
    open_lesson(page, ids[1])
    assert page.evaluate("document.activeElement.closest('article h2') !== null")  # the reader begins at its heading
    page.keyboard.press("]")
    open_lesson(page, ids[2])
    page.keyboard.press("Shift+ArrowRight")
    open_lesson(page, ids[3])
    page.keyboard.press("[")
    open_lesson(page, ids[2])
    page.go_back()
    open_lesson(page, ids[3])
    page.reload()
    open_lesson(page, ids[3])
    page.get_by_role("button", name=f"Contents: page 4 of {len(ids)}").click()
    done = page.locator(".menu .done")
    page.wait_for_function("() => document.querySelectorAll('.menu .done').length === 3")
    assert done.count() == 3  # the three that were turned
    page.locator(".menu a").last.click()
    open_lesson(page, ids[-1])
    assert page.locator(".turn a").count() == 1
    page.get_by_role("link", name="Pellucid").click()
    page.locator(".card", has_text=f"lesson 3 of {len(ids)}").wait_for()


def test_leaving_a_page_takes_its_picture_away(open_page):
    lesson = next(each for each in pages() if any(a["does"] == "look" and "cell" in a["query"] for a in actions(each)))
    link = next(a for a in actions(lesson) if a["does"] == "look" and "cell" in a["query"])
    page = open_page(f"{LEARN}?lang=en&run=bundled&page={lesson['id']}")
    open_lesson(page, lesson["id"])
    i = [a["target"] for a in actions(lesson)].index(link["target"])
    page.locator(".lesson article .act").nth(i).click()
    at_node(page, link["target"])
    assert "&input=" in page.url
    page.keyboard.press("]")
    page.wait_for_function("() => !/[?&](node|cell|show|input)=/.test(location.search)")
    at_node(page, "recurrent.forward_direction.h")  # what stands for the system
    page.keyboard.press("[")
    open_lesson(page, lesson["id"])
    visit(page, f"{LEARN}?lang=en&run=bundled&page={lesson['id']}&node=pooled&cell=2")  # the reader's own way
    at_node(page, "pooled")
    if "pooled" not in [a["target"] for a in actions(lesson)]:
        page.keyboard.press("]")
        page.wait_for_function(f"() => !({HERE})('{lesson['id']}')")
        assert "node=pooled" in page.url


def test_hints_stay_folded_until_asked(open_page):
    lesson = next(each for each in pages() if "'hint'" in str(each))
    page = open_page(f"{LEARN}?lang=en&page={lesson['id']}")
    page.wait_for_selector(".lesson .fold")
    folds = page.locator(".lesson .fold")
    assert folds.count() > 2
    assert not folds.evaluate_all("all => all.some((each) => each.open)")
    inside = folds.first.locator("p").first
    assert not inside.is_visible()
    folds.first.locator("summary").press("Enter")
    inside.wait_for(state="visible")
    assert folds.evaluate_all("all => all.filter((each) => each.open).length") == 1


def test_formulas_and_tables_are_set(open_page):
    lesson = next(each for each in pages() if "'math'" in str(each) and "qquad" in str(each))
    page = open_page(f"{LEARN}?lang=en&page={lesson['id']}")
    page.wait_for_selector(".lesson .math .katex")
    seen = """article => {
      const copy = article.cloneNode(true);
      copy.querySelectorAll("annotation").forEach((each) => each.remove());
      return copy.textContent;
    }"""
    assert "\\" not in page.locator(".lesson article").evaluate(seen)
    assert page.locator(".lesson .katex").first.evaluate("k => getComputedStyle(k).fontFamily").startswith("KaTeX_Main")


def test_a_link_trains_and_offers_to_watch(open_page, own):
    lesson = next(each for each in pages() if any(a["does"] == "train" for a in actions(each)))
    link = next(a for a in actions(lesson) if a["does"] == "train")
    page = open_page(f"{LEARN}?lang=en&page={lesson['id']}", of=own)
    open_lesson(page, lesson["id"])
    page.locator(".lesson article button.act").first.click()
    page.get_by_role("button", name="Watch").click()
    page.wait_for_url("**/spam_detector/train?**watch=**")
    page.locator(".live").wait_for()
    run = dict(parse_qsl(page.url.partition("?")[2]))["watch"]
    assert page.request.get(f"{own.url}/api/rooms/spam_detector/runs/{run}").json()["changed"] == {
        name: int(value) if value.isdigit() else value for name, value in link["query"].items()
    }
    page.get_by_role("button", name="Stop").click()
    page.locator(".live .state.interrupted").wait_for()


def test_on_a_phone_lesson_and_picture_take_turns(open_page):
    lesson = next(each for each in pages() if any(a["does"] == "look" for a in actions(each)))
    page = open_page(f"{LEARN}?lang=en&page={lesson['id']}", viewport=PHONE)
    open_lesson(page, lesson["id"])
    picture = page.locator(".stage")
    assert not picture.is_visible()
    link = page.locator(".lesson article a.act").first
    link.click()
    picture.wait_for(state="visible")
    assert not page.locator(".lesson article").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator(".dock-switch", has_text="Lesson").click()
    page.locator(".lesson article").wait_for(state="visible")
    page.locator(".dock-switch", has_text="Picture").click()
    picture.wait_for(state="visible")


def test_the_lesson_stays_beside_other_tabs_until_it_is_closed(open_page):
    page = open_page(f"{LEARN}?lang=en&page={pages()[0]['id']}")
    open_lesson(page, pages()[0]["id"])
    page.locator("nav.tabs a", has_text="Try").click()
    page.locator(".dock .lesson").wait_for()
    page.get_by_role("button", name="Close the lesson").click()
    page.locator(".dock").wait_for(state="detached")
    assert "page=" not in page.url
