// The pure parts of Look: reading a trace, what a name shows, the arithmetic of its cells, notation, where numbers come from.
// look.safetensors and look.json are made by look_trace.py: a trace, and its numbers as Python reads them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { family } from "../../src/pellucid/studio/look/arithmetic/explain.js";
import { operations, origin, producerOf, terms, written } from "../../src/pellucid/studio/look/cell.js";
import { byBlocks, inMemory } from "../../src/pellucid/studio/look/file.js";
import { named, numbers, tex } from "../../src/pellucid/studio/look/notation.js";
import { excerpt, Feeds, groups, usersOf } from "../../src/pellucid/studio/look/origins.js";
import { unitOf, units } from "../../src/pellucid/studio/look/parts.js";
import { back, find, picture, place, readCell } from "../../src/pellucid/studio/look/shown.js";
import { Missing, Storage, Tensor, unravel } from "../../src/pellucid/studio/look/tensor.js";
import { Trace, valuesIn } from "../../src/pellucid/studio/look/trace.js";

const file = readFileSync(new URL("look.safetensors", import.meta.url));
const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
const python = JSON.parse(readFileSync(new URL("look.json", import.meta.url), "utf8"));
const small = await Trace.open(inMemory(buffer));
const size = (shape) => shape.reduce((product, n) => product * n, 1);
const cells = (shape) => Array.from({ length: size(shape) }, (_, n) => unravel(n, shape));
const close = (a, b, within) => Math.abs(a - b) <= within * Math.max(1, Math.abs(b));

/** What a test asks for, again and again until all its bytes have come; and how often they had not. */
async function patiently(compute) {
  for (let waits = 0; ; waits++)
    try {
      return { value: compute(), waits };
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      await error.wait;
    }
}

// reading

test("every number is the one that Python reads: views, int64, bool", () => {
  const views = [...small.values.values()].filter((value) => value.view);
  assert.ok(views.some((value) => value.view.offset > 0) && views.some((value) => value.view.strides.at(-1) !== 1));
  const types = new Set();
  for (const [id, expected] of Object.entries(python)) {
    const tensor = small.tensor(id);
    types.add(tensor.dtype);
    assert.deepEqual(tensor.shape, expected.shape, id);
    const found = cells(tensor.shape).map((index) => tensor.at(index));
    assert.deepEqual(found, expected.numbers.map(Number), small.values.get(id).name);
  }
  assert.deepEqual([...types].sort(), ["bool", "float32", "int64"]);
});

test("read from a server, a trace has the same numbers", async () => {
  const read = async (start, end) => buffer.slice(start, end);
  const trace = await Trace.open(byBlocks(read, buffer.byteLength));
  assert.throws(() => trace.tensor(trace.graph.outputs.output ?? Object.values(trace.graph.outputs)[0]).at([0, 0]), Missing);
  await trace.readSmall();
  for (const [id, { numbers }] of Object.entries(python)) {
    const tensor = trace.tensor(id);
    assert.deepEqual(cells(tensor.shape).map((index) => tensor.at(index)), numbers.map(Number));
  }
});

/** A tensor of so many rows of 1,000 float32, each equal to its place; which counts what is read of it. */
function large(rows) {
  const counted = { bytes: 0, requests: 0 };
  const read = async (start, end) => {
    counted.bytes += end - start;
    counted.requests++;
    return Float32Array.from({ length: (end - start) / 4 }, (_, i) => start / 4 + i).buffer;
  };
  const bytes = 4000 * rows;
  return { counted, bytes, read, tensor: (source) => new Tensor(new Storage(source, "F32", 0, bytes), [rows, 1000], 0, [1000, 1], "float32") };
}

test("one cell of a tensor of 100 MB reads one page", async () => {
  const { counted, read, tensor } = large(25_000);
  const asked = tensor({ read });
  const { value } = await patiently(() => asked.at([12_345, 678]));
  assert.equal(value, 12_345_678);
  assert.ok(counted.bytes <= 65_536, `${counted.bytes} bytes`);
  assert.equal(counted.requests, 1);
});

