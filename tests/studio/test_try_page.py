"""Try, what test_try_ship.py leaves: another run, both explanations in both languages, files that are wrong."""

from __future__ import annotations

import json

import pytest

from conftest import expected
from pellucid import api

TRY = "/spam_detector/try?run=bundled"
TEXT = "ok see you, claim your prize"


@pytest.fixture(scope="module")
def bundled():
    return api.find("spam_detector", runs="there/is/no/such/folder")


@pytest.fixture(scope="module")
def own(start_studio, tmp_path_factory):
    """A studio with a tiny run: the studio, and the run."""
    studio = start_studio(tmp_path_factory.mktemp("try") / "runs")
    return studio, api.train("spam_detector", runs=studio.runs, **expected("spam_detector")["tiny"]["fields"])


def gauge(page, answer: dict) -> None:
    page.locator(".gauge b", has_text=f"{answer['probability']:.4f}").wait_for()
    assert page.locator(".answer output").inner_text() == answer["label"]


def test_each_run_has_its_own_answer(open_page, own, bundled):
    studio, trained = own
    page = open_page("/spam_detector/try?lang=en&input=free+prize", of=studio)  # one's own newest run, unless asked
    gauge(page, trained.predict("free prize"))
    page.get_by_role("button", name="Run: ").click()
    page.locator(".menu .list button", has_text="bundled").click()
    gauge(page, bundled.predict("free prize"))
    threshold = bundled.system.threshold
    assert (
        page.locator(".gauge-track")
        .get_attribute("aria-label")
        .endswith(f"From {threshold:.3f} on the answer changes.")
    )
    left = page.locator(".gauge-track s").evaluate("mark => parseFloat(mark.style.left)")
    assert left == pytest.approx(100 * threshold, abs=0.01)


@pytest.mark.parametrize(
    ("language", "occlusion", "gradient"),
    [("en", "Each word in turn is hidden", "gradient of the log-odds"),
     ("zh-TW", "輪流把每個詞遮住", "對數勝算")],
)  # fmt: skip
def test_influence_is_explained_and_points_the_right_way(open_page, bundled, language, occlusion, gradient):
    page = open_page(f"{TRY}&lang={language}&input={TEXT.replace(' ', '+')}")
    own = bundled.system.influence(TEXT)
    page.locator(".words li").nth(len(own.parts) - 1).wait_for()
    for key, sentence, values in ((None, occlusion, own.occlusion), ("m", gradient, own.gradient)):
        if key:
            page.keyboard.press(key)
        page.locator(".influence > p.quiet", has_text=sentence).wait_for()
        directions = page.locator(".words li").evaluate_all(
            """all => all.map((each) => {
              const [bar, word] = [each.querySelector('i').getBoundingClientRect(), each.getBoundingClientRect()];
              return [each.className, bar.height, (bar.top + bar.bottom) / 2 - word.top];
            })"""
        )
        line = min(middle + height / 2 for kind, height, middle in directions if kind == "pos")  # where bars begin
        for (kind, height, middle), value in zip(directions, values, strict=True):
            assert kind == ("neg" if value < 0 else "pos")
            assert height < 1 or (middle > line) == (value < 0)  # below the line: it speaks against
        tallest = max(height for _, height, _ in directions)
        for (_, height, _), value in zip(directions, values, strict=True):
            assert height == pytest.approx(tallest * abs(value) / max(map(abs, values)), abs=1.5)
    assert own.gradient_of[language] in page.locator(".legend").inner_text()
    assert {value > 0 for value in own.gradient} == {True, False}  # the text has words of both kinds


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.csv", "text\nfine\n\"\"\n", ["rows.csv, line 3", "'text' is empty"]),
        ("lines.jsonl", '{"text": "fine"}\n{"text":\n', ["lines.jsonl, line 2"]),
        ("long.txt", "fine\n" + "x" * 10_001 + "\n", ["long.txt, line 2", "10,001"]),
        ("names.csv", "message,label\nhello,ham\n", ["names.csv", "no column 'text'", "message"]),
        ("none.csv", "", ["none.csv"]),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_by_name_row_and_column(open_page, name, content, said):
    page = open_page(f"{TRY}&lang=en")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Answer every row").click()
    alert = page.locator(".whole-file [role=alert]")
    alert.wait_for()
    assert all(part in alert.inner_text() for part in said), alert.inner_text()
    assert page.get_by_role("link", name="Download").count() == 0
    wrong = open_page.watched.wrong
    wrong[:] = [each for each in wrong if "status of 422" not in each]


def test_a_file_comes_back_as_lines_of_json(open_page, bundled):
    texts = ["free prize", "恭喜中獎", "see you at five"]
    page = open_page(f"{TRY}&lang=zh-TW", accept_downloads=True)
    page.locator("input[type=file]").set_input_files(
        {"name": "簡訊.txt", "mimeType": "text/plain", "buffer": "\n".join(texts).encode()}
    )
    page.get_by_role("radio", name="JSON Lines").click()
    page.get_by_role("button", name="回答每一列").press("Enter")
    page.get_by_text("已回答 3 列").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="下載").click()
    assert download.value.suggested_filename == "簡訊-answers.jsonl"
    rows = [json.loads(line) for line in download.value.path().read_text(encoding="utf-8").splitlines()]
    for row, text in zip(rows, texts, strict=True):
        answer = bundled.predict(text)
        assert (row["text"], row["label"]) == (text, answer["label"])
        assert row["probability"] == pytest.approx(answer["probability"], abs=1e-6)
