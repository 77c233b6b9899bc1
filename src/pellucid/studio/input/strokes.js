// @ts-check
// A drawing as data: strokes over a picture, what can be undone, and their geometry. No canvas here.

/** @typedef {[number, number]} Point in units of the picture: (0, 0) is its corner, (1, 1) the opposite one */
/** @typedef {{ points: Point[], brush: number }} Stroke brush: its width, as a share of the picture's shorter side */
/** @typedef {{ base: string, strokes: Stroke[] }} Drawing base: the picture beneath, a data URL; "": nothing, black */
/** @typedef {{ now: Drawing, before: Drawing[] }} History */

export const BRUSHES = { smallest: 0.02, usual: 0.08, largest: 0.2 };
export const STEPS = 28; // the keyboard's brush goes from edge to edge in so many steps
const MOST = 200; // steps that can be undone
const NEAR = 0.003; // points closer than this are one

/** @param {string} base @returns {History} */
export const opened = (base) => ({ now: { base, strokes: [] }, before: [] });

/** @param {History} history @param {Drawing} next @returns {History} */
export const changed = ({ now, before }, next) => ({ now: next, before: [...before, now].slice(-MOST) });

/** @param {History} history @returns {History} */
export const undone = ({ now, before }) => (before.length ? { now: before[before.length - 1], before: before.slice(0, -1) } : { now, before });

/** @param {Drawing} drawing @returns {boolean} whether there is nothing on it */
export const isEmpty = ({ base, strokes }) => !base && !strokes.length;

/** @param {Drawing} drawing @param {Stroke} stroke @returns {Drawing} */
export const withStroke = ({ base, strokes }, stroke) => ({ base, strokes: [...strokes, stroke] });

/** @param {Point[]} points @param {Point} point @returns {Point[]} with one more, unless it is where the last one was */
export function extended(points, point) {
  const last = points[points.length - 1];
  return last && Math.hypot(point[0] - last[0], point[1] - last[1]) < NEAR ? points : [...points, point];
}

/** @param {Point} point @returns {Point} inside the picture */
export const inside = ([x, y]) => [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];

/** @param {Point} from @param {string} key an arrow @param {number} steps at once @returns {Point | null} */
export function moved([x, y], key, steps) {
  const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  return by ? inside([x + (by[0] * steps) / STEPS, y + (by[1] * steps) / STEPS]) : null;
}

/** @param {number} brush @param {number} factor @returns {number} */
export const resized = (brush, factor) => Math.min(BRUSHES.largest, Math.max(BRUSHES.smallest, brush * factor));

/**
 * A smooth curve through a stroke: quadratic curves that meet halfway between the points.
 * @param {Point[]} points @returns {{ start: Point, curves: { over: Point, to: Point }[] }}
 */
export function smooth(points) {
  const middle = (/** @type {Point} */ a, /** @type {Point} */ b) => /** @type {Point} */ ([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
  const [start, last] = [points[0], points[points.length - 1]];
  const curves = points.slice(1, -1).map((over, i) => ({ over, to: middle(over, points[i + 2]) }));
  return { start, curves: [...curves, { over: last, to: last }] };
}

/** @param {Point} point @returns {{ row: number, column: number }} from 1, for ears */
export const place = ([x, y]) => ({ row: Math.round(y * STEPS) + 1, column: Math.round(x * STEPS) + 1 });
