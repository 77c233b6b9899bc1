// The pure parts of the picture input: making smaller, strokes and undo, the newest task, fixed shapes, mistakes, strongest.
import assert from "node:assert/strict";
import test from "node:test";
import { covers, fitted as size, onWhite, shrink } from "../../src/pellucid/studio/input/resample.js";
import { BRUSHES, changed, extended, inside, isEmpty, moved, opened, place, resized, smooth, STEPS, undone, withStroke } from "../../src/pellucid/studio/input/strokes.js";
import { fitted } from "../../src/pellucid/studio/ship/fitted.js";
import { answersDiffer } from "../../src/pellucid/studio/ship/report.js";
import { mistakes } from "../../src/pellucid/studio/train/mistakes.js";
import { ranked, shortly } from "../../src/pellucid/studio/try/outputs.js";
import { strongest } from "../../src/pellucid/studio/try/strongest.js";
import { newest } from "../../src/pellucid/studio/ui/newest.js";

const gray = (rows) => {
  const data = Uint8ClampedArray.from(rows.flat().flatMap((value) => [value, value, value, 255]));
  return { width: rows[0].length, height: rows.length, data };
};
const rowsOf = ({ width, height, data }) => Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => data[(y * width + x) * 4]));

test("the longer side is at most so long, and no picture grows", () => {
  assert.deepEqual(size(400, 200, 96), [96, 48]);
  assert.deepEqual(size(200, 400, 96), [48, 96]);
  assert.deepEqual(size(28, 28, 96), [28, 28]);
  assert.deepEqual(size(10_000, 3, 96), [96, 1]);
});

test("every old pixel is covered once, whatever the sizes", () => {
  for (const [from, to] of [[96, 28], [100, 96], [7, 3], [5, 5], [1000, 1], [2048, 96]]) {
    const total = new Float64Array(from);
    for (const { first, weights } of covers(from, to)) {
      assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9);
      weights.forEach((weight, i) => (total[first + i] += (weight * from) / to));
    }
    assert.ok(total.every((share) => Math.abs(share - 1) < 1e-6), `${from} → ${to}: ${total}`);
  }
});

test("a smaller picture is the mean of what it covers", () => {
  assert.deepEqual(rowsOf(shrink(gray([[0, 100, 200, 200], [0, 100, 0, 0]]), 2, 1)), [[50, 100]]);
  assert.deepEqual(rowsOf(shrink(gray([[0, 30, 90]]), 2, 1)), [[10, 70]]); // a pixel and a half each
  const whole = gray([[1, 2], [3, 4]]);
  assert.equal(shrink(whole, 2, 2), whole);
  const noise = gray(Array.from({ length: 96 }, (_, y) => Array.from({ length: 64 }, (_, x) => (x * 37 + y * 91) % 256)));
  const mean = (picture) => rowsOf(picture).flat().reduce((sum, value) => sum + value, 0) / (picture.width * picture.height);
  assert.ok(Math.abs(mean(shrink(noise, 20, 30)) - mean(noise)) < 0.5);
});

test("what is transparent shows white", () => {
  const picture = { width: 3, height: 1, data: Uint8ClampedArray.from([0, 0, 0, 0, 10, 20, 30, 255, 0, 0, 0, 127.5]) };
  onWhite(picture);
  assert.deepEqual([...picture.data], [255, 255, 255, 255, 10, 20, 30, 255, 127, 127, 127, 255]);
});

test("strokes can be undone one by one, and so can a picture that was put beneath", () => {
  const stroke = { points: [[0.5, 0.5]], brush: 0.1 };
  let history = opened("");
  assert.ok(isEmpty(history.now));
  history = changed(history, withStroke(history.now, stroke));
  history = changed(history, { base: "data:…", strokes: [] });
  history = changed(history, withStroke(history.now, stroke));
  assert.equal(history.now.strokes.length, 1);
  assert.equal(history.now.base, "data:…");
  history = undone(undone(history));
  assert.deepEqual(history.now, { base: "", strokes: [stroke] });
  history = undone(history);
  assert.ok(isEmpty(history.now));
  assert.equal(undone(history).now, history.now);
});

