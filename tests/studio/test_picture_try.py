"""A picture as an input: drawn by mouse, finger and keys, uploaded, chosen, photographed; its answer and its maps."""

from __future__ import annotations

import base64
import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

from pellucid import api
from studio.conftest import DESKTOP, OPTIONS, PHONE
from studio.seen import serious

ROOM = "image_classifier"
TRY = f"/{ROOM}/try?lang=en&run=bundled"
SIDE = 96
SEVEN = [(0.3, 0.25), (0.7, 0.25), (0.5, 0.8)]

AS_FILES = """text => {
  const all = new DataTransfer();
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  all.items.add(new File([bytes], 'ramp.jpg', { type: 'image/jpeg' }));
  return all;
}"""
SENDS = {
    "drop": "(to, all) => to.dispatchEvent(new DragEvent('drop', { dataTransfer: all, bubbles: true }))",
    "paste": "(to, all) => to.dispatchEvent(new ClipboardEvent('paste', { clipboardData: all, bubbles: true }))",
}


@pytest.fixture(scope="module")
def own(studio):
    """The studio, and the run that comes with the room."""
    return studio, api.find(ROOM, runs="there/is/no/such/folder")


def asked(page) -> str:
    """The picture that the URL has."""
    return parse_qs(urlsplit(page.url).query).get("input", [""])[0]


def decoded(url: str, mode: str) -> np.ndarray:
    return np.array(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert(mode))


def pixels(url: str) -> np.ndarray:
    return decoded(url, "L")


def png(array: np.ndarray, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.fromarray(array).save(stream, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return stream.getvalue()


def draw(page, points, *, up: bool = True) -> None:
    """A stroke by mouse; places as shares of the pad."""
    pad = page.locator(".pad-canvas")
    pad.wait_for()
    pad.evaluate("pad => pad.scrollIntoView({ block: 'center' })")
    box = pad.bounding_box()
    spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=10)
    if up:
        page.mouse.up()


def until_asked(page, change: str) -> str:
    """Until the URL has another picture than that one, and the last of it; which."""
    last = """old => {
      const now = new URLSearchParams(location.search).get('input') ?? '';
      return now !== old && now === (document.querySelector('.beside .asked img')?.src ?? '');
    }"""
    page.wait_for_function(last, arg=change)
    page.wait_for_timeout(100)  # the end of a stroke is told a moment later
    page.wait_for_function(last, arg=change)
    return asked(page)


def answers_as(page, trained, url: str) -> None:
    """The page shows what the run says of that picture: label, its probability, and a bar for each class."""
    wanted = trained.predict(url)
    probability = wanted["probability"]
    page.locator(".answer .gauge b", has_text="1" if probability == 1 else f"{probability:.4f}").wait_for()
    assert page.locator(".answer-label output").inner_text() == wanted["label"]
    rows = page.locator(".distribution tr")
    assert rows.locator("th").all_inner_texts() == list(wanted["probabilities"])
    shown = [float(cell.get_attribute("title")) for cell in rows.locator("td.num").all()]
    assert shown == pytest.approx(list(wanted["probabilities"].values()), abs=1e-6)
    assert page.locator(".distribution tr.best th").all_inner_texts() == [wanted["label"]]
    widths = [float(bar.evaluate("bar => parseFloat(bar.style.width)")) for bar in rows.locator("i").all()]
    assert widths == pytest.approx([100 * share for share in wanted["probabilities"].values()], abs=0.01)


def test_what_is_drawn_is_answered_and_in_the_url(open_page, own):
    studio, trained = own
    page = open_page(f"{TRY}&input=", of=studio)
    page.get_by_text("Draw something").wait_for()
    assert page.locator(".answer, .maps").count() == 0
    draw(page, SEVEN)
    url = until_asked(page, "")
    picture = pixels(url)
    assert url.startswith("data:image/png;base64,")
    assert picture.shape == (SIDE, SIDE)
    for x, y in [(0.5, 0.25), (0.6, 0.525)]:  # on the stroke, and beside it
        assert picture[round(y * SIDE), round(x * SIDE)] == 255
    assert picture[round(0.8 * SIDE), round(0.2 * SIDE)] == 0
    assert 0.05 < (picture > 128).mean() < 0.15
    answers_as(page, trained, url)
    page.locator(".beside .asked .num", has_text="96 × 96").wait_for()
    assert page.locator(".beside .asked img").get_attribute("src") == url
    page.reload()
    answers_as(page, trained, url)
    page.get_by_role("link", name="Look inside").click()
    page.wait_for_url("**/look?*")
    assert asked(page) == url
    page.locator(".inputs .answered .label", has_text=trained.predict(url)["label"]).wait_for()


def test_the_answer_follows_while_one_still_draws(open_page, own):
    studio, trained = own
    page = open_page(f"{TRY}&input=", of=studio)
    draw(page, SEVEN[:2], up=False)
    page.locator(".answer-label output").wait_for()
    first = page.locator(".beside .asked img").get_attribute("src")
    box = page.locator(".pad-canvas").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.9 * box["height"], steps=20)
    page.wait_for_function("old => document.querySelector('.beside .asked img').src !== old", arg=first)
    page.wait_for_timeout(300)
    page.locator(".beside .asked img").evaluate("image => image.decode()")
    now = page.locator(".beside .asked img").get_attribute("src")
    answers_as(page, trained, now)  # the mouse is still down
    page.mouse.up()


