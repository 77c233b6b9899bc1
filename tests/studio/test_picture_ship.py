"""A picture classifier's exported models run in the page, on a drawing, beside the server; its mistakes as links."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from conftest import expected
from pellucid import api
from pellucid.ship.litert import installed
from studio.seen import serious
from studio.test_picture_try import ROOM, SEVEN, draw, until_asked

WARNS = ("WebGPU", "No available adapters")  # LiteRT.js asks for a GPU first, which this Chromium has not


@pytest.fixture(scope="module")
def exported(start_studio, tmp_path_factory):
    """A studio with a tiny run and its bundles: the studio, the run, the names of the run times in the page."""
    studio = start_studio(tmp_path_factory.mktemp("shipped") / "runs")
    trained = api.train(ROOM, runs=studio.runs, **expected(ROOM)["tiny"]["fields"])
    trained.export("onnx")
    if installed():
        trained.export("litert")
    return studio, trained, ["onnxruntime-web", "LiteRT.js"][: 1 + installed()]


def rows(page) -> list[list[str]]:
    found = page.locator(".both tbody tr").all()
    return [[row.locator("th .fine").inner_text(), *row.locator("td").all_inner_texts()] for row in found]


def test_the_models_in_the_page_answer_a_drawing_as_the_server_does(open_page, exported):
    studio, trained, by = exported
    page = open_page(f"/{ROOM}/ship?lang=en&input=", of=studio)
    page.get_by_role("button", name="Load the model").click()
    draw(page, SEVEN)
    url = until_asked(page, "")
    page.locator(".here .same", has_text="The same answer").wait_for()
    wanted = trained.predict(url)
    *here, server = rows(page)
    assert [row[0] for row in here] == by
    for _, label, probability, difference, time in here:
        assert label == wanted["label"]
        assert float(probability) == pytest.approx(wanted["probability"], abs=1e-5)
        assert float(difference.replace("−", "-")) < 1e-5
        assert time.endswith(" ms") and float(time.split()[0]) > 0
    assert server[1] == wanted["label"] and server[3] == "–"

    page.context.set_offline(True)  # an older drawing over this one, without a network
    draw(page, [(0.2, 0.5), (0.8, 0.5)])
    page.locator(".here .same", has_text="still answers").wait_for()
    changed = until_asked(page, url)
    wanted = trained.predict(changed)
    page.wait_for_function(
        "near => Math.abs(document.querySelector('.both tbody td.num').textContent - near) < 1e-4",
        arg=wanted["probability"],
    )
    for _, label, probability, difference, _time in rows(page)[:-1]:
        assert (label, difference) == (wanted["label"], "–")
        assert float(probability) == pytest.approx(wanted["probability"], abs=1e-4)
    assert changed != url
    wrong = open_page.watched.wrong
    wrong[:] = [each for each in wrong if not any(said in each for said in (*WARNS, "ERR_INTERNET_DISCONNECTED"))]


@pytest.mark.skipif(not installed(), reason="LiteRT is not installed")
def test_a_file_that_cannot_be_loaded_leaves_the_others(open_page, exported):
    studio, trained, _ = exported
    model = trained.export_folder("litert") / "model.tflite"
    kept = model.with_suffix(".kept")
    shutil.copy(model, kept)
    page = open_page(f"/{ROOM}/ship?lang=en", of=studio)
    page.get_by_role("button", name="Load the model").wait_for()
    model.write_bytes(b"broken")
    try:
        page.get_by_role("button", name="Load the model").click()
        page.locator(".here [role=alert]", has_text="could not be loaded").wait_for()
        page.locator(".here .same", has_text="The same answer").wait_for()
        assert [row[0] for row in rows(page)][:-1] == ["onnxruntime-web"]
    finally:
        kept.replace(model)
    open_page.watched.wrong.clear()


def test_the_confusion_matrix_leads_to_its_mistakes(open_page):
    bundled = api.find(ROOM, runs="there/is/no/such/folder")
    matrix = np.array(bundled.evaluate("test")["confusion"])
    page = open_page(f"/{ROOM}/train?lang=en&watch=bundled&run=bundled")
    page.get_by_role("button", name="Evaluate").click()
    table = page.locator(".heat-table")
    table.wait_for()
    cells = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert [[int(n.replace(",", "")) for n in row] for row in cells] == matrix.tolist()
    assert not serious(page)
    apart = matrix * (1 - np.eye(len(matrix), dtype=int))
    truth, answer = np.unravel_index(apart.argmax(), apart.shape)
    n = int(apart.max())
    names = table.locator("thead th").all_inner_texts()
    link = table.locator("tbody tr").nth(truth).locator("td").nth(answer).locator("a")
    assert link.get_attribute("aria-label") == f"{n} times {names[truth]} was answered {names[answer]}: show them"
    page.click(".languages [lang='zh-TW']")
    page.get_by_role("heading", name="混淆矩陣").wait_for()
    said = f"實際是 {names[truth]}、答成 {names[answer]} 的有 {n} 筆：顯示它們"
    assert link.get_attribute("aria-label") == said
    link.click()
    page.locator(".samples button").first.wait_for()
    found = page.locator(".samples .truth").all_inner_texts()
    assert found == [f"{names[truth]} → {names[answer]}"] * n
