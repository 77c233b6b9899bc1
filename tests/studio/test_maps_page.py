"""Look, at a network that sees pictures: the window that slides, its numbers, and what a channel responds to."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest

from pellucid import api, catalog
from studio.seen import agrees, number, serious, shows, visit

PHONE = {"width": 390, "height": 844}

PICTURE = catalog.card("image_classifier").input.examples[0]
LOOK = f"/image_classifier/look?lang=en&run=bundled&input={quote(PICTURE, safe='')}"


@pytest.fixture(scope="module")
def trace():
    return api.find("image_classifier", runs="there/is/no/such/folder").look(PICTURE)


def first(trace, *kinds: str):
    return next(node for node in trace.nodes if node.kind in kinds)


def table(page, title: str) -> list[list[str]]:
    """The numbers under that title, row by row."""
    rows = page.locator(f".window table[aria-label='{title}'] tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def close(texts: list[list[str]], numbers: np.ndarray) -> bool:
    """Two decimals agree."""
    found = np.array([[number(text)[0] for text in row] for row in texts])
    return found.shape == numbers.shape and bool(np.allclose(found, numbers, atol=0.0051))


def cell_of(page) -> str:
    return parse_qs(urlsplit(page.url).query)["cell"][0]


def test_the_number_in_bold_is_the_traces_own_in_every_layer(open_page, trace):
    page = open_page(LOOK)
    page.locator(".stage .view").wait_for()
    told = [node.name for node in trace.nodes if node.caption]
    for name in told:
        shape = trace.value(name).shape[1:]
        cell = ",".join(str(n // 2) for n in shape)
        visit(page, f"{LOOK}&node={name}&cell={cell}")
        shows(page, trace, name, cell)


def test_the_window_shows_what_the_kernel_sees_and_what_it_makes_of_it(open_page, trace):
    name = first(trace, "convolution").name
    page = open_page(f"{LOOK}&node={name}&cell=3,12,9")
    shows(page, trace, name, "3,12,9")
    pixels, weights = trace.array("pixels")[0, 0], trace.array(f"{name.split('.')[0]}.weight")[3, 0]
    seen = pixels[11:14, 8:11]
    assert close(table(page, "What it sees"), seen)
    assert close(table(page, "Kernel"), weights)
    assert close(table(page, "Products"), seen * weights)
    said = page.locator(".window .foot-sum").inner_text().removeprefix("sum ")
    assert agrees(said, float((seen * weights).sum()))
    assert page.locator(".window .under p").inner_text().startswith("same: a border of zeros, 1 wide")
    assert page.locator(".window td.zero").count() == 0
    visit(page, f"{LOOK}&node={name}&cell=3,0,27")
    shows(page, trace, name, "3,0,27")
    assert page.locator(".window td.zero").count() == 5  # of the corner, a row and a column are no pixels
    after = next(node for node in trace.nodes if node.kind == "relu")
    _, value = after.name, trace.array(after.name)[0, 3, 0, 27]
    assert agrees(page.locator(".window .total b").last.inner_text(), float(value))
    page.locator(".window .total button").click()
    shows(page, trace, after.name, "3,0,27")


def test_the_sums_of_all_channels_and_the_bias_are_the_number(open_page, trace):
    node = [node for node in trace.nodes if node.kind == "convolution"][1]
    page = open_page(f"{LOOK}&node={node.name}&cell=2,10,10")
    shows(page, trace, node.name, "2,10,10")
    page.get_by_role("button", name="more channels").click()
    chips = page.locator(".sums .chip").all()
    found = [number(chip.inner_text().split()[-1])[0] for chip in chips]
    assert len(found) == trace.value(f"{node.module}.weight").shape[1] + 1
    assert sum(found) == pytest.approx(float(trace.array(node.name)[0, 2, 10, 10]), abs=0.002 * len(found))
    chips[5].click()
    assert chips[5].get_attribute("aria-pressed") == "true"
    assert page.locator(".window figcaption").first.inner_text().endswith("channel 5")
    seen = trace.array(node.args[0]["value"])[0, 5, 9:12, 9:12]
    assert close(table(page, "What it sees"), seen)


def test_pointing_at_an_output_pixel_moves_the_window(open_page, trace):
    name = first(trace, "convolution").name
    page = open_page(f"{LOOK}&node={name}&cell=0,0,0")
    shows(page, trace, name, "0,0,0")
    box = page.locator("[data-tile='2'] canvas").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 14.5 / 28, box["y"] + box["height"] * 10.5 / 28)
    shows(page, trace, name, "2,10,14")
    assert close(table(page, "What it sees"), trace.array("pixels")[0, 0, 9:12, 13:16])
    assert cell_of(page) == "0,0,0"
    page.mouse.down()
    page.mouse.up()
    page.wait_for_function("() => new URLSearchParams(location.search).get('cell') === '2,10,14'")


def test_the_window_slides_by_hand_is_played_and_stops(open_page, trace):
    name = first(trace, "convolution").name
    page = open_page(f"{LOOK}&node={name}&cell=1,2,26")
    shows(page, trace, name, "1,2,26")
    slider = page.get_by_role("slider", name="Where the window lies")
    assert slider.input_value() == str(2 * 28 + 26)
    assert slider.get_attribute("aria-valuetext") == "row 2, column 26"
    assert page.get_by_role("button", name="Play").count() == 0  # less motion was asked for
    slider.focus()
    page.keyboard.press("ArrowRight")
    shows(page, trace, name, "1,2,27")
    page.keyboard.press("ArrowRight")
    shows(page, trace, name, "1,3,0")
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_label("Speed").select_option("fast")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('cell').split(',')[2] > 2")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play").wait_for()
    stopped = cell_of(page)
    assert stopped.startswith("1,3,")
    page.wait_for_timeout(500)
    assert cell_of(page) == stopped
    shows(page, trace, name, stopped)
    page.get_by_role("button", name="Play").click()
    page.emulate_media(reduced_motion="reduce")  # asked for while it plays
    page.get_by_role("button", name="Pause").wait_for(state="detached")


def test_the_keyboard_goes_the_way_the_picture_lies(open_page, trace):
    name = first(trace, "relu").name
    page = open_page(f"{LOOK}&node={name}&cell=2,5,6")
    shows(page, trace, name, "2,5,6")
    ways = {"ArrowRight": "2,5,7", "ArrowDown": "2,6,7", "ArrowLeft": "2,6,6", "ArrowUp": "2,5,6"}
    for key, cell in [*ways.items(), ("]", "3,5,6"), ("[", "2,5,6")]:
        page.keyboard.press(key)
        shows(page, trace, name, cell)
    assert page.locator(".keys-hint").inner_text().startswith("← → column · ↑ ↓ row")


def test_pooling_says_which_pixel_won(open_page, trace):
    node = first(trace, "max_pool2d_with_indices")
    before = trace.array(node.args[0]["value"])[0]
    page = open_page(f"{LOOK}&node={node.name}&cell=1,5,6")
    shows(page, trace, node.name, "1,5,6")
    for channel in range(3):
        visit(page, f"{LOOK}&node={node.name}&cell={channel},5,6")
        shows(page, trace, node.name, f"{channel},5,6")
        window = before[channel, 10:12, 12:14]
        row, column = np.unravel_index(window.argmax(), (2, 2))
        assert close(table(page, "What it sees"), window)
        said = page.locator(".window .result p").first.inner_text()
        assert said == f"row {10 + row}, column {12 + column} has the largest and goes on"
        assert page.locator(".window td.ring").count() == 1


def test_flattening_says_which_pixel_a_number_was(open_page, trace):
    node = first(trace, "view")
    shape = trace.value(node.args[0]["value"]).shape[1:]
    page = open_page(f"{LOOK}&node={node.name}&cell=100")
    shows(page, trace, node.name, "100")
    channel, row, column = np.unravel_index(100, shape)
    assert f"channel {channel}, row {row}, column {column} of " in page.locator(".explained").inner_text()


def test_softmax_shows_each_exponential(open_page, trace):
    page = open_page(f"{LOOK}&node=probabilities&cell=2")
    shows(page, trace, "probabilities", "2")
    logits = trace.array("dense.logits")[0].astype(float)
    rows = [row.locator("th, td").all_inner_texts() for row in page.locator(".exponentials tbody tr").all()]
    powers = np.exp(logits - logits.max())
    for n, (label, z, shifted, power, share, _) in enumerate(rows):
        assert label == trace.axis_labels["class"][n]
        assert agrees(z, logits[n]) and agrees(shifted, logits[n] - logits.max())
        assert agrees(power, powers[n]) and agrees(share, powers[n] / powers.sum())
    assert len(rows) == 10


def test_what_a_channel_responds_to_stands_below_its_map(open_page, trace):
    name = first(trace, "relu").name
    page = open_page(f"{LOOK}&node={name}&cell=4,5,6")
    section = page.locator(".patches")
    section.locator("li").nth(8).wait_for(timeout=60_000)
    assert section.locator("h4").inner_text().strip() == "What channel 4 responds to most"
    values = [number(text)[0] for text in section.locator("figcaption .num").all_inner_texts()]
    assert len(values) == 9 and values == sorted(values, reverse=True)
    assert set(section.locator("figcaption b").all_inner_texts()) <= set(trace.axis_labels["class"])
    assert "3 × 3 pixels from row" in section.locator("svg.crop").first.get_attribute("aria-label")
    visit(page, f"{LOOK}&node=probabilities")
    section.wait_for(state="detached")


def test_a_room_without_pictures_is_not_asked_for_patches(open_page):
    page = open_page("/spam_detector/look?lang=en&run=bundled")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".stage .view").wait_for()
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert page.locator(".patches, .window").count() == 0 and not [url for url in asked if "/patches" in url]


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-TW", "dark")])
def test_a_phone_has_room_for_it_and_everyone_can_read_it(open_page, trace, language, scheme):
    name = first(trace, "convolution").name
    url = LOOK.replace("lang=en", f"lang={language}")
    page = open_page(f"{url}&node={name}&cell=3,12,9", viewport=PHONE, scheme=scheme)
    shows(page, trace, name, "3,12,9")
    page.locator(".patches li").nth(8).wait_for(timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(page) == []
    if language == "zh-TW":
        assert page.locator(".window .under p").inner_text().startswith("same：四周補 1 圈零")
    visit(page, f"{url}&node=probabilities&cell=2")
    shows(page, trace, "probabilities", "2")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious(page) == []