def test_everything_is_drawn_by_keyboard_too(open_page, own):
    studio, trained = own
    page = open_page(f"{TRY}&input=", of=studio)
    page.locator(".pad-canvas").wait_for()
    page.keyboard.press("i")
    page.keyboard.press("ArrowLeft")
    page.locator(".pad [role=status]", has_text="Pen up: row 15, column 14").wait_for()
    page.keyboard.down(" ")
    for _ in range(8):
        page.keyboard.press("ArrowDown")
    page.keyboard.up(" ")
    line = until_asked(page, "")
    lit = pixels(line) > 128
    column = round((0.5 - 1 / 28) * SIDE)
    assert lit[48:75, column].all() and not lit[:40].any() and not lit[:, column + 10 :].any()
    answers_as(page, trained, line)
    page.keyboard.press("Enter")  # the pen goes down and stays there
    page.keyboard.press("Shift+ArrowRight")
    page.locator(".pad [role=status]", has_text="Pen down: row 23, column 18").wait_for()
    page.keyboard.press("Enter")
    corner = until_asked(page, line)
    assert (pixels(corner) > 128).sum() > lit.sum() + 60
    page.keyboard.press("Backspace")
    assert until_asked(page, corner) == line
    page.keyboard.press("Delete")
    assert until_asked(page, line) == ""
    page.get_by_text("Draw something").wait_for()
    page.get_by_role("button", name="Undo").press("Enter")
    assert until_asked(page, "") == line
    page.locator(".pad-canvas").focus()
    brush = page.locator(".beside .brush input")
    thin = float(brush.input_value())
    page.keyboard.press("+")
    assert float(brush.input_value()) > thin


def test_an_example_is_drawn_on_in_its_own_size(open_page, own):
    studio, _ = own
    page = open_page(f"{TRY}&input=", of=studio)
    page.get_by_role("button", name="Example 2").click()
    example = until_asked(page, "")
    assert pixels(example).shape == (28, 28)
    draw(page, [(0.1, 0.9), (0.9, 0.9)])
    changed = until_asked(page, example)
    before, after = pixels(example).astype(int), pixels(changed).astype(int)
    assert after.shape == (28, 28)
    assert (after[:20] == before[:20]).all() and after[25, 14] == 255
    page.get_by_role("button", name="Undo").click()
    assert until_asked(page, changed) == example
    page.get_by_role("button", name="Undo").click()
    assert until_asked(page, example) == ""


