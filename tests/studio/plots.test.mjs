// The pure parts of curves, planes and surfaces: scales, levels, the projection, strokes, and what plots ask of a trace.
import assert from "node:assert/strict";
import test from "node:test";
import { bandsOf, fill } from "../../src/pellucid/studio/look/plots/bands.js";
import { loadD3 } from "../../src/pellucid/studio/look/plots/d3.js";
import { followed, momentOf, namedSteps, now, numbers } from "../../src/pellucid/studio/look/plots/numbers.js";
import { clipped, readLine, readPlane } from "../../src/pellucid/studio/look/plots/read.js";
import { axis, brief, levels, logable, logTicks, span, twoSided } from "../../src/pellucid/studio/look/plots/scale.js";
import { shape, stroke } from "../../src/pellucid/studio/look/plots/strokes.js";
import { heightAt, painted, placeIn, projection, thinned, turned } from "../../src/pellucid/studio/look/plots/surface.js";
import { find } from "../../src/pellucid/studio/look/shown.js";
import { Trace } from "../../src/pellucid/studio/look/trace.js";
import { classes } from "../../src/pellucid/studio/look/views/classes.js";
import { plot } from "../../src/pellucid/studio/look/views/geometry.js";
import { zoomed } from "../../src/pellucid/studio/look/views/zoomed.js";
import { rows, shortly } from "../../src/pellucid/studio/try/outputs.js";

const near = (actual, expected, message) => assert.ok(Math.abs(actual - expected) < 1e-9, message ?? `${actual} is not ${expected}`);

test("a linear axis: its ends, its way back, round ticks", () => {
  const a = axis([0, 10], [100, 300]);
  assert.deepEqual([a.place(0), a.place(5), a.place(10)], [100, 200, 300]);
  near(a.value(150), 2.5);
  assert.deepEqual(a.ticks.map(({ text }) => text), ["0", "2", "4", "6", "8", "10"]);
  const up = axis([-1, 1], [200, 0], { room: 0.5 });
  near(up.place(-2), 200);
  near(up.place(2), 0);
  near(up.value(50), 1);
});

test("a logarithmic axis: decades are equally far apart, what is not positive has no place", () => {
  const a = axis([1e-4, 100], [0, 600], { log: true });
  near(a.place(1e-4), 0);
  near(a.place(1) - a.place(0.1), 100);
  near(a.value(500), 10);
  assert.ok(Number.isNaN(a.place(0)) && Number.isNaN(a.place(-1)));
  assert.deepEqual(a.ticks.map(({ text }) => text), ["1e−4", "0.01", "1", "100"]);
  assert.deepEqual(logTicks(1, 1000), [1, 10, 100, 1000]);
  assert.deepEqual(logTicks(3, 60), [5, 10, 20, 50]);
});

test("an axis of a single value has room around it", () => {
  const a = axis([3, 3], [0, 100]);
  near(a.place(3), 50);
  assert.ok(a.high > a.low);
  assert.ok(Number.isFinite(axis([Infinity, -Infinity], [0, 100]).place(0)));
});

test("a logarithmic scale is offered for positive values over more than a hundredfold", () => {
  assert.equal(logable([1, 50, 101]), true);
  assert.equal(logable([1, 50, 100]), false);
  assert.equal(logable([0, 1, 101]), true);
  assert.equal(logable([-1e-9, 1, 1e6]), false);
  assert.equal(logable([]), false);
  assert.deepEqual(span([3, NaN, -2, Infinity]), [-2, 3]);
});

test("numbers at ticks are short", () => {
  assert.deepEqual([0.5, -20, 1e-6, 250000, 0, 0.30000000000000004].map(brief), ["0.5", "−20", "1e−6", "2.5e5", "0", "0.3"]);
});

const bowl = (n) => Array.from({ length: n * n }, (_, k) => ((k % n) / (n - 1) - 0.5) ** 2 + 10 * (Math.floor(k / n) / (n - 1) - 0.5) ** 2);

test("levels of a bowl are closer together near its bottom, rising, inside of its range", () => {
  const found = levels(bowl(41));
  const [low, high] = span(bowl(41));
  assert.ok(found.length >= 8 && found.length < 14, found.join());
  assert.ok(found.every((level, n) => level > low && level < high && (n === 0 || level > found[n - 1])), found.join());
  assert.ok(found[1] - found[0] < (found.at(-1) - found.at(-2)) / 2, found.join());
});

