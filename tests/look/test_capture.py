"""Capture on modules that are not ours, and the promise that it leaves no trace of itself."""

import gc
import threading
import time
import weakref
from dataclasses import dataclass

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from pellucid.look import capture
from pellucid.look.trace import without_step


class Residual(nn.Module):
    """Convolution, batch norm, ReLU in place, a residual sum in place, pooling, and a way back up."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.grouped = nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=2)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1)
        self.head = nn.Linear(8, 5)

    def forward(self, picture):
        feature_map = self.relu(self.norm(self.conv(picture)))
        deeper = self.grouped(feature_map)
        deeper += feature_map
        pooled = self.pool(self.relu(deeper))
        return self.head(F.adaptive_avg_pool2d(pooled, 1).flatten(1)), self.up(pooled).mean((2, 3))


class Loop(nn.Module):
    """A recurrent net as one would write it down."""

    def __init__(self, features=3, width=4):
        super().__init__()
        self.enter = nn.Linear(features, width)
        self.U = nn.Parameter(torch.randn(width, width) / 2)
        self.out = nn.Linear(width, 2)

    def forward(self, x):
        h = torch.zeros(x.shape[0], self.U.shape[0])
        for t in range(x.shape[1]):
            z = self.enter(x[:, t])
            h = torch.tanh(z + h @ self.U)
        logits = self.out(h)
        return torch.softmax(logits, -1)


class WritesIntoViews(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        states = torch.empty(3, 5, 4)
        for t in range(5):
            states[:, t] = self.fc(x[:, t])
        states[:, 0, :2].mul_(2)
        turned = states.transpose(0, 1)
        turned[1].add_(1)
        return states.sum(1), turned


class Tied(nn.Module):
    """Tied weights, a dict as input, a module that runs twice, an empty tensor, `.item()`, a constant attribute."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 6)
        self.fc = nn.Linear(6, 6)
        self.head = nn.Linear(6, 11, bias=False)
        self.head.weight = self.embed.weight
        self.register_buffer("scale", torch.tensor(2.0))
        self.table = torch.arange(6.0)

    def forward(self, batch):
        x = self.embed(batch["ids"]) * self.scale + self.table
        first = self.fc(x)
        second = self.fc(torch.relu(first))
        q, k, v = second.chunk(3, -1)
        peak = second.abs().max().item()
        nothing = torch.empty(0, 3).sum()
        return {"logits": self.head(second + nothing), "mixed": q * k + v / peak}


def bert():
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        vocab_size=100, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64
    )
    return transformers.BertModel(config)


PADDED = torch.tensor([[1] * 9, [1] * 6 + [0] * 3])
MODULES = {
    "bert": (bert, lambda: ((torch.randint(0, 100, (2, 9)),), {"attention_mask": PADDED})),
    "residual": (Residual, lambda: ((torch.randn(2, 3, 8, 8),), {})),
    "loop": (Loop, lambda: ((torch.randn(2, 5, 3),), {})),
    "views": (WritesIntoViews, lambda: ((torch.randn(3, 5, 4),), {})),
    "tied": (Tied, lambda: (({"ids": torch.tensor([[1, 2, 3]])},), {})),
    "lstm": (lambda: nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True), lambda: ((torch.randn(2, 6, 3),), {})),
    "gru": (lambda: nn.GRU(3, 4, 2, bidirectional=True, batch_first=True), lambda: ((torch.randn(2, 6, 3),), {})),
    "transformer": (
        lambda: nn.TransformerEncoder(
            nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2, enable_nested_tensor=False
        ),
        lambda: (
            (torch.randn(2, 5, 8),),
            {"src_key_padding_mask": torch.tensor([[False] * 5, [False] * 3 + [True] * 2])},
        ),
    ),
    "mlp": (
        lambda: nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.LayerNorm(8), nn.Linear(8, 2)),
        lambda: ((torch.randn(3, 4),), {}),
    ),
}


def make(name):
    torch.manual_seed(0)
    build, inputs = MODULES[name]
    args, kwargs = inputs()
    return build(), args, kwargs


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
    assert node.source.rpartition(":")[0] in ("test_capture.py", "tests/look/test_capture.py")
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