def test_a_file_is_made_small_and_sent_as_png(open_page, own):
    """… whether it is chosen, dropped or pasted."""
    studio, trained = own
    page = open_page(f"{TRY}&input=", of=studio)
    page.locator(".pad-canvas").wait_for()
    ramp = np.tile(np.linspace(0, 255, 480, dtype=np.uint8), (240, 1))
    before = ""
    for way, picture in (("upload", ramp), ("drop", ramp[:, ::-1]), ("paste", ramp.T)):
        content = png(np.ascontiguousarray(picture), "JPEG")
        if way == "upload":
            file = {"name": "ramp.jpg", "mimeType": "image/jpeg", "buffer": content}
            page.locator(".picture-input input[type=file]").set_input_files(file)
        else:
            data = page.evaluate_handle(AS_FILES, base64.b64encode(content).decode())
            page.locator(".picture-input" if way == "drop" else "body").first.evaluate(SENDS[way], data)
        url = until_asked(page, before)
        small = pixels(url).astype(float)
        height, width = (side // 5 for side in picture.shape)
        assert url.startswith("data:image/png") and small.shape == (height, width) and max(small.shape) == SIDE
        assert np.abs(small - picture.reshape(height, 5, width, 5).mean((1, 3))).max() < 4, way
        before = url
    answers_as(page, trained, before)


def test_even_noise_in_colours_is_small_enough_for_the_url(open_page, own):
    studio, trained = own
    page = open_page(f"{TRY}&input=", of=studio)
    noise = np.random.default_rng(0).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    page.locator(".picture-input input[type=file]").set_input_files(
        {"name": "noise.png", "mimeType": "image/png", "buffer": png(noise)}
    )
    url = until_asked(page, "")
    assert len(url) > 16_000  # more than a server usually takes
    page.reload()
    answers_as(page, trained, url)


def test_what_is_no_picture_is_said(open_page, own):
    page = open_page(f"{TRY}&input=", of=own[0])
    chooser = page.locator(".picture-input input[type=file]")
    chooser.set_input_files({"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"})
    page.get_by_role("alert").filter(has_text="notes.png: this browser cannot read it").wait_for()
    chooser.set_input_files({"name": "fine.png", "mimeType": "image/png", "buffer": png(np.zeros((9, 9), np.uint8))})
    until_asked(page, "")
    assert page.get_by_role("alert").count() == 0


def test_a_folder_is_answered_picture_by_picture_and_taken_away(open_page, own, tmp_path):
    studio, trained = own
    inputs, truths = trained.system.examples("test")
    for i in range(40):
        file = tmp_path / "mine" / truths[i] / f"{i}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels(inputs[i])).save(file)
    (tmp_path / "mine" / "notes.txt").write_text("no picture")
    (tmp_path / "mine" / ".hidden.png").write_bytes(b"")
    (tmp_path / "mine" / "0" / "broken.png").write_bytes(b"no picture")
    page = open_page(f"{TRY}&input=", of=studio)
    section = page.locator(".whole-file")
    section.locator("input[type=file][webkitdirectory]").set_input_files(tmp_path / "mine")
    section.get_by_role("status").filter(has_text="Pictures answered: 40").wait_for()
    section.get_by_text("left alone: 1.").wait_for()
    names = sorted((f"mine/{truths[i]}/{i}.png", i) for i in range(40))
    said = {
        name: answer for (name, _), answer in zip(names, trained.predict([inputs[i] for _, i in names]), strict=True)
    }
    rows = section.locator("tbody tr")
    shown = {row.locator("th").inner_text(): row.locator("td").all_inner_texts()[1:] for row in rows.all()}
    assert shown.pop("mine/0/broken.png") == ["no picture that the browser can read"]
    assert {name: cells[0] for name, cells in shown.items()} == {name: each["label"] for name, each in said.items()}
    with page.expect_download() as download:
        section.get_by_role("link", name="Download answers.csv").click()
    lines = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert len(lines) == 41
    for line in lines:
        if line["file"] in said:
            assert line["label"] == said[line["file"]]["label"]
            assert float(line["probability"]) == pytest.approx(said[line["file"]]["probability"], abs=1e-6)
            assert float(line["probabilities.3"]) == pytest.approx(said[line["file"]]["probabilities"]["3"], abs=1e-6)
        else:
            assert line["label"] == line["probability"] == ""
    assert not serious(page)
    rows.nth(2).locator("button").click()
    answers_as(page, trained, until_asked(page, ""))


def test_files_without_a_picture_are_said(open_page, own):
    page = open_page(f"{TRY}&input=", of=own[0])
    page.locator(".whole-file input[type=file]").first.set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    )
    page.get_by_role("alert").filter(has_text="There is no picture among these files").wait_for()


