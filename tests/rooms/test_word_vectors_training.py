"""Word vectors: the compiled kernel, the torch step and the definition in NumPy float64 are one thing."""

from __future__ import annotations

import dataclasses
import itertools
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from pellucid.rooms.word_vectors import reference
from pellucid.rooms.word_vectors.model import Batch, Prediction, WordVectors
from pellucid.rooms.word_vectors.options import Options
from pellucid.rooms.word_vectors.pairs import windows
from pellucid.rooms.word_vectors.sampling import Stream, noise_shares
from pellucid.rooms.word_vectors.train import PIECE, Vectors, cut, read, start, train

KINDS = list(itertools.product(("skipgram", "cbow"), ("negative", "hierarchical")))
V = 40


def tiny(tokens: int = 600, seed: int = 0) -> tuple[list[SimpleNamespace], np.ndarray]:
    """Zipf's words in documents of 0 to 30 tokens; ids of V and above are outside the vocabulary. (shards, counts)"""
    rng = np.random.default_rng(seed)
    ids = np.minimum(rng.zipf(1.3, tokens) - 1, V + 3).astype(np.int32)
    ids[: V + 4] = np.arange(V + 4)
    lengths = rng.integers(0, 30, tokens)
    offsets = np.minimum(np.concatenate([[0], np.cumsum(lengths)]), tokens)
    return [SimpleNamespace(ids=ids, offsets=offsets[: np.argmax(offsets) + 1])], np.sort(np.bincount(ids)[:V])[::-1]


def options(architecture: str, loss: str, **changes) -> Options:
    return Options(
        architecture, loss, **{"dimensions": 20, "epochs": 1, "seed": 3, "rate": 0.1, "sample": 0.05} | changes
    )


def random_vectors(opts: Options) -> Vectors:
    rng = np.random.default_rng(5)
    vectors = start(V, opts)
    return Vectors(*(rng.normal(0, 0.4, table.shape).astype(np.float32) for table in (vectors.input, vectors.output)))


def run(shards, counts, opts, vectors, place=(0, 0), device=None):
    return list(train(shards, counts, opts, vectors, place, device))


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
@pytest.mark.parametrize(
    "changes", [{}, {"shrink": False, "negative": 40, "window": 3, "dimensions": 16, "sample": 0}, {"threads": 2}]
)
def test_the_kernel_computes_the_definition(architecture, loss, changes):
    """With several threads, each changes the top of the tree in a copy: one piece gives the same."""
    shards, counts = tiny()
    opts = options(architecture, loss, **changes)
    vectors = random_vectors(opts)
    before = vectors.input.astype(np.float64)
    inputs, outputs = before.copy(), vectors.output.astype(np.float64)
    walk = windows(shards[0].ids, shards[0].offsets, counts, opts, Stream(opts.seed, 0, 0))
    reference.train(inputs, outputs, walk, opts, (opts.rate, opts.rate_end))
    run(shards, counts, opts, vectors)
    assert np.abs(inputs - before).max() > 0.3  # something moved
    np.testing.assert_allclose(vectors.input, inputs, atol=2e-5)
    np.testing.assert_allclose(vectors.output, outputs, atol=2e-5)


