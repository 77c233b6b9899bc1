"""Figures of a lesson: the paths they follow, the counts, and how a number is written."""

from __future__ import annotations

import pytest

from pellucid.core.contract import Layer, Table
from pellucid.core.errors import UserError
from pellucid.learn.figures import figures, written
from pellucid.learn.lesson import read

EXPECTED = {
    "studies": [{"variants": {"cell=lstm rate=0.01": {"f1": {"mean": 0.9445}}}, "seeds": 3, "machine": "2 cores"}]
}


def summary(fields: dict[str, str]) -> list[Table]:
    size = int(fields.get("hidden", 2))
    model = Table("model", (Layer("a", "", "", 1000 * size, ""), Layer("b", "", "", 1, "")))
    return [model, Table("other", (Layer("a", "", "", 7, ""),))]


def found(*directives: str) -> dict[str, str]:
    text = "\n\n".join(f"{{{{{directive}}}}}" for directive in directives)
    return figures(read(f"# L\n\n## P {{#p}}\n\n{text}\n"), EXPECTED, summary)


def test_paths_and_counts_are_written_out():
    wanted = {
        "expected:studies.0.variants.cell=lstm rate=0.01.f1.mean|.3f": "0.945",
        "expected:studies.0.seeds": "3",
        "expected:studies.0.machine": "2 cores",
        "summary:hidden=5:a.parameters|,": "5,000",
        "summary::#0.total|,": "2,001",
        "summary::#1.total": "7",
        "summary::#1.a.parameters": "7",
    }
    assert found(*wanted) == wanted


def test_figures_of_the_trace_and_of_the_run_are_left_to_the_browser():
    assert found("trace:h[1,2]|.3f", "run:training.seconds|.1f") == {}


@pytest.mark.parametrize(
    ("directive", "said"),
    [
        ("expected:studies.1.seeds", "no place in a list of 1"),
        ("expected:studies.x.seeds", "no place"),
        ("expected:studies.0.seed", "Did you mean 'seeds'"),
        ("expected:studies.0.seeds.more", "there is no 'more'"),
        ("expected:studies.0.variants", "leads to dict"),
        ("expected:studies.0.machine|.3f", "no number"),
        ("summary::c.parameters", "there is no layer 'c'"),
        ("summary::#2.total", "no table #2"),
    ],
)
def test_one_that_leads_nowhere_is_named(directive, said):
    with pytest.raises(UserError) as error:
        found(directive)
    assert repr(directive) in str(error.value) and said in str(error.value)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1234567, ",", "1,234,567"),
        (19300.4333, ",.0f", "19,300"),
        (0.12345, ".3f", "0.123"),
        (7.1546, "+.3f", "+7.155"),
        (0.12345, ".1%", "12.3%"),
        (0.000123, ".1e", "1.2e-04"),
        (12, "", "12"),
        (0.5, "", "0.5"),
    ],
)
def test_formats(value, form, text):
    assert written(value, form) == text
