// @ts-check
// Where things lie in the pictures that are no sheet of cells: bars, lines, small images, points, trees. No drawing.
import { ticks } from "#studio/look/colour.js";

/** @typedef {import("#studio/look/views/picture.js").Picture} Picture */

export const BAR_ROOM = 220; // height of a picture of bars
const BAR_EDGE = 18; // for a number above and below the bars

/**
 * Zero is always on the axis: the length of a bar is its value.
 * @param {{ low: number, high: number }} scale
 * @returns {{ y: (value: number) => number, ticks: number[] }} y: pixels from the top
 */
export function barScale({ low, high }) {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const span = to - from || 1;
  return { y: (value) => BAR_EDGE + ((to - value) / span) * (BAR_ROOM - 2 * BAR_EDGE), ticks: ticks(from, to || 1, 4) };
}

export const LINE = 38; // height of one line of a timeline
const LINE_EDGE = 7; // above the highest and below the lowest value

/** @param {Picture} picture @param {number} value @returns {number} pixels from the top of its line */
export function level({ low, high }, value) {
  const [from, to] = [Math.min(low, 0), Math.max(high, 0)];
  return LINE_EDGE + ((to - value) / (to - from || 1)) * (LINE - 2 * LINE_EDGE);
}

/**
 * @param {Picture} picture @param {(number | null)[]} values @param {(n: number) => number} x
 * @returns {string} broken where there is no number
 */
export function linePath(picture, values, x) {
  let [path, pen] = ["", "M"];
  values.forEach((value, n) => {
    const there = value !== null && Number.isFinite(value);
    if (there) path += `${pen}${x(n)} ${level(picture, value)}`;
    pen = there ? "L" : "M";
  });
  return path;
}

const SHOWN = 14; // classes; the others are summed

/**
 * Which classes to show: all in their order where they are few, else the likeliest and the one that must be there.
 * @param {number[]} values @param {number | null} kept @param {number} [most]
 * @returns {{ shown: number[], others: number, rest: number }} positions; how many others, and their sum
 */
export function likeliest(values, kept, most = SHOWN) {
  const all = values.map((_, at) => at);
  if (all.length <= most) return { shown: all, others: 0, rest: 0 };
  const shown = all.sort((a, b) => (values[b] || 0) - (values[a] || 0)).slice(0, most);
  if (kept !== null && kept >= 0 && kept < values.length && !shown.includes(kept)) shown[most - 1] = kept;
  const rest = values.reduce((sum, value, at) => (shown.includes(at) ? sum : sum + (value || 0)), 0);
  return { shown, others: values.length - shown.length, rest };
}

/**
 * Which axes are rows, columns and colours; colour: null for a gray image.
 * @param {Pick<Picture, "shape" | "axes" | "signed">} picture
 * @returns {{ rows: number, columns: number, colour: number | null }}
 */
export function imageAxes({ shape, axes, signed }) {
  const last = shape.length - 1;
  const colours = (/** @type {number} */ axis) =>
    shape[axis] === 3 && !signed && /^(channel|colou?r|rgb)s?$/i.test(axes[axis].name);
  if (last >= 2 && colours(last)) return { rows: last - 2, columns: last - 1, colour: last };
  return { rows: last - 1, columns: last, colour: last >= 2 && colours(last - 2) ? last - 2 : null };
}

const GAP = 16; // between small images
const WIDER = 1.6; // all of them together: width by height

/**
 * Size of one small image on the page: whole multiples of a pixel, so that all pixels are equal.
 * @param {number} height @param {number} width @param {number} count of images @param {number} room
 * @returns {[height: number, width: number]}
 */
export function tileSize(height, width, count, room) {
  const across = Math.ceil(Math.sqrt(count * WIDER));
  const most = count === 1 ? Math.min(460, room) : Math.min(200, Math.max(64, room / across - GAP));
  const scale = most / Math.max(height, width);
  const whole = scale >= 1 ? Math.floor(scale) : scale;
  return [Math.round(height * whole), Math.round(width * whole)];
}

/** @typedef {{ at: number, x: number, y: number }} Point */

const NEAR = 16; // pixels within which a point is pointed at
/** Around a plot. */
export const MARGIN = { left: 52, right: 16, top: 12, foot: 40 };

/**
 * Where points lie in a box, both axes from their least to their greatest value with some room.
 * @param {Point[]} points in the data's numbers @param {number} width @param {number} height in pixels
 * @returns {{ x: (value: number) => number, y: (value: number) => number, xs: number[], ys: number[] }} and ticks
 */
