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


def trace(value: str, gradient: bool):
    """A network whose numbers are as long as the input; gradients are negative."""
    return lambda ask: float(int(ask.removeprefix("h[").removesuffix("]")) + len(value)) * (-1 if gradient else 1)


def found(*directives: str, of: str = "{{{{{}}}}}") -> dict[str, str]:
    text = "\n\n".join(of.format(directive) for directive in directives)
    return figures(read(f"# L\n\n## P {{#p}}\n\n{text}\n"), EXPECTED, summary, trace)


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


def test_figures_of_the_run_are_left_to_the_browser():
    assert found("run:training.seconds|.1f") == {}


def test_a_number_of_the_trace_is_that_of_the_input_named_last():
    lines = (
        "[a](look:h?run=bundled&input=one) {{trace:h[7]}}",
        "[b](look:h?cell=2) {{trace:h[7]}}",
        "[c](input:three) {{trace:h[7]|.1f}} {{trace:h[7]}}",
        "[d](look:h?show=gradient) {{trace:h[7]}} [e](try:else) {{trace:h[7]}}",
        "[f](look:h) {{trace:h[0]}}",
    )
    assert found(*lines, of="{}") == {
        "trace:h[7] · one": "10",
        "trace:h[7]|.1f · three": "12.0",
        "trace:h[7] · three": "12",
        "trace:h[7] · three · gradient": "-12",
        "trace:h[0] · three": "5",
    }


def test_a_number_of_the_trace_needs_an_input_on_its_own_page():
    page = "## {} {{#p{}}}\n\n"
    with pytest.raises(UserError, match=r"line 9: .* must name an input"):
        read("# L\n\n" + page.format("A", 1) + "[a](look:h?input=one)\n\n" + page.format("B", 2) + "{{trace:h[7]}}\n")


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