def test_the_gallery_pages_filters_and_chooses(open_page, own):
    studio, trained = own
    inputs, truths = trained.system.examples("test")
    answers = [answer["label"] for answer in trained.predict(list(inputs))]
    mistakes = [truth for truth, answer in zip(truths, answers, strict=True) if truth != answer]
    hardest = max(set(mistakes), key=mistakes.count)
    page = open_page(TRY, of=studio)
    page.get_by_role("button", name="From the test set").click()
    status = page.locator(".gallery .pages [role=status]")
    status.filter(has_text=f"1–48 of {len(inputs):,}").wait_for()
    assert page.locator(".samples button").count() == 48
    page.get_by_role("button", name="Next").click()
    status.filter(has_text="49–96").wait_for()
    page.locator(f".samples img[src='{inputs[48]}']").first.wait_for()

    page.get_by_label("Truth").select_option(hardest)
    status.filter(has_text=f"1–48 of {list(truths).count(hardest):,}").wait_for()
    page.get_by_label("Only the misclassified ones").check()
    wrong = [i for i, (truth, answer) in enumerate(zip(truths, answers, strict=True)) if hardest == truth != answer]
    status.filter(has_text=f"of {len(wrong):,}").wait_for()
    first = page.locator(".samples button").first
    assert first.get_attribute("aria-label") == f"{hardest}, answered {answers[wrong[0]]}"
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator("dialog").wait_for(state="detached")
    page.wait_for_function("() => !location.search.includes('gallery')")
    assert until_asked(page, "") == inputs[wrong[1]]
    answers_as(page, trained, inputs[wrong[1]])
    assert page.get_by_role("button", name="From the test set").evaluate("button => button === document.activeElement")


def test_text_is_chosen_from_the_test_set_too(open_page):
    page = open_page("/spam_detector/try?run=bundled&lang=zh-TW&gallery=input&truth=spam&wrong=1")
    row = page.locator(".samples button").first
    row.wait_for()
    assert row.locator(".truth").inner_text() == "spam → ham"
    text = row.locator(".shown-text").inner_text()
    row.click()
    page.locator("dialog").wait_for(state="detached")
    assert page.locator("textarea").input_value() == text
    page.locator(".answer-label output", has_text="ham").wait_for()


def test_maps_lie_over_what_the_network_saw(open_page, own):
    studio, trained = own
    example = trained.card.input.examples[0]
    own_maps = trained.system.influence(example)
    page = open_page(TRY, of=studio)
    page.locator(".maps").wait_for()
    assert page.locator(".overlay img").get_attribute("src") == own_maps.picture
    for language in ("en", "zh-TW"):
        page.click(f".languages [lang='{language}']")
        for each in own_maps.maps:
            page.get_by_role("radio", name=each.title[language], exact=True).click()
            page.locator(".maps .about", has_text=each.about[language]).wait_for()
            values = np.array(each.values)
            row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
            told = page.locator(".overlay-sheet").get_attribute("aria-label")
            place = (f"row {row + 1}, column {column + 1} ", f"第 {row + 1} 列、第 {column + 1} 行")[
                language == "zh-TW"
            ]
            assert each.title[language] in told and place in told
            alpha = decoded(page.locator(".overlay canvas").evaluate("sheet => sheet.toDataURL()"), "RGBA")[..., 3]
            wanted = 255 * (np.abs(values) / np.abs(values).max()) ** 0.7
            assert np.abs(alpha - wanted).max() <= 1
    page.locator(".overlay-sheet").focus()
    page.keyboard.press("ArrowLeft")
    said = page.locator(".overlay figcaption [role=status]").inner_text()
    assert f"{abs(values[row, column - 1]):.3f}"[:4] in said
    page.locator(".maps input[type=range]").fill("0")
    assert page.locator(".overlay canvas").evaluate("sheet => getComputedStyle(sheet).opacity") == "0"


