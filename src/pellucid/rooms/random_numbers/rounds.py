"""Philox once more, on a tape: every operation of every round recorded, products as they are done by hand.

A product of two words of 32 bits has 64, more than the whole numbers that every tool holds. So a word is multiplied in
halves of 16 bits, as one multiplies on paper digit by digit, and no number here is above 2⁴⁹.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.look.tape import Tape
from pellucid.look.trace import Value
from pellucid.rooms.random_numbers.philox import BUMPS, MASK, MULTIPLIERS, ROUNDS, counters

HALF = 0xFFFF
MODULE = "philox"


def seed_key(pen: Tape, seed: int) -> Value:
    """[2], the words of the seed."""
    whole = pen.record.value(np.array(seed, dtype=np.int64), "seed", kind="input")
    low, high = pen("bitwise_and", whole, MASK), pen("bitwise_right_shift", whole, 32)
    return pen("stack", [low, high], name="key", axes=("word",))


def philox(pen: Tape, key: Value, blocks: int) -> tuple[Value, Value]:
    """Words 1 and 3, and words 2 and 4, of each block after ten rounds: each [2, blocks]."""

    def enter(values: Any, name: str, axes: tuple[str, ...] | None = None) -> Value:
        return pen.record.value(np.array(values, dtype=np.int64), name, axes)

    def do(
        kind: str, *args: Any, name: str | None = None, step: int | None = None, by: Any = ("word", "block")
    ) -> Value:
        made = pen(kind, *args, name=name, step=step, axes=by)
        pen.record.nodes[-1].module = MODULE
        return made

    multipliers, bumps = enter([[each] for each in MULTIPLIERS], "multipliers"), enter(BUMPS, "bumps", ("word",))
    words = enter(counters(blocks), "counters", ("word", "block"))
    pair = do("view", words, [2, 2, blocks], by=None)
    even = do("select", pair, 1, 0, name="even_before")
    odd = do("select", pair, 1, 1, name="odd_before")
    first = [_first_block(pen, even, odd)]
    for step in range(ROUNDS):
        low_product = do("mul", do("bitwise_and", even, HALF, step=step), multipliers, name="low_product", step=step)
        high_product = do(
            "mul", do("bitwise_right_shift", even, 16, step=step), multipliers, name="high_product", step=step
        )
        carried = do(
            "add", high_product, do("bitwise_right_shift", low_product, 16, step=step), name="carried", step=step
        )
        high = do("bitwise_right_shift", carried, 16, name="high", step=step)
        upper = do("bitwise_left_shift", do("bitwise_and", carried, HALF, step=step), 16, step=step)
        low = do("bitwise_or", upper, do("bitwise_and", low_product, HALF, step=step), name="low", step=step)
        mixed = do("bitwise_xor", do("flip", high, [0], step=step), odd, step=step)
        even = do("bitwise_xor", mixed, do("unsqueeze", key, 1, step=step, by=None), name="even", step=step)
        odd = do("flip", low, [0], name="odd", step=step)
        longer = do("add", key, bumps, step=step, by=("word",))
        key = do("bitwise_and", longer, MASK, name="round_key", step=step, by=("word",))
        first.append(_first_block(pen, even, odd))
    _bits(pen, first)
    return even, odd


def _first_block(pen: Tape, even: Value, odd: Value) -> Value:
    """[4], its words in their order."""
    words = pen("stack", [pen("select", even, 1, 0), pen("select", odd, 1, 0)], 1)
    return pen("view", words, [4], axes=("word",))


def _bits(pen: Tape, words: list[Value]) -> None:
    """[round, bit], 128 bits of the first block, before the first round and after each."""
    block = pen("stack", words, name="first_block", axes=("round", "word"))
    places = pen.record.value(np.arange(31, -1, -1, dtype=np.int64), "places", ("bit",))
    shifted = pen("bitwise_right_shift", pen("unsqueeze", block, 2), places)
    ones = pen("bitwise_and", shifted, 1)
    pen("view", ones, [len(words), 128], name="bits", axes=("round", "bit"))