export function plot(points, width, height) {
  const side = (/** @type {number[]} */ values, /** @type {number} */ from, /** @type {number} */ to) => {
    const known = values.filter(Number.isFinite);
    let [low, high] = known.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
    if (!(high > low)) [low, high] = known.length ? [low - 1, high + 1] : [0, 1];
    const room = (high - low) * 0.05;
    const place = (/** @type {number} */ v) => from + ((v - low + room) / (high - low + 2 * room)) * (to - from);
    return { place, marks: ticks(low - room, high + room, 5) };
  };
  const x = side(
    points.map((point) => point.x),
    MARGIN.left,
    width - MARGIN.right,
  );
  const y = side(
    points.map((point) => point.y),
    height - MARGIN.foot,
    MARGIN.top,
  );
  return { x: x.place, y: y.place, xs: x.marks, ys: y.marks };
}

/**
 * @param {Point[]} points @param {ReturnType<typeof plot>} scale @param {number} x @param {number} y in pixels
 * @returns {number | null}
 */
export function nearest(points, scale, x, y) {
  let [best, least] = [/** @type {number | null} */ (null), NEAR * NEAR];
  for (const point of points) {
    const far = (scale.x(point.x) - x) ** 2 + (scale.y(point.y) - y) ** 2;
    if (far < least) [best, least] = [point.at, far];
  }
  return best;
}

/**
 * Leaves side by side in their order, each parent over the middle of its children. What no root leads to is left out.
 * @param {number[]} parents @param {number[]} widths of the nodes
 * @returns {{ nodes: ({ x: number, depth: number } | null)[], width: number, depth: number }} x: of the middle
 */
export function layout(parents, widths) {
  /** @type {number[][]} */
  const children = parents.map(() => []);
  const roots = parents.flatMap((parent, at) => (parent === at || !(parent >= 0) ? [at] : []));
  parents.forEach((parent, at) => parent !== at && children[parent]?.push(at));
  /** @type {({ x: number, depth: number } | null)[]} */
  const nodes = parents.map(() => null);
  let [width, deepest] = [0, 0];
  /**
   * Each node is met twice: before its children, and when they have their places.
   * @type {[at: number, depth: number, met: boolean][]}
   */
  const stack = roots.reverse().map((at) => [at, 0, false]);
  for (let next = stack.pop(); next; next = stack.pop()) {
    const [at, depth, met] = next;
    deepest = Math.max(deepest, depth);
    if (!children[at].length) {
      nodes[at] = { x: width + widths[at] / 2, depth };
      width += widths[at];
    } else if (met) {
      const [first, last] = [nodes[children[at][0]], nodes[children[at][children[at].length - 1]]];
      nodes[at] = { x: ((first?.x ?? 0) + (last?.x ?? 0)) / 2, depth };
    } else {
      stack.push([at, depth, true]);
      for (const child of [...children[at]].reverse()) stack.push([child, depth + 1, false]);
    }
  }
  return { nodes, width, depth: deepest + 1 };
}

const ROWS_MOST = 11; // more could not be told apart at this height
const COLUMNS_MOST = 40;
const LOOKED_AT = 8; // numbers in each direction, of those that share a cell

/**
 * The value of each cell of a small picture; where several numbers share a cell, the one furthest from zero.
 * @param {ArrayLike<ArrayLike<number>> | ArrayLike<number>} rows @param {number[] | undefined} shape of a flat array
 * @returns {number[][]}
 */
export function shrink(rows, shape) {
  const nested = shape === undefined && rows.length > 0 && typeof rows[0] !== "number";
  const [height, width] = nested
    ? [rows.length, /** @type {ArrayLike<number>} */ (rows[0]).length]
    : shape && shape.length > 1
      ? [shape.slice(0, -1).reduce((a, b) => a * b, 1), shape[shape.length - 1]]
      : [1, rows.length];
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    nested ? /** @type {any} */ (rows)[row][column] : /** @type {any} */ (rows)[row * width + column];
  const [down, across] = [Math.min(height, ROWS_MOST), Math.min(width, COLUMNS_MOST)];
  return Array.from({ length: down }, (_, y) =>
    Array.from({ length: across }, (_, x) => {
      let most = Number.NaN;
      for (const row of sample(Math.floor((y * height) / down), Math.floor(((y + 1) * height) / down)))
        for (const column of sample(Math.floor((x * width) / across), Math.floor(((x + 1) * width) / across))) {
          const value = at(row, column);
          if (Number.isFinite(value) && !(Math.abs(value) <= Math.abs(most))) most = value;
        }
      return most;
    }),
  );
}

/** @param {number} from @param {number} to */
function sample(from, to) {
  const step = Math.max(1, (to - from) / LOOKED_AT);
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, n) => from + Math.floor(n * step));
}
