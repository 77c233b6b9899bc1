"""Adding documents to a run of one's own in Try: a file and pasted text, found by the next question; a name in use."""

from __future__ import annotations

import pytest

from pellucid import api

FIRST = "The steamship left the harbour at dawn.\nA baker bakes bread in the morning.\n"


@pytest.fixture(scope="module")
def own(start_studio, tmp_path_factory):
    """A studio with a search of two documents: the studio, and the run."""
    folder = tmp_path_factory.mktemp("add")
    (folder / "first.txt").write_text(FIRST)
    studio = start_studio(folder / "runs")
    return studio, api.train("document_search", runs=studio.runs, data=str(folder / "first.txt"))


def test_a_file_and_pasted_text_are_found_by_the_next_question(open_page, own, tmp_path):
    studio, trained = own
    page = open_page("/document_search/try?lang=en&input=wave+bread", of=studio)
    section = page.locator(".add-more")
    (tmp_path / "more.txt").write_text("A submarine dives below the wave.\n")
    section.locator("input[type=file]").set_input_files(tmp_path / "more.txt")
    section.get_by_role("button", name="Add", exact=True).click()
    section.get_by_text("there are 3 now").wait_for()
    page.locator(".answer", has_text="A submarine dives").wait_for()

    section.get_by_role("radio", name="Pasted text").click()
    section.locator("textarea").fill("Bread and butter.\nA submarine under the ice.")
    section.get_by_role("button", name="Add", exact=True).click()
    section.get_by_text("there are 5 now").wait_for()
    page.locator(".answer", has_text="Bread and butter").wait_for()
    (first, second, *_) = api.open(trained.path).predict("submarine")["documents"]
    assert {first["text"], second["text"]} == {"A submarine dives below the wave.", "A submarine under the ice."}


def test_a_name_in_use_is_told_and_nothing_is_added(open_page, own, tmp_path):
    studio, trained = own
    page = open_page("/document_search/try?lang=zh-TW", of=studio)
    before = api.open(trained.path).system.codec.names
    (tmp_path / "first.txt").write_text("another bread\n")
    section = page.locator(".add-more")
    section.locator("input[type=file]").set_input_files(tmp_path / "first.txt")
    section.get_by_role("button", name="加入").click()
    error = section.get_by_role("alert")
    error.wait_for()
    assert "first.txt" in error.inner_text() and "already" not in error.inner_text()
    assert api.open(trained.path).system.codec.names == before
    assert all("422" in line for line in open_page.watched.wrong)  # the browser's own word on a refused request
    open_page.watched.wrong.clear()


def test_who_has_only_the_bundled_run_is_led_to_train(open_page):
    page = open_page("/document_search/try?lang=en&run=bundled")
    section = page.locator(".add-more")
    assert section.get_by_role("link").get_attribute("href").startswith("/document_search/train")
    assert section.locator("input[type=file]").count() == 0