test("levels on both sides of zero are even and have zero among them; a dip below zero is not two sides", () => {
  const found = levels([-3, -2, -1, 0, 1, 2, 3]);
  assert.ok(found.includes(0));
  assert.deepEqual(found.map((level) => -level).reverse().map((level) => level + 0), found.map((level) => level + 0));
  assert.equal(twoSided([-3, 3]), true);
  assert.equal(twoSided([-0.01, 3]), false);
  assert.equal(twoSided([0, 3]), false);
});

test("logarithmic levels rise by a factor; a plane of one height has none", () => {
  const found = levels([1e-4, 1e-2, 1, 1e4], { log: true, about: 8 });
  assert.deepEqual(found, [0.001, 0.01, 0.1, 1, 10, 100, 1000]);
  assert.deepEqual(levels([2, 2, 2]), []);
  assert.deepEqual(levels([NaN]), []);
});

test("a small range far from zero still has levels", () => {
  const found = levels(Array.from({ length: 100 }, (_, n) => 1e6 + n / 1000));
  assert.ok(found.length >= 10, found.join());
});

test("d3 draws a level of a bowl where its values are", async () => {
  const d3 = await loadD3();
  const [one] = d3.contours().size([41, 41]).thresholds([0.1])(bowl(41));
  const points = one.coordinates.flat(2).filter(([cx, cy]) => cx > 0.5 && cx < 40.5 && cy > 0.5 && cy < 40.5); // not the frame
  const ring = points.map(([cx, cy]) => [(cx - 0.5) / 40 - 0.5, (cy - 0.5) / 40 - 0.5]);
  assert.ok(ring.length > 30);
  for (const [x, y] of ring) assert.ok(Math.abs(x * x + 10 * y * y - 0.1) < 0.004, `${x}, ${y}`);
});

test("colours of bands: deep where it is low; two tokens on both sides of zero", () => {
  const bands = bandsOf(bowl(21), false);
  assert.match(fill(bands, 0), /--pos\) 50%/);
  assert.match(fill(bands, bands.levels.length), /--pos\) 4%/);
  const both = bandsOf([-4, -2, 0, 2, 4], false);
  assert.equal(both.signed, true);
  assert.match(fill(both, 0), /--neg/);
  assert.match(fill(both, both.levels.length), /--pos/);
});

test("the projection: from above a map, level a skyline; distances in space stay", () => {
  const map = projection({ turn: 0, tilt: 90 });
  const [across, up] = map(0.3, 0.2, 7);
  near(across, 0.3);
  near(up, 0.2);
  const skyline = projection({ turn: 0, tilt: 0 })(0.3, 0.2, 0.4);
  near(skyline[1], 0.4);
  near(skyline[2], 0.2);
  const any = projection({ turn: -32, tilt: 46 });
  near(Math.hypot(...any(0.1, -0.5, 0.7)), Math.hypot(0.1, 0.5, 0.7));
  const quarter = projection({ turn: 90, tilt: 90 })(1, 0, 0);
  near(quarter[0], 0);
  near(quarter[1], 1);
});

test("turning goes round, tilting stops above and before the level", () => {
  assert.deepEqual(turned({ turn: 170, tilt: 30 }, 20, 0), { turn: -170, tilt: 30 });
  assert.equal(turned({ turn: 0, tilt: 80 }, 0, 30).tilt, 90);
  assert.equal(turned({ turn: 0, tilt: 10 }, 0, -30).tilt, 5);
});

test("the furthest face is painted first", () => {
  assert.deepEqual(painted([{ away: 0.1 }, { away: 0.9 }, { away: -0.5 }]).map(({ away }) => away), [0.9, 0.1, -0.5]);
});

test("a large grid is drawn by at most 64 faces a side, its ends among them", () => {
  assert.deepEqual(thinned(5), [0, 1, 2, 3, 4]);
  const found = thinned(1000);
  assert.equal(found.length, 65);
  assert.deepEqual([found[0], found.at(-1)], [0, 999]);
});

