// @ts-check
// The codec of codec.py for browsers: a query to word ids, scores to the best documents. No imports: a bundle carries it.
//
// Equal for every character that this browser and Python both know; each has its own edition of Unicode's tables.

/**
 * @typedef {object} Reading how a text is taken apart (core/corpus/reading.py)
 * @property {"unicode" | "characters" | "jieba"} words
 * @property {boolean} lowercase
 * @property {string[]} stop_words
 * @property {number} min_letters
 *
 * @typedef {object} Codec what codec.py's Codec.to_json gives, as it stands in codec.json and in bundle.json
 * @property {string[]} vocabulary word of each id; the id after the last is any word not listed
 * @property {string[]} names of the documents
 * @property {string[]} texts
 * @property {Reading} reading
 * @property {number} top how many documents an answer names
 *
 * @typedef {{ name: string, score: number, text: string }} Place
 */

const TERMS = 256; // different words of a query that are read
const NAMED = 12; // words that a sentence names
const LENGTH = 160; // letters of an excerpt
const BEFORE = 40; // of them at most before the first word that was found

// letters, digits, marks, apostrophes and joiners, as far as words.py looks
const RUN = /(?:(?![\u{3347f}-\u{10ffff}])[\p{L}\p{N}\p{M}'\u200c\u200d])+/gu;
// what Python's split() takes for a space: JavaScript's \\s is another one
const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const ALONE =
  /(?=[\p{L}\p{N}\p{M}])[\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3347e}]/gu;

/** @type {WeakMap<Codec, Map<string, number>>} */
const indices = new WeakMap();

/** @param {Codec} codec @returns {Map<string, number>} id of each word */
function index(codec) {
  let found = indices.get(codec);
  if (!found) {
    if (codec.reading.words === "jieba") throw new Error("words: texts cut by jieba cannot be searched in a page");
    found = new Map(codec.vocabulary.map((word, id) => [word, id]));
    indices.set(codec, found);
  }
  return found;
}

/**
 * The words of a text, without those that the reading leaves out.
 * @param {Reading} reading @param {string} text @returns {string[]}
 */
export function words(reading, text) {
  const tidied = text.replaceAll("\0", " ").normalize("NFC").replaceAll("\u2019", "'").replaceAll("\u00ad", "");
  let plain = (reading.lowercase ? tidied.toLowerCase() : tidied).replaceAll("''", "  ");
  if (reading.words === "characters") plain = plain.replace(ALONE, " $& ");
  const left = new Set(reading.stop_words);
  return (plain.match(RUN) ?? [])
    .map((run) => run.replace(/^'+|'+$/g, ""))
    .filter((word) => /[\p{L}\p{N}]/u.test(word) && [...word].length >= reading.min_letters && !left.has(word));
}

/**
 * The different words of a query in their order, and how often each is there.
 * @param {Codec} codec @param {string} query @returns {Map<string, number>}
 */
function counted(codec, query) {
  const counts = new Map();
  for (const word of words(codec.reading, query)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/**
 * The feed of one query.
 * @param {Codec} codec @param {string} query
 * @returns {{ ids: { data: BigInt64Array, dims: number[] }, counts: { data: Float32Array, dims: number[] } }}
 */
export function encode(codec, query) {
  const known = index(codec);
  const counts = counted(codec, query);
  if (!counts.size) throw new Error("query: holds no word to look for (stop words and marks do not count)");
  if (![...counts.keys()].some((word) => known.has(word)))
    throw new Error(`query: no document has ${named([...counts.keys()], ", ")}; try other words`);
  const read = [...counts].slice(0, TERMS);
  const ids = BigInt64Array.from(read, ([word]) => BigInt(known.get(word) ?? codec.vocabulary.length));
  const dims = [1, read.length];
  return { ids: { data: ids, dims }, counts: { data: Float32Array.from(read, ([, n]) => n), dims } };
}

/**
 * The answer to one query.
 * @param {Codec} codec @param {Record<string, { data: ArrayLike<number> }>} outputs the scores, by whatever name
 * @param {string} [query] without it nothing can be said of its words
 * @returns {{ documents: Place[], verdict: { en: string, "zh-TW": string } }}
 */
export function decode(codec, outputs, query = "") {
  const scores = Array.from(Object.values(outputs)[0].data);
  const counts = counted(codec, query);
  const known = index(codec);
  const rarity = new Map([...counts.keys()].filter((word) => known.has(word)).map((word) => [word, Math.log(2 + (known.get(word) ?? 0))]));
  const unknown = [...counts.keys()].filter((word) => !known.has(word));
  const documents = ranked(scores, codec.top).map((d) => ({
    name: codec.names[d],
    score: scores[d],
    text: excerpt(codec.texts[d], rarity, codec.reading.words),
  }));
  return { documents, verdict: verdict([...rarity.keys()], unknown, documents.length) };
}

/** @param {number[]} scores @param {number} top @returns {number[]} places of the best above 0; alike: the earlier first */
function ranked(scores, top) {
  const rounded = scores.map((score) => Math.floor(score * 1e6 + 0.5));
  const order = scores.map((_, d) => d).sort((a, b) => rounded[b] - rounded[a] || a - b);
  return order.slice(0, top).filter((d) => rounded[d] > 0);
}

/** @param {string[]} list @param {string} between @returns {string} some of these words */
const named = (list, between) => list.slice(0, NAMED).join(between) + (list.length > NAMED ? " …" : "");

/** @param {string[]} known @param {string[]} unknown @param {number} found @returns {{ en: string, "zh-TW": string }} */
function verdict(known, unknown, found) {
  if (!known.length && !unknown.length) return { en: `The ${found} nearest documents.`, "zh-TW": `最接近的 ${found} 份文件。` };
  let en = `Looked for: ${named(known, ", ")}.`;
  let zh = `找的詞：${named(known, "、")}。`;
  if (unknown.length) {
    en += ` Not in the index, so without weight: ${named(unknown, ", ")}.`;
    zh += `索引裡沒有、因此沒有份量：${named(unknown, "、")}。`;
  }
  if (!found) {
    en += " No document is near.";
    zh += "沒有接近的文件。";
  }
  return { en, "zh-TW": zh };
}

/**
 * At most about LENGTH letters of a document, where most of the query's weight is.
 * @param {string} text @param {Map<string, number>} rarity of each word @param {string} cut @returns {string}
 */
export function excerpt(text, rarity, cut) {
  const line = text.split(SPACES).filter(Boolean).join(" ");
  if (line.length <= LENGTH) return line;
  const hit = bestHit(line, new Map([...rarity].map(([word, weight]) => [word.toLowerCase(), weight])), cut);
  const start = hit === null ? 0 : startOf(line, hit);
  let end = start + LENGTH < line.length ? start + LENGTH : line.length;
  if (end < line.length) {
    const space = line.slice(0, end).lastIndexOf(" ");
    if (space >= end - 30) end = space;
  }
  return (start ? "… " : "") + line.slice(start, end).trim() + (end < line.length ? " …" : "");
}

/** @param {string} line @param {Map<string, number>} rarity @param {string} cut @returns {number | null} */
function bestHit(line, rarity, cut) {
  if (!rarity.size) return null;
  const either = [...rarity.keys()]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .join("|");
  const whole = cut === "unicode" ? `(?<![\\p{L}\\p{N}])(?:${either})(?![\\p{L}\\p{N}])` : either;
  const found = [...line.matchAll(new RegExp(whole, "giu"))].map((match) => ({ at: match.index, word: match[0].toLowerCase() }));
  let best = null;
  let bestWeight = 0;
  for (const [i, { at }] of found.entries()) {
    const inside = new Set(found.slice(i).filter((hit) => hit.at < at + LENGTH - BEFORE).map((hit) => hit.word));
    const weight = [...inside].reduce((sum, word) => sum + (rarity.get(word) ?? 0), 0);
    if (weight > bestWeight + 1e-9) [best, bestWeight] = [at, weight];
  }
  return best;
}

/** @param {string} line @param {number} hit @returns {number} the first letter of the window */
function startOf(line, hit) {
  const start = Math.max(0, Math.min(hit - BEFORE, line.length - LENGTH));
  if (!start) return 0;
  const space = line.indexOf(" ", start);
  return space >= 0 && space < hit ? space + 1 : start;
}
