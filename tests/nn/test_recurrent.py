"""The recurrent layers: the definition equals torch's own modules, padding never matters, directions are merged."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from pellucid.nn.recurrent import Direction, Recurrent, reversal, take_steps

CELLS = ("rnn", "lstm", "gru")
MERGES = ("sum", "concat", "mul", "ave")


@pytest.mark.parametrize("cell", CELLS)
def test_the_definition_passes_gradcheck_in_float64(cell):
    torch.manual_seed(2)
    layer = Direction(3, 2, cell).double()
    layer.way = "steps"
    assert torch.autograd.gradcheck(layer, (torch.randn(2, 4, 3, dtype=torch.float64, requires_grad=True),))


@pytest.mark.parametrize("cell", CELLS)
def test_the_definition_equals_torchs_module(cell):
    torch.manual_seed(3)
    layer = Direction(4, 6, cell)
    layer.way = "steps"
    theirs = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](4, 6, batch_first=True)
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(layer.weight_input)
        theirs.weight_hh_l0.copy_(layer.weight_hidden)
        theirs.bias_ih_l0.copy_(layer.bias)
        theirs.bias_hh_l0.zero_()
        x = torch.randn(2, 9, 4)
        torch.testing.assert_close(layer(x), theirs(x)[0], atol=1e-6, rtol=1e-5)


def test_the_slides_counts():
    count = {cell: sum(p.numel() for p in Direction(20, 15, cell).parameters()) for cell in CELLS}
    assert count == {"rnn": 540, "lstm": 2160, "gru": 1620}


@pytest.mark.parametrize("merge", MERGES)
@pytest.mark.parametrize("cell", CELLS)
@settings(max_examples=15, deadline=None)
@given(lengths=st.lists(st.integers(1, 6), min_size=1, max_size=4), extra=st.integers(1, 5))
def test_padding_further_never_changes_a_real_step(cell, merge, lengths, extra):
    torch.manual_seed(4)
    layer = Recurrent(3, 4, cell, bidirectional=True, merge=merge)
    n, t = len(lengths), max(lengths)
    x = torch.randn(n, t, 3)
    longer = torch.cat([x, torch.full((n, extra, 3), 7.0)], dim=1)  # whatever stands in the padding
    short = layer(x, torch.tensor(lengths))
    long = layer(longer, torch.tensor(lengths))
    for i, length in enumerate(lengths):
        torch.testing.assert_close(short[i, :length], long[i, :length], atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("merge", MERGES)
def test_both_directions_are_merged_as_named(merge):
    torch.manual_seed(5)
    layer = Recurrent(3, 4, "gru", bidirectional=True, merge=merge)
    x, lengths = torch.randn(1, 5, 3), torch.tensor([5])
    a = layer.forward_direction(x)
    b = layer.backward_direction(x.flip(1)).flip(1)
    expected = {"sum": a + b, "mul": a * b, "ave": (a + b) / 2, "concat": torch.cat([a, b], -1)}[merge]
    torch.testing.assert_close(layer(x, lengths), expected)
    assert layer.width == expected.shape[-1]


def test_reversal_reads_real_steps_backward_and_leaves_padding():
    order = reversal(torch.tensor([3, 1]), 4)
    assert order.tolist() == [[2, 1, 0, 3], [0, 1, 2, 3]]
    x = torch.arange(8.0).view(2, 4, 1)
    assert torch.equal(take_steps(take_steps(x, order), order), x)


def test_an_lstm_starts_with_its_memory_open():
    bias = Direction(3, 5, "lstm").bias.view(4, 5)
    assert torch.equal(bias.sum(dim=1), torch.tensor([0.0, 5.0, 0.0, 0.0]))
