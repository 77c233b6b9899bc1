"""The trace without torch: saving, reading lazily, checking, recording by hand, and what a check catches."""

import json
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from torch import nn

from pellucid.look import Recorder, Trace, TraceError, capture
from pellucid.look.check import view_write
from pellucid.look.ops import Reference

DOCS = Path(__file__).parents[2] / "docs"


class Loop(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(3, 4)
        self.U = nn.Parameter(torch.randn(4, 4) / 2)
        self.out = nn.Linear(4, 2)

    def forward(self, x):
        h = torch.zeros(x.shape[0], 4)
        states = torch.zeros(x.shape[1], x.shape[0], 4)
        for t in range(x.shape[1]):
            z = self.enter(x[:, t])
            h = torch.tanh(z + h @ self.U)
            states[t] = h
        mask = states.mean().item() < 100
        logits = self.out(h if mask else z).masked_fill(z.sum() > 1e9, float("-inf"))
        return logits, states.sum(0)


@pytest.fixture
def trace():
    torch.manual_seed(0)
    return capture(Loop(), torch.randn(2, 5, 3), backward=True)


@pytest.fixture
def file(trace, tmp_path):
    trace.save(tmp_path / "run.safetensors")
    return tmp_path / "run.safetensors"


# --- the file ---------------------------------------------------------------------------------------------------------


def test_what_is_saved_comes_back(trace, tmp_path):
    assert trace.name_axes("h", ("batch", "unit")) == 6
    assert trace.name_axes("*.weight", ("out", "in")) >= 2
    assert trace.caption("h", {"en": "the hidden state", "zh-TW": "隱藏狀態"}) == 6
    trace.axis_labels["unit"] = ["a", "b", "c", "d"]
    trace.storyline = [{"node": "h[4]", "caption": {"en": "the last one"}}]
    trace.meta["room"] = "test"
    size = trace.save(tmp_path / "t")
    again = Trace.open(tmp_path / "t")
    assert size == (tmp_path / "t").stat().st_size and [each.name for each in tmp_path.iterdir()] == ["t"]
    assert again.nodes == trace.nodes and again.values == trace.values
    for field in ("path", "modules", "signatures", "inputs", "outputs", "axis_labels", "storyline", "meta"):
        assert getattr(again, field) == getattr(trace, field)
    for value in trace.values:
        np.testing.assert_array_equal(again.array(value), trace.array(value))
        assert again.array(value).dtype == trace.array(value).dtype
        np.testing.assert_array_equal(again.gradient(value), trace.gradient(value))
    assert str(again.check()) == str(trace.check())
    assert again.value("h[2]").axes == ("batch", "unit") and again.value("enter.weight").axes == ("out", "in")
    again.save(tmp_path / "t")  # onto itself
    assert Trace.open(tmp_path / "t").series("h").shape == (5, 2, 4)
    assert (tmp_path / "t").stat().st_size == size


def test_reading_one_value_reads_one_tensor(file):
    trace = Trace.open(file)
    read = []
    real = trace.arrays.file

    class Spy:
        def get_tensor(self, name):
            read.append(name)
            return real.get_tensor(name)

    trace.arrays.file = Spy()
    trace.array("h[3]")
    assert read == [trace.value("h[3]").id]


def test_nothing_is_stored_twice(tmp_path):
    trace = capture(nn.Linear(256, 256), torch.randn(1, 256))
    assert trace.save(tmp_path / "t") < 256 * 256 * 4 * 1.1  # the weight, and not its transpose
    again = Trace.open(tmp_path / "t")
    np.testing.assert_array_equal(again.array("t"), again.array("weight").T)


@pytest.mark.parametrize(
    "what", ["empty", "text", "truncated", "foreign", "graph", "format", "missing", "reference", "view"]
)
def test_a_broken_file_says_so_in_one_line(file, trace, what, tmp_path):
    broken = tmp_path / "broken"
    content = file.read_bytes()
    header = json.loads(content[8 : 8 + struct.unpack("<Q", content[:8])[0]])
    graph = json.loads(header["__metadata__"]["pellucid_trace"])
    tensors = {name: np.zeros(1, np.float32) for name in header if name[0] in "vg"}
    if what == "format":
        graph["format"] = 99
    if what == "missing":
        del tensors[next(v["id"] for v in graph["values"] if "view" not in v)]
    if what == "reference":
        graph["nodes"][3]["args"] = [{"value": "v9999"}]
    if what == "view":
        value = next(v for v in graph["values"] if "view" in v)
        value["view"]["offset"] = 10**9
    text = "{" if what == "graph" else json.dumps(graph)
    save_file(tensors, broken, metadata={} if what == "foreign" else {"pellucid_trace": text})
    if what in ("empty", "text", "truncated"):
        broken.write_bytes({"empty": b"", "text": b"hello, this is no trace", "truncated": content[:-10]}[what])
    with pytest.raises(TraceError) as caught:
        opened = Trace.open(broken)
        opened.array(value["id"])
    assert "\n" not in str(caught.value) and "broken" in str(caught.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="no trace at"):
        Trace.open(tmp_path / "none")


def test_a_failed_save_leaves_the_old_file(trace, file, monkeypatch):
    before = file.read_bytes()

    def full(tensors, path, metadata):
        Path(path).write_bytes(b"half")
        raise OSError("no space left")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="no space"):
        patch.setattr("pellucid.look.storage.save_file", full)
        trace.save(file)
    trace.meta["bad"] = object()
    with pytest.raises(TypeError):
        trace.save(file)
    trace.meta, trace.storyline = {}, [{"node": "no such"}]
    with pytest.raises(TraceError, match="storyline names 'no such'"):
        trace.save(file)
    assert file.read_bytes() == before and len(list(file.parent.iterdir())) == 1