def test_a_change_in_a_file_beside_a_compiled_function_is_noticed(tmp_path):
    (tmp_path / "whole.py").write_text(
        "from part import number\nfrom pellucid.nn.lanes import compiled\n\n\n"
        "@compiled\ndef twice():\n    return 2 * number()\n\n\nprint(twice(), sum(twice.stats.cache_hits.values()))\n"
    )
    said = []
    for number in (3, 3, 4000):
        (tmp_path / "part.py").write_text(
            f"from pellucid.nn.lanes import compiled\n\n\n@compiled\ndef number():\n    return {number}\n"
        )
        os.utime(tmp_path / "part.py", (number, number))
        done = subprocess.run([sys.executable, "whole.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
        said.append(done.stdout.split())
    assert said == [["6", "0"], ["6", "1"], ["8000", "0"]]


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
def test_torch_takes_the_same_step(architecture, loss):
    shards, counts = tiny()
    opts = options(architecture, loss)
    vectors = random_vectors(opts)
    inputs, outputs = vectors.input.astype(np.float64), vectors.output.astype(np.float64)
    module = Prediction(torch.tensor(inputs), torch.tensor(outputs), architecture)
    some = [w for w in windows(shards[0].ids, shards[0].offsets, counts, opts, Stream(3)) if w.contexts][:60]
    for window in some:
        expected = reference.loss(inputs, outputs, window, architecture)
        reference.step(inputs, outputs, window, architecture, 0.1)
        assert module.step(Batch.of([window], torch.float64), 0.1).item() == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(module.inputs.weight.detach(), inputs, atol=1e-12)
    np.testing.assert_allclose(module.outputs.weight.detach(), outputs, atol=1e-12)


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
def test_a_padded_batch_is_the_sum_of_its_windows(architecture, loss):
    shards, counts = tiny()
    opts = options(architecture, loss)
    vectors = random_vectors(opts)
    tables = [torch.tensor(table, dtype=torch.float64) for table in (vectors.input, vectors.output)]
    some = [w for w in windows(shards[0].ids, shards[0].offsets, counts, opts, Stream(3)) if w.contexts][:20]
    assert len({len(w.contexts) for w in some}) > 1
    alone = sum(reference.loss(*(t.numpy() for t in tables), w, architecture) for w in some)
    found = Prediction(*tables, architecture).loss(Batch.of(some, torch.float64))
    assert found.item() == pytest.approx(alone, rel=1e-12)


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
def test_the_step_goes_down_the_gradient(architecture, loss):
    """Central differences of the loss; CBOW's contexts get N times the derivative, as word2vec.c gives them."""
    shards, counts = tiny()
    opts = options(architecture, loss)
    tables = [table.astype(np.float64) for table in (lambda v: (v.input, v.output))(random_vectors(opts))]
    walk = windows(shards[0].ids, shards[0].offsets, counts, opts, Stream(3))
    window = next(w for w in walk if len(set(w.contexts)) == len(w.contexts) > 2)
    stepped = [table.copy() for table in tables]
    reference.step(*stepped, window, architecture, 1.0)
    for number, rows in ((0, window.contexts), (1, window.targets)):
        factor = len(window.contexts) if architecture == "cbow" and number == 0 else 1
        for row, column in itertools.product(rows, (0, 7, 19)):
            ends = []
            for change in (1e-5, -1e-5):
                moved = [table.copy() for table in tables]
                moved[number][row, column] += change
                ends.append(reference.loss(*moved, window, architecture))
            gradient = factor * (ends[0] - ends[1]) / 2e-5
            assert tables[number][row, column] - stepped[number][row, column] == pytest.approx(gradient, abs=1e-7)


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
def test_going_on_gives_the_same_bits(architecture, loss):
    shards, counts = tiny(3 * PIECE + 7)
    opts = options(architecture, loss, epochs=2)
    whole, parts = start(V, opts), start(V, opts)
    run(shards, counts, opts, whole)
    place = (0, 0)
    for _ in range(100):
        if place == (opts.epochs, 0):
            break
        report = next(train(shards, counts, opts, parts, place))  # stopped after every single report
        assert report.place > place
        place = report.place
        parts = Vectors(parts.input, parts.output)  # as if saved and read again
    assert np.array_equal(whole.input, parts.input)
    assert np.array_equal(whole.output, parts.output)


def test_reports():
    shards, counts = tiny(2 * PIECE + 7)
    opts = options("skipgram", "negative", epochs=3)
    reports = run(shards, counts, opts, start(V, opts))
    total = 3 * (2 * PIECE + 7)
    assert [r.words for r in reports] == sorted(r.words for r in reports)
    assert {r.words_total for r in reports} == {total}
    assert [r.place for r in reports if r.place[1] == 0] == [(1, 0), (2, 0), (3, 0)]  # one at the end of each epoch
    assert reports[-1].words == total
    assert reports[-1].rate == pytest.approx(opts.rate_end)
    assert all(a.rate > b.rate for a, b in itertools.pairwise(reports))
    assert reports[-1].loss < reports[0].loss - 0.1


def test_the_loss_before_anything_is_learnt():
    """σ(0) = 1/2 for the centre and 5 noise words, without those draws that hit the centre."""
    shards, counts = tiny(PIECE)
    opts = options("skipgram", "negative", rate=1e-9, rate_end=1e-9, sample=0)
    noise = noise_shares(counts)
    hits = (counts / counts.sum()) @ noise
    loss = run(shards, counts, opts, start(V, opts))[-1].loss
    assert loss == pytest.approx((1 + 5 * (1 - hits)) * np.log(2), rel=0.03)


def like_a_text(size: int, tokens: int) -> tuple[list[SimpleNamespace], np.ndarray]:
    """As many words as a short text has, the k-th with a share of 1/k (Zipf), numbered by falling count."""
    shares = 1 / np.arange(1, size + 1)
    drawn = np.random.default_rng(0).choice(size, tokens, p=shares / shares.sum())
    counts = np.bincount(drawn, minlength=size)
    order = np.argsort(-counts, kind="stable")
    ids = np.argsort(order)[drawn].astype(np.int32)
    return [SimpleNamespace(ids=ids, offsets=np.arange(0, tokens + 1, 20))], counts[order]


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
def test_several_threads_learn_the_same_thing(architecture, loss):
    """Without locks the bits differ; the loss at the end and the lengths of the vectors hardly do. (With a text's
    vocabulary, subsampled: vectors of forty words got up to a tenth shorter, as threads lose each other's changes.)"""
    shards, counts = like_a_text(2_000, 8 * PIECE)
    losses, lengths = {}, {}
    for threads in (1, 3):
        opts = options(architecture, loss, epochs=2, rate=0.025, sample=1e-3, threads=threads)
        vectors = start(len(counts), opts)
        losses[threads] = run(shards, counts, opts, vectors)[-1].loss
        lengths[threads] = np.linalg.norm(vectors.input, axis=1).mean()
    assert losses[3] == pytest.approx(losses[1], rel=0.01)
    assert lengths[3] == pytest.approx(lengths[1], rel=0.05)


def test_words_that_stand_together_get_near():
    """Two topics of five words each that never mix: every word's nearest four are of its own topic."""
    rng = np.random.default_rng(0)
    ids = np.concatenate([rng.integers(0, 5, 10) + 5 * (i % 2) for i in range(3000)]).astype(np.int32)
    shard = SimpleNamespace(ids=ids, offsets=np.arange(0, len(ids) + 1, 10))
    for architecture, loss in KINDS:
        opts = Options(architecture, loss, dimensions=16, epochs=2, sample=0)
        vectors = start(10, opts)
        run([shard], np.bincount(ids), opts, vectors)
        ids_of_all = torch.arange(10)[:, None]
        cosines = WordVectors(torch.tensor(vectors.input))(ids_of_all, torch.ones(10, 1))
        nearest = cosines.argsort(dim=1, descending=True)[:, :5]
        assert ((nearest < 5) == (ids_of_all < 5)).all(), (architecture, loss)


def test_one_word_and_no_word():
    for loss in ("negative", "hierarchical"):
        opts = options("skipgram", loss)
        vectors = start(1, opts)
        shard = SimpleNamespace(ids=np.zeros(50, np.int32), offsets=np.array([0, 50]))
        run([shard], np.array([50]), opts, vectors)
        assert np.isfinite(vectors.input).all()
    assert cut([SimpleNamespace(ids=np.zeros(0, np.int32), offsets=np.array([0]))]) == []


def test_pieces_know_their_documents():
    shard = SimpleNamespace(ids=np.arange(10, dtype=np.int32), offsets=np.array([0, 3, 3, 7, 10]))
    ids, bounds = read(shard, 2, 7)
    assert ids.tolist() == [2, 3, 4, 5, 6]
    assert bounds.tolist() == [0, 1, 1, 5]
    long = [SimpleNamespace(ids=np.zeros(n, np.int32), offsets=np.array([0, n])) for n in (PIECE + 1, 5)]
    assert [(p.shard, p.low, p.high, p.before) for p in cut(long)] == [
        (0, 0, PIECE, 0),
        (0, PIECE, PIECE + 1, PIECE),
        (1, 0, 5, PIECE + 1),
    ]


def test_tables_are_padded_and_stay_so():
    shards, counts = tiny()
    opts = options("skipgram", "negative")
    vectors = random_vectors(opts)
    assert vectors.input.shape == (V, 20)
    assert vectors.inputs.flat.ctypes.data % 64 == 0
    run(shards, counts, opts, vectors)
    for table in (vectors.inputs, vectors.outputs):
        assert not table.flat.reshape(-1, 32)[:, 20:].any()
    assert dataclasses.replace(opts, threads=2).threads == 2


def test_questions_are_sums_of_unit_vectors():
    rng = np.random.default_rng(1)
    table = rng.normal(size=(7, 4)).astype(np.float32)
    units = table / np.linalg.norm(table, axis=1, keepdims=True)
    question = units[2] - units[5] + units[1]
    expected = units @ (question / np.linalg.norm(question))
    scores = WordVectors(torch.tensor(table))(torch.tensor([[2, 5, 1, 0]]), torch.tensor([[1.0, -1.0, 1.0, 0.0]]))
    np.testing.assert_allclose(scores.detach()[0], expected, atol=1e-6)
