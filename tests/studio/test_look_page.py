"""Look: every number that is shown is the trace's own; by mouse, by keyboard and by URL."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from conftest import expected
from pellucid import api
from pellucid.look import Trace
from studio.seen import agrees, at_node, number, recorded, shows, visit

TEXT = "WINNER!! Claim your free prize now, call 09061701461"
LOOK = f"/spam_detector/look?lang=en&run=bundled&input={quote(TEXT)}"
CELLS = "recurrent.forward_direction"
FORGET, HIDDEN = f"{CELLS}.forget_gate", f"{CELLS}.h"


@pytest.fixture(scope="module")
def bundled():
    return api.find("spam_detector", runs="there/is/no/such/folder")


@pytest.fixture(scope="module")
def trace(bundled):
    return bundled.look(TEXT)


@pytest.fixture(scope="module")
def runs(start_studio, tmp_path_factory):
    """A studio with three tiny runs: the studio, and the runs by name."""
    studio = start_studio(tmp_path_factory.mktemp("look") / "runs")
    tiny = expected("spam_detector")["tiny"]["fields"]
    kinds = {"lstm": {}, "gru": {"cell": "gru"}, "both": {"cell": "rnn", "bidirectional": True, "merge": "sum"}}
    return studio, {
        name: api.train("spam_detector", runs=studio.runs, **tiny, **fields) for name, fields in kinds.items()
    }


def query(page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def until_query(page, **wanted: str | None) -> None:
    """Until the URL says so; None: until it says nothing of it."""
    page.wait_for_function(
        """wanted => {
          const has = new URLSearchParams(location.search);
          return Object.entries(wanted).every(([name, value]) => has.get(name) === value);
        }""",
        arg=wanted,
    )


def point(page, word: str, unit: str, view: str = ".view") -> None:
    """The mouse onto a cell of the heat map, by the names that stand beside it."""
    page.locator(f"{view} .view-rows span[title='{unit}']").first.evaluate(
        "row => row.scrollIntoView({ block: 'center' })"
    )
    across = page.locator(f"{view} .view-columns span[title='{word}']").first.bounding_box()
    down = page.locator(f"{view} .view-rows span[title='{unit}']").first.bounding_box()
    page.mouse.move(across["x"] + across["width"] / 2, down["y"] + down["height"] / 2)


PLACES = [
    ("ids", "3"),
    ("embedding.vectors", "4,3"),
    ("embedding.weight", "17,3"),
    (f"{CELLS}.from_input", "9,30"),
    (f"{CELLS}.from_state", "1,44"),
    (f"{CELLS}.input_gate", "0,0"),
    (FORGET, "9,9"),
    (f"{CELLS}.candidate", "5,11"),
    (f"{CELLS}.output_gate", "9,14"),
    (f"{CELLS}.mul", "3,3"),
    (f"{CELLS}.c", "7,5"),
    (HIDDEN, "0,4"),
    (f"{CELLS}.weight_hidden", "24,3"),
    ("words_only", "2,3"),
    ("pooled", "9"),
    ("dense.addmm", ""),
    ("logit", ""),
    ("probability", ""),
]


def test_the_mark_begins_where_the_trace_says(open_page):
    """Of 240 documents at the best one; without a word of it, it would be the one in the middle."""
    page = open_page("/document_search/look?lang=en&run=bundled&input=steam+engine+with+high+pressure")
    page.get_by_role("heading", name="steam, Steam engine 4").wait_for()


def test_the_number_in_bold_is_the_traces_own(open_page, trace):
    page = open_page(LOOK)
    at_node(page, HIDDEN)
    for node, cell in PLACES:
        visit(page, f"{LOOK}&node={node}&cell={cell}")
        shows(page, trace, node, cell)
    page.goto(f"{page.url.split('/spam')[0]}{LOOK}&node={FORGET}&cell=9,9")  # and when the page is loaded there
    shows(page, trace, FORGET, "9,9")


def test_long_sums_can_be_read_term_by_term(open_page, trace):
    page = open_page(f"{LOOK}&node={FORGET}&cell=9,9")
    shows(page, trace, FORGET, "9,9")
    word, memory = page.locator(".explained .terms").all()
    for terms, name, count in ((word, "from_input", 20), (memory, "from_state", 15)):
        _, value = recorded(trace, f"{CELLS}.{name}", "9,24")  # of the 4 · 15 rows, the forget gate's tenth
        assert agrees(terms.locator("> .num").last.inner_text().removeprefix("= "), value)
        terms.get_by_role("button").click()
        chips = [chip.split(" × ") for chip in terms.locator(".chip").all_inner_texts()]
        assert len(chips) == count
        assert sum(number(a)[0] * number(b)[0] for a, b in chips) == pytest.approx(value, abs=0.01 * count)


def test_the_mouse_asks_and_a_click_remembers(open_page, trace):
    page = open_page(f"{LOOK}&node={FORGET}&cell=9,9")
    shows(page, trace, FORGET, "9,9")
    point(page, "prize", "unit 3")
    shows(page, trace, FORGET, "5,3")
    assert page.locator(".explained h3").inner_text() == "prize, unit 3"
    assert page.locator(".view-tip").inner_text().startswith("prize, unit 3 = ")
    assert query(page)["cell"] == "9,9"  # pointing changes nothing that lasts
    page.mouse.move(5, 5)
    shows(page, trace, FORGET, "9,9")
    point(page, "your", "unit 12")
    page.mouse.down()
    page.mouse.up()
    until_query(page, node=FORGET, cell="3,12")
    page.mouse.move(5, 5)
    page.reload()
    shows(page, trace, FORGET, "3,12")
    assert "your, unit 12 = " in page.get_by_role("img", name="Forget gate").get_attribute("aria-label")


def test_the_keyboard_reaches_every_cell_and_every_part(open_page, trace):
    page = open_page(f"{LOOK}&node={FORGET}&cell=5,3")
    shows(page, trace, FORGET, "5,3")
    for key, cell in (("ArrowRight", "6,3"), ("ArrowDown", "6,4"), ("ArrowLeft", "5,4"), ("ArrowUp", "5,3")):
        page.keyboard.press(key)
        shows(page, trace, FORGET, cell)
        assert query(page)["cell"] == cell
    visit(page, f"{LOOK}&node={FORGET}&cell=9,14")
    shows(page, trace, FORGET, "9,14")
    page.keyboard.press("ArrowRight")  # the last word, the last unit: there it stays
    page.keyboard.press("ArrowDown")
    shows(page, trace, FORGET, "9,14")
    page.keyboard.press("Enter")
    shows(page, trace, f"{CELLS}.from_input", "9,29")
    page.keyboard.press("Escape")
    shows(page, trace, FORGET, "9,14")
    steps = []
    for key in "nnnnnnnnppppppppp":
        page.keyboard.press(key)
        steps.append(page.locator(".stage .code-name code").first.inner_text())
    assert steps[:5] == ["words_only", "pooled", "dense.addmm", "logit", "probability"]
    assert steps[5:8] == ["probability"] * 3  # the answer is the end
    assert steps[8:14] == ["logit", "dense.addmm", "pooled", "words_only", HIDDEN, "embedding.vectors"]
    assert steps[14:] == ["ids", "ids", "ids"]


def test_the_steps_can_be_scrubbed_and_played(open_page, trace):
    page = open_page(f"{LOOK}&node={HIDDEN}&cell=7,2")
    shows(page, trace, HIDDEN, "7,2")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    shows(page, trace, HIDDEN, "6,2")
    page.keyboard.press("End")
    shows(page, trace, HIDDEN, "9,2")
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "00000000000"
    page.get_by_role("slider").fill("8")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    shows(page, trace, HIDDEN, "9,2")
    page.get_by_role("button", name="Play").click()  # at the end it begins anew
    shows(page, trace, HIDDEN, "0,2")
    shows(page, trace, HIDDEN, "1,2")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()


def test_the_views_show_the_same_numbers(open_page, trace):
    page = open_page(f"{LOOK}&node={FORGET}&cell=2,2")
    shows(page, trace, FORGET, "2,2")
    page.get_by_role("radio", name="Timeline").click()
    page.locator(".view.gates").wait_for()
    until_query(page, view="gates")
    page.keyboard.press("ArrowRight")  # in a group of choices an arrow key is the group's
    page.locator(".view.table").wait_for()
    until_query(page, view="table", cell="2,2")
    page.reload()
    page.locator(".view.table").wait_for()
    rows, columns = 15, 10
    texts = page.locator(".view-numbers text").all_text_contents()
    assert len(texts) == rows * columns
    for row in range(rows):
        for column in range(columns):
            assert agrees(texts[row * columns + column].strip(), recorded(trace, FORGET, f"{column},{row}")[1])
    visit(page, f"{LOOK}&node=pooled&view=tokens")  # no view of units: the first that fits
    page.locator(".view.bars").wait_for()
    visit(page, f"{LOOK}&node=probability")
    at_node(page, "probability")
    assert agrees(page.locator(".view.scalar strong").inner_text(), recorded(trace, "probability", "")[1])


def test_gradients_are_those_of_the_trace(open_page, bundled):
    trace = bundled.look(TEXT, backward=True)
    page = open_page(f"{LOOK}&node={HIDDEN}&cell=7,0")
    shows(page, trace, HIDDEN, "7,0")
    page.get_by_role("radio", name="Gradients").click()
    until_query(page, show="gradient")
    page.get_by_role("radio", name="Gradients", checked=True).wait_for()
    for node, cell in ((HIDDEN, "7,0"), (HIDDEN, "9,9"), (f"{CELLS}.c", "7,5"), ("embedding.vectors", "0,0")):
        visit(page, f"{LOOK}&show=gradient&node={node}&cell={cell}")
        shows(page, trace, node, cell, gradient=True)
    page.get_by_role("radio", name="Values").click()
    until_query(page, show=None)
    shows(page, trace, "embedding.vectors", "0,0")


def test_what_is_written_is_what_is_looked_at(open_page, bundled):
    page = open_page(f"{LOOK}&node={FORGET}")
    at_node(page, FORGET)
    page.get_by_label("Input", exact=True).fill("see you at home tonight")
    until_query(page, input="see you at home tonight")
    page.locator(".view-columns span[title=tonight]").wait_for()
    assert page.locator(".view-columns span").all_inner_texts() == ["see", "you", "at", "home", "tonight"]
    other = bundled.look("see you at home tonight")
    visit(page, f"{page.url}&cell=4,2")
    shows(page, other, FORGET, "4,2")
    own = bundled.predict("see you at home tonight")
    label, probability = page.locator(".answered").inner_text().split()
    assert label == own["label"]
    assert agrees(probability, own["probability"])
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("button", name=TEXT).click()
    until_query(page, input=TEXT)
    page.locator(".view-columns span[title=prize]").wait_for()
    page.go_back()
    page.locator(".view-columns span[title=tonight]").wait_for()
    assert page.get_by_label("Input", exact=True).input_value() == "see you at home tonight"


def test_two_inputs_side_by_side(open_page, bundled, trace):
    page = open_page(f"{LOOK}&node={HIDDEN}&cell=4,9")
    shows(page, trace, HIDDEN, "4,9")
    page.get_by_role("button", name="Side by side").click()
    page.locator(".half").nth(1).wait_for()
    second = TEXT.replace("free", "library")
    page.get_by_label("Second input").fill(second)
    until_query(page, input2=second)
    page.locator(".half h4", has_text=second).wait_for()
    page.locator(".half:nth-child(2) .view-columns span[title=library]").wait_for()
    assert page.locator(".half h4").all_inner_texts() == [TEXT, second]
    point(page, "free", "unit 9", ".half:nth-child(1)")
    shows(page, trace, HIDDEN, "4,9")
    difference = recorded(trace, HIDDEN, "4,9")[1] - recorded(bundled.look(second), HIDDEN, "4,9")[1]
    told = page.locator(".view-tip div").last.inner_text()
    assert agrees(told.split(" ")[0].replace("+", ""), difference)
    page.get_by_role("button", name="Only one").click()
    page.locator(".half").nth(1).wait_for(state="detached")
    until_query(page, input2=None)


def test_two_runs_side_by_side(open_page, runs):
    studio, own = runs
    page = open_page(
        f"/spam_detector/look?lang=en&input=free+tea&run={own['lstm'].path.name}&input2=free+tea", of=studio
    )
    page.get_by_label("Second run").select_option(own["gru"].path.name)
    until_query(page, run2=own["gru"].path.name)
    traces = [own[name].look("free tea") for name in ("lstm", "gru")]
    visit(page, f"{page.url}&node={HIDDEN}&cell=1,2")
    shows(page, traces[0], HIDDEN, "1,2")
    page.locator(".half").nth(1).wait_for()
    heads = page.locator(".half h4").all_inner_texts()
    assert heads == [f"{own[name].path.name.split('-')[-1]}: free tea" for name in ("lstm", "gru")]
    spoken = [half.get_by_role("img").first.get_attribute("aria-label") for half in page.locator(".half").all()]
    for text, trace in zip(spoken, traces, strict=True):
        assert agrees(text.rsplit(" = ", 1)[1], recorded(trace, HIDDEN, "1,2")[1])
    visit(page, f"{page.url.replace(quote(HIDDEN), '')}&node={FORGET}".replace("node=&", ""))
    at_node(page, FORGET)  # a GRU has none: the first run's is shown alone, and nothing breaks
    assert page.locator(".half").count() == 1


@pytest.mark.parametrize("name", ["gru", "both"])
def test_other_cells_and_two_directions(open_page, runs, name):
    studio, own = runs
    trace = own[name].look("free prize now")
    base = f"/spam_detector/look?lang=en&input=free+prize+now&run={own[name].path.name}"
    page = open_page(base, of=studio)
    page.locator(".badge", has_text=f"checked {len(trace)} of {len(trace)} nodes").wait_for()
    series = sorted({node.name.split("[")[0] for node in trace.nodes if node.caption and node.step is not None})
    assert len(series) == 6
    for node in series:
        visit(page, f"{base}&node={node}&cell=1,3")
        shows(page, trace, node, "1,3")
    visit(page, f"{base}&node=recurrent.backward_direction.h&cell=0,0")
    if name == "both":
        shows(page, trace, "recurrent.backward_direction.h", "0,0")
        assert page.locator(".explained h3").inner_text() == "now, unit 0"  # it reads the last word first
    else:
        page.get_by_text("This model has no recurrent.backward_direction.h").wait_for()


def test_a_part_that_this_model_lacks_is_said_so(open_page, trace):
    missing = f"{CELLS}.reset_gate"
    page = open_page(f"{LOOK}&node={missing}&cell=1,1")
    page.locator(".notice", has_text=f"This model has no {missing}").wait_for()
    at_node(page, HIDDEN)
    page.locator(".flow .step", has_text="Probability").click()
    shows(page, trace, "probability", "")
    page.locator(".notice").wait_for(state="detached")


def test_the_badge_says_how_much_was_checked(open_page, trace):
    page = open_page(LOOK)
    report = trace.check()
    badge = page.locator(".badge")
    text = badge.inner_text()
    assert f"checked {report.checked} of {report.total} nodes" in text
    assert number(text.rsplit(" ", 1)[1])[0] == pytest.approx(report.largest, rel=0.06)
    badge.click()
    assert "NumPy" in page.locator("dialog[open]").inner_text()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert badge.evaluate("badge => badge === document.activeElement")


def test_sources_and_users_lead_to_their_nodes(open_page, trace):
    page = open_page(f"{LOOK}&node={FORGET}&cell=9,9")
    shows(page, trace, FORGET, "9,9")
    titles = ["From the word", "From the memory", "Bias b", "Word vectors", "Input weights W", "Hidden state"]
    assert page.locator(".sources figcaption button").all_inner_texts() == [*titles, "Recurrent weights U"]
    page.get_by_role("button", name="Open Hidden state").click()
    shows(page, trace, HIDDEN, "8,0")  # what the word before has left
    page.go_back()
    shows(page, trace, FORGET, "9,9")
    page.locator(".sources canvas[aria-label^='Bias b']").click()
    at_node(page, f"{CELLS}.bias")
    shows(page, trace, f"{CELLS}.bias", query(page)["cell"])
    page.go_back()
    page.locator(".users").get_by_role("button", name="Cell state").click()
    shows(page, trace, f"{CELLS}.c", "9,9")


def test_every_operation_is_listed_found_and_opened(open_page, trace):
    page = open_page(f"{LOOK}&node=pooled")
    page.get_by_text("All operations").click()
    names = page.locator(".operations .line")
    names.first.wait_for()
    known = {node.name.split("[")[0] + node.name.partition("]")[2] for node in trace.nodes}
    weights = [value for value in trace.values.values() if value.kind in ("weight", "buffer")]
    assert names.count() == len(known) + len(weights)
    page.get_by_role("searchbox").fill("sigmoid")
    page.wait_for_function("() => document.querySelectorAll('.operations .line').length === 4")
    assert page.locator(".operations .line", has_text="10 steps").count() == 3  # and the answer's, once
    page.locator(".operations .line", has_text="output_gate").click()
    at_node(page, f"{CELLS}.output_gate")
    page.get_by_role("searchbox").fill("no such thing")
    page.get_by_text("No operation has this name.").wait_for()


def test_the_trace_can_be_taken_away(open_page, trace, tmp_path):
    page = open_page(LOOK, accept_downloads=True)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download trace").click()
    download.value.save_as(tmp_path / "trace.safetensors")
    own = Trace.open(tmp_path / "trace.safetensors")
    assert [node.name for node in own.nodes] == [node.name for node in trace.nodes]
    assert own.array("probability").tolist() == trace.array("probability").tolist()


def test_in_the_other_language(open_page, trace):
    page = open_page(LOOK.replace("lang=en", "lang=zh-TW") + f"&node={FORGET}&cell=5,3")
    shows(page, trace, FORGET, "5,3")
    assert page.locator(".stage h3").inner_text() == "遺忘閘"
    assert page.locator(".view-corner").inner_text() == "詞 →"
    assert re.fullmatch("prize.{1,2}單元 3", page.locator(".explained h3").inner_text())
    assert "詞 10 × 單元 15" in page.locator(".code-name").inner_text()
    page.locator(".languages [lang=en]").click()
    page.locator(".stage h3", has_text="Forget gate").wait_for()
    assert page.locator(".view-corner").inner_text() == "word →"  # the picture follows, too
    assert page.locator(".explained h3").inner_text() == "prize, unit 3"
