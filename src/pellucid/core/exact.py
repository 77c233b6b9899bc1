"""Linear algebra on fractions, which has no rounding: whether a system of equations is singular is then no guess."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def eliminate(rows: Sequence[Sequence[Fraction]], columns: int) -> tuple[list[list[Fraction]], list[int]]:
    """Gauss-Jordan: the reduced row echelon form [rows, width] of the first `columns`, and which of these have a
    leading one. Columns behind them (right sides) go along; the rows given stay as they are."""
    reduced, leading = [list(row) for row in rows], list[int]()
    for column in range(columns):
        top = len(leading)
        found = next((i for i in range(top, len(reduced)) if reduced[i][column]), None)
        if found is None:
            continue
        reduced[top], reduced[found] = reduced[found], reduced[top]
        reduced[top] = [value / reduced[top][column] for value in reduced[top]]
        for i, row in enumerate(reduced):
            if i != top and (factor := row[column]):
                reduced[i] = [value - factor * above for value, above in zip(row, reduced[top], strict=True)]
        leading.append(column)
    return reduced, leading
