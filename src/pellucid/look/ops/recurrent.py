"""Recurrent networks in their fused forms, gate by gate.

With oneDNN off an LSTM or GRU on the CPU reaches the trace as its parts (addmm, split, sigmoid, tanh, mul, add).
"""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np

from pellucid.look.ops.activation import relu, sigmoid
from pellucid.look.ops.linear import linear
from pellucid.look.ops.registry import Array, reference

State: TypeAlias = tuple[Array, ...]
Weights: TypeAlias = list[Array]
"""w_ih (gates·hidden, in), w_hh (gates·hidden, hidden), then b_ih and b_hh, then the LSTM's projection, if any"""
Step: TypeAlias = Callable[[Array, State, Weights], State]

# --- one step: x (batch, in), h (batch, hidden) -----------------------------------------------------------------------


def _gates(x: Array, h: Array, w: Weights) -> tuple[Array, Array]:
    """What the input and what the state contribute, each (batch, gates·hidden)"""
    b_ih, b_hh = w[2:4] if len(w) >= 4 else (None, None)
    return linear(x, w[0], b_ih), linear(h, w[1], b_hh)


def _lstm_step(x: Array, state: State, w: Weights) -> State:
    """c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c'), h' projected if there is a matrix for it.

    Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000; projection: Sak et al. 2014, arXiv:1402.1128.
    """
    h, c = state
    i, f, g, o = np.split(np.add(*_gates(x, h, w)), 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h @ w[-1].T if len(w) in (3, 5) else h, c


def _gru_step(x: Array, state: State, w: Weights) -> State:
    """n = tanh(nₓ + r·nₕ), h' = (1 - z)·n + z·h (Cho et al. 2014, arXiv:1406.1078), r after the product as in cuDNN."""
    (h,) = state
    from_x, from_h = (np.split(part, 3, axis=-1) for part in _gates(x, h, w))
    r, z = sigmoid(from_x[0] + from_h[0]), sigmoid(from_x[1] + from_h[1])
    n = np.tanh(from_x[2] + r * from_h[2])
    return ((1 - z) * n + z * h,)


def _rnn_step(activation: Callable[[Array], Array], x: Array, state: State, w: Weights) -> State:
    """h' = tanh(W x + b + U h + b') (Elman 1990), or relu"""
    return (activation(np.add(*_gates(x, state[0], w))),)


_tanh_step: Step = partial(_rnn_step, np.tanh)
_relu_step: Step = partial(_rnn_step, relu)


@reference("lstm_cell")
def lstm_cell(x: Array, hx: list[Array], *w: Array | None) -> State:
    return _lstm_step(x, tuple(hx), [a for a in w if a is not None])


@reference("gru_cell")
def gru_cell(x: Array, h: Array, *w: Array | None) -> Array:
    return _gru_step(x, (h,), [a for a in w if a is not None])[0]


@reference("rnn_tanh_cell")
def rnn_tanh_cell(x: Array, h: Array, *w: Array | None) -> Array:
    return _tanh_step(x, (h,), [a for a in w if a is not None])[0]


@reference("rnn_relu_cell")
def rnn_relu_cell(x: Array, h: Array, *w: Array | None) -> Array:
    return _relu_step(x, (h,), [a for a in w if a is not None])[0]


# --- one direction of one layer, packed: the rows of step t are the batch_sizes[t] longest sequences ------------------


def _direction(step: Step, x: Array, sizes: list[int], state: State, w: Weights, reverse: bool) -> tuple[Array, State]:
    """(rows, in) → (rows, hidden) and the last state. A sequence that has ended keeps its state, either way."""
    state = tuple(s.copy() for s in state)
    starts = np.cumsum([0, *sizes[:-1]])
    out = np.zeros((len(x), state[0].shape[-1]))
    for t in reversed(range(len(sizes))) if reverse else range(len(sizes)):
        rows = slice(starts[t], starts[t] + sizes[t])
        for kept, new in zip(state, step(x[rows], tuple(s[: sizes[t]] for s in state), w), strict=True):
            kept[: sizes[t]] = new
        out[rows] = state[0][: sizes[t]]
    return out, state


def _network(
    step: Step, x: Array, sizes: list[int], state: State, params: list[Array], layers: int, bidirectional: bool
) -> tuple[Array, ...]:
    """(rows, in) → (rows, directions·hidden), then each state as (layers·directions, batch, hidden)"""
    directions = 2 if bidirectional else 1
    each = len(params) // (layers * directions)
    last: list[State] = []
    for layer in range(layers):
        outs = []
        for direction in range(directions):
            i = layer * directions + direction
            start = tuple(s[i] for s in state)
            out, end = _direction(step, x, sizes, start, params[i * each : (i + 1) * each], direction == 1)
            outs.append(out)
            last.append(end)
        x = np.concatenate(outs, axis=-1)
    return x, *(np.stack(kind) for kind in zip(*last, strict=True))


def _recurrent(step: Step, *args: object) -> tuple[Array, ...]:
    """Both ATen forms. Padded: x, hx, params, has_biases, layers, dropout, train, bidirectional, batch_first;
    packed: rows, batch_sizes, hx, params, has_biases, layers, dropout, train, bidirectional. In evaluation: no dropout.
    """
    if isinstance(args[3], bool):
        return _padded(step, *args)  # type: ignore[arg-type]
    return _packed(step, *args)  # type: ignore[arg-type]


def _padded(
    step: Step, x: Array, hx: Array | list[Array], params: list[Array], has_biases: bool, layers: int,
    dropout: float, train: bool, bidirectional: bool, batch_first: bool,
) -> tuple[Array, ...]:  # fmt: skip
    """(time, batch, in), or (batch, time, in): every step has the whole batch"""
    x = x.swapaxes(0, 1) if batch_first else x
    time, batch, _ = x.shape
    state = (hx,) if isinstance(hx, np.ndarray) else tuple(hx)
    out, *last = _network(step, x.reshape(time * batch, -1), [batch] * time, state, params, layers, bidirectional)
    out = out.reshape(time, batch, -1)
    return out.swapaxes(0, 1) if batch_first else out, *last


def _packed(
    step: Step, x: Array, batch_sizes: Array, hx: Array | list[Array], params: list[Array], has_biases: bool,
    layers: int, dropout: float, train: bool, bidirectional: bool,
) -> tuple[Array, ...]:  # fmt: skip
    state = (hx,) if isinstance(hx, np.ndarray) else tuple(hx)
    return _network(step, x, batch_sizes.tolist(), state, params, layers, bidirectional)


for _kind, _step in {"lstm": _lstm_step, "gru": _gru_step, "rnn_tanh": _tanh_step, "rnn_relu": _relu_step}.items():
    reference(_kind)(partial(_recurrent, _step))


@reference("mkldnn_rnn_layer")
def mkldnn_rnn_layer(
    x: Array, w_ih: Array, w_hh: Array, b_ih: Array, b_hh: Array, h: Array, c: Array, reverse: bool,
    batch_sizes: list[int], mode: int, hidden_size: int, num_layers: int, has_biases: bool,
    bidirectional: bool, batch_first: bool, train: bool,
) -> tuple[Array, Array, Array, None]:  # fmt: skip
    """One direction of one LSTM layer (mode 2), always time first: outputs, states, and oneDNN's own workspace."""
    if mode != 2:
        raise NotImplementedError(f"oneDNN recurrent mode {mode}")
    weights = [w_ih, w_hh, b_ih, b_hh] if has_biases else [w_ih, w_hh]
    time, batch, _ = x.shape
    state = h.reshape(batch, -1), c.reshape(batch, -1)
    out, last = _direction(_lstm_step, x.reshape(time * batch, -1), [batch] * time, state, weights, reverse)
    return out.reshape(time, batch, -1), last[0].reshape(h.shape), last[1].reshape(c.shape), None
