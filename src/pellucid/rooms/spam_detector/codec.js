// @ts-check
// The codec of data.py for browsers: a message to word ids, a probability to an answer. No imports: a bundle carries it.
//
// Equal for every character that this browser and Python both know; each has its own edition of Unicode's tables.

/**
 * @typedef {object} Codec what data.py's Codec.to_json gives, as it stands in codec.json and in bundle.json
 * @property {string[]} vocabulary word of each id; 0 is padding, 1 any word not listed
 * @property {number} length words of a message that are read
 * @property {string[]} labels below the threshold, and from it on
 * @property {number} threshold
 * @property {string} pattern what a word is, for Python's `re`
 */

const UNKNOWN_ID = 1;

// Python's \w is letters, numbers and _; its \s is written out, because that of JavaScript is another one
const LETTER = "(?:(?![\\u3400-\\u9fff])[\\p{L}\\p{N}])";
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const PYTHON = "[\\u3400-\\u9fff]|[^\\W_\\u3400-\\u9fff]+(?:'[^\\W_\\u3400-\\u9fff]+)*|([^\\w\\s]|_)\\1*";
const PATTERN = new RegExp(`[\\u3400-\\u9fff]|${LETTER}+(?:'${LETTER}+)*|([^\\p{L}\\p{N}${SPACE}])\\1*`, "gu");

/** @type {WeakMap<Codec, Map<string, number>>} */
const indices = new WeakMap();

/** @param {Codec} codec @returns {Map<string, number>} id of each word */
function index(codec) {
  let found = indices.get(codec);
  if (!found) {
    if (codec.pattern !== PYTHON) throw new Error("this codec.js takes messages apart in another way than its model");
    found = new Map(codec.vocabulary.map((word, id) => [word, id]));
    indices.set(codec, found);
  }
  return found;
}

/**
 * The words of a message: lower case, each digit as 0.
 * @param {string} text @returns {string[]}
 */
export function words(text) {
  const plain = text.normalize("NFKC").toLowerCase().replace(/\p{Nd}/gu, "0");
  return [...plain.matchAll(PATTERN)].map((match) => match[0]);
}

/**
 * The feed of one message.
 * @param {Codec} codec @param {string} text
 * @returns {{ ids: { data: BigInt64Array, dims: number[] } }}
 */
export function encode(codec, text) {
  const known = index(codec);
  const ids = words(text).slice(0, codec.length).map((word) => known.get(word) ?? UNKNOWN_ID);
  const data = BigInt64Array.from(ids.length ? ids : [UNKNOWN_ID], BigInt);
  return { ids: { data, dims: [1, data.length] } };
}

/**
 * The answer to one message.
 * @param {Codec} codec @param {{ probability: { data: ArrayLike<number> } }} outputs
 * @returns {{ label: string, probability: number }}
 */
export function decode(codec, outputs) {
  const probability = outputs.probability.data[0];
  const label = codec.labels[probability >= Math.fround(codec.threshold) ? 1 : 0]; // the model's numbers are float32
  return { label, probability };
}