test("a stroke takes no point twice, and its curve goes from the first to the last", () => {
  const points = [[0.1, 0.1], [0.1, 0.1001], [0.5, 0.9], [0.9, 0.1]].reduce(extended, []);
  assert.deepEqual(points, [[0.1, 0.1], [0.5, 0.9], [0.9, 0.1]]);
  const { start, curves } = smooth(points);
  assert.deepEqual(start, [0.1, 0.1]);
  assert.deepEqual(curves, [{ over: [0.5, 0.9], to: [0.7, 0.5] }, { over: [0.9, 0.1], to: [0.9, 0.1] }]);
  assert.deepEqual(smooth([[0.2, 0.3]]), { start: [0.2, 0.3], curves: [{ over: [0.2, 0.3], to: [0.2, 0.3] }] }); // a dot
});

test("the keyboard's brush goes by steps and stays inside", () => {
  assert.deepEqual(moved([0.5, 0.5], "ArrowRight", 1), [0.5 + 1 / STEPS, 0.5]);
  assert.deepEqual(moved([0.5, 0], "ArrowUp", 1), [0.5, 0]);
  assert.deepEqual(moved([0.9, 0.5], "ArrowRight", 40), [1, 0.5]);
  assert.equal(moved([0.5, 0.5], "a", 1), null);
  assert.deepEqual(inside([-1, 2]), [0, 1]);
  assert.deepEqual(place([0, 1]), { row: STEPS + 1, column: 1 });
  assert.equal(resized(BRUSHES.largest, 2), BRUSHES.largest);
  assert.equal(resized(BRUSHES.smallest, 0.5), BRUSHES.smallest);
});

test("of what is asked meanwhile only the newest is done, and nothing that was forgotten", async () => {
  const [begun, done, gates] = [[], [], []];
  const tasks = newest(async (value, wanted) => {
    begun.push(value);
    await new Promise((open) => gates.push(open));
    if (wanted()) done.push(value);
  });
  const finish = async () => (gates.shift()(), await new Promise((later) => setTimeout(later)));
  for (const value of [1, 2, 3]) tasks.ask(value);
  assert.deepEqual(begun, [1]);
  await finish();
  assert.deepEqual([begun, done], [[1, 3], [1]]);
  tasks.ask(4);
  tasks.forget();
  await finish();
  assert.deepEqual([begun, done], [[1, 3], [1]]);
  tasks.ask(5);
  await finish();
  assert.deepEqual(done, [1, 5]);
});

test("an input in a fixed shape: filled up with 0, cut, in the other type of number", () => {
  const ids = { data: BigInt64Array.of(5n, 6n, 7n), dims: [1, 3] };
  assert.deepEqual(fitted(ids, { name: "ids", dtype: "int32", shape: [1, 5] }), Int32Array.of(5, 6, 7, 0, 0));
  assert.deepEqual(fitted(ids, { name: "ids", dtype: "int64", shape: [1, 2] }), BigInt64Array.of(5n, 6n));
  const table = { data: Float32Array.of(1, 2, 3, 4, 5, 6), dims: [2, 3] };
  assert.deepEqual(fitted(table, { name: "x", dtype: "float32", shape: [3, 2] }), Float32Array.of(1, 2, 4, 5, 0, 0));
  assert.throws(() => fitted(table, { name: "x", dtype: "complex64", shape: [1] }), /complex64/);
});

test("answers with a distribution differ by its largest number", () => {
  const answer = { label: "7", probability: 0.9, probabilities: { 6: 0.1, 7: 0.9 } };
  assert.ok(Math.abs(answersDiffer(answer, { ...answer, probabilities: { 6: 0.13, 7: 0.9 } }) - 0.03) < 1e-12);
  assert.equal(answersDiffer(answer, { ...answer, probabilities: { 7: 0.9 } }), null);
  assert.equal(answersDiffer(answer, { ...answer, label: "6" }), null);
});

test("classes by probability, the commonest mistakes, where a map is strongest", () => {
  assert.deepEqual(ranked({ a: 0.2, b: 0.5, c: 0.2, d: 0.1 }).map(({ name }) => name), ["b", "a", "c", "d"]);
  assert.equal(shortly({ kind: "distribution" }, { a: 0.25, b: 0.5, c: 0.125, d: 0.125 }, 3), "b: 0.500, a: 0.250, c: 0.125");
  assert.deepEqual(mistakes([[9, 1, 3], [0, 9, 0], [3, 0, 9]]), [
    { truth: 0, answer: 2, count: 3 },
    { truth: 2, answer: 0, count: 3 },
    { truth: 0, answer: 1, count: 1 },
  ]);
  assert.deepEqual(strongest([[0, 1], [-3, 2]]), { row: 1, column: 0, value: -3 });
  assert.deepEqual(strongest([[0]]), { row: 0, column: 0, value: 0 });
});