test("heights between samples: exact on a plane, none outside", () => {
  const [x, y] = [[0, 1, 4], [0, 2]];
  const grid = { x, y, at: (column, row) => 3 * x[column] - 2 * y[row] + 1 };
  near(heightAt(grid, 2.5, 0.5), 7.5);
  near(heightAt(grid, 4, 2), 9);
  near(heightAt(grid, 0, 0), 1);
  assert.ok(Number.isNaN(heightAt(grid, 4.1, 1)));
  near(placeIn(x, 2.5), 1.5);
  assert.ok(Number.isNaN(placeIn(x, -0.1)));
});

test("36 strokes: no two alike; the first six differ in colour, dashes and shape", () => {
  const all = Array.from({ length: 36 }, (_, n) => JSON.stringify(stroke(n)));
  assert.equal(new Set(all).size, 36);
  for (const part of ["colour", "dash", "shape"]) assert.equal(new Set(all.slice(0, 6).map((each) => JSON.stringify(JSON.parse(each)[part]))).size, 6, part);
  const shapes = new Set(Array.from({ length: 6 }, (_, n) => shape(stroke(n).shape, 5)));
  assert.equal(shapes.size, 6);
});

test("where a line crosses a box", () => {
  const ends = (a, b, c) => clipped({ label: "", a, b, c }, [0, 4], [0, 2])?.map(([x, y]) => [x, y]).sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  assert.deepEqual(ends(1, 2, 4), [[0, 2], [4, 0]]);
  assert.deepEqual(ends(1, 0, 3), [[3, 0], [3, 2]]);
  assert.deepEqual(ends(0, 1, 1), [[0, 1], [4, 1]]);
  assert.equal(ends(1, 1, 9), undefined);
  assert.equal(ends(0, 0, 1), undefined);
});

/** A trace of arrays: values by name, and series of nodes. */
async function traceOf({ values = {}, series = {}, meta = {} }) {
  const [tensors, nodes, listed] = [{}, [], []];
  const bytes = [];
  let offset = 0;
  const enter = (name, flat, shape, axes, producer) => {
    const id = `v${listed.length}`;
    listed.push({ id, name, kind: producer ? "computed" : "constant", shape, dtype: "float64", axes, producer });
    tensors[id] = { dtype: "F64", shape, data_offsets: [offset, offset + 8 * flat.length] };
    offset += 8 * flat.length;
    bytes.push(...flat);
    return id;
  };
  for (const [name, { flat, shape, axes }] of Object.entries(values)) enter(name, flat, shape, axes);
  for (const [name, { steps, shape, axes, numbered }] of Object.entries(series))
    steps.forEach((flat, at) => {
      const step = numbered?.[at] ?? at;
      const node = { id: `n${nodes.length}`, kind: "sub", name: `${name}[${step}]`, variable: name, step, args: [], outputs: [] };
      node.outputs.push(enter(node.name, flat, shape, axes, node.id));
      nodes.push(node);
    });
  const graph = { nodes, values: listed, inputs: {}, modules: {}, axis_labels: {}, storyline: [], meta };
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: { pellucid_trace: JSON.stringify(graph) }, ...tensors }));
  const whole = new Uint8Array(8 + header.length + 8 * bytes.length);
  new DataView(whole.buffer).setBigUint64(0, BigInt(header.length), true);
  whole.set(header, 8);
  whole.set(new Uint8Array(Float64Array.from(bytes).buffer), 8 + header.length);
  const here = (start, end) => whole.buffer.slice(start, end);
  return Trace.open({ read: async (start, end) => here(start, end), here });
}

const title = (name) => `the ${name}`;
const descent = () =>
  traceOf({
    values: {
      grid_x: { flat: [0, 1, 2], shape: [3], axes: ["x"] },
      grid_y: { flat: [10, 20], shape: [2], axes: ["y"] },
      loss: { flat: [1, 2, 3, 4, 5, 6], shape: [2, 3], axes: ["y", "x"] },
      sideways: { flat: [1, 4, 2, 5, 3, 6], shape: [3, 2], axes: ["x", "y"] },
      begin: { flat: [9, 8], shape: [2] },
      two_points: { flat: [0, 1, 2, 5], shape: [2, 2] },
      equations: { flat: [1, 2, 3, 4, 5, 6], shape: [2, 3] },
      curve: { flat: [5, 4, 3], shape: [3], axes: ["step"] },
      counted: { flat: [1, 2, 10], shape: [3] },
      rows_x: { flat: [1, 2, 3], shape: [3] },
      rows_y: { flat: [4, 5, 6], shape: [3] },
    },
    series: {
      w: { steps: [[7, 6], [5, 4], [3, 2]], shape: [2], axes: ["parameter"], numbered: [0, 1, 9] },
      error: { steps: [[100], [10], [1]].map(([n]) => [n]), shape: [], numbered: [0, 1, 9] },
      fitted: { steps: [[0, 0, 0], [1, 2, 3], [2, 4, 6]], shape: [3], numbered: [0, 1, 9] },
    },
    meta: { titles: { loss: { en: "Loss", "zh-TW": "損失" } }, steps: { "": { axis: "step", labels: ["1", "2", "10"] } } },
  });