def graph_of(file):
    with file.open("rb") as content:
        header = json.loads(content.read(struct.unpack("<Q", content.read(8))[0]))
    return json.loads(header["__metadata__"]["pellucid_trace"])


def test_the_graph_fits_its_schema(trace, file):
    schema = json.loads((DOCS / "trace.schema.json").read_text())
    jsonschema = pytest.importorskip("jsonschema_rs")
    validator = jsonschema.validator_for(schema)
    trace.name_axes("h", ("batch", "unit"))
    trace.caption("h", {"en": "…"})
    trace.save(file)
    graph = graph_of(file)
    validator.validate(graph)
    assert any("view" in value for value in graph["values"])
    assert {"float": "-inf"} in next(node for node in graph["nodes"] if node["kind"] == "masked_fill")["args"]
    graph["nodes"][0]["kinds"] = "x"
    assert not validator.is_valid(graph)


def test_the_graph_names_no_place_on_this_machine(file):
    assert str(Path(__file__).parent) not in json.dumps(graph_of(file))


def test_the_documented_example_runs(trace, file, monkeypatch):
    example = re.findall(r"```python\n(.*?)```", (DOCS / "trace.md").read_text(), re.S)[-1]
    monkeypatch.chdir(file.parent)
    names = {}
    exec(example.replace('"out.logits"', '"h[3]"'), names)
    np.testing.assert_array_equal(names["logits"], trace.array("h[3]"))


