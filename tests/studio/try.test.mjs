// The pure parts of Try and Ship: which words changed, one scale for all bars, what a report and two answers say.
import assert from "node:assert/strict";
import test from "node:test";
import { difference } from "../../src/pellucid/studio/try/difference.js";
import { sorted } from "../../src/pellucid/studio/try/gathered.js";
import { counted, csv, jsonLines } from "../../src/pellucid/studio/try/written.js";
import { alike, extent, largest } from "../../src/pellucid/studio/try/scale.js";
import { brief, shortly } from "../../src/pellucid/studio/try/outputs.js";
import { answersDiffer, report, tiny } from "../../src/pellucid/studio/ship/report.js";

const split = (/** @type {string} */ text) => text.split(" ").filter(Boolean);
const changed = (/** @type {string} */ before, /** @type {string} */ after) => {
  const { removed, added } = difference(split(before), split(after));
  return [[...removed].map((i) => split(before)[i]), [...added].map((i) => split(after)[i])];
};

test("words that were taken out and put in", () => {
  assert.deepEqual(changed("claim your free prize now", "claim your free library now"), [["prize"], ["library"]]);
  assert.deepEqual(changed("a b c", "a b c"), [[], []]);
  assert.deepEqual(changed("", "a b"), [[], ["a", "b"]]);
  assert.deepEqual(changed("a b", ""), [["a", "b"], []]);
  assert.deepEqual(changed("now now now", "now now"), [["now"], []]);
  assert.deepEqual(changed("x a y b z", "a q b"), [["x", "y", "z"], ["q"]]);
});

test("what stays is a longest common subsequence, in any small pair of messages", () => {
  const all = (/** @type {number} */ n) => (n ? all(n - 1).flatMap((list) => [[...list, "a"], [...list, "b"]]) : [[]]);
  const common = (/** @type {string[]} */ a, /** @type {string[]} */ b) =>
    !a.length || !b.length ? 0 : a[0] === b[0] ? 1 + common(a.slice(1), b.slice(1)) : Math.max(common(a.slice(1), b), common(a, b.slice(1)));
  for (const before of [0, 1, 3, 5].flatMap(all))
    for (const after of [0, 2, 4].flatMap(all)) {
      const { removed, added } = difference(before, after);
      const kept = before.filter((_, i) => !removed.has(i));
      assert.deepEqual(kept, after.filter((_, i) => !added.has(i)));
      assert.equal(kept.length, common(before, after), `${before} → ${after}`);
    }
});

test("a very long change is marked as a whole", () => {
  const before = Array.from({ length: 1500 }, (_, i) => `a${i % 7}`);
  const after = Array.from({ length: 1500 }, (_, i) => `a${i % 5}x`);
  const { removed, added } = difference(["same", ...before, "end"], ["same", ...after, "end"]);
  assert.equal(removed.size, 1500);
  assert.equal(added.size, 1500);
  assert.ok(!removed.has(0) && !removed.has(1501));
});

test("figures beside each other have the same number of digits", () => {
  assert.equal(largest([0.1, -0.4]), 0.4);
  assert.equal(largest([]), 0);
  assert.deepEqual([0.129, -0.0712, 0.0004, 0].map((x) => alike(x, 0.129)), ["+0.129", "−0.071", "0.000", "0"]);
  assert.deepEqual([0.00247, -0.00007].map((x) => alike(x, 0.00247)), ["+0.00247", "−0.00007"]);
  assert.deepEqual([12.5, -3].map((x) => alike(x, 12.5)), ["+12.500", "−3.000"]);
  assert.deepEqual([2e-7, -2e-8, 0].map((x) => alike(x, 2e-7)), ["+2.0e−7", "−2.0e−8", "0"]);
});

test("bars reach as far up and down as their values", () => {
  assert.deepEqual(extent([0.2, -0.1, 0.4], 0.4), { "--up": 1, "--down": 0.25 });
  assert.deepEqual(extent([-0.2], 0.4), { "--up": 0, "--down": 0.5 });
  assert.deepEqual(extent([0, 0], 0), { "--up": 0, "--down": 0 });
});