test("a plane: rows are y, also where the trace has x first; its names; its path with where it began", async () => {
  const trace = await descent();
  const plot = { kind: "plane", node: "loss", x: "grid_x", y: "grid_y", paths: [{ node: "w", start: "begin", label: "Descent" }] };
  const read = readPlane(trace, plot, null, title);
  assert.equal(read.grid.at(2, 0), 3);
  assert.equal(read.grid.at(0, 1), 4);
  assert.equal(readPlane(trace, { ...plot, node: "sideways" }, null, title).grid.at(2, 0), 3);
  assert.deepEqual([read.label, read.across, read.up], ["Loss", "the x", "the y"]);
  assert.deepEqual(read.paths, [{ label: "Descent", points: [[9, 8], [7, 6], [5, 4], [3, 2]], steps: [-1, 0, 1, 9] }]);
  assert.equal(readPlane(trace, plot, null, title).grid, read.grid, "the same grid is read once");
});

test("a plane may have no values: lines by coefficients and by two points, points by number and by name", async () => {
  const trace = await descent();
  const read = readPlane(trace, {
    kind: "plane", x: "grid_x", y: "grid_y",
    lines: [{ node: "equations", label: "Equation" }, { node: "two_points", label: "Line" }],
    points: [{ x: 1, y: 12, label: { en: "Here", "zh-TW": "這裡" } }, { node: "begin", label: "Start" }, { x: "rows_x", y: "rows_y", label: "Rows" }],
  }, null, title);
  assert.equal(read.grid, null);
  assert.deepEqual(read.lines.slice(0, 2), [{ label: "Equation 1", a: 1, b: 2, c: 3 }, { label: "Equation 2", a: 4, b: 5, c: 6 }]);
  const { a, b, c } = read.lines[2];
  near(a * 0 + b * 1, c);
  near(a * 2 + b * 5, c);
  assert.deepEqual(read.points.map(({ label, x, y, many }) => [label, x, y, many]), [
    ["Here", 1, 12, false], ["Start", 9, 8, false], ["Rows", 1, 4, true], ["Rows", 2, 5, true], ["Rows", 3, 6, true],
  ]);
});

test("what is missing in the trace is not drawn", async () => {
  const trace = await descent();
  assert.equal(readPlane(trace, { kind: "plane", x: "none", y: "grid_y" }, null, title), null);
  assert.equal(readLine(trace, { kind: "line", node: "none" }, null, title), null);
  assert.deepEqual(readPlane(trace, { kind: "plane", x: "grid_x", y: "grid_y", paths: [{ node: "none" }] }, null, title).paths, []);
});

test("the step that is open, in things with other steps", async () => {
  const trace = await descent();
  const w = find(trace, "w");
  const moment = momentOf(trace, w, [2, 0]);
  assert.deepEqual(moment, { step: 9, named: 10, at: 2, count: 3, module: "", axis: "step" });
  assert.deepEqual(namedSteps(trace, w), [1, 2, 10]);
  assert.equal(momentOf(trace, find(trace, "loss"), [1, 1]), null);
  assert.equal(now(4, null, null), 3);
  assert.equal(now(4, [-1, 0, 1, 9], moment), 3);
  assert.equal(now(4, [-1, 0, 1, 9], momentOf(trace, w, [0, 0])), 1);
  assert.equal(now(3, null, moment), 2);
  assert.equal(now(4, null, moment), 3);
  assert.equal(now(1000, null, moment), 9);
  assert.equal(now(5, [1, 5, 10, 20, 30], moment, true), 2);
});