test("the picture of a tensor of 100 MB reads a few pages, and knows its range from them", async () => {
  const { counted, read, tensor } = large(4_000);
  const asked = tensor({ read });
  const { value, waits } = await patiently(() => asked.extent());
  assert.equal(waits, 1); // all at once
  assert.ok(counted.bytes <= 8 * 65_536, `${counted.bytes} bytes`);
  assert.ok(value.low === 0 && value.high > 0.85 * 4_000_000, JSON.stringify(value));
});

test("a page that could not be read is asked for again", async () => {
  let times = 0;
  const { read, tensor } = large(500);
  const broken = tensor({ read: (start, end) => (times++ ? read(start, end) : Promise.reject(new Error("gone"))) });
  await assert.rejects(patiently(() => broken.at([1, 1])), /gone/);
  assert.equal((await patiently(() => broken.at([1, 1]))).value, 1001);
});

test("blocks: neighbours come in one request, once; what lies across a border is whole", async () => {
  const { counted, bytes, read } = large(1000);
  const source = byBlocks(read, bytes);
  const border = 1 << 18;
  const across = new Float32Array(await source.read(border - 8, border + 8));
  assert.deepEqual([...across], [-2, -1, 0, 1].map((n) => border / 4 + n));
  assert.deepEqual({ ...counted }, { bytes: 2 * border, requests: 1 });
  await Promise.all([source.read(100, 200), source.read(border + 4, border + 400)]);
  assert.equal(counted.requests, 1);
  assert.equal((await source.read(bytes - 4, bytes)).byteLength, 4); // the last block is shorter
  assert.equal(counted.bytes, 2 * border + (bytes % border));
  assert.equal((await source.read(20, 20)).byteLength, 0);
});

test("a range leaves out NaN, infinities, and what is not in the view", () => {
  const values = Float32Array.of(5, NaN, -Infinity, -2, Infinity, 9).buffer;
  const storage = new Storage(inMemory(values), "F32", 0, 24);
  assert.deepEqual(new Tensor(storage, [6], 0, [1], "float32").extent(), { low: -2, high: 9 });
  assert.deepEqual(new Tensor(storage, [2, 2], 0, [3, 1], "float32").extent(), { low: -2, high: 5 });
  const none = new Tensor(storage, [0], 0, [1], "float32").extent();
  assert.ok(none.low > none.high);
});

test("elements are numbered row by row", () => {
  assert.deepEqual(unravel(7, [2, 3, 2]), [1, 0, 1]);
});

// names and places

test("a series is the steps of a loop; a step by its number shows the series, an outer name a value", () => {
  const h = find(small, "h");
  assert.deepEqual(h.shape, [3, 2]);
  assert.equal(find(small, "h"), h);
  assert.deepEqual(find(small, "h[1]")?.nodes.map((node) => node.name), ["h[1]"]);
  assert.deepEqual(find(small, "embedding.weight").shape, [5, 3]);
  assert.equal(find(small, "nothing"), null);
  assert.deepEqual(small.steps("h").map((node) => node.step), [0, 1, 2]);
});

test("a cell of a series is a cell of one of its values, and back", () => {
  const h = find(small, "h");
  assert.equal(h.dropped, 1);
  assert.deepEqual(place(h, [2, 1]), { which: 2, index: [0, 1] });
  for (const cell of cells(h.shape)) {
    const { which, index } = place(h, cell);
    assert.deepEqual(back(h, which, index), cell);
    assert.equal(h.order.get(h.values[which].id), which);
  }
});

test("a picture has the range of its numbers, its kind's bounds where it has some", () => {
  const seen = picture(small, find(small, "c"), { title: (axis) => axis.toUpperCase(), label: "" });
  const all = small.steps("c").flatMap((node) => python[node.outputs[0]].numbers);
  assert.deepEqual([seen.low, seen.high], [Math.min(...all, Infinity), Math.max(...all)]);
  assert.equal(seen.at([2, 1]), python[small.byName.get("c[2]").outputs[0]].numbers[1]);
  const gate = picture(small, find(small, "forget"), { title: (axis) => axis, label: "" });
  assert.deepEqual([gate.low, gate.high, gate.bounded], [0, 1, "gate"]);
  assert.equal(seen.axes[0].steps, true);
});

