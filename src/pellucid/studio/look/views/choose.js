// @ts-check
// Which views fit a tensor, the best first: from its kind, its axes and its shape, never from a room.

/** @typedef {import("#studio/look/views/picture.js").Picture} Picture */
/** @typedef {Pick<Picture, "shape" | "axes" | "bounded" | "signed">} Kind what of a picture decides */

export const CHANNEL = /^(channel|feature ?map|filter|colou?r|rgb)s?$/i;
export const HEIGHT = /^(height|row|y|h)s?$/i;
export const WIDTH = /^(width|column|x|w)s?$/i;
const QUERY = /query|queries|target|decoder/i;
const KEY = /^keys?\b|key|source|encoder/i;
const PARENT = /parent|tree/i;
const POINT = /^(coordinate|component|embedding dimension|xy|position)s?$/i;

const LISTED = 2000; // tokens or nodes that can be elements of their own
const CLASSES = 100000;

/**
 * @param {string} kind of the node: the operation, such as "softmax"; "" where there is none
 * @param {Kind} picture
 * @returns {string[]} names of views, the best first; never empty
 */
export function views(kind, picture) {
  const long = picture.shape.flatMap((size, at) => (size > 1 ? [{ ...picture.axes[at], size }] : []));
  if (picture.shape.includes(0)) return ["table"];
  const one = picture.bounded === "probability" || /softmax/.test(kind);
  if (long.length === 0) return one ? ["distribution", "scalar"] : ["scalar"];
  if (long.length === 1) return ofVector(long[0], kind, one);
  const special = [...ofAttention(long, kind), ...ofImages(long, picture), ...ofPoints(long)];
  return [...new Set([...special, ...ofMatrix(long, kind, picture)])];
}

/** @typedef {import("#studio/look/views/picture.js").Axis & { size: number }} Long an axis longer than one */

/** @param {Long} axis @param {string} kind @param {boolean} probability @returns {string[]} */
function ofVector(axis, kind, probability) {
  const words = axis.labels !== null && axis.size <= LISTED;
  if (PARENT.test(kind) || PARENT.test(axis.name)) return axis.size <= LISTED ? ["tree", "table"] : ["table"];
  if (probability && axis.size <= CLASSES && !axis.steps) return ["distribution", "bars", "table"];
  if (words && axis.steps) return ["tokens", "bars", "table"];
  return words ? ["bars", "tokens", "table"] : ["bars", "heat", "table"];
}

/** @param {Long[]} long @param {string} kind @returns {string[]} */
function ofAttention(long, kind) {
  const [query, key] = long.slice(-2);
  const named = QUERY.test(query.name) && KEY.test(key.name);
  const square = query.size === key.size && query.labels !== null && key.labels !== null;
  return named || square || /attention/.test(kind) ? ["attention"] : [];
}

/** @param {Long[]} long @param {Kind} picture @returns {string[]} */
function ofImages(long, picture) {
  const [height, width] = long.slice(-2);
  const first = long.at(-3);
  if (HEIGHT.test(height.name) && WIDTH.test(width.name)) {
    if (!first) return ["image"];
    if (first.size === 3 && CHANNEL.test(first.name) && !picture.signed) return ["image", "grid"];
    return ["grid", "image"];
  }
  const last = long.length > 2 && HEIGHT.test(first?.name ?? "") && WIDTH.test(height.name) && width.size === 3;
  return last && CHANNEL.test(width.name) ? ["image"] : []; // height, width, colour
}

/** @param {Long[]} long @returns {string[]} */
function ofPoints(long) {
  const [points, numbers] = long;
  if (long.length !== 2 || numbers.labels || points.steps) return [];
  return POINT.test(numbers.name) || (numbers.size === 2 && points.size > 2) ? ["scatter"] : [];
}

/** @param {Long[]} long @param {string} kind @param {Kind} picture @returns {string[]} */
function ofMatrix(long, kind, picture) {
  const [first, second] = long.slice(-2);
  const timeline = first.steps || (first.labels !== null && first.size <= LISTED && !second.labels) ? ["gates"] : [];
  const classes = /softmax/.test(kind) || picture.bounded === "probability" ? ["distribution"] : [];
  return ["heat", ...timeline, ...classes, "table"];
}
