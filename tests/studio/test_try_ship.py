"""Try and Ship in a browser: answers as one types, an edited copy, a file, an export, the model run in the page."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from pellucid import api

TRY, SHIP = "/spam_detector/try?lang=en", "/spam_detector/ship?lang=en"
TEXT = "WINNER!! Claim your free prize now"


@pytest.fixture(scope="module")
def bundled():
    return api.find("spam_detector", runs="there/is/no/such/folder")


def answer(page) -> tuple[str, str]:
    return page.locator(".answer output").last.inner_text(), page.locator(".gauge b").last.inner_text()


def until(page, text: str, where: str = ".gauge b") -> None:
    """Until the page shows that text there; fails where it never does."""
    page.locator(where, has_text=text).last.wait_for()


def shown(bundled, text: str) -> str:
    return f"{bundled.predict(text)['probability']:.4f}"


def test_the_answer_follows_the_keys_and_so_does_the_url(open_page, bundled):
    page = open_page(TRY)
    page.locator("textarea").fill(TEXT)
    until(page, shown(bundled, TEXT))
    assert answer(page) == (bundled.predict(TEXT)["label"], shown(bundled, TEXT))
    page.locator("textarea").press("End")
    page.keyboard.type(" see you at home later")
    longer = f"{TEXT} see you at home later"
    until(page, shown(bundled, longer))
    page.wait_for_url("**input=*later")
    page.reload()
    until(page, shown(bundled, longer))
    assert page.locator("textarea").input_value() == longer


def test_nothing_written_has_no_answer(open_page):
    page = open_page(f"{TRY}&input=")
    page.get_by_text("Write something").wait_for()
    assert page.locator(".answer, .influence").count() == 0


def test_influence_by_both_measures_is_that_of_the_system(open_page, bundled):
    page = open_page(f"{TRY}&input=ok+claim+your+prize+qwertz")
    own = bundled.system.influence("ok claim your prize qwertz")
    page.locator(".words li").nth(4).wait_for()
    assert page.locator(".words .word").all_inner_texts() == list(own.parts)
    assert [li.get_attribute("class") for li in page.locator(".words .word").all()][-1].split() == ["word", "unknown"]
    for title, values in (("Occlusion", own.occlusion), ("Gradient · input", own.gradient)):
        page.get_by_role("radio", name=title).click()
        largest = max(map(abs, values))
        figures = [float(text.replace("−", "-")) for text in page.locator(".words li .num").all_inner_texts()]
        assert figures == pytest.approx(values, abs=largest / 100)
        tallest = max(range(5), key=lambda i: abs(values[i]))
        heights = [bar.evaluate("bar => bar.getBoundingClientRect().height") for bar in page.locator(".words i").all()]
        assert heights[tallest] == max(heights) > 40


def test_the_measure_is_switched_by_a_key(open_page):
    page = open_page(f"{TRY}&input=ok")
    page.locator(".words li").first.wait_for()
    page.keyboard.press("m")
    page.get_by_role("radio", name="Gradient · input", checked=True).wait_for()
    page.keyboard.press("i")
    page.keyboard.type("then ")  # and no key is a command while one writes
    assert "then" in page.locator("textarea").input_value()


def test_an_edited_copy_stands_beside_the_original(open_page, bundled):
    page = open_page(f"{TRY}&input=claim+your+prize+now")
    page.locator(".answer").wait_for()
    page.get_by_role("button", name="Edit a copy").click()
    copy = page.locator("textarea:not([readonly])")
    assert copy.evaluate("box => box === document.activeElement")
    copy.fill("claim your library now")
    until(page, "1 taken out, 1 put in", ".change")
    until(page, shown(bundled, "claim your library now"))
    assert shown(bundled, "claim your prize now") in page.locator(".change").inner_text()
    assert page.locator(".words .removed").all_inner_texts() == ["prize"]
    assert page.locator(".words .added").all_inner_texts() == ["library"]
    page.wait_for_url("**input2=claim+your+library+now")
    page.go_back()
    page.locator(".panel").nth(1).wait_for(state="detached")
    assert page.locator("textarea").input_value() == "claim your prize now"
    page.go_forward()
    page.get_by_role("button", name="Keep the copy").click()
    page.wait_for_url("**input=claim+your+library+now")
    assert page.locator("textarea").input_value() == "claim your library now"


def test_look_inside_takes_the_input_along(open_page):
    page = open_page(TRY)
    page.locator("textarea").fill("free tea")
    page.get_by_role("link", name="Look inside").click()
    page.wait_for_url("**/spam_detector/look?*input=free+tea*")


def test_a_file_is_answered_and_downloaded(open_page, bundled):
    page = open_page(TRY, accept_downloads=True)
    content = "body\n" + "".join(f"{text}\n" for text in (TEXT, "=1+1", "恭喜中獎"))
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": content.encode("cp950")}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Column").fill("body")
    page.get_by_label("Encoding").select_option("cp950")
    page.get_by_role("button", name="Answer every row").click()
    page.get_by_text("3 rows answered").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download mine-answers.csv").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["text"] for row in rows] == [TEXT, "'=1+1", "恭喜中獎"]
    assert float(rows[0]["probability"]) == pytest.approx(bundled.predict(TEXT)["probability"], abs=1e-6)


def test_a_file_that_cannot_be_read_is_said_at_its_place(open_page):
    page = open_page(TRY)
    page.locator("input[type=file]").set_input_files({"name": "m.xlsx", "mimeType": "", "buffer": b"PK"})
    assert "m.xlsx" in page.locator(".whole-file [role=alert]").inner_text()
    dropped = page.evaluate_handle(
        "() => { const all = new DataTransfer(); all.items.add(new File(['body\\nhello\\n'], 'd.csv')); return all; }"
    )
    page.locator(".drop").dispatch_event("drop", {"dataTransfer": dropped})
    assert page.locator(".drop .name").inner_text() == "d.csv"
    page.get_by_role("button", name="Answer every row").click()
    until(page, "d.csv: no column 'text' among 'body'", ".whole-file [role=alert]")
    open_page.watched.wrong.remove(
        "console: Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
    )


def test_exported_downloaded_and_run_in_the_page_without_a_network(open_page, bundled):
    page = open_page(SHIP, accept_downloads=True)
    card = page.locator(".target").first
    card.get_by_role("button").last.click()
    card.get_by_role("progressbar").wait_for()
    card.locator(".ship-state", has_text="ready").wait_for(timeout=120_000)
    assert "256 real inputs" in card.inner_text()
    with page.expect_download() as download:
        card.get_by_role("link", name="Download bundle").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "spam_detector-bundled-onnx/codec.js" in archive.namelist()

    page.get_by_role("radio", name="Python").click()
    assert "onnxruntime.InferenceSession" in page.locator(".snippet pre").inner_text()
    page.get_by_role("radio", name="JavaScript").click()
    assert 'from "./codec.js"' in page.locator(".snippet pre").inner_text()

    page.get_by_role("button", name="Load the model").click()
    page.locator(".here textarea").fill(TEXT)
    until(page, f"{bundled.predict(TEXT)['probability']:.7f}"[:7], ".both tbody tr:last-child")
    until(page, "The same answer", ".here .same")
    here, server = (row.locator("td").all_inner_texts() for row in page.locator(".both tbody tr").all())
    own = bundled.predict(TEXT)
    assert float(here[2].replace("−", "-")) < 1e-5 and server[2] == "–"  # the difference
    for label, probability, *_ in (here, server):
        assert label == own["label"]
        assert float(probability) == pytest.approx(own["probability"], abs=1e-6)

    page.context.set_offline(True)
    page.locator(".here textarea").fill("恭喜中獎 ok")
    until(page, "still answers", ".here .same")
    label, probability, *_ = page.locator(".both tbody tr").first.locator("td").all_inner_texts()
    own = bundled.predict("恭喜中獎 ok")
    assert (label, float(probability)) == (own["label"], pytest.approx(own["probability"], abs=1e-6))
    open_page.watched.wrong.remove("console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