test("cells as the URL has them", () => {
  assert.deepEqual(readCell("2,1", [3, 2]), [2, 1]);
  assert.deepEqual(readCell("0,2,1", [3, 2]), [2, 1]);
  assert.deepEqual(readCell("", []), []);
  for (const text of ["3,1", "1", "1,-1", "1,0.5", "x,1", "1,2,1"]) assert.equal(readCell(text, [3, 2]), null, text);
});

// arithmetic

test("what is written out for a cell has the recorded number: gates, softmax, layer norm, convolution and all", () => {
  const told = new Set();
  for (const node of small.nodes)
    for (const [output, id] of (node.outputs ?? []).entries()) {
      if (output) continue;
      for (const index of cells(small.values.get(id).shape)) {
        const found = written(small, node, index);
        assert.ok(found, `${node.name} [${index}]`);
        assert.ok(close(found.expression.value, small.tensor(id).at(index), 1e-5), `${node.name} [${index}]: ${found.expression.value}`);
        for (const leaf of found.leaves) assert.equal(leaf.number, small.tensor(leaf.value).at(leaf.index));
        told.add(node.kind);
      }
    }
  for (const kind of ["sigmoid", "tanh", "add", "_softmax", "native_layer_norm", "convolution", "addmm", "embedding", "gt", "where"])
    assert.ok(told.has(kind), kind);
});

test("the memory is one formula of named parts: forget · c + σ(i) · tanh(g)", () => {
  const { expression, leaves, steps } = written(small, small.byName.get("c[1]"), [0, 1]);
  assert.deepEqual(steps.map((node) => node.kind), ["add", "mul", "mul", "sigmoid", "tanh"]); // what has a caption stays a name
  const from = leaves.map((leaf) => [producerOf(small, leaf.value).name, leaf.index]);
  assert.deepEqual(from, [["forget[1]", [0, 1]], ["c[0]", [0, 1]], ["gates[1]", [0, 1]], ["gates[1]", [0, 5]]]);
  assert.deepEqual(operations(expression), { sum: 1, product: 2, "σ": 1, tanh: 1 });
});

test("a formula ends where its module does: what another one computed is a number of its own", () => {
  const value = (id, producer) => ({ id, name: id, kind: "computed", shape: [1], dtype: "float32", producer });
  const add = (id, module, kind, a, b, out) => ({ id, kind, name: id, module, args: [{ value: a }, b], outputs: [out] });
  const nodes = [
    add("n0", "a", "mul", "v0", 2, "v1"),
    add("n1", "a", "add", "v1", { value: "v0" }, "v2"),
    add("n2", "b", "add", "v2", { value: "v0" }, "v3"),
  ];
  const values = [value("v0"), value("v1", "n0"), value("v2", "n1"), value("v3", "n2")];
  const header = Object.fromEntries(values.map(({ id }, i) => [id, { dtype: "F32", data_offsets: [4 * i, 4 * i + 4] }]));
  const graph = { nodes, values, meta: {}, signatures: {}, inputs: {}, outputs: {}, axis_labels: {}, modules: {} };
  const trace = new Trace(inMemory(Float32Array.of(3, 6, 9, 12).buffer), header, graph, 0);
  assert.deepEqual(written(trace, nodes[1], [0]).steps.map((node) => node.id), ["n1", "n0"]);
  const last = written(trace, nodes[2], [0]);
  assert.deepEqual([last.expression.value, last.steps.length, last.leaves.map((leaf) => leaf.value)], [12, 1, ["v2", "v0"]]);
});

test("what only moved is followed to where it was computed", () => {
  const moved = small.nodes.filter((node) => family(node.kind) === "move" && node.outputs?.length);
  assert.ok(moved.length > 8);
  for (const node of moved)
    for (const id of node.outputs)
      for (const index of cells(small.values.get(id).shape)) {
        const from = origin(small, { value: id, index });
        const producer = producerOf(small, from.value);
        assert.ok(!producer || family(producer.kind) !== "move", `${node.name} ends at ${producer?.name}`);
        assert.equal(small.tensor(from.value).at(from.index), small.tensor(id).at(index));
      }
  const from = (name, index) => origin(small, { value: small.byName.get(name).outputs[0], index });
  assert.deepEqual(from("select[2]", [0, 1]), { value: small.byName.get("embedding.x").outputs[0], index: [0, 2, 1], number: from("select[2]", [0, 1]).number });
  const weight = from("out.t", [5, 1]); // transposed
  assert.deepEqual([small.values.get(weight.value).name, weight.index], ["out.weight", [1, 5]]);
});

