// codec.js does what data.py's codec does: golden cases written by the real one (test_codec.py).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { decode, encode, words } from "../../src/pellucid/rooms/spam_detector/codec.js";

const golden = JSON.parse(readFileSync(new URL("codec.golden.json", import.meta.url), "utf-8"));

test("words and ids of every text", () => {
  for (const { text, words: wanted, ids } of golden.texts) {
    assert.deepEqual(words(text), wanted, JSON.stringify(text));
    const feed = encode(golden.codec, text);
    assert.deepEqual([...feed.ids.data].map(Number), ids, JSON.stringify(text));
    assert.deepEqual(feed.ids.dims, [1, ids.length]);
    assert.ok(feed.ids.data instanceof BigInt64Array);
  }
});

/** @param {number} number of the 256 characters @returns {string[]} @param {(c: string) => boolean} known */
const block = (number, known) =>
  Array.from({ length: 256 }, (_, i) => String.fromCodePoint(number * 256 + i)).filter(known);

test("every character, 256 at a time", () => {
  const known = new Set(golden.characters.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)));
  for (const [name, wanted] of Object.entries(golden.blocks)) {
    const characters = block(parseInt(name, 16), (c) => known.has(/** @type {number} */ (c.codePointAt(0))));
    const text = characters.map((c) => `${c} a${c}b ${c}${c} Σ${c}'${c}`).join(" ");
    const found = createHash("sha256").update(words(text).join("\0")).digest("hex").slice(0, 12);
    assert.equal(found, wanted, `U+${name}00`);
  }
});

test("the label at, below and above the threshold, in the model's own precision", () => {
  for (const { threshold, probability, label } of golden.answers) {
    const outputs = { probability: { data: Float32Array.of(probability) } };
    const found = decode({ ...golden.codec, threshold }, outputs);
    assert.deepEqual(found, { label, probability: Math.fround(probability) }, `${probability} at ${threshold}`);
  }
});

test("a model that takes messages apart in another way is refused", () => {
  assert.throws(() => encode({ ...golden.codec, pattern: "\\w+" }, "a"), /another way/);
});
