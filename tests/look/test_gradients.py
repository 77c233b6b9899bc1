"""Gradients against finite differences and retain_grad, and the contributions that add up to them."""

import numpy as np
import pytest
import torch
from torch import nn

from pellucid.look import TraceError, by_step, capture, weight_contributions


class Loop(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(3, 4)
        self.U = nn.Parameter(torch.randn(4, 4) / 2)
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        h = torch.zeros(x.shape[0], 4)
        for t in range(x.shape[1]):
            z = self.enter(x[:, t])
            h = torch.tanh(z + h @ self.U)
        return self.out(h)


class Uses(nn.Module):
    """One weight for each way of using one."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 4, padding_idx=0)
        self.gain = nn.Parameter(torch.rand(4) + 0.5)
        self.packed = nn.Parameter(torch.randn(4, 8))
        self.plain_conv = nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2)
        self.up = nn.ConvTranspose1d(6, 4, 3, stride=2, padding=1, output_padding=1, groups=2)
        self.norm = nn.LayerNorm(4)
        self.batch_norm = nn.BatchNorm1d(4)

    def forward(self, ids):
        x = self.embed(ids) * self.gain + self.embed.weight[3] - 1 / self.gain
        left, right = self.packed.chunk(2, 1)
        x = torch.tanh(x @ left) + torch.einsum("bti,io->bto", x, right)
        x = x + self.packed[:, :4].t()[None, 0] + self.packed.t().reshape(4, 8)[1, 2:6]
        x = self.up(self.plain_conv(x.transpose(1, 2)))
        return self.norm(self.batch_norm(x).transpose(1, 2)) ** 2 * torch.sigmoid(self.gain)


MODULES = {
    "loop": (Loop, lambda: torch.randn(2, 5, 3)),
    "lstm": (lambda: nn.LSTM(3, 4, 2, bidirectional=True), lambda: torch.randn(6, 2, 3)),
    "gru": (lambda: nn.GRU(3, 4), lambda: torch.randn(6, 2, 3)),
    "mlp": (lambda: nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2)), lambda: torch.randn(3, 4)),
    "uses": (Uses, lambda: torch.tensor([[1, 2, 0, 1], [3, 3, 6, 0]])),
}


def make(name):
    torch.manual_seed(0)
    build, x = MODULES[name]
    return build(), x()


def weigh(output):
    """A target of uneven parts, so that nothing cancels."""
    first = output[0] if isinstance(output, tuple) else output
    return (first * torch.linspace(-1, 2, first.numel()).reshape(first.shape)).sum()


@pytest.mark.parametrize("train", [False, True])
@pytest.mark.parametrize("name", MODULES)
def test_contributions_add_up_to_the_gradient(name, train):
    module, x = make(name)
    trace = capture(module, x, backward=True, target=weigh, train=train)
    for weight, parameter in module.named_parameters():
        uses = weight_contributions(trace, weight)
        gradient = trace.gradient(weight)
        assert uses and all(part.shape == tuple(parameter.shape) for _, part in uses)
        # a bias before a batch norm has no gradient but rounding
        scale = max(0.01, *(np.abs(part).max() for _, part in uses))
        assert np.abs(sum(part for _, part in uses) - gradient).max() <= 1e-5 * scale, weight
        np.testing.assert_allclose(sum(by_step(trace, weight).values()), gradient, atol=1e-5 * scale)


@pytest.mark.parametrize("name", MODULES)
def test_gradients_are_autograds_own(name):
    module, x = make(name)
    trace = capture(module, x, backward=True, target=weigh)
    module.eval()
    weigh(module(x)).backward()
    for weight, parameter in module.named_parameters():
        np.testing.assert_allclose(trace.gradient(weight), parameter.grad.numpy(), rtol=1e-3, atol=1e-5)


def test_gradients_of_intermediate_values_are_those_of_retain_grad():
    module, x = make("loop")
    trace = capture(module, x, backward=True, target=weigh)
    h, kept = torch.zeros(2, 4), []
    for t in range(5):
        h = torch.tanh(module.enter(x[:, t]) + h @ module.U)
        h.retain_grad()
        kept.append(h)
    weigh(module.out(h)).backward()
    for t, each in enumerate(kept):
        np.testing.assert_allclose(trace.gradient(f"h[{t}]"), each.grad.numpy(), atol=1e-6)


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_gradients_inside_of_cpp_loops_are_finite_differences(name):
    """Replay what comes after one recorded value, and nudge it: every node of one C++ cell in turn."""
    module, x = make(name)
    module, x = module.double(), x.double()
    trace = capture(module, x, backward=True, target=weigh)
    recorded = [node for node in trace.nodes if node.outputs and trace.gradient(node) is not None]
    assert len(recorded) > 0.8 * len([n for n in trace.nodes if n.kind not in ("t", "zeros", "detach")])
    for node in recorded[:: max(1, len(recorded) // 25)]:
        gradient = trace.gradient(node)
        place = tuple(np.unravel_index(np.abs(gradient).argmax(), gradient.shape))
        slope = (replay(trace, node.outputs[0], place, 1e-6) - replay(trace, node.outputs[0], place, -1e-6)) / 2e-6
        assert slope == pytest.approx(gradient[place], rel=1e-5, abs=1e-8), node.name


def replay(trace, value, place, nudge):
    """The target, with one number of one value moved: the rest of the trace recomputed by the references."""
    from pellucid.look.check import arguments
    from pellucid.look.ops import REFERENCES
    from pellucid.look.trace import Trace

    moved = trace.arrays[value].copy()
    moved[place] += nudge
    arrays = dict(trace.arrays) | {value: moved}
    now = Trace(trace.nodes, trace.values, arrays)
    start = next(i for i, node in enumerate(trace.nodes) if value in node.outputs)
    for node in trace.nodes[start + 1 :]:
        args, kwargs = arguments(now, node)
        outputs = REFERENCES[node.kind].compute(*args, **kwargs)
        for each, array in zip(node.outputs, outputs if isinstance(outputs, tuple) else (outputs,), strict=True):
            arrays[each] = array
    output = torch.from_numpy(np.array(arrays[trace.outputs["output.0"]]))
    return weigh(output).item()


def test_back_propagation_through_time_step_by_step():
    module, x = make("loop")
    trace = capture(module, x, backward=True, target=weigh)
    steps = by_step(trace, "U")
    assert list(steps) == [0, 1, 2, 3, 4]
    assert not steps[0].any() and steps[4].any()  # h begins with zeros
    # by hand: dL/dU at step t is h(t-1)ᵀ · dL/da(t), with a what goes into tanh
    da = trace.gradient("h[4]") * (1 - trace.array("h[4]") ** 2)
    np.testing.assert_allclose(steps[4], trace.array("h[3]").T @ da, atol=1e-6)


def test_inputs_have_gradients_and_are_not_touched():
    module, x = make("mlp")
    trace = capture(module, x, backward=True)
    assert x.grad is None and not x.requires_grad
    other = x.clone().requires_grad_()
    module(other).sum().backward()
    np.testing.assert_allclose(trace.gradient("input"), other.grad, atol=1e-6)


def test_an_operation_in_place_does_not_take_the_gradient_of_the_value_before():
    class InPlace(nn.Module):
        def forward(self, x):
            y = x * 3
            y.mul_(2)
            return y.sigmoid_()

    trace = capture(InPlace(), torch.zeros(2), backward=True)
    first, second = (node for node in trace.nodes if node.kind == "mul")
    assert trace.gradient(first).tolist() == [0.5, 0.5] and trace.gradient(second).tolist() == [0.25, 0.25]
    assert trace.gradient("x").tolist() == [1.5, 1.5]


def test_writes_into_views_have_gradients():
    class Writes(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.ones(2))

        def forward(self, x):
            states = torch.zeros(3, 2)
            for t in range(3):
                states[t] = self.w * x[t]
            return states * 2

    x = torch.randn(3, 2)
    trace = capture(Writes(), x, backward=True)
    np.testing.assert_allclose(trace.gradient("w"), 2 * x.sum(0), atol=1e-6)
    np.testing.assert_allclose(by_step(trace, "w")[1], 2 * x[1], atol=1e-6)


def test_what_does_not_learn_has_no_gradient():
    module, x = make("mlp")
    module[0].weight.requires_grad_(False)
    trace = capture(module, x, backward=True)
    assert trace.gradient("0.weight") is None and trace.gradient("2.weight") is not None
    with pytest.raises(TraceError, match=r"no gradient of 0\.weight"):
        weight_contributions(trace, "0.weight")
    with pytest.raises(TraceError, match="backward=True"):
        weight_contributions(capture(module, x), "2.weight")


def test_a_detached_use_contributes_nothing():
    class Half(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.tensor([2.0]))

        def forward(self, x):
            return self.w * x + self.w.detach() * x

    trace = capture(Half(), torch.tensor([3.0]), backward=True)
    ((node, part),) = weight_contributions(trace, "w")
    assert node.kind == "mul" and part.tolist() == [3.0] == trace.gradient("w").tolist()


def test_parts_that_do_not_add_up_are_an_error():
    module, x = make("mlp")
    trace = capture(module, x, backward=True)
    name = "g" + trace.value("0.weight").id[1:]
    trace.arrays = {**trace.arrays, name: trace.arrays[name] * 1.1}
    with pytest.raises(TraceError, match="unexplained"):
        weight_contributions(trace, "0.weight")


def test_a_target_must_be_one_number():
    module, x = make("mlp")
    with pytest.raises(ValueError, match="one number"):
        capture(module, x, backward=True, target=lambda output: output)
    with pytest.raises(ValueError, match="requires a gradient"):
        capture(nn.Embedding.from_pretrained(torch.ones(3, 2)), torch.tensor([1]), backward=True)


def test_a_function_with_its_own_backward():
    class Doubled(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.exp() * 2

        @staticmethod
        def backward(ctx, g):
            return g * 7  # wrong on purpose: it must be this that is recorded

    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(4, 4)

        def forward(self, x):
            return Doubled.apply(self.fc(x)) + 1

    trace = capture(Own(), torch.randn(2, 4), backward=True)
    assert (trace.gradient("fc.addmm") == 7).all()
    assert weight_contributions(trace, "fc.weight")
    assert trace.gradient("exp") is None  # autograd did not see it