test("the terms of a sum, largest first", () => {
  const { expression } = written(small, small.byName.get("out.addmm"), [0, 1]);
  const found = terms(expression);
  assert.equal(found.terms.length, 9); // the bias and eight products
  const sizes = found.terms.map((term) => Math.abs(term.value));
  assert.deepEqual(sizes, sizes.toSorted((a, b) => b - a));
});

// notation

const a = { op: "source", source: 0, value: 2 };
const b = { op: "source", source: 1, value: -3 };
const tiny = { op: "number", value: 0.0002 };
const of = (op, ...parts) => ({ op, of: parts, value: 0 });
const call = (name, ...parts) => ({ op: "call", name, of: parts, value: 0 });
const P = (text) => `\\left(${text}\\right)`;
for (const [expression, expected] of [
  [of("sum", a, b), "2 - 3"],
  [of("sum", b, a), "-3 + 2"],
  [of("sum", a, of("product", b, a)), `2 + ${P("-3")} \\times 2`],
  [of("sum", a, of("negative", call("σ", a))), `2 - \\sigma${P("2")}`],
  [of("sum", a, of("difference", b, a)), "2 - 3 - 2"],
  [of("sum", a, tiny), "2 + 2.0\\cdot 10^{-4}"],
  [of("sum", a, { op: "number", value: -0.0002 }), "2 - 2.0\\cdot 10^{-4}"],
  [of("product", a, of("sum", a, b)), `2 \\times ${P("2 - 3")}`],
  [of("product", b, of("negative", a)), `${P("-3")} \\times ${P("-2")}`],
  [of("product", a, of("select", of("sum", a, b), a)), `2 \\times ${P("2 - 3")}`],
  [of("product", a, of("quotient", a, b)), "2 \\times \\frac{2}{-3}"],
  [of("product", a, { op: "compare", name: "≤", of: [a, b], value: 0 }), `2 \\times ${P("2 \\le -3")}`],
  [of("difference", a, of("sum", a, b)), `2 - ${P("2 - 3")}`],
  [of("difference", a, of("difference", a, b)), `2 - ${P(`2 - ${P("-3")}`)}`],
  [of("difference", a, b), `2 - ${P("-3")}`],
  [of("difference", b, a), "-3 - 2"],
  [of("difference", a, of("product", a, a)), "2 - 2 \\times 2"],
  [of("negative", of("sum", a, b)), `-${P("2 - 3")}`],
  [of("negative", b), `-${P("-3")}`],
  [of("negative", of("negative", a)), `-${P("-2")}`],
  [of("quotient", of("sum", a, b), of("product", a, b)), `\\frac{2 - 3}{2 \\times ${P("-3")}}`],
  [of("power", a, a), "{2}^{2}"],
  [of("power", b, a), `{${P("-3")}}^{2}`],
  [of("power", tiny, a), `{${P("2.0\\cdot 10^{-4}")}}^{2}`],
  [of("power", of("sum", a, b), a), `{${P("2 - 3")}}^{2}`],
  [of("power", of("product", a, a), a), `{${P("2 \\times 2")}}^{2}`],
  [of("power", of("quotient", a, a), a), `{${P("\\frac{2}{2}")}}^{2}`],
  [of("power", of("power", a, a), a), `{${P("{2}^{2}")}}^{2}`],
  [call("√", of("sum", a, b)), "\\sqrt{2 - 3}"],
  [call("abs", b), "\\left|-3\\right|"],
  [call("log1p", a), `\\operatorname{log1p}${P("2")}`],
  [of("max", a, b), `\\max${P("2, -3")}`],
  [of("sum", ...new Array(9).fill(a)), "2 + 2 + 2 + 2 + \\dots\\,{\\small (9)}"],
])
  test(`notation: ${expected}`, () => assert.equal(numbers(expression, (_, value) => tex(value)), expected));

