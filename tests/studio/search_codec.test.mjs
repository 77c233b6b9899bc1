// document_search's codec.js does what its codec.py does: golden cases written by the real one (test_search_codec.py).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { decode, encode, words } from "../../src/pellucid/rooms/document_search/codec.js";

const golden = JSON.parse(readFileSync(new URL("search_codec.golden.json", import.meta.url), "utf-8"));

for (const [name, cases] of Object.entries(golden.feeds)) {
  test(`ids and counts of every query, ${name}`, () => {
    const codec = { ...golden.codec, reading: golden.readings[name] };
    for (const { query, ids, counts, refused } of cases) {
      if (refused) {
        assert.throws(() => encode(codec, query), /^Error: query: /, JSON.stringify(query));
        continue;
      }
      const feed = encode(codec, query);
      assert.deepEqual([...feed.ids.data].map(Number), ids, JSON.stringify(query));
      assert.deepEqual([...feed.counts.data], counts, JSON.stringify(query));
      assert.deepEqual(feed.ids.dims, [1, ids.length]);
    }
  });

  test(`every character, 256 at a time, ${name}`, () => {
    const known = new Set(golden.characters.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)));
    for (const [number, wanted] of Object.entries(golden.blocks[name])) {
      const first = parseInt(number, 16) * 256;
      const characters = Array.from({ length: 256 }, (_, i) => first + i).filter((code) => known.has(code)).map((code) => String.fromCodePoint(code));
      const text = characters.map((c) => `${c} a${c}b ${c}${c} '${c}'`).join(" ");
      const found = createHash("sha256").update(words(golden.readings[name], text).join("\0")).digest("hex").slice(0, 12);
      assert.equal(found, wanted, `U+${number}00`);
    }
  });
}

test("documents, excerpts and verdicts", () => {
  for (const { query, scores, answer } of golden.answers) {
    assert.deepEqual(decode(golden.codec, { any: { data: Float32Array.from(scores) } }, query), answer, query);
  }
});

test("texts cut by jieba are refused", () => {
  const codec = { ...golden.codec, reading: { ...golden.codec.reading, words: "jieba" } };
  assert.throws(() => encode(codec, "a"), /jieba/);
});
