"""Micro-batches by themselves: what is computed together, and whom a fault reaches."""

from __future__ import annotations

import asyncio
import threading

import pytest

from pellucid.server.batching import Batcher, OverloadError

pytestmark = pytest.mark.anyio


class Squares:
    """Squares numbers; holds every batch until it may go on, and fails on those it does not like."""

    def __init__(self, *bad: int):
        self.bad, self.sizes = bad, []
        self.go = threading.Event()

    def __call__(self, values):
        assert self.go.wait(20)
        self.sizes.append(len(values))
        if set(values) & set(self.bad):
            raise ZeroDivisionError(f"among {values}")
        return [{"square": value * value} for value in values]


async def begin(batcher, *requests):
    """Tasks that ask; they all wait when this returns."""
    tasks = [asyncio.create_task(batcher.ask(request)) for request in requests]
    await asyncio.sleep(0.05)
    return tasks


async def test_what_waits_is_computed_together_and_at_most_so_many():
    squares = Squares()
    batcher = Batcher(squares, most=8)
    tasks = await begin(batcher, *([i] for i in range(20)))
    squares.go.set()
    assert [answers[0]["square"] for answers in await asyncio.gather(*tasks)] == [i * i for i in range(20)]
    # the first tasks all asked before the loop gave the worker its turn
    assert sum(squares.sizes) == 20
    assert max(squares.sizes) == 8
    assert len(squares.sizes) <= 4


async def test_a_request_of_many_inputs_is_answered_in_order_over_several_batches():
    squares = Squares()
    squares.go.set()
    found = await Batcher(squares, most=8).ask(list(range(100)))
    assert [answer["square"] for answer in found] == [i * i for i in range(100)]
    assert squares.sizes == [8] * 12 + [4]


async def test_an_idle_batcher_answers_at_once_and_one_alone():
    squares = Squares()
    squares.go.set()
    batcher = Batcher(squares)
    for i in range(3):
        assert await asyncio.wait_for(batcher.ask([i]), 1) == [{"square": i * i}]
    assert squares.sizes == [1, 1, 1]


async def test_a_fault_reaches_just_the_request_at_fault():
    squares = Squares(13)
    tasks = await begin(batcher := Batcher(squares), [1], [2, 13], [3], [4, 5])
    squares.go.set()
    found = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)
    assert isinstance(found[1], ZeroDivisionError)
    assert [found[0], found[2], found[3]] == [[{"square": 1}], [{"square": 9}], [{"square": 16}, {"square": 25}]]
    assert await batcher.ask([6]) == [{"square": 36}]


async def test_a_client_that_goes_away_takes_nobody_along():
    squares = Squares()
    batcher = Batcher(squares, most=2)
    tasks = await begin(batcher, [1], [2], [3], [4], [5])
    tasks[1].cancel()  # being computed
    tasks[3].cancel()  # waiting
    await asyncio.sleep(0)
    squares.go.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [found[i] for i in (0, 2, 4)] == [[{"square": i * i}] for i in (1, 3, 5)]
    assert sum(squares.sizes) <= 4  # the one that waited was never computed


async def test_more_than_may_wait_is_refused_and_the_rest_is_answered():
    squares = Squares()
    batcher = Batcher(squares, most=2, waiting=4)
    tasks = await begin(batcher, [1, 2])  # being computed
    tasks += await begin(batcher, [3, 4, 5])  # waiting
    with pytest.raises(OverloadError):
        await batcher.ask([6, 7])
    squares.go.set()
    assert len(await tasks[0]) == 2
    assert len(await tasks[1]) == 3
    assert await batcher.ask([6, 7]) == [{"square": 36}, {"square": 49}]


async def test_a_missing_answer_is_a_fault_and_not_a_wait_for_ever():
    with pytest.raises(RuntimeError, match="2 inputs gave 1 answers"):
        await asyncio.wait_for(Batcher(lambda values: [{"square": 1}]).ask([1, 2]), 2)


async def test_batch_sizes_are_told():
    seen: list[int] = []
    squares = Squares()
    squares.go.set()
    await Batcher(squares, most=4, seen=seen.append).ask([1] * 6)
    assert seen == squares.sizes == [4, 2]
