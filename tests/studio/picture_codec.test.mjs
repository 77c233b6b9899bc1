// image_classifier's codec.js does what its codec.py does: golden cases written by the real one (test_picture_codec.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { decode, fromPixels } from "../../src/pellucid/rooms/image_classifier/codec.js";

const golden = JSON.parse(readFileSync(new URL("picture_codec.golden.json", import.meta.url), "utf-8"));
const bytes = (/** @type {string} */ text) => new Uint8ClampedArray(Buffer.from(text, "base64"));
const floats = (/** @type {string} */ text) => new Float32Array(bytes(text).buffer);

test("the feed of every picture by every codec, to 1e-4", () => {
  let count = 0;
  for (const { title, height, width, data, feeds } of golden.pictures)
    for (const [name, wanted] of Object.entries(feeds)) {
      const codec = golden.codecs[name];
      const { pixels } = fromPixels(codec, { data: bytes(data), width, height });
      assert.deepEqual(pixels.dims, [1, codec.channels, codec.size, codec.size]);
      const numbers = floats(wanted);
      assert.equal(pixels.data.length, numbers.length);
      const worst = pixels.data.reduce((most, value, i) => Math.max(most, Math.abs(value - numbers[i])), 0);
      assert.ok(worst < 1e-4, `${title}, ${name}: ${worst}`);
      count += 1;
    }
  assert.equal(count, 80);
});

test("answers, the first of two that are alike", () => {
  for (const { outputs, answer } of golden.answers)
    assert.deepEqual(decode(golden.codecs.gray, { probabilities: { data: Float32Array.from(outputs) } }), answer);
});
