// word_vectors' codec.js does what its codec.py does: golden cases written by the real one (test_word_codec.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { decode, encode } from "../../src/pellucid/rooms/word_vectors/codec.js";

const golden = JSON.parse(readFileSync(new URL("word_codec.golden.json", import.meta.url), "utf-8"));
const codecOf = (/** @type {any} */ { lowercase }) => golden.codecs[lowercase ? "small" : "capitals"];

test("the feed and the answer of every query", () => {
  for (const each of golden.cases.filter((/** @type {any} */ each) => each.answer)) {
    const { ids, weights } = encode(codecOf(each), each.text);
    assert.deepEqual([...ids.data].map(Number), each.ids, JSON.stringify(each.text));
    assert.deepEqual([...weights.data], each.weights, JSON.stringify(each.text));
    assert.ok(ids.data instanceof BigInt64Array && weights.data instanceof Float32Array);
    assert.deepEqual([ids.dims, weights.dims], [[1, each.ids.length], [1, each.ids.length]]);
    const answer = decode(codecOf(each), { scores: { data: Float32Array.from(each.scores) } }, each.text);
    const { similarity, ...said } = answer;
    const { similarity: wanted, ...rest } = each.answer;
    assert.deepEqual(said, rest, JSON.stringify(each.text));
    assert.ok(wanted === null ? similarity === null : Math.abs(/** @type {number} */ (similarity) - wanted) < 1e-12);
  }
});

test("what cannot be asked is refused in the same words", () => {
  for (const { text, error, lowercase } of golden.cases.filter((/** @type {any} */ each) => each.error)) {
    const known = codecOf({ lowercase });
    assert.throws(() => encode(known, text), (thrown) => same(/** @type {Error} */ (thrown).message, error), JSON.stringify(text));
  }
});

/** Python and JavaScript quote a text in their own ways. @param {string} said @param {string} wanted */
const same = (said, wanted) => said.split(/['"]/)[0] === wanted.split(/['"]/)[0];

test("without the query nothing is left out", () => {
  const answer = decode(golden.codecs.small, { scores: { data: Float32Array.from({ length: 20 }, (_, i) => i / 20) } });
  assert.deepEqual(answer.words.map(({ name }) => name), ["42", "x", "ﬁne", "i̇stanbul"]);
  assert.equal(answer.verdict.en, "nearest: 42");
});
