"""Level lines of values on a grid as chains of points: marching squares."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Edge = tuple[int, int, int]
"""Row and column of a grid point, and 0 for the edge to its right, 1 for the one above it."""

MOST_LINES = 8


def level_lines(x: Array, y: Array, values: Array, level: float) -> list[Array]:
    """Where values [y, x] pass the level: chains of points [n, 2], longest first; closed ones end where they began."""
    z = np.where(values == level, np.nextafter(level, np.inf), values) - level
    links: dict[Edge, list[Edge]] = {}
    for row in range(len(y) - 1):
        for column in range(len(x) - 1):
            for one, other in _crossed(z, row, column):
                links.setdefault(one, []).append(other)
                links.setdefault(other, []).append(one)
    chains = sorted(_chains(links), key=len, reverse=True)
    return [np.array([_place(x, y, z, edge) for edge in chain]) for chain in chains[:MOST_LINES] if len(chain) > 2]


def _crossed(z: Array, row: int, column: int) -> list[tuple[Edge, Edge]]:
    """The pieces of lines in one square, from edge to edge."""
    corners = z[row, column], z[row, column + 1], z[row + 1, column + 1], z[row + 1, column]
    if not np.isfinite(corners).all():
        return []
    signs = [value > 0 for value in corners]
    edges: list[Edge] = [(row, column, 0), (row, column + 1, 1), (row + 1, column, 0), (row, column, 1)]
    hit = [edge for k, edge in enumerate(edges) if signs[k] != signs[(k + 1) % 4]]
    if len(hit) == 4:  # a saddle: the middle decides which corners belong together
        if (sum(corners) > 0) == signs[0]:
            return [(edges[0], edges[1]), (edges[2], edges[3])]
        return [(edges[3], edges[0]), (edges[1], edges[2])]
    return [(hit[0], hit[1])] if len(hit) == 2 else []


def _chains(links: dict[Edge, list[Edge]]) -> list[list[Edge]]:
    found, left = [], {edge: list(others) for edge, others in links.items()}
    for ends in (1, 2):  # open chains from their ends, then rings
        for edge in list(left):
            if len(left.get(edge, ())) == ends:
                chain = [edge]
                while left[chain[-1]]:
                    here = chain[-1]
                    there = left[here].pop()
                    left[there].remove(here)
                    chain.append(there)
                found.append(chain)
    return found


def _place(x: Array, y: Array, z: Array, edge: Edge) -> tuple[float, float]:
    row, column, up = edge
    here, there = z[row, column], z[row + up, column + 1 - up]
    share = here / (here - there)
    if up:
        return float(x[column]), float(y[row] + share * (y[row + 1] - y[row]))
    return float(x[column] + share * (x[column + 1] - x[column])), float(y[row])
