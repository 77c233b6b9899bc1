// Pictures in Look: what a cell of a convolution or a pooling saw, where its sources are drawn, which way keys go.
// maps.safetensors is made by maps_trace.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { inMemory } from "../../src/pellucid/studio/look/file.js";
import { excerpt, Feeds, groups } from "../../src/pellucid/studio/look/origins.js";
import { sizeOf } from "../../src/pellucid/studio/look/png.js";
import { geometry, goesOn, products, seenBy } from "../../src/pellucid/studio/look/seen.js";
import { called, find, isImage, picture } from "../../src/pellucid/studio/look/shown.js";
import { unravel } from "../../src/pellucid/studio/look/tensor.js";
import { Trace } from "../../src/pellucid/studio/look/trace.js";

const file = readFileSync(new URL("maps.safetensors", import.meta.url));
const trace = await Trace.open(inMemory(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength)));
const node = (name) => trace.byName.get(name);
const valueOf = (name) => trace.values.get(node(name).outputs[0]);
const cells = (shape) => Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, n) => unravel(n, shape));
const close = (a, b) => Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b));

const BORDERS = { "same.same": "same", "valid.valid": "valid", "padded.padded": "padded", "mix.mix": "valid", largest: "padded", means: "valid" };

test("which operations slide a window, and what their padding does", () => {
  const found = trace.nodes.filter((each) => geometry(trace, each)).map((each) => each.name);
  assert.deepEqual(found, ["same.same", "valid.valid", "largest", "padded.padded", "mix.mix", "means"]);
  for (const [name, border] of Object.entries(BORDERS)) assert.equal(geometry(trace, node(name)).border, border, name);
  const { kernel, stride, padding, dilation, size, groups: parts } = geometry(trace, node("padded.padded"));
  assert.deepEqual([kernel, stride, padding, dilation, size, parts], [[3, 3], [2, 2], [2, 2], [2, 2], [4, 3], 1]);
  assert.deepEqual([geometry(trace, node("largest")).kernel, geometry(trace, node("largest")).stride], [[3, 3], [2, 2]]);
  assert.deepEqual(geometry(trace, node("means")).stride, [2, 2]); // none was given: the kernel's
});

for (const name of ["same.same", "valid.valid", "padded.padded", "mix.mix"])
  test(`${name}: of every cell the channels' sums and the bias are the number that was recorded`, () => {
    let outside = 0;
    for (const index of cells(valueOf(name).shape)) {
      const seen = seenBy(trace, node(name), index);
      const sum = seen.sums.reduce((all, each) => all + each, seen.bias);
      assert.ok(close(sum, seen.value), `${index}: ${sum} and ${seen.value}`);
      assert.equal(seen.value, trace.tensor(valueOf(name).id).at(index));
      seen.channels.forEach((channel, n) => {
        const parts = products(seen.pixels(channel), seen.weights(channel)).flat();
        assert.ok(close(parts.reduce((all, each) => all + each, 0), seen.sums[n]));
        outside += seen.pixels(channel).flat().filter((value) => value === null).length;
      });
    }
    assert.equal(outside > 0, BORDERS[name] !== "valid");
  });

test("a group of channels sees its own channels only", () => {
  assert.deepEqual(seenBy(trace, node("valid.valid"), [0, 1, 0, 0]).channels, [0, 1]);
  assert.deepEqual(seenBy(trace, node("valid.valid"), [0, 2, 0, 0]).channels, [2, 3]);
});

test("the corner of a same convolution lies in the padding, and is said to", () => {
  const seen = seenBy(trace, node("same.same"), [0, 0, 0, 0]);
  assert.deepEqual([seen.rows, seen.columns], [[-1, 0, 1], [-1, 0, 1]]);
  const there = seen.pixels(1).map((line) => line.map((value) => value !== null));
  assert.deepEqual(there, [[false, false, false], [false, true, true], [false, true, true]]);
});

test("pooling: the winner is where the largest number is, the mean is the mean", () => {
  const before = trace.tensor(valueOf("valid.valid").id);
  for (const index of cells(valueOf("largest").shape)) {
    const seen = seenBy(trace, node("largest"), index);
    const [row, column] = seen.winner;
    assert.equal(before.at([0, index[1], row, column]), seen.value, String(index));
    assert.ok(seen.rows.includes(row) && seen.columns.includes(column));
  }
  for (const index of cells(valueOf("means").shape)) {
    const seen = seenBy(trace, node("means"), index);
    assert.equal(seen.winner, null);
    assert.ok(close(seen.sums[0] / 4, seen.value));
  }
});

