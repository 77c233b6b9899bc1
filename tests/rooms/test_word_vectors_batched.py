"""Word vectors, the torch engine: the definition with batches of one; near the compiled kernel with larger ones."""

from __future__ import annotations

import dataclasses
import itertools
import signal

import numpy as np
import pytest
import torch
from test_word_vectors_training import KINDS, V, options, random_vectors, run, tiny

from pellucid import api
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run
from pellucid.rooms.word_vectors import model, reference, training
from pellucid.rooms.word_vectors.batched import Batched
from pellucid.rooms.word_vectors.batched_draws import Draws, below, drawn, shifted
from pellucid.rooms.word_vectors.config import Config
from pellucid.rooms.word_vectors.data import Part, prepare
from pellucid.rooms.word_vectors.evaluation import HeldOut
from pellucid.rooms.word_vectors.model import MOST, Batch, Prediction, add
from pellucid.rooms.word_vectors.pairs import windows
from pellucid.rooms.word_vectors.sampling import Stream, first_state
from pellucid.rooms.word_vectors.train import PIECE, Vectors, start, train

CPU = torch.device("cpu")
CHANGES = [{}, {"shrink": False, "negative": 40, "window": 3, "sample": 0}]


@pytest.fixture(autouse=True)
def _one_thread():
    """Small steps gain nothing by several, and lose much where other programs run."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_draws_are_those_of_the_stream():
    stream = Stream(7, 1, 2)
    state, numbers = stream.state, torch.arange(1, 1001)
    expected = [stream.bits() for _ in numbers]
    assert [bits & (2**64 - 1) for bits in drawn(state, numbers).tolist()] == expected
    assert below(drawn(state, numbers), 10**8).tolist() == [((bits >> 32) * 10**8) >> 32 for bits in expected]
    assert shifted(torch.tensor([-1]), 30).item() == 2**34 - 1


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
@pytest.mark.parametrize("changes", CHANGES)
def test_windows_and_targets_are_those_of_the_definition(architecture, loss, changes):
    shards, counts = tiny()
    opts = options(architecture, loss, **changes)
    state = first_state(3, 0, 0)
    draws = Draws(counts, opts, CPU, torch.float64)
    around = draws.around(shards[0].ids, shards[0].offsets, state)
    batch = draws.batch(around, 0, len(around.centres), state)
    expected = [w for w in windows(shards[0].ids, shards[0].offsets, counts, opts, Stream(3)) if w.contexts]
    assert around.centres.tolist() == [window.centre for window in expected]
    assert around.shares.tolist() == pytest.approx([window.share for window in expected])
    for i, window in enumerate(expected):
        assert batch.contexts[i][batch.present[i] > 0].tolist() == window.contexts
        often: dict[tuple[int, int], int] = {}
        for target, label, weight in zip(batch.targets[i], batch.labels[i], batch.weights[i], strict=True):
            if weight:
                key = int(target), int(label)
                often[key] = often.get(key, 0) + int(weight)
        assert often == dict(zip(zip(window.targets, window.labels, strict=True), window.weights, strict=True))


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
@pytest.mark.parametrize("changes", CHANGES)
def test_one_window_at_a_time_is_the_definition(architecture, loss, changes):
    shards, counts = tiny()
    opts = options(architecture, loss, batch=1, **changes)
    vectors = random_vectors(opts)
    inputs, outputs = vectors.input.astype(np.float64), vectors.output.astype(np.float64)
    before = inputs.copy()
    walk = windows(shards[0].ids, shards[0].offsets, counts, opts, Stream(opts.seed, 0, 0))
    reference.train(inputs, outputs, walk, opts, (opts.rate, opts.rate_end))
    engine = Batched(counts, opts, vectors, CPU, torch.float64)
    engine.train(shards[0].ids, shards[0].offsets, (opts.rate, opts.rate_end), first_state(opts.seed, 0, 0))
    assert np.abs(inputs - before).max() > 0.3  # something moved
    np.testing.assert_allclose(engine.model.inputs.weight.numpy(force=True), inputs, atol=1e-6)
    np.testing.assert_allclose(engine.model.outputs.weight.numpy(force=True), outputs, atol=1e-6)
    np.testing.assert_allclose(vectors.input, inputs, atol=1e-6)  # fetched when they are read


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
def test_a_batch_takes_the_sum_of_the_steps_from_the_values_before(architecture, loss, monkeypatch):
    """Beside autograd: the loss's gradient, with CBOW's contexts N times over (model.mean does that)."""
    monkeypatch.setattr(model, "MOST", 1000.0)
    shards, counts = tiny()
    opts = options(architecture, loss)
    tables = [torch.tensor(t, dtype=torch.float64) for t in (lambda v: (v.input, v.output))(random_vectors(opts))]
    some = [w for w in windows(shards[0].ids, shards[0].offsets, counts, opts, Stream(3)) if w.contexts][:20]
    batch = Batch.of(some, torch.float64)
    plain = Prediction(*(t.clone() for t in tables), architecture)
    loss_before = plain.loss(batch)
    loss_before.backward()
    stepped = Prediction(*(t.clone() for t in tables), architecture)
    assert stepped.step(batch, 0.1).item() == pytest.approx(loss_before.item(), rel=1e-12)
    for table, moved, gradient in zip(tables, stepped.parameters(), plain.parameters(), strict=True):
        np.testing.assert_allclose(moved.detach(), table - 0.1 * gradient.grad, atol=1e-12)


def test_a_row_takes_no_more_than_the_most():
    n = 100
    rows, rates = torch.tensor([[0, 1]] * n), torch.full((n, 2), MOST / 10, dtype=torch.float64)
    rates[5:, 1] = 0
    table = torch.zeros(3, 2, dtype=torch.float64)
    add(table, rows, rates[:, :, None].expand(n, 2, 2), rates)
    np.testing.assert_allclose(table, [[MOST, MOST], [MOST / 2, MOST / 2], [0, 0]])
    alone, ones = torch.zeros(3, 2), torch.ones(1, n)  # one window takes its whole step
    add(alone, ones.long() - 1, ones[:, :, None].expand(1, n, 2), ones)
    assert alone[0].tolist() == [n, n]


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
def test_on_the_novels_batches_learn_what_the_kernel_learns(architecture, loss):
    """An epoch on a fifth of the text: how far the loss on held-out text falls, and the lengths of the vectors."""
    data = prepare(Config())
    part = data.train[0]
    opts = Config(architecture=architecture, loss=loss, epochs=1, dimensions=32).options()
    held = HeldOut(data.test, data.counts, opts, 3000)
    shard = Part(part.ids[:100_000], np.minimum(part.offsets, 100_000))
    found = []
    for device in (None, CPU):
        vectors = start(len(data.words), opts)
        before = held.loss(vectors.input, vectors.output)
        run([shard], data.counts, opts, vectors, (0, 0), device)
        found.append([before - held.loss(vectors.input, vectors.output), np.linalg.norm(vectors.input, axis=1).mean()])
    assert found[0][0] > 0.1
    np.testing.assert_allclose(found[1], found[0], rtol=0.05 if loss == "negative" else 0.15)


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
def test_going_on_gives_the_same_bits(architecture, loss):
    shards, counts = tiny(2 * PIECE + 7)
    opts = dataclasses.replace(options(architecture, loss, epochs=2), batch=200)
    whole, parts = start(V, opts), start(V, opts)
    reports = list(train(shards, counts, opts, whole, (0, 0), CPU))
    assert reports[-1].words == 2 * (2 * PIECE + 7) and reports[-1].place == (2, 0)
    assert all(a.rate > b.rate for a, b in itertools.pairwise(reports))
    place = (0, 0)
    while place != (2, 0):
        report = next(train(shards, counts, opts, parts, place, CPU))  # stopped after every single report
        assert report.place > place
        place, parts = report.place, Vectors(parts.input, parts.output)
    assert np.array_equal(whole.input, parts.input) and np.array_equal(whole.output, parts.output)


# as a room


def text(folder):
    file = folder / "mine.txt"
    file.write_text("the cat sat on the mat\nthe dog sat on the cat\n" * 40)
    return str(file)


@pytest.mark.parametrize(("architecture", "loss"), KINDS)
def test_trained_by_torch_from_the_configuration(architecture, loss, tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "cache"))
    monkeypatch.setattr("pellucid.rooms.word_vectors.compiled.Compiled.train", None)  # is not asked
    trained = api.train(
        "word_vectors", runs=tmp_path / "runs", data=text(tmp_path), architecture=architecture, loss=loss,
        dimensions=8, epochs=4, held_out=0.1, engine="torch", batch=16,
    )  # fmt: skip
    assert trained.run.state == "done" and trained.run.info["config"]["engine"] == "torch"
    assert len(list(trained.run.metrics("epoch"))) == 4
    assert np.isfinite(trained.evaluate()["pair_loss"])
    assert trained.predict("dog")["words"][0]["name"] in trained.system.codec.vocabulary


def test_interrupted_and_resumed_ends_with_the_same_bits(tmp_path, monkeypatch):
    monkeypatch.setenv("PELLUCID_DATA", str(tmp_path / "cache"))
    fields = {"data": text(tmp_path), "dimensions": 8, "epochs": 4, "engine": "torch", "batch": 16}
    whole = api.train("word_vectors", runs=tmp_path / "whole", **fields)
    reports = training.engine.train

    def stopped(*args):
        for report in itertools.islice(reports(*args), 2):
            if report.epoch == 1:
                signal.raise_signal(signal.SIGINT)
            yield report

    with monkeypatch.context() as patch, pytest.raises(Interrupted, match="nothing is lost"):
        patch.setattr(training.engine, "train", stopped)
        api.train("word_vectors", runs=tmp_path / "parts", **fields)
    (parts,) = Run.all(tmp_path / "parts", "word_vectors")
    api.resume(parts.path)
    assert (parts.path / "last.safetensors").read_bytes() == (whole.path / "last.safetensors").read_bytes()


def test_which_engine_trains():
    assert Config().takes_compiled("cpu") and not Config().takes_compiled("cuda")
    assert not Config(engine="torch").takes_compiled("cpu")
    for device in ("auto", "cuda", "mps"):
        with pytest.raises(UserError, match=f"^engine: compiled computes on the CPU, and device is {device}"):
            Config.build({"engine": "compiled", "device": device})


def test_a_text_without_pairs_is_passed_over():
    opts = options("skipgram", "hierarchical", sample=0)
    vectors = random_vectors(opts)
    before = vectors.input.copy()
    shard = Part(np.arange(10, dtype=np.int32), np.arange(11))
    run([shard], np.ones(V, np.int64), opts, vectors, (0, 0), CPU)
    assert np.array_equal(vectors.input, before)
