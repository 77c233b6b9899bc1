// @ts-check
// Numbers to pixels: linear and logarithmic axes with round ticks, and the levels of contours. No drawing.
import { ticks } from "#studio/look/colour.js";

/** @typedef {{ at: number, text: string }} Tick */
/** @typedef {{ place: (value: number) => number, value: (pixel: number) => number, low: number, high: number, ticks: Tick[] }} Axis */

const WIDE = 100; // a span from which a logarithmic scale is worth while
const MOST_POWERS = 6;

/** @param {Iterable<number>} values @returns {[low: number, high: number]} of the finite ones; low > high: there are none */
export function span(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** @param {Iterable<number>} values @returns {boolean} whether none is negative and the positive ones span more than a hundredfold */
export function logable(values) {
  let [least, most] = [Infinity, 0];
  for (const value of values) {
    if (value < 0) return false;
    if (!Number.isFinite(value) || value === 0) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most > WIDE * least;
}

/** @param {Iterable<number>} values @returns {number} the least positive one: where a logarithmic scale begins */
export function leastPositive(values) {
  let least = Infinity;
  for (const value of values) if (value > 0 && value < least) least = value;
  return least;
}

/**
 * @param {[low: number, high: number]} range of the numbers @param {[from: number, to: number]} pixels
 * @param {{ log?: boolean, room?: number, about?: number }} [options] room: share that is left free at both ends
 * @returns {Axis}
 */
export function axis([low, high], [from, to], { log = false, room = 0, about = 5 } = {}) {
  if (!(high >= low)) [low, high] = log ? [0.1, 1] : [0, 1];
  if (high === low) [low, high] = log ? [low / 2, low * 2] : [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const [into, out] = log ? [Math.log10, (/** @type {number} */ v) => 10 ** v] : [(/** @type {number} */ v) => v, (/** @type {number} */ v) => v];
  let [a, b] = [into(low), into(high)];
  [a, b] = [a - room * (b - a), b + room * (b - a)];
  return {
    place: (value) => (log && !(value > 0) ? NaN : from + ((into(value) - a) / (b - a)) * (to - from)),
    value: (pixel) => out(a + ((pixel - from) / (to - from)) * (b - a)),
    low: out(a),
    high: out(b),
    ticks: (log ? logTicks(out(a), out(b)) : ticks(a, b, about)).map((at) => ({ at, text: brief(at) })),
  };
}

/** @param {number} low @param {number} high @returns {number[]} powers of ten, with 2 and 5 between them where there are few */
export function logTicks(low, high) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const every = Math.max(1, Math.ceil((last - first + 1) / MOST_POWERS));
  const all = [];
  if (last - first < 2) {
    for (let power = first - 1; power <= last; power++) for (const digit of [1, 2, 5]) all.push(Number((digit * 10 ** power).toPrecision(3)));
    return all.filter((at) => at >= low * (1 - 1e-9) && at <= high * (1 + 1e-9));
  }
  for (let power = first; power <= last; power += every) all.push(Number((10 ** power).toPrecision(3)));
  return all;
}

/** @param {number} value @returns {string} a round number, as short as it can be written: 0.5, −20, 1e−6 */
export function brief(value) {
  const size = Math.abs(value);
  const rounded = Number(value.toPrecision(4));
  const text = size !== 0 && (size >= 1e5 || size < 1e-3) ? rounded.toExponential().replace("e+", "e") : String(rounded);
  return text.replaceAll("-", "−");
}

/** @param {[number, number]} range @returns {boolean} whether zero lies well inside: two sides, not a valley that dips below it */
export const twoSided = ([low, high]) => low < 0 && high > 0 && Math.min(-low, high) > 0.05 * Math.max(-low, high);

/**
 * Where contours run: round steps where zero lies inside; else ever wider ones, so that they lie about evenly in the plane.
 * @param {number[]} values @param {{ log?: boolean, about?: number }} [options]
 * @returns {number[]} rising, inside of the range
 */
export function levels(values, { log = false, about = 14 } = {}) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  if (!(high > low)) return [];
  const inside = (/** @type {number[]} */ all) => [...new Set(all)].filter((level) => level > low && level < high);
  if (log) {
    const least = leastPositive(sorted);
    return inside(parts(about).map((share) => Number((least * (high / least) ** share).toPrecision(2))));
  }
  if (twoSided([low, high])) return inside(ticks(low, high, about));
  const middle = (sorted[sorted.length >> 1] - low) / (high - low);
  const bend = Math.min(4, Math.max(1, Math.log(middle || 1e-3) / Math.log(0.5)));
  const exact = parts(about).map((share) => low + (high - low) * share ** bend);
  const round = inside(exact.map((level) => Number(level.toPrecision(2))));
  return round.length > about / 2 ? round : exact; // a small range far from zero has no round numbers in it
}

/** @param {number} n @returns {number[]} 1/n … (n − 1)/n */
const parts = (n) => Array.from({ length: n - 1 }, (_, k) => (k + 1) / n);