test("a bundle's report: scores on both sides, without counts, matrices and the threshold", () => {
  const info = {
    parity: { inputs: 256, largest_difference: 1.2e-7, tolerance: 1e-5, relative_to_spread: 1.3e-7 },
    scores: {
      trained: { accuracy: 0.98, recall: 1, count: 1000, confusion: [[1]], threshold: 0.3, gone: 0.5 },
      shipped: { accuracy: 0.97, recall: 1, count: 1000, confusion: [[1]], threshold: 0.3 },
    },
  };
  assert.deepEqual(report(info), {
    inputs: 256,
    largest: 1.2e-7,
    tolerance: 1e-5,
    relative: 1.3e-7,
    scores: [
      { name: "accuracy", trained: 0.98, shipped: 0.97 },
      { name: "recall", trained: 1, shipped: 1 },
    ],
  });
});

test("how far two answers are apart", () => {
  assert.equal(answersDiffer({ label: "spam", probability: 0.5 }, { label: "spam", probability: 0.25 }), 0.25);
  assert.equal(answersDiffer({ label: "spam", probability: 0.5 }, { label: "ham", probability: 0.5 }), null);
  assert.equal(answersDiffer({ list: [1, 2] }, { list: [1, 2] }), 0);
  assert.equal(tiny(0), "0");
  assert.equal(tiny(2.98e-8), "3.0e−8");
});

test("an answer in a line: a label in the reader's words, the first places of a ranking", () => {
  const label = { kind: /** @type {const} */ ("label"), called: { same: { en: "the same", "zh-TW": "相同" } } };
  assert.equal(shortly(label, "same"), "the same");
  assert.equal(shortly(label, "unheard of"), "unheard of");
  assert.equal(shortly(label, null), "—");
  const ranking = { kind: /** @type {const} */ ("ranking") };
  const places = ["king", "queen", "prince", "crown"].map((name, i) => ({ name, score: 1 - i / 10, text: "" }));
  assert.equal(shortly(ranking, places), "king, queen, prince");
  assert.equal(shortly(ranking, []), "—");
  assert.deepEqual(brief([label, { kind: "distribution" }, ranking]), [label, ranking]);
});

test("two rankings: apart by their scores, or another answer", () => {
  const ranking = (/** @type {number} */ score, name = "queen") => ({ words: [{ name, score, text: "" }] });
  assert.equal(answersDiffer(ranking(0.5), ranking(0.25)), 0.25);
  assert.equal(answersDiffer(ranking(0.5), ranking(0.5, "king")), null);
});

test("of files in folders the pictures, in the order that people count; hidden ones are no others", () => {
  const names = ["a/10.png", "a/2.PNG", ".DS_Store", "a/.x/1.png", "notes.txt", "b/photo.JPEG", "noending"];
  const { pictures, others } = sorted(names.map((name) => ({ name })));
  assert.deepEqual(pictures.map(({ name }) => name), ["a/2.PNG", "a/10.png", "b/photo.JPEG"]);
  assert.equal(others, 2);
});

const OUTPUTS = /** @type {any} */ ([{ name: "label", kind: "label" }, { name: "p", kind: "distribution" }]);
const LINES = [
  { name: "=1.png", answer: { label: "cat, big", p: { "cat, big": 0.75, dog: 0.25 } } },
  { name: "2.png", answer: null },
  { name: '3".png', answer: { label: "dog", p: { "cat, big": 0, dog: 1 } } },
  { name: "4.png", answer: { label: "dog", p: { "cat, big": 0, dog: 1 } } },
];

test("answers as a table: a column for each class, nothing that a spreadsheet would compute, quotes doubled", () => {
  assert.equal(
    csv(LINES, OUTPUTS),
    '\ufefffile,label,"p.cat, big",p.dog\r\n\'=1.png,"cat, big",0.75,0.25\r\n2.png,,,\r\n"3"".png",dog,0,1\r\n4.png,dog,0,1\r\n',
  );
  assert.equal(csv([{ name: "x", answer: { label: "-1", p: {} } }], OUTPUTS.slice(0, 1)), "\ufefffile,label\r\nx,'-1\r\n");
});

test("answers as lines of JSON, and how often each was given", () => {
  const lines = jsonLines(LINES).trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines[0], { file: "=1.png", ...LINES[0].answer });
  assert.deepEqual(lines[1], { file: "2.png" });
  assert.deepEqual(counted(LINES, "label"), [["dog", 2], ["cat, big", 1]]);
});
