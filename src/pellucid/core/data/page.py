"""A page about a data set: what there is of each class, what is known of all, samples; in a terminal or as HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pellucid.core.progress import one_line

SHADES = " ░▒▓█"
ACROSS = 4  # pictures side by side in a terminal
LONGEST = 100  # characters of a text that is shown
STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
body { max-width: 960px; margin: 40px auto; padding: 0 20px; }
h1, h2 { font-weight: 600; line-height: 1.25; } h2 { font-size: 17px; margin-top: 32px; }
table { border-collapse: collapse; } th, td { padding: 3px 14px 3px 0; text-align: right; font-weight: 400; }
th:first-child, td:first-child { text-align: left; } thead th { border-bottom: 1px solid #8888; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; } dd { margin: 0; overflow-wrap: anywhere; }
dt, thead th { opacity: .7; }
img { image-rendering: pixelated; width: 64px; height: 64px; object-fit: contain; margin: 2px; }
li { overflow-wrap: anywhere; }
"""


@dataclass(frozen=True)
class DataPage:
    """What can be said of the data of any classifier."""

    title: str
    facts: Mapping[str, str]
    counts: Mapping[str, Mapping[str, int]]
    """Examples of each class, by part."""
    samples: Mapping[str, Sequence[str]]
    """Some inputs of each class, as the card's input takes them."""
    kind: Literal["text", "picture"]
    remarks: Sequence[str] = ()

    def lines(self) -> Iterator[str]:
        """The page in a terminal."""
        yield self.title
        yield ""
        width = max(map(len, self.facts))
        yield from (f"{name:{width}}  {one_line(value)}" for name, value in self.facts.items())
        yield ""
        yield from self._table()
        yield ""
        yield from (f"note: {one_line(remark)}" for remark in self.remarks)
        yield from self._pictures() if self.kind == "picture" else self._texts()

    def to_json(self) -> dict[str, object]:
        return {"title": self.title, "facts": dict(self.facts), "counts": self.counts, "remarks": list(self.remarks)}

    def to_html(self) -> str:
        """The page as one file that needs no other."""
        facts = "".join(f"<dt>{_safe(name)}</dt><dd>{_safe(value)}</dd>" for name, value in self.facts.items())
        parts = "".join(f"<th>{_safe(part)}</th>" for part in (*self.counts, "all"))
        rows = "".join(f"<tr>{''.join(f'<td>{_safe(cell)}</td>' for cell in row)}</tr>" for row in self._rows())
        samples = "".join(f"<h2>{_safe(label)}</h2>{self._shown(values)}" for label, values in self.samples.items())
        return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_safe(self.title)}</title>
<style>{STYLE}</style>
<h1>{_safe(self.title)}</h1>
<dl>{facts}</dl>
{"".join(f"<p>{_safe(remark)}</p>" for remark in self.remarks)}
<table><thead><tr><th>class</th>{parts}</tr></thead><tbody>{rows}</tbody></table>
{samples}
</html>
"""

    def _rows(self) -> Iterator[list[str]]:
        """Each class with its counts, and the sums."""
        labels = list(dict.fromkeys(label for part in self.counts.values() for label in part))
        for label in labels:
            found = [part.get(label, 0) for part in self.counts.values()]
            yield [label, *(f"{count:,}" for count in (*found, sum(found)))]
        sums = [sum(part.values()) for part in self.counts.values()]
        yield ["all", *(f"{count:,}" for count in (*sums, sum(sums)))]

    def _table(self) -> Iterator[str]:
        rows = [["class", *self.counts, "all"], *self._rows()]
        widths = [max(len(one_line(row[i])) for row in rows) for i in range(len(rows[0]))]
        for row in rows:
            first, *others = (one_line(cell) for cell in row)
            yield "  ".join([f"{first:{widths[0]}}", *(f"{c:>{w}}" for c, w in zip(others, widths[1:], strict=True))])

    def _texts(self) -> Iterator[str]:
        for label, values in self.samples.items():
            yield f"{one_line(label)}:"
            yield from (f"  {one_line(value)[:LONGEST]}" for value in values)

    def _pictures(self) -> Iterator[str]:
        """One picture of each class, some side by side."""
        drawn = [(label, blocks(values[0])) for label, values in self.samples.items() if values]
        for first in range(0, len(drawn), ACROSS):
            some = drawn[first : first + ACROSS]
            width = max(len(picture[0]) for _, picture in some)
            yield "  ".join(f"{one_line(label)[:width]:{width}}" for label, _ in some).rstrip()
            for row in range(max(len(picture) for _, picture in some)):
                cells = (picture[row] if row < len(picture) else "" for _, picture in some)
                yield "  ".join(f"{cell:{width}}" for cell in cells).rstrip()

    def _shown(self, values: Sequence[str]) -> str:
        if self.kind == "picture":
            return "".join(f'<img alt="" src="{_safe(value)}">' for value in values)
        return f"<ul>{''.join(f'<li>{_safe(value)}</li>' for value in values)}</ul>"


def blocks(url: str, most: int = 28) -> list[str]:
    """A picture in characters, each for a piece twice as high as wide, the brighter the fuller."""
    import numpy as np

    from pellucid.core.data.pictures import decode

    pixels = decode(url)
    gray = pixels.mean(axis=-1) if pixels.ndim == 3 else pixels.astype(np.float64)
    width = min(most, gray.shape[1])
    height = max(1, round(gray.shape[0] / gray.shape[1] * width / 2))
    rows, columns = (np.linspace(0, side, n + 1).tolist() for side, n in zip(gray.shape, (height, width), strict=True))
    places = [[gray[_span(rows, i)][:, _span(columns, j)].mean() for j in range(width)] for i in range(height)]
    return ["".join(SHADES[min(len(SHADES) - 1, int(value / 256 * len(SHADES)))] for value in row) for row in places]


def _span(edges: Sequence[float], i: int) -> slice:
    return slice(int(edges[i]), max(int(edges[i]) + 1, int(edges[i + 1])))


def _safe(text: str) -> str:
    return html.escape(text)
