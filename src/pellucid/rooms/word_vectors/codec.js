// @ts-check
// The codec of codec.py for browsers: a query to places and weights, cosines to an answer. No imports: a bundle carries it.

/**
 * @typedef {object} Codec what codec.py's Codec.to_json gives, as it stands in codec.json and in bundle.json
 * @property {string[]} vocabulary the words, the most frequent first
 * @property {boolean} lowercase whether all of them were made so
 * @property {number} top how many of the nearest words an answer lists
 */
/** @typedef {{ kind: "near" | "sum" | "pair" | "odd", ids: number[], weights: number[] }} Query */

const MOST_TERMS = 12;
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"; // as Python has it
const SPACES = new RegExp(`[${SPACE}]+`, "u");
const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
const [COMMAS, SIGN, MINUS] = [/[,，、;；]/u, /([+＋\-−－–])/u, "-−－–"];

/** @type {WeakMap<Codec, Map<string, number>>} */
const indices = new WeakMap();

/** @param {Codec} codec @returns {Map<string, number>} place of each word */
function index(codec) {
  let found = indices.get(codec);
  if (!found) indices.set(codec, (found = new Map(codec.vocabulary.map((word, id) => [word, id]))));
  return found;
}

/** @param {Codec} codec @param {string} term @returns {number} */
function known(codec, term) {
  const word = (codec.lowercase ? term.toLowerCase() : term).replace(/^'+|'+$/gu, "") || term;
  const place = index(codec).get(word);
  if (place === undefined) throw new Error(`query: '${word}' is not one of the ${codec.vocabulary.length.toLocaleString("en")} words that this run knows`);
  return place;
}

/** @param {number} count @returns {void} */
function limit(count) {
  if (count > MOST_TERMS) throw new Error(`query: has ${count} words; ask of at most ${MOST_TERMS} at once`);
}

/** @param {Codec} codec @param {string} text @returns {Query} */
export function understood(codec, text) {
  const plain = text.normalize("NFC").replaceAll("’", "'").replaceAll("\u00ad", "");
  const parts = plain.split(COMMAS).map((part) => part.replace(ENDS, "")).filter((part) => part);
  if (!parts.length) throw new Error("query: has no word; write one, such as queen");
  if (parts.length > 1) {
    const ids = [...new Set(parts.map((part) => known(codec, part)))];
    limit(ids.length);
    return { kind: ids.length === 1 ? "near" : ids.length === 2 ? "pair" : "odd", ids, weights: ids.map(() => 1 / ids.length) };
  }
  /** @type {Map<number, number>} */
  const total = new Map();
  let sign = 1;
  for (const term of parts[0].split(SIGN).flatMap((piece) => piece.split(SPACES)).filter((term) => term)) {
    if (SIGN.test(term)) {
      sign = MINUS.includes(term) ? -1 : 1;
      continue;
    }
    const place = known(codec, term);
    total.set(place, (total.get(place) ?? 0) + sign);
    sign = 1;
  }
  const left = [...total].filter(([, weight]) => weight);
  limit(left.length);
  if (!left.length) throw new Error(`query: '${text}' takes away all that it adds; leave something to look up`);
  const kind = left.length === 1 && left[0][1] === 1 ? "near" : "sum";
  return { kind, ids: left.map(([place]) => place), weights: left.map(([, weight]) => weight) };
}

/**
 * The feed of one query.
 * @param {Codec} codec @param {string} text
 * @returns {{ ids: { data: BigInt64Array, dims: number[] }, weights: { data: Float32Array, dims: number[] } }}
 */
export function encode(codec, text) {
  const { ids, weights } = understood(codec, text);
  const dims = [1, ids.length];
  return { ids: { data: BigInt64Array.from(ids, BigInt), dims }, weights: { data: Float32Array.from(weights), dims } };
}

/**
 * The answer to one query.
 * @param {Codec} codec @param {{ scores: { data: ArrayLike<number> } }} outputs @param {string} [text] the query
 */
export function decode(codec, outputs, text) {
  const scores = outputs.scores.data;
  const query = text === undefined ? /** @type {Query} */ ({ kind: "near", ids: [], weights: [] }) : understood(codec, text);
  const ranked = query.kind === "odd" ? inOrder(query.ids, scores) : best(scores, codec.top, query.ids);
  const words = ranked.map((id) => ({ name: codec.vocabulary[id], score: scores[id], text: "" }));
  // with the sum of both each has the cosine √((1 + c) / 2)
  const similarity = query.kind === "pair" ? Math.min(1, 2 * scores[query.ids[0]] * scores[query.ids[1]] - 1) : null;
  return { verdict: verdict(codec, query, words, similarity), words, similarity };
}

/** @param {number[]} ids @param {ArrayLike<number>} scores @returns {number[]} the highest score first, of equal ones the first place */
const inOrder = (ids, scores) => [...ids].sort((a, b) => scores[b] - scores[a] || a - b);

/** @param {ArrayLike<number>} scores @param {number} count @param {number[]} leaveOut @returns {number[]} */
function best(scores, count, leaveOut) {
  const sorted = Float32Array.from(scores).sort();
  const edge = sorted[sorted.length - Math.min(sorted.length, count + leaveOut.length)];
  const places = Array.from({ length: scores.length }, (_, id) => id).filter((id) => scores[id] >= edge && !leaveOut.includes(id));
  return inOrder(places, scores).slice(0, count);
}

/** @param {Codec} codec @param {Query} query @param {{ name: string, score: number }[]} words @param {number | null} similarity */
function verdict(codec, query, words, similarity) {
  const names = query.ids.map((id) => codec.vocabulary[id]);
  if (similarity !== null) {
    const figure = similarity.toFixed(3);
    return { en: `${names[0]} and ${names[1]}: cosine ${figure}`, "zh-TW": `${names[0]} 與 ${names[1]}：餘弦相似度 ${figure}` };
  }
  if (!words.length) return { en: "there is no other word", "zh-TW": "沒有別的詞了" };
  if (query.kind === "odd") {
    const { name, score } = words[words.length - 1];
    return { en: `${name} is the odd one out: cosine ${score.toFixed(3)} with the mean of all`, "zh-TW": `${name} 與眾不同：它與平均的餘弦相似度是 ${score.toFixed(3)}` };
  }
  const asked = names.map((name, n) => `${query.weights[n] < 0 ? "−" : "+"} ${name}`).join(" ").replace(/^\+ /u, "");
  const [{ name, score }] = words;
  if (!asked) return { en: `nearest: ${name}`, "zh-TW": `最接近的是 ${name}` };
  return { en: `${asked}: nearest is ${name}, cosine ${score.toFixed(3)}`, "zh-TW": `${asked}：最接近的是 ${name}，餘弦相似度 ${score.toFixed(3)}` };
}
