"""A trace as a page: what would be too large for one is told in one line, and a notebook shows its text alone."""

from __future__ import annotations

import numpy as np
import pytest

from pellucid.cli import main
from pellucid.look import Recorder, TraceError, show


@pytest.fixture
def trace():
    record = Recorder()
    record.node("relu", [record.value(np.arange(3000.0), name="x", kind="input")], np.arange(3000.0), name="y")
    return record.trace()


def test_a_trace_that_is_too_large_for_a_page_says_so(trace, monkeypatch):
    assert len(trace.to_html()) > 30_000  # 24,000 bytes as text
    monkeypatch.setattr(show, "MOST", 30_000)
    with pytest.raises(TraceError, match=r"would have 0 MB, more than .* save the trace as a file"):
        trace.to_html()
    assert list(trace._repr_mimebundle_()) == ["text/plain"]


def test_the_command_line_says_so_too(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(show, "MOST", 1000)
    page = tmp_path / "page.html"
    with pytest.raises(SystemExit) as stop:
        main(["look", "spam_detector", "win a prize", "--html", str(page)])
    assert stop.value.code != 0
    assert capsys.readouterr().err.splitlines()[-1].startswith("pellucid: --html: a page with this trace")
    assert not page.exists()
