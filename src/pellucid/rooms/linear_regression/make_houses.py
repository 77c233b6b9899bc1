"""Write houses.csv, 200 made-up flats, always the same: `python -m pellucid.rooms.linear_regression.make_houses`

Nothing in it was ever sold. What it is made of is written here, for learners to compare with:

    price = 350 + 8.5 size + 40 rooms - 9 age - 60 station + noise        (in 10,000 NT$; standard deviation 90)

size: m²; rooms: go with size; age: years; door: the house number, which has no part in the price; station: km to walk.
sold: whether it was sold within a month; small, new flats go faster: log-odds = 2.2 - 0.012 size - 0.07 age.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("houses.csv")
ROWS, SEED = 200, 2026


def table(rows: int = ROWS, seed: int = SEED) -> str:
    """The whole file as text."""
    chance = np.random.default_rng(seed)
    size = np.round(np.clip(chance.lognormal(4.5, 0.4, rows), 25, 260))
    rooms = np.clip(np.round(size / 32 + chance.normal(0, 0.8, rows)), 1, 8)
    age = np.round(chance.uniform(0, 45, rows))
    door = chance.integers(1, 200, rows)
    station = np.round(chance.uniform(0.1, 3.0, rows), 1)
    price = np.round(350 + 8.5 * size + 40 * rooms - 9 * age - 60 * station + chance.normal(0, 90, rows))
    odds = 2.2 - 0.012 * size - 0.07 * age
    sold = np.where(chance.random(rows) < 1 / (1 + np.exp(-odds)), "yes", "no")
    lines = (
        f"{a:.0f},{b:.0f},{c:.0f},{d},{e:.1f},{f:.0f},{g}"
        for a, b, c, d, e, f, g in zip(size, rooms, age, door, station, price, sold, strict=True)
    )
    return "\n".join(["size,rooms,age,door,station,price,sold", *lines]) + "\n"


if __name__ == "__main__":
    FILE.write_text(table(), encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes")