def test_reading_and_checking_need_no_torch(file):
    code = f"""
import sys
from pellucid.look import Trace, capture, weight_contributions, by_step
trace = Trace.open({str(file)!r})
report = trace.check()
assert report.checked == report.total > 30, str(report)
assert len(by_step(trace, "U")) == 5
assert not any(name == "torch" or name.startswith("torch.") for name in sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(filter(None, sys.path))})


# --- what a check catches ---------------------------------------------------------------------------------------------


def corrupted(trace, value, rng):
    array = trace.array(value).copy()
    at = rng.integers(array.size)
    if array.dtype == bool:
        array.flat[at] ^= True
    else:
        # enough to stand out from the tolerance, against whatever is the largest
        array.flat[at] += 1 if array.dtype.kind in "iu" else 1e-2 * max(np.abs(array).max(), 1)
    copy = Trace(trace.nodes, trace.values, {**trace.arrays, value: array})
    return copy.check()


@pytest.mark.parametrize("build", [Loop, lambda: nn.LSTM(3, 4, batch_first=True)], ids=["loop", "lstm"])
def test_one_wrong_number_is_found_where_it_is(build):
    torch.manual_seed(1)
    trace, rng = capture(build(), torch.randn(2, 5, 3)), np.random.default_rng(0)
    assert trace.check().failed == []
    nodes = [node for node in trace.nodes if node.outputs and node.kind not in ("empty",)]
    readers = {}
    for node in trace.nodes:
        for each in re.findall(r'"(v\d+)"', json.dumps([node.args, node.kwargs])):
            readers.setdefault(each, set()).add(node.name)
    for node in rng.choice(np.array(nodes, dtype=object), min(60, len(nodes)), replace=False):
        value = str(rng.choice(node.outputs))
        failed = corrupted(trace, value, rng).failed
        assert failed[:1] == [node.name]
        assert set(failed) <= {node.name} | readers.get(value, set())


def small(kind, args, outputs, **kwargs):
    record = Recorder()
    record.node(kind, args, outputs, **kwargs)
    return record.trace()


def test_infinities_and_nan_must_match_in_place():
    x = np.array([-1.0, 0.0, np.inf, np.nan], dtype=np.float32)
    assert small("log", [x], np.float32([np.nan, -np.inf, np.inf, np.nan])).check().checked == 1
    report = small("log", [np.float32([1, 0])], np.float32([0, -1e30])).check()
    assert report.failed == ["log"] and "infinities" in report.nodes["log"].message
    # what a float32 cannot hold is infinite there, though not in float64
    assert small("exp", [np.float32([200])], np.float32([np.inf])).check().checked == 1


def test_moves_must_be_equal_and_sums_may_round():
    x = np.float32([1, 2, 3])
    assert small("neg", [x], np.nextafter(-x, np.float32(0))).check().failed == ["neg"]
    assert small("exp", [x], np.nextafter(np.exp(x), np.float32(0))).check().checked == 1
    # a sum whose terms cancel is measured against its terms
    terms = np.float32([1e6, 1, -1e6, 0.1])
    assert small("sum", [terms], np.float32(1.0625)).check().checked == 1


def test_reports_count_everything():
    record = Recorder()
    x = record.value(np.float32([1, 2]), name="x", kind="input")
    y = record.node("exp", [x], np.exp(np.float32([1, 2])), name="y")
    record.node("our_own", [y], np.float32([0]))
    record.node("exp", [y], np.float32([0, 0]), name="wrong")
    record.node("exp", [y, 3, 4], np.float32([0, 0]), name="raises")
    report = record.trace().check()
    assert (report.total, report.checked, report.unchecked) == (4, 1, ["our_own"])
    assert report.failed == ["wrong", "raises"] and "TypeError" in report.nodes["raises"].message
    assert str(report).startswith("checked 1 of 4 nodes, largest difference 1.0e+00")
    assert report.largest_absolute > 1


def test_a_room_can_bring_its_own_reference():
    trace = small("double", [np.float32([1, 2])], np.float32([2, 4]))
    assert trace.check().unchecked == ["double"]
    assert trace.check({"double": Reference(lambda x: x * 2)}).checked == 1
    assert trace.check({"double": Reference(lambda x: x * 3)}).failed == ["double"]
    assert trace.check({"double": Reference(lambda x: x * 2.0001)}, {"float32": 1e-3}).checked == 1


def test_view_write_is_as_strided():
    rng = np.random.default_rng(0)
    memory = torch.from_numpy(rng.normal(size=24))
    before = memory.as_strided((3, 4), (8, 2), 1).numpy().copy()
    part = torch.from_numpy(rng.normal(size=(2, 3)))
    memory.as_strided((2, 3), (1, 5), 2).copy_(part)
    result = view_write(
        before, part.numpy(), target={"offset": 1, "strides": [8, 2]}, writes=[{"offset": 2, "strides": [1, 5]}]
    )
    np.testing.assert_array_equal(result, memory.as_strided((3, 4), (8, 2), 1).numpy())
    assert not np.array_equal(result, before)


# --- recording by hand ------------------------------------------------------------------------------------------------


def test_an_algorithm_without_a_network(tmp_path):
    record = Recorder()
    values = np.array([3.0, 1.0, 2.0])
    table = record.value(values, name="values", axes=("item",), kind="input")
    for step in range(3):
        table = record.node(
            "cumsum", [table, 0], np.cumsum(values), name="running", step=step, axes=("item",), caption={"en": "add up"}
        )
        values = np.cumsum(values)
        values_seen = values
    both = record.node("split", [table, [1, float("nan")]], (values[:1], values[1:]), kwargs={"n": np.int64(2)})
    values_seen[:] = 0  # what happens later changes nothing
    trace = record.trace(room="sums")
    assert [node.name for node in trace.nodes] == ["running[0]", "running[1]", "running[2]", "split"]
    assert trace.series("running").shape == (3, 3) and trace.series("running")[0].tolist() == [3, 4, 6]
    assert trace.value("running[1]").axes == ("item",) and trace.meta == {"room": "sums"}
    assert [value.name for value in both] == ["split:0", "split:1"] and trace["split"].kwargs == {"n": 2}
    trace.save(tmp_path / "t")
    assert Trace.open(tmp_path / "t").check().failed == ["split"]
    assert trace.inputs == {"values": "v0"}


def test_wrong_uses_are_told():
    record = Recorder()
    with pytest.raises(ValueError, match="2 axis names"):
        record.value(np.zeros(3), axes=("a", "b"))
    with pytest.raises(TypeError, match="no argument that a trace can hold"):
        record.node("x", [object()], np.zeros(1))
    record.node("exp", [1], np.zeros(2), name="a", step=0)
    record.node("exp", [1], np.zeros(3), name="a", step=1)
    trace = record.trace()
    with pytest.raises(TraceError, match="changes its shape"):
        trace.series("a")
    with pytest.raises(KeyError, match="no value 'b'"):
        trace.array("b")
    with pytest.raises(ValueError, match="read-only"):
        trace.array("a[0]")[0] = 1