# --- it does not disturb ----------------------------------------------------------------------------------------------


def switches():
    return (
        torch.backends.mkldnn.enabled,
        torch.backends.mha.get_fastpath_enabled(),
        torch.backends.cuda.flash_sdp_enabled(),
        torch.is_grad_enabled(),
        len(torch.nn.modules.module._global_forward_hooks),
        len(torch.nn.modules.module._global_forward_pre_hooks),
    )


class Fails(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout()

    def forward(self, x):
        x = self.drop(x)
        raise RuntimeError("as told")


def test_everything_is_put_back_even_after_an_error():
    module, before = Fails().train(), switches()
    module.drop.eval()
    assert before[0] and before[1] and before[2]
    with pytest.raises(RuntimeError, match="as told"):
        capture(module, torch.ones(2))
    assert switches() == before
    assert module.training and not module.drop.training


@pytest.mark.parametrize("backward", [False, True])
def test_gradients_chance_and_weights_stay_as_they_were(backward):
    module, args, kwargs = make("tied")
    module.fc.weight.grad = torch.full_like(module.fc.weight, 3.0)
    weights = {name: each.clone() for name, each in module.state_dict().items()}
    state, before = torch.get_rng_state(), switches()
    capture(module, *args, backward=backward, **kwargs)
    assert torch.equal(torch.get_rng_state(), state) and switches() == before
    assert (
        torch.equal(module.fc.weight.grad, torch.full_like(module.fc.weight, 3.0)) and module.head.weight.grad is None
    )
    assert all(torch.equal(each, weights[name]) for name, each in module.state_dict().items())


def test_random_operations_draw_the_same_numbers():
    module, x = nn.Sequential(nn.Dropout(0.5), nn.Linear(6, 6)), torch.ones(4, 6)
    torch.manual_seed(3)
    with torch.no_grad():
        expected = module(x)
    torch.manual_seed(3)
    trace = capture(module, x, train=True)
    np.testing.assert_allclose(trace.array(next(iter(trace.outputs.values()))), expected.numpy(), atol=1e-6)


def test_nothing_of_the_run_is_kept_alive():
    class Keeps(nn.Module):
        def forward(self, x):
            y = x + 1
            found.append(weakref.ref(y))
            return y * 2

    found = []
    gc.collect()
    gc.disable()
    try:
        capture(Keeps(), torch.ones(3))
        assert found[0]() is None
    finally:
        gc.enable()


def test_arguments_of_capture_are_no_arguments_of_forward():
    with pytest.raises(TypeError, match="by position"):
        capture(nn.Linear(2, 2), torch.ones(2), backward=True, target=torch.ones(2))


def test_it_is_fast_enough():
    class Many(nn.Module):
        def forward(self, x):
            h = x
            for _ in range(500):
                h = (torch.tanh(h) * 2 + x) / 3
            return h

    x = torch.randn(4, 4)
    capture(Many(), x)
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        trace = capture(Many(), x)
        seconds.append(time.perf_counter() - start)
    assert len(trace) == 2000 and min(seconds) < 0.5  # 0.08 s on the machine it was written on


def test_modules_of_other_threads_are_not_ours():
    began, may_end = threading.Event(), threading.Event()

    class Elsewhere(nn.Module):
        def forward(self):
            began.set()
            may_end.wait(10)

    class Waits(nn.Module):
        def forward(self, x):
            other = threading.Thread(target=Elsewhere())
            other.start()
            began.wait(10)
            x = x + 1  # while the other module runs
            may_end.set()
            other.join()
            return x * 2

    trace = capture(Waits(), torch.ones(3))
    assert [node.name for node in trace.nodes] == ["x#2", "output"] and list(trace.modules) == [""]


def test_compiled_modules_are_seen_step_by_step():
    module = nn.Sequential(nn.Linear(3, 3), nn.ReLU())
    compiled = torch.compile(module, backend="eager")
    inner = nn.Sequential(torch.compile(nn.Linear(3, 3), backend="eager"))
    x = torch.randn(2, 3)
    assert [node.name for node in capture(compiled, x).nodes] == [node.name for node in capture(module, x).nodes]
    assert [node.kind for node in capture(inner, x).nodes] == ["t", "addmm"]
