"""Ship, what test_try_ship.py leaves: the report's figures, a bundle that answers, lines to copy that work."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile

import pytest

from conftest import expected
from pellucid import api, catalog
from pellucid.ship.bundle import Bundle

TEXT = "WINNER!! Claim your free prize now"


@pytest.fixture(scope="module")
def own(start_studio, tmp_path_factory):
    """A studio with a tiny run, and the folder of its ONNX bundle, which is not there yet."""
    studio = start_studio(tmp_path_factory.mktemp("ship") / "runs")
    trained = api.train("spam_detector", runs=studio.runs, **expected("spam_detector")["tiny"]["fields"])
    return studio, trained, trained.export_folder("onnx")


def figures(page) -> dict[str, str]:
    card = page.locator(".target").first
    terms, told = card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts()
    return dict(zip(terms, told, strict=True))


def test_export_report_bundle_and_lines_to_copy(open_page, own, tmp_path):
    studio, trained, folder = own
    page = open_page(f"/spam_detector/ship?lang=en&input={TEXT.replace(' ', '+')}", of=studio, accept_downloads=True)
    card = page.locator(".target").first
    card.locator(".ship-state", has_text="not exported yet").wait_for()
    page.get_by_text("Export to ONNX first.").wait_for()  # nothing to run here, and no lines to copy
    assert page.locator(".snippet").count() == 0
    card.get_by_role("button", name="Export").press("Enter")
    card.get_by_role("progressbar").wait_for()
    assert page.locator(".target .actions button").evaluate_all("all => all.every((each) => each.disabled)")
    card.locator(".ship-state.done").wait_for(timeout=120_000)

    info = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    shown = figures(page)
    largest = info["parity"]["largest_difference"]
    assert shown["Largest difference"].split()[0] == f"{largest:.1e}".replace("e-0", "e−").replace("e-", "e−")
    assert shown["Compared on"] == f"{info['parity']['inputs']} real inputs"
    assert shown["Model"] == f"{info['bytes'] / 1000:.0f} kB"
    rows = {
        row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in card.locator("tbody tr").all()
    }
    for title, name in (("accuracy", "accuracy"), ("F1", "f1")):
        assert rows[title] == [f"{info['scores'][which][name]:.4f}" for which in ("trained", "shipped")]
    card.locator("summary").click()
    assert (folder / "PARITY.txt").read_text(encoding="utf-8").strip() == card.locator(
        "details pre"
    ).inner_text().strip()

    with page.expect_download() as download:
        card.get_by_role("link", name="Download bundle").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path)
    (inside,) = tmp_path.iterdir()
    bundle = Bundle.open(inside)
    codec = catalog.codec("spam_detector").from_json(bundle.codec)
    (answer,) = bundle.predict([TEXT], codec)
    wanted = trained.predict(TEXT)
    assert answer["label"] == wanted["label"]
    assert answer["probability"] == pytest.approx(wanted["probability"], abs=1e-5)

    page.get_by_role("radio", name="Shell").click()
    serve, curl = page.locator(".snippet pre").all_inner_texts()
    assert serve == f"pellucid serve {folder}"
    example = catalog.card("spam_detector").input.examples[0]
    assert curl.startswith("curl http://127.0.0.1:8600/predict")
    assert f'{{"input": "{example}"}}' in curl
    page.get_by_role("radio", name="Python").click()
    code = page.locator(".snippet pre").inner_text()
    done = subprocess.run([sys.executable, "-c", code], cwd=inside, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert example in code
    assert f"{trained.predict(example)['probability']:.4f}"[:5] in done.stdout
    page.get_by_role("radio", name="JavaScript").click()
    code = page.locator(".snippet pre").inner_text()
    named = set(re.findall(r'"\./([\w.-]+)"', code)) | set(re.findall(r'fetch\("([\w./-]+)"', code))
    assert {"codec.js"} <= named <= set(bundle.files)

    page.get_by_role("button", name="Load the model").press("Enter")
    page.locator(".here .same", has_text="The same answer").wait_for(timeout=60_000)
    assert page.locator(".here textarea").input_value() == TEXT  # what was tried last
    difference = page.locator(".here .same").inner_text().rsplit(" ", 1)[1].rstrip(".").replace("−", "-")
    assert float(difference) < 1e-5
    page.context.set_offline(True)
    page.locator(".here textarea").fill("see you at five")
    row = page.locator(".both tbody tr").first.locator("td")
    wanted = trained.predict("see you at five")
    page.wait_for_function(
        "near => Math.abs(document.querySelector('.both tbody td.num').textContent - near) < 1e-5",
        arg=wanted["probability"],
    )
    assert row.first.inner_text() == wanted["label"]
    wrong = open_page.watched.wrong
    wrong[:] = [each for each in wrong if "ERR_INTERNET_DISCONNECTED" not in each]


def test_a_bundle_of_other_weights_is_said_to_be_out_of_date(open_page, own):
    studio, _, folder = own
    file = folder / "bundle.json"
    info = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**info, "source": "0" * 64}), encoding="utf-8")
    page = open_page("/spam_detector/ship?lang=zh-TW", of=studio)
    page.locator(".target").first.locator(".ship-state.outdated", has_text="已過時").wait_for()
    page.get_by_role("button", name="重新匯出").wait_for()