def test_a_finger_draws_over_what_cannot_be_read(open_page, own):
    studio, trained = own
    page = open_page(f"{TRY}&input=hello", of=studio, viewport=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("alert").filter(has_text="picture").wait_for()
    pad = page.locator(".pad-canvas").bounding_box()
    page.touchscreen.tap(pad["x"] + 0.25 * pad["width"], pad["y"] + 0.5 * pad["height"])
    url = until_asked(page, "hello")
    rows, columns = np.nonzero(pixels(url) > 128)  # a dot
    assert (rows.mean(), columns.mean()) == pytest.approx((0.5 * SIDE - 0.5, 0.25 * SIDE - 0.5), abs=1)
    assert np.ptp(rows) == pytest.approx(0.08 * SIDE, abs=2)
    answers_as(page, trained, url)
    wrong = open_page.watched.wrong
    wrong[:] = [each for each in wrong if "status of 422" not in each and "ERR_" not in each]


def test_a_copy_is_drawn_on_beside_the_original(open_page, own):
    studio, trained = own
    page = open_page(TRY, of=studio)
    page.get_by_role("button", name="Edit a copy").click()
    draw(page, [(0.2, 0.5), (0.8, 0.5)])
    page.wait_for_function("() => new URLSearchParams(location.search).get('input2')?.startsWith('data:')")
    page.wait_for_timeout(500)
    query = parse_qs(urlsplit(page.url).query)
    first, second = trained.card.input.examples[0], query["input2"][0]
    assert (pixels(second) != pixels(first)).any()
    shown = page.locator(".panel .answer-label output").all_inner_texts()
    assert shown == [trained.predict(each)["label"] for each in (first, second)]
    assert page.locator(".overlay").count() == 2


@pytest.fixture
def with_camera(browser, own):
    """A function: whether it may be used → a page in a browser with a camera; and that browser's wrongs."""
    studio, _ = own
    chromium = browser.browser_type.launch(
        executable_path=browser_path(), args=[*OPTIONS, "--use-fake-device-for-media-stream"]
    )

    def go(allowed: bool):
        context = chromium.new_context(viewport=DESKTOP, permissions=["camera"] if allowed else [])
        context.add_init_script(
            "const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); window.tracks = [];"
            "navigator.mediaDevices.getUserMedia = async (wish) => {"
            " const stream = await open(wish); window.tracks.push(...stream.getTracks()); return stream; };"
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{studio.url}/?token={studio.token}", wait_until="commit")
        page.goto(f"{studio.url}{TRY}&input=")
        page.get_by_role("button", name="Camera").click()
        return page

    yield go
    chromium.close()


def browser_path() -> str:
    from studio.conftest import CHROMIUM

    return CHROMIUM


def test_a_photograph_is_taken_and_the_camera_is_let_go(with_camera, own):
    page = with_camera(True)
    take = page.get_by_role("button", name="Take it")
    page.wait_for_function("() => document.querySelector('video')?.videoWidth > 0")
    assert page.evaluate("window.tracks.map((track) => track.readyState)") == ["live"]
    assert page.evaluate("window.tracks.map((track) => track.kind)") == ["video"]
    take.click()
    url = until_asked(page, "")
    assert pixels(url).shape == (SIDE, SIDE)
    assert pixels(url).std() > 5  # the fake camera shows a pattern
    assert page.evaluate("window.tracks.map((track) => track.readyState)") == ["ended"]
    answers_as(page, own[1], url)
    page.get_by_role("button", name="Camera").click()
    page.wait_for_function("() => window.tracks.length === 2")
    page.keyboard.press("Escape")
    page.wait_for_function("() => window.tracks.every((track) => track.readyState === 'ended')")


def test_a_camera_that_is_refused_is_said_in_words(with_camera):
    page = with_camera(False)
    page.get_by_role("alert").filter(has_text="does not let this page use the camera").wait_for()
    assert page.get_by_role("button", name="Take it").count() == 0


@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["desktop", "phone"])
def test_all_of_it_fits_and_is_accessible(open_page, own, viewport, scheme):
    page = open_page(TRY, of=own[0], viewport=viewport, scheme=scheme)
    page.locator(".maps").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.click(".languages [lang='zh-TW']")
    page.get_by_text("每個像素的影響力").wait_for()
    assert not serious(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.get_by_role("button", name="從測試資料挑選").click()
    page.locator(".samples button").first.wait_for()
    assert not serious(page)
    assert page.locator("dialog").evaluate("box => box.scrollWidth <= box.clientWidth")
    if viewport is PHONE:  # the answer is seen while one draws
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")
        page.evaluate("scrollTo(0, 0)")
        assert page.locator(".answer-label").bounding_box()["y"] < viewport["height"]