test("a plot does not follow the steps of another module's loop", async () => {
  const trace = await descent();
  const moment = momentOf(trace, find(trace, "w"), [1, 0]);
  const other = { ...moment, module: "generator" };
  const moves = { node: "fitted", x: "grid_x" };
  assert.equal(followed(trace, moves, moment), moment);
  assert.equal(followed(trace, moves, other), null);
  assert.equal(followed(trace, { node: "rows_y", paths: [{ node: "w" }] }, other), null);
  assert.equal(followed(trace, { node: "rows_y" }, other), other); // nothing in it has steps
  assert.equal(followed(trace, moves, null), null);
});

test("a curve over steps: a series, or stacked values with their own numbers", async () => {
  const trace = await descent();
  const series = readLine(trace, { kind: "line", node: "error" }, null, title);
  assert.deepEqual([series.curves[0].x, series.curves[0].y, series.steps, series.named], [[1, 2, 10], [100, 10, 1], [0, 1, 9], false]);
  const stacked = readLine(trace, { kind: "line", node: "curve", x: "counted", lines: [{ node: "rows_y", label: "Other" }] }, null, title);
  assert.deepEqual([stacked.curves[0].x, stacked.steps === null, stacked.curves[1].label], [[1, 2, 10], true, "Other"]);
});

test("a curve that moves with the steps is the one of the step that is open; a path of x lies on it", async () => {
  const trace = await descent();
  const at = (mark) => readLine(trace, { kind: "line", node: "fitted", x: "grid_x" }, momentOf(trace, find(trace, "w"), mark), title);
  assert.deepEqual(at([1, 0]).curves[0].y, [1, 2, 3]);
  assert.deepEqual(at([2, 0]).curves[0].y, [2, 4, 6]);
  assert.equal(at([2, 0]).steps, null);
  assert.deepEqual([at([2, 0]).moves, readLine(trace, { kind: "line", node: "error" }, null, title).moves], [true, false]);
  const on = readLine(trace, { kind: "line", node: "curve", x: "grid_x", paths: [{ node: "rows_x" }] }, null, title);
  assert.deepEqual(on.paths[0].points[1], [2, 3]);
});

test("numbers of a trace are read once", async () => {
  const trace = await descent();
  assert.deepEqual(numbers(trace, "w").flat, [7, 6, 5, 4, 3, 2]);
  assert.equal(numbers(trace, "w"), numbers(trace, "w"));
  assert.equal(numbers(trace, "none"), null);
});

test("labels that many points share are classes; names are not", () => {
  assert.deepEqual(classes(["b", "a", "b", "a"]), { names: ["b", "a"], of: [0, 1, 0, 1] });
  assert.equal(classes(["a", "b", "c", "d"]), null);
  assert.equal(classes(["a", "a", "a"]), null);
  assert.equal(classes(Array.from({ length: 90 }, (_, n) => `c${n % 9}`)), null);
  assert.equal(classes(null), null);
});

test("what is seen of zoomed points: places and ticks agree", () => {
  const points = [{ at: 0, x: 0, y: 0 }, { at: 1, x: 10, y: 100 }];
  const whole = plot(points, 600, 400);
  const view = zoomed(whole, { k: 4, x: -600, y: -300 }, 600, 400);
  near(view.x(5), 4 * whole.x(5) - 600);
  near(view.y(50), 4 * whole.y(50) - 300);
  assert.ok(view.xs.length >= 3 && view.xs.every((value) => view.x(value) >= 51 && view.x(value) <= 585), view.xs.join());
  assert.equal(zoomed(whole, { k: 1, x: 0, y: 0 }, 600, 400), whole);
});

test("an answer in a line: every kind of output, also where there is none to give", () => {
  assert.equal(shortly({ kind: "numbers" }, { x: 1, y: 2.5, z: null }), "x = 1, y = 2.5000, z = —");
  assert.equal(shortly({ kind: "numbers" }, null), "—");
  assert.equal(shortly({ kind: "sentence" }, { en: "One solution", "zh-TW": "唯一解" }), "One solution");
  assert.equal(shortly({ kind: "number" }, null), "—");
  assert.equal(shortly({ kind: "number" }, -0.25), "−0.2500");
  assert.equal(shortly({ kind: "label" }, "spam"), "spam");
  assert.deepEqual(rows({ a: 0.123456789 }), [{ name: "a", text: "0.1235", exact: "0.123456789" }]);
});