test("a part that was written before stands there by its value; names and powers of ten are TeX", () => {
  const mean = of("sum", a, b);
  assert.equal(numbers(of("product", mean, a), (_, value) => tex(value), (part) => (part === mean ? "-0.5" : undefined)), `${P("-0.5")} \\times 2`);
  assert.equal(tex(-Infinity), "-\\infty");
  assert.equal(tex(1234567), "1.2\\cdot 10^{6}");
  assert.equal(named("a_b\\%"), "\\text{a\\_b\\%}");
});

// where numbers come from, and where they go

test("a cell's sources are the cells that it was computed from", () => {
  const found = groups(small, find(small, "gates"), [1, 5]);
  const by = Object.fromEntries(found.map((group) => [group.name, group.cells]));
  assert.deepEqual(by.W, [[0, 5], [1, 5], [2, 5]]);
  assert.deepEqual(by.U, [[0, 5], [1, 5]]);
  assert.deepEqual(by.h, [[0, 0], [0, 1]]); // the step before
  assert.deepEqual(by["embedding.x"], [[1, 0], [1, 1], [1, 2]]); // the second word
});

test("what a source cell feeds is found out in turns, and is the other way round", () => {
  const shown = find(small, "gates");
  const feeds = new Feeds(small, shown);
  assert.equal(feeds.of("W", [1, 5]), null);
  let turns = 0;
  while (feeds.turn(turns ? 50 : 0)) turns++;
  assert.ok(turns > 0);
  assert.deepEqual([...feeds.of("W", [1, 5])], ["0,5", "1,5", "2,5"]); // one weight, used at every step
  assert.deepEqual([...feeds.of("h", [0, 1])].sort(), cells([8]).map(([n]) => `1,${n}`).sort());
  assert.equal(feeds.of("W", [9, 9]), null);
});

test("an excerpt of a large tensor holds the lit cells, and finds each of its cells again", () => {
  for (const [shape, lit] of [
    [[50_000, 768], [[31_000, 700], [31_000, 767]]],
    [[4, 7, 300], [[2, 6, 290]]],
    [[90], [[89]]],
    [[], [[]]],
    [[3, 2], [[0, 0], [2, 1]]],
    [[3, 2], []],
  ]) {
    const seen = excerpt(shape, lit);
    assert.ok(seen.columns <= 40 && seen.rows <= 40);
    if (lit.length) assert.ok(seen.place(lit[0]), `${lit[0]} of ${shape}`);
    for (let x = 0; x < seen.columns; x++)
      for (let y = 0; y < seen.rows; y++) {
        const cell = seen.index(x, y);
        assert.ok(cell.every((at, axis) => at >= 0 && at < shape[axis]));
        assert.deepEqual(seen.place(cell), [x, y]);
      }
  }
  assert.equal(excerpt([4, 7, 300], [[2, 6, 290]]).place([1, 6, 290]), null);
});

test("users of a value are named parts of the model", () => {
  const id = small.byName.get("embedding.x").outputs[0];
  assert.deepEqual(usersOf(small, id).map(({ name }) => name), ["gates"]);
});

// parts

test("units: the input, the modules with their parameters, and whom each takes numbers from", () => {
  const all = units(small);
  const by = Object.fromEntries(all.map((unit) => [unit.key, unit]));
  assert.equal(all[0].key, "ids");
  assert.deepEqual([by.embedding.parameters, by.norm.parameters, by.conv.parameters, by.out.parameters], [15, 4, 10, 18]);
  assert.deepEqual(by.embedding.from, ["ids"]);
  assert.equal(unitOf(all, "conv.features"), by.conv);
  assert.equal(unitOf(all, "embedding.weight"), by.embedding);
});

test("values in arguments, however deep", () => {
  assert.deepEqual(valuesIn([{ value: "v1" }, [{ value: "v2" }, 3, null], { of: { value: "v3" } }, { float: "inf" }]), ["v1", "v2", "v3"]);
});
