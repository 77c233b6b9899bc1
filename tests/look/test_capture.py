"""Capture on modules that are not ours: what is recorded, how it is named, and what is in place or hidden."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from foreign import MODULES, make
from torch import nn

from pellucid.look import capture
from pellucid.look.trace import without_step


def tensors(output):
    if isinstance(output, torch.Tensor):
        return [output]
    if hasattr(output, "values"):
        output = output.values()
    return [each for part in output or () for each in tensors(part)]


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("backward", [False, True])
def test_every_node_is_checked_and_the_output_is_the_modules_own(name, backward):
    module, args, kwargs = make(name)
    module.eval()
    with torch.no_grad():
        expected = tensors(module(*args, **kwargs))
    trace = capture(module, *args, backward=backward, **kwargs)
    report = trace.check()
    assert report.failed == [] and report.unchecked == []
    assert report.checked == report.total == len(trace) > 5
    assert str(report) == f"checked {len(trace)} of {len(trace)} nodes, largest difference {report.largest:.1e}"
    assert report.largest < 2e-6
    assert len(trace.outputs) == len(expected)
    for value, tensor in zip(trace.outputs.values(), expected, strict=True):
        np.testing.assert_allclose(trace.array(value), tensor.numpy(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", MODULES)
def test_backward_records_the_same_nodes(name):
    module, args, kwargs = make(name)
    without, with_ = capture(module, *args, **kwargs), capture(module, *args, backward=True, **kwargs)
    assert [node.kind for node in without.nodes] == [node.kind for node in with_.nodes]


def test_a_loop_becomes_a_step_axis():
    module, (x,), _ = make("loop")
    trace = capture(module, x)
    h = torch.zeros(2, 4)
    states = []
    with torch.no_grad():
        for t in range(5):
            h = torch.tanh(module.enter(x[:, t]) + h @ module.U)
            states.append(h)
    np.testing.assert_allclose(trace.series("h"), torch.stack(states).numpy(), atol=1e-6)
    assert [node.step for node in trace.steps("enter.z")] == [0, 1, 2, 3, 4]
    node = trace["mm[2]"]
    assert (node.code, node.kind, node.op, node.variable) == ("h @ self.U", "mm", "aten.mm.default", None)
    assert trace["h[3]"].code == "torch.tanh(z + h @ self.U)"
    assert node.source.rpartition(":")[0] in ("foreign.py", "tests/look/foreign.py")
    assert trace["out.logits"].step is None and trace["output"].kind == "_softmax"
    assert len({node.name for node in trace.nodes}) == len(trace)


def test_a_loop_of_one_statement_and_a_cell_in_a_loop_have_steps():
    class Cells(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = nn.LSTMCell(3, 4)

        def gate(self, x, h):
            opened = torch.sigmoid(x.sum())
            return opened * h

        def forward(self, xs):
            h = c = torch.zeros(2, 4)
            for x in xs:
                h, c = self.cell(x, (h, c))
                h = self.gate(x, h)
            for _ in range(4):
                h = torch.relu(h)
            return h

    trace = capture(Cells(), torch.randn(3, 2, 3))
    assert trace.series("opened").shape == (3,)
    assert trace.series("cell.tanh").shape == (3, 2, 4)
    assert [node.call for node in trace.steps("cell.tanh")] == [0, 1, 2]
    assert [node.kind for node in trace.nodes if without_step(node.name).startswith("h")] == ["mul"] * 3 + ["relu"] * 4
    assert [node.step for node in trace.nodes if node.kind == "relu"] == [0, 1, 2, 3]
    assert trace.check().checked == len(trace)


def test_stacked_layers_are_no_steps():
    trace = capture(nn.Sequential(*(nn.Linear(3, 3) for _ in range(3))), torch.randn(1, 3))
    assert {node.step for node in trace.nodes} == {None}
    assert [node.name for node in trace.nodes if node.kind == "addmm"] == ["0.addmm", "1.addmm", "2.addmm"]


def test_values_have_their_names():
    module, args, kwargs = make("tied")
    trace = capture(module, *args, **kwargs)
    by_name = {value.name: value for value in trace.values.values()}
    assert trace.inputs == {"batch.ids": by_name["batch.ids"].id} and by_name["batch.ids"].kind == "input"
    assert by_name["embed.weight"].kind == "weight" and by_name["embed.weight"].aliases == ("head.weight",)
    assert (by_name["scale"].kind, by_name["table"].kind) == ("buffer", "constant")
    assert trace.value("head.weight") is by_name["embed.weight"]
    assert set(trace.outputs) == {"output.logits", "output.mixed"}
    assert [trace.values[each].name for each in trace["split"].outputs] == ["q", "k", "v"]
    assert [node.call for node in trace.nodes if node.kind == "addmm"] == [0, 1]
    assert trace.modules["fc"] == "Linear" and trace.modules[""] == "Tied"
    peak = trace["peak"]
    assert (
        peak.kind == "_local_scalar_dense" and peak.outputs == [] and peak.result == pytest.approx(trace.array("max"))
    )
    with pytest.raises(KeyError, match=r"Near it: .*fc.first"):
        trace["fc.frist"]


def test_inputs_in_nested_containers():
    @dataclass
    class Pair:
        left: torch.Tensor
        right: torch.Tensor

    class Adds(nn.Module):
        def forward(self, states, *rest, pair=None):
            return states[0] + states[1][0] + rest[0] + pair.left + pair.right

    one = torch.ones(2)
    trace = capture(Adds(), (one, [one * 2]), one * 3, pair=Pair(one * 4, one * 5))
    assert list(trace.inputs) == ["states.0", "states.1.0", "rest.0", "pair.left", "pair.right"]
    assert trace.array("output").tolist() == [15, 15]


def test_a_value_is_kept_once():
    trace = capture(nn.Linear(64, 64), torch.randn(1, 64))
    weight, turned = trace.array("weight"), trace.array("t")
    assert np.shares_memory(weight, turned) and turned.shape == (64, 64)


# --- what is in place, what is hidden ---------------------------------------------------------------------------------


def test_inputs_are_recorded_as_they_were_before_an_operation_in_place():
    class InPlace(nn.Module):
        def forward(self, x):
            y = x * 2
            y.add_(1).sigmoid_()
            return y

    trace = capture(InPlace(), torch.ones(3))
    add, sigmoid = (next(n for n in trace.nodes if n.kind == kind) for kind in ("add", "sigmoid"))
    assert trace.array(add.args[0]["value"]).tolist() == [2, 2, 2] and trace.array(sigmoid.args[0]["value"])[0] == 3


def test_a_read_after_writes_through_views_is_explained():
    module, args, _ = make("views")
    trace = capture(module, *args)
    writes = [node for node in trace.nodes if node.kind == "view_write"]
    assert len(writes) > 3
    node = writes[-2]
    value = trace.arrays[node.outputs[0]].copy()
    value.flat[0] += 1
    trace.arrays = {**trace.arrays, node.outputs[0]: value}
    assert node.name in trace.check().failed


def test_what_is_written_where_no_operation_is_seen_becomes_a_constant():
    class ThroughNumPy(nn.Module):
        def forward(self, x):
            y = x * 2
            y.numpy()[0] = 7
            return y + 1

    trace = capture(ThroughNumPy(), torch.ones(3))
    assert trace.array("output").tolist() == [8, 3, 3]
    assert trace.check().failed == []
    assert trace.values[trace["output"].args[0]["value"]].kind == "constant"


def test_running_statistics_in_training_mode():
    module = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5))
    before = module[0].running_mean.clone()
    trace = capture(module, torch.randn(8, 3) + 5, train=True)
    assert not torch.equal(module[0].running_mean, before) and module.training
    np.testing.assert_array_equal(trace.array("0.running_mean"), before.numpy())
    report = trace.check()
    assert report.failed == []
    # chance cannot be recomputed, and says so
    assert report.unchecked and all(trace[name].module == "1" for name in report.unchecked)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_other_precisions(dtype):
    module, args, _ = make("mlp")
    trace = capture(module.to(dtype), args[0].to(dtype))
    value = trace.value("output" if "output" in trace else trace.nodes[-1])
    assert value.dtype == str(dtype).removeprefix("torch.")
    assert trace.array(value).dtype == (np.float64 if dtype == torch.float64 else np.float32)
    report = trace.check()
    assert report.checked == report.total, [report.nodes[name] for name in report.failed]


def test_complex_numbers_are_seen_but_not_checked():
    class Spectrum(nn.Module):
        def forward(self, x):
            return torch.fft.rfft(x).abs() + 1

    trace = capture(Spectrum(), torch.randn(8))
    report = trace.check()
    assert report.failed == [] and 1 <= len(report.unchecked) < len(trace)
    assert "not recorded" in report.nodes["abs"].message
    with pytest.raises(ValueError, match="not recorded"):
        trace.array(report.unchecked[0])


def test_infinite_scalars_are_json():
    class Masked(nn.Module):
        def forward(self, x):
            return x.masked_fill(x > 0, float("-inf")).clamp(min=float("-inf"))

    trace = capture(Masked(), torch.randn(5))
    assert {"float": "-inf"} in trace.nodes[-1].args
    assert trace.check().checked == len(trace)
