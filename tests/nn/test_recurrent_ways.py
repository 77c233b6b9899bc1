"""The three ways of a recurrent layer give the same: values and all gradients, any cell, direction and lengths."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from pellucid.nn.recurrent import Direction, Recurrent, Stack, choice
from pellucid.nn.recurrent.choice import choose
from pellucid.nn.recurrent.compiled import Compiled, compute
from pellucid.nn.recurrent.ragged import Ragged

VARIANTS = {
    "rnn": {"cell": "rnn"},
    "rnn, relu": {"cell": "rnn", "activation": "relu"},
    "lstm": {"cell": "lstm"},
    "gru": {"cell": "gru"},
    "gru, reset before": {"cell": "gru", "reset": "before"},
}


LENGTHS = {"full": [6, 6, 6], "ragged": [3, 6, 1, 5, 2], "one step": [1], "many": [6] * 9 + [1] * 4 + [4] * 20}


def layer_of(variant: str, dtype: torch.dtype = torch.float32, **options: object) -> Recurrent:
    torch.manual_seed(1)
    layer = Recurrent(5, 7, **VARIANTS[variant], **options).to(dtype)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return layer


def results(layer: nn.Module, way: str, lengths: list[int], dtype: torch.dtype) -> list[Tensor]:
    """Real states, then the gradients of a weighted sum of them by the input and every parameter."""
    layer.use(way)
    torch.manual_seed(2)
    x = torch.randn(len(lengths), max(lengths), 5, dtype=dtype, requires_grad=True)
    many = torch.tensor(lengths)
    real = torch.arange(max(lengths)) < many.unsqueeze(1)
    states = layer(x, many) * real.unsqueeze(-1)
    weights = torch.linspace(-1, 1, states.numel(), dtype=dtype).view_as(states)
    return [states.detach(), *torch.autograd.grad((states * weights).sum(), [x, *layer.parameters()])]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("lengths", LENGTHS.values(), ids=LENGTHS)
@pytest.mark.parametrize("bidirectional", [False, True], ids=["forward", "both"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_all_ways_agree(variant, bidirectional, lengths, dtype):
    layer = layer_of(variant, dtype, bidirectional=bidirectional)
    steps = results(layer, "steps", lengths, dtype)
    tolerance = 2e-6 if dtype == torch.float32 else 1e-13
    for way in ("compiled",) if variant == "gru, reset before" else ("compiled", "fused"):
        for mine, theirs in zip(results(layer, way, lengths, dtype), steps, strict=True):
            scale = max(1.0, theirs.abs().max().item())
            torch.testing.assert_close(mine, theirs, rtol=0, atol=tolerance * scale)


@pytest.mark.parametrize("variant", VARIANTS)
def test_layers_above_each_other_agree(variant):
    torch.manual_seed(1)
    stack = Stack(5, 4, layers=3, bidirectional=True, **VARIANTS[variant]).double()
    assert stack.width == 8 and [layer.width for layer in stack.layers] == [8, 8, 8]
    for mine, theirs in zip(
        results(stack, "compiled", [3, 6, 1], torch.float64),
        results(stack, "steps", [3, 6, 1], torch.float64),
        strict=True,
    ):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-13)


@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_gradcheck_in_float64(variant, reverse):
    direction = layer_of(variant, torch.float64).forward_direction
    x = torch.randn(3, 4, 5, dtype=torch.float64, requires_grad=True)
    weights = [direction.weight_input, direction.weight_hidden, direction.bias]
    ragged = Ragged((2, 4, 1), 4)
    assert torch.autograd.gradcheck(
        lambda *all: Compiled.apply(*all, direction.variant, ragged, reverse), (x, *weights)
    )


@settings(max_examples=15, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=20),
    hidden=st.sampled_from([1, 15, 16, 17, 33]),
    inputs=st.sampled_from([1, 16, 20, 40]),
    variant=st.sampled_from(list(VARIANTS)),
)
def test_any_size_and_any_lengths(lengths, hidden, inputs, variant):
    torch.manual_seed(3)
    layer = Recurrent(inputs, hidden, **VARIANTS[variant])
    x, many = torch.randn(len(lengths), max(lengths) + 2, inputs), torch.tensor(lengths)
    layer.use("steps")
    expected = layer(x, many)
    layer.use("compiled")
    found = layer(x, many)
    for i, length in enumerate(lengths):
        torch.testing.assert_close(found[i, :length], expected[i, :length], atol=3e-6, rtol=0)
        assert not found[i, length:].any(), "nothing is computed in the padding"


def test_sequences_dealt_out_to_threads_give_the_same():
    """Also where steps are cut into chunks that stay in the cache: 40 x 300 steps of 64 units are 12 MB of gates."""
    layer, many = Recurrent(64, 64, "gru"), torch.randint(1, 301, (40,), generator=torch.Generator().manual_seed(0))
    x = torch.randn(40, 300, 64)
    before = torch.get_num_threads()
    found = []
    for threads in (1, 3):
        torch.set_num_threads(threads)
        try:
            layer.zero_grad()
            states = layer(x, many)
            (states**2).sum().backward()
        finally:
            torch.set_num_threads(before)
        found.append([states.detach(), *(p.grad.clone() for p in layer.parameters())])
    assert torch.equal(found[0][0], found[1][0])
    for one, three in zip(*found, strict=True):
        torch.testing.assert_close(one, three, atol=1e-4 * one.abs().max().item(), rtol=0)
    layer.use("fused")
    for i in (0, 7):
        length = int(many[i])
        torch.testing.assert_close(layer(x, many)[i, :length], found[0][0][i, :length], atol=1e-5, rtol=0)


def test_no_work_is_done_for_padding():
    ragged = Ragged((3, 1, 4), 9)
    layout = ragged.layout(1, False)
    assert ragged.total == len(layout.rows) == 8
    assert layout.rows.tolist() == [18, 0, 9, 19, 1, 20, 2, 21]  # the longest sequence first, step by step
    assert layout.offsets[0].tolist() == [0, 3, 5, 7, 8]
    assert ragged.layout(1, True).rows.tolist() == [21, 2, 9, 20, 1, 19, 0, 18]
    shares = ragged.layout(2, False)
    assert shares.parts == [(0, 5), (5, 8)] and sorted(shares.rows) == sorted(layout.rows)


@pytest.mark.parametrize("way", ["auto", "steps", "fused", "compiled"])
@pytest.mark.parametrize("lengths", [[2, 0], [5, 1], []])
def test_sequences_without_a_step_are_refused(way, lengths):
    layer = Recurrent(5, 7, "lstm")
    layer.use(way)
    with pytest.raises(ValueError, match="lengths must be from 1 to 4"):
        layer(torch.randn(len(lengths), 4, 5), torch.tensor(lengths, dtype=torch.int64))


def test_what_is_no_number_stays_none():
    for variant in VARIANTS:
        layer = layer_of(variant)
        x = torch.zeros(2, 3, 5)
        x[0, 1, 0] = float("nan")
        states = layer(x, torch.tensor([3, 3]))
        if variant != "rnn, relu":  # max(0, nan) is 0 here, nan in torch
            assert states[0, 1:].isnan().all() and not states[1].isnan().any(), variant


def test_a_second_derivative_is_refused_and_the_definition_has_it():
    layer, many = layer_of("gru"), torch.tensor([3, 3])
    x = torch.randn(2, 3, 5, requires_grad=True)
    layer.use("compiled")
    with pytest.raises(RuntimeError, match="no second derivative"):
        torch.autograd.grad(layer(x, many).sum(), x, create_graph=True)
    layer.use("steps")
    (first,) = torch.autograd.grad(layer(x, many).sum(), x, create_graph=True)
    first.sum().backward()
    assert x.grad.any()


def test_gradients_can_be_asked_for_twice():
    layer, x = layer_of("lstm"), torch.randn(2, 6, 5)
    loss = layer(x, torch.tensor([6, 2])).sum()
    first = torch.autograd.grad(loss, list(layer.parameters()), retain_graph=True)
    for a, b in zip(first, torch.autograd.grad(loss, list(layer.parameters())), strict=True):
        assert torch.equal(a, b)


# which way is taken


def test_the_fastest_way_is_chosen():
    x = torch.randn(8, 20, 5)
    kinds = (("gru", x), ("gru", x.double()), ("lstm", x))
    assert all(choose("auto", variant, of, 7) == "compiled" for variant, of in kinds)
    assert choose("auto", "gru", x.half(), 7) == "fused"
    assert choose("auto", "gru", x.to("meta"), 7) == "fused"
    assert choose("auto", "gru_before", x.to("meta"), 7) == "steps"
    assert choose("steps", "gru", x, 7) == "steps"
    with torch.no_grad():
        assert choose("auto", "gru", x, 7) == "compiled"
        assert choose("auto", "gru", x[:1], 7) == "fused", "one short answer loads no compiler"
    with pytest.raises(ValueError, match="reset='before'"):
        choose("fused", "gru_before", x, 7)


@pytest.mark.parametrize(("threads", "way"), [(1, "compiled"), (2, "fused")])
def test_several_threads_compute_a_wide_lstm_in_onednn(monkeypatch, threads, way):
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    x = torch.randn(8, 20, 5)
    assert choose("auto", "lstm", x, 128) == way
    assert choose("auto", "lstm", x, 127) == choose("auto", "lstm", x, 256, full=False) == "compiled"
    assert choose("auto", "lstm", x.double(), 256) == choose("auto", "gru", x, 256) == "compiled"
    assert choose("auto", "lstm", torch.randn(8, 256, 5), 256) == "compiled"


@pytest.mark.parametrize("gradients", [True, False])
def test_what_the_compiled_kernels_cannot_read_is_refused(gradients):
    """They get addresses, so numbers of another kind or count would be read as whatever lies there."""
    direction = Direction(5, 7, "gru")
    direction.way = "compiled"
    recurrent = Recurrent(5, 7, "gru")
    recurrent.use("compiled")
    with torch.set_grad_enabled(gradients):
        with pytest.raises(ValueError, match="reads 5 numbers a step; there are 4"):
            direction(torch.randn(8, 20, 4))
        with pytest.raises(ValueError, match=r"there is torch\.float64 on cpu and torch\.float32 on cpu"):
            direction(torch.randn(8, 20, 5, dtype=torch.float64))
        with pytest.raises(ValueError, match=r"torch\.float16 on cpu"):
            direction.half()(torch.randn(8, 20, 5, dtype=torch.float16))
        with pytest.raises(ValueError, match="3 lengths for 8 sequences"):
            recurrent(torch.randn(8, 20, 5), torch.tensor([20, 3, 4]))


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_answer_has_the_numbers_that_training_has(variant):
    """Without gradients, states live for one chunk of steps only: 40 x 300 steps of 33 units are several."""
    layer, many = Recurrent(20, 33, **VARIANTS[variant]), torch.randint(1, 301, (40,))
    x = torch.randn(40, 300, 20)
    layer.use("compiled")
    states = layer(x, many).detach()
    with torch.no_grad():
        assert torch.equal(layer(x, many), states)
    cut = x.transpose(0, 1).contiguous().transpose(0, 1)  # the same numbers, elsewhere in memory
    assert not cut.is_contiguous() and torch.equal(layer(cut, many), states)


def test_programs_that_are_traced_keep_torchs_operators():
    layer = Recurrent(5, 7, "gru")

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = layer

        def forward(self, x, lengths):
            return self.layer(x, lengths)

    x, many = torch.randn(8, 20, 5), torch.full((8,), 20)
    with torch.no_grad():
        traced = torch.jit.trace(Net(), (x, many))
        exported = torch.export.export(Net(), (x, many), strict=False)
        assert "aten::gru" in str(traced.inlined_graph)
        assert "gru" in str(exported.graph)
        assert layer.forward_direction.way == "auto" and choose("auto", "gru", x, 7) == "compiled"
        torch.testing.assert_close(traced(x, many), layer(x, many), atol=1e-6, rtol=0)


def test_where_numba_is_missing_torch_computes_and_says_so_once(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    choice.compiler.cache_clear()
    try:
        layer, x = Recurrent(5, 7, "gru"), torch.randn(8, 20, 5)
        with pytest.warns(UserWarning, match=r"Numba cannot be used .*pip install numba"):
            states = layer(x, torch.full((8,), 20))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            layer(x, torch.full((8,), 20))
        layer.use("compiled")
        with pytest.raises(RuntimeError, match="no compiled kernels"):
            layer(x, torch.full((8,), 20))
        layer.use("steps")
        torch.testing.assert_close(states, layer(x, torch.full((8,), 20)), atol=1e-6, rtol=0)
    finally:
        monkeypatch.undo()
        choice.compiler.cache_clear()
    assert choice.compiler() is compute


def test_importing_the_layers_does_not_load_numba():
    code = "import sys, pellucid.nn.recurrent; print('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_model_in_bfloat16_keeps_its_recurrent_part_in_full_precision():
    layer, x, many = layer_of("gru"), torch.randn(8, 20, 5), torch.full((8,), 20)
    plain = layer(x, many)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(layer(x, many), plain)


def test_a_direction_alone_reads_whole_sequences():
    direction = Direction(5, 7, "gru")
    x = torch.randn(8, 20, 5)
    found = direction(x)
    direction.way = "steps"
    torch.testing.assert_close(found, direction(x), atol=1e-6, rtol=0)
    with pytest.raises(ValueError, match="no step"):
        direction.way = "compiled"
        direction(x[:, :0])


# the functions


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_and_tanh_are_at_most_three_units_in_the_last_place_off(dtype):
    import numba

    from pellucid.nn.lanes import load, store
    from pellucid.nn.recurrent.functions import expm1, sigmoid, tanh

    @numba.njit
    def each(x, s, t, e):
        for i in range(0, x.size, 64 // x.itemsize):
            store(s, (i,), sigmoid(load(x, (i,))))
            store(t, (i,), tanh(load(x, (i,))))
            store(e, (i,), expm1(load(x, (i,))))

    small = np.geomspace(1e-30, 80, 2**14)
    x = np.concatenate([np.linspace(-80, 80, 2**16), small, -small]).astype(dtype)
    found = [np.empty_like(x) for _ in range(3)]
    each(x, *found)
    exact = x.astype(np.longdouble)
    for name, mine, true in zip(
        ("sigmoid", "tanh", "expm1"), found, (1 / (1 + np.exp(-exact)), np.tanh(exact), np.expm1(exact)), strict=True
    ):
        assert (np.abs(mine - true) / np.spacing(np.abs(true).astype(dtype))).max() < 3, name
    each(np.full(16, np.inf, dtype), *(part[:16] for part in found))
    assert (found[0][:16] == 1).all() and (found[1][:16] == 1).all()
    each(np.full(16, np.nan, dtype), *(part[:16] for part in found))
    assert np.isnan(found[0][:16]).all() and np.isnan(found[1][:16]).all()


# the derivation


def test_each_equation_of_the_derivation_is_matched_to_its_lines():
    from pellucid.nn.recurrent import functions, kernels, parts, passes, product, ragged, whole

    text = (Path(__file__).parents[2] / "docs" / "recurrent.md").read_text(encoding="utf-8")
    equations = re.findall(r"\\tag\{(\d+)\}", text)
    assert equations == [str(number) for number in range(1, 35)]
    lines = {}  # functions in which each number stands as a comment
    for module in (functions, kernels, whole):
        name = ""
        for line in Path(module.__file__).read_text(encoding="utf-8").splitlines():
            name = found[1] if (found := re.match(r"def (\w+)", line)) else name
            for number in re.findall(r"\((\d+)\)", line.partition("  # (")[1] + line.partition("  # (")[2]):
                lines.setdefault(number, set()).add(name)
    assert lines.keys() == set(equations)
    told = set()
    for numbers, names in re.findall(r"^\| (\(\d.*?) \| (.*?) \|$", text, re.M):
        for number in re.findall(r"\d+", numbers):
            told.add(number)
            assert set(re.findall(r"`(\w+)`", names)) & lines[number], number
    assert told == set(equations)
    known = {name for module in (functions, kernels, parts, passes, product, ragged, whole) for name in vars(module)}
    known |= {"steps", "passes", "z", "dz", "u", "pellucid", "layout"}
    named = {part for span in re.findall(r"`([\w.]+)`", text) for part in span.split(".")}
    assert named - {"py", "nn", "recurrent"} <= known