test("a pixel feeds exactly those cells that saw it", () => {
  for (const [name, source] of [["same.same", "pixels"], ["valid.valid", "relu"], ["largest", "valid.valid"], ["padded.padded", "largest"], ["mix.mix", "padded.padded"]]) {
    const shown = find(trace, name);
    const feeds = new Feeds(trace, shown);
    const shape = find(trace, source).shape;
    const into = new Map(cells(shape).map((cell) => [cell.join(), new Set()]));
    for (const index of cells(valueOf(name).shape)) {
      const { rows, columns, channels } = seenBy(trace, node(name), index);
      for (const channel of channels) for (const row of rows) for (const column of columns) into.get([channel, row, column].join())?.add(index.slice(1).join());
    }
    for (const cell of cells(shape)) assert.deepEqual([...(feeds.of(source, cell) ?? [])].sort(), [...into.get(cell.join())].sort(), `${name} ${cell}`);
    assert.equal(feeds.of(`${name.split(".")[0]}.weight`, [0, 0, 0, 0]), null);
  }
});

test("what is made of a sum next: batch norm, activation, and no further than the next window", () => {
  const index = [0, 2, 3, 4];
  const next = goesOn(trace, valueOf("same.same").id, index);
  assert.deepEqual(next.map((each) => each.node.name), ["norm.norm", "relu"]);
  assert.equal(next[1].value, Math.max(0, next[0].value));
  assert.equal(next[1].value, trace.tensor(valueOf("relu").id).at(index));
  assert.deepEqual(goesOn(trace, valueOf("valid.valid").id, [0, 0, 0, 0]), []);
});

test("pictures are known by their axes; an input is light and dark, whatever its sign", () => {
  assert.ok(isImage(find(trace, "pixels")) && isImage(find(trace, "relu")) && isImage(find(trace, "same.weight")));
  assert.ok(!isImage(find(trace, "flat")) && !isImage(find(trace, "same.bias")) && !isImage(find(trace, "output")));
  const drawn = (name) => picture(trace, find(trace, name), { title: (axis) => axis, label: "" });
  assert.equal(drawn("pixels").signed, false);
  assert.ok(drawn("pixels").low < 0);
  assert.equal(drawn("same.same").signed, true);
});

test("of a picture the channels with lit cells are drawn beside each other, upright", () => {
  const lit = [[2, 5, 1], [2, 6, 2], [4, 5, 1]];
  const frame = excerpt([6, 9, 7], lit, true);
  assert.deepEqual([frame.columns, frame.rows], [15, 9]); // two channels of 7 columns and one between them
  assert.equal(frame.index(7, 3), null);
  assert.deepEqual(frame.index(0, 8), [2, 8, 0]);
  assert.deepEqual(frame.index(8, 0), [4, 0, 0]);
  for (const cell of lit) assert.deepEqual(frame.index(...frame.place(cell)), cell);
  assert.equal(frame.place([3, 5, 1]), null);
  assert.deepEqual(excerpt([9, 7], [[1, 2]], true).place([1, 2]), [2, 1]);
  assert.equal(excerpt([20, 5, 5], Array.from({ length: 20 }, (_, c) => [c, 0, 0]), true).columns, 8 * 6 - 1);
  const large = excerpt([2, 100, 100], [[1, 70, 90]], true);
  assert.deepEqual([large.rows, large.columns], [40, 40]);
  assert.deepEqual(large.index(...large.place([1, 70, 90])), [1, 70, 90]);
  const kernels = excerpt([4, 2, 3, 3], [[3, 0, 1, 1], [3, 1, 2, 2]], true);
  assert.deepEqual(kernels.index(...kernels.place([3, 1, 2, 2])), [3, 1, 2, 2]);
});

test("the sources of a flattened number begin with the pixel that it was", () => {
  const flat = find(trace, "flat");
  for (const at of [0, 7, 19]) {
    const [first] = groups(trace, flat, [at]);
    assert.equal(first.name, "means");
    assert.deepEqual(first.cells, [unravel(at, [5, 2, 2])]);
  }
});

test("an operation that nobody named is called by what it does", () => {
  assert.equal(called(trace, "conv.convolution", { kind: "convolution" }), "Convolution");
  assert.equal(called(trace, "conv.edges", { kind: "convolution" }), "edges");
});

test("the size of a PNG is read from its head", () => {
  const made = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAMAAAEsCAAAAABWhZ2hAAAAD0lEQVR4nGNgGAWjYCQBAAJYAAGwvTf9AAAAAElFTkSuQmCC";
  assert.deepEqual(sizeOf(made), [3, 300]);
  assert.equal(sizeOf("data:image/jpeg;base64,AAAA"), null);
  assert.equal(sizeOf("data:image/png;base64,iVBO"), null);
});
