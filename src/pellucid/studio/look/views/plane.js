// @ts-check
// Which axes of a tensor a view shows, how large its cells are, and which of them are in sight: no drawing here.
import { labelOf, nameOf } from "#studio/look/views/picture.js";

/** @typedef {import("#studio/look/views/picture.js").Picture} Picture */
/** @typedef {import("#studio/look/views/picture.js").Axis} Axis */
/**
 * @typedef {object} Slice the part of a tensor that is shown: some axes free, the others held at one position
 * @property {number[]} free axes that are shown
 * @property {number[]} held axes longer than one that are not
 * @property {number[]} base an index; the free axes are at 0
 * @property {(...at: number[]) => number[]} index of a shown cell in the tensor
 * @property {(index: number[] | null) => number[] | null} place of an index among the shown cells, null if it is not
 * there
 */

export const NARROW = 560; // pixels; below that a picture is laid out for a phone
const LABELLED = 240; // a labelled axis up to this long may stand along the top

/**
 * The last axes longer than one are shown; leading ones are held where the mark is.
 * @param {Picture} picture @param {number[] | null} mark @param {number} dimensions how many axes to show
 * @returns {Slice}
 */
export function slice(picture, mark, dimensions) {
  const long = picture.shape.flatMap((size, axis) => (size > 1 ? [axis] : []));
  const free = long.slice(-dimensions);
  for (let axis = picture.shape.length - 1; axis >= 0 && free.length < dimensions; axis--)
    if (!free.includes(axis)) free.push(axis);
  free.sort((a, b) => a - b);
  return sliceOf(picture, mark, free);
}

/**
 * @param {Picture} picture @param {number[] | null} mark @param {number[]} free in the order in which cells are asked for
 * @returns {Slice}
 */
export function sliceOf(picture, mark, free) {
  const held = picture.shape.flatMap((size, axis) => (size > 1 && !free.includes(axis) ? [axis] : []));
  const base = picture.shape.map((size, axis) =>
    free.includes(axis) ? 0 : Math.min(Math.max(mark?.[axis] ?? 0, 0), Math.max(size - 1, 0)),
  );
  return {
    free,
    held,
    base,
    index(...at) {
      const index = base.slice();
      for (let k = 0; k < free.length; k++) index[free[k]] = at[k];
      return index;
    },
    place(index) {
      if (!index || index.length !== base.length || held.some((axis) => index[axis] !== base[axis])) return null;
      if (index.some((at, axis) => !(at >= 0 && at < picture.shape[axis]))) return null;
      return free.map((axis) => index[axis]);
    },
  };
}

/** An axis of length one, for tensors with too few. @type {Axis} */
const SINGLE = { name: "", title: "", labels: null };

/**
 * Two axes as rows and columns: time and words run along the top, as one reads them; of two like axes the first is
 * the rows.
 * @param {Picture} picture @param {number[] | null} mark
 * @returns {Slice & { rows: Axis, columns: Axis, height: number, width: number }} cells are asked for as (row, column)
 */
export function plane(picture, mark) {
  const { free } = slice(picture, mark, 2);
  if (free.length < 2) {
    const line = sliceOf(picture, mark, free);
    return {
      ...line,
      index: (_, column) => line.index(column),
      place: (index) => line.place(index) && [0, line.place(index)?.[0] ?? 0],
      rows: SINGLE,
      columns: picture.axes[free[0]] ?? SINGLE,
      height: 1,
      width: picture.shape[free[0]] ?? 1,
    };
  }
  const [first, second] = free.map((axis) => ({ ...picture.axes[axis], size: picture.shape[axis] }));
  const reads = (/** @type {typeof first} */ axis) => axis.steps || (axis.labels !== null && axis.size <= LABELLED);
  const turned = first.size > 1 && (second.size === 1 || (reads(first) && !reads(second)));
  const axes = turned ? [free[1], free[0]] : free;
  return {
    ...sliceOf(picture, mark, axes),
    rows: picture.axes[axes[0]] ?? SINGLE,
    columns: picture.axes[axes[1]] ?? SINGLE,
    height: picture.shape[axes[0]],
    width: picture.shape[axes[1]],
  };
}

/** @param {string} text @returns {number} its width in small type, in pixels; Chinese characters are wide */
export function textWidth(text) {
  let width = 0;
  for (const letter of text) width += letter.charCodeAt(0) > 0x2e80 ? 12 : 7;
  return width;
}

/**
 * @param {Axis} axis @param {number} size @param {(axis: Axis, at: number) => string} [name]
 * @returns {number} of the widest label; of a long axis some are looked at
 */
export function labelWidth(axis, size, name = nameOf) {
  let widest = 0;
  const step = Math.max(1, Math.floor(size / 300));
  for (let at = 0; at < size; at += step) widest = Math.max(widest, textWidth(name(axis, at)));
  return Math.max(widest, size ? textWidth(name(axis, size - 1)) : 0);
}

const between = (/** @type {number} */ low, /** @type {number} */ x, /** @type {number} */ high) =>
  Math.min(high, Math.max(low, x));

/**
 * Sizes of a heat map, so that it fills the width that there is and every label can be read.
 * @param {{ rows: Axis, columns: Axis, height: number, width: number }} flat @param {number} room width in pixels
 * @returns {{ head: number, short: boolean, cell: [height: number, width: number],
 *   every: [rows: number, columns: number] }}
 * head and short: as heads() says; every: of how many rows and columns one is labelled
 */
export function heatSizes({ rows, columns, height, width }, room) {
  const { head, short } = heads(rows, height, room, columns.title);
  const least = columns.labels ? between(30, labelWidth(columns, width) + 8, 64) : width > 120 ? 8 : 14;
  const across = between(least, (room - head - 8) / width, 128);
  const named = rows.labels !== null;
  const down = between(named ? 16 : height > 80 ? 12 : 15, Math.floor(345 / height), 28);
  const numbers = columns.labels ? 0 : textWidth(String(width - 1)) + 8;
  return { head, short, cell: [down, across], every: [down < 14 ? 5 : 1, rounded(numbers / across)] };
}

/**
 * How wide the labels of rows are; short: the numbers of rows stand alone, since with their title they would not fit.
 * @param {Axis} rows @param {number} height @param {number} room @param {string} across title of the columns, which
 * stands above them
 * @returns {{ head: number, short: boolean }}
 */
export function heads(rows, height, room, across) {
  const most = room < NARROW ? 108 : 160;
  const least = Math.min(across ? textWidth(across) + 34 : 14, most);
  if (height < 2) return { head: least, short: false };
  const wide = labelWidth(rows, height) + 18;
  const short = !rows.labels && wide > most;
  return {
    head: Math.round(between(Math.max(36, least), short ? labelWidth(rows, height, labelOf) + 18 : wide, most)),
    short,
  };
}

/** @param {number} least @returns {number} 1, 2, 5, 10, 20 … at least that many */
export function rounded(least) {
  for (let power = 1; ; power *= 10) for (const nice of [1, 2, 5]) if (nice * power >= least) return nice * power;
}

/**
 * The cells in sight along one direction, with some more on each side, in whole blocks: scrolling rarely needs new
 * ones.
 * @param {number} scroll @param {number} extent in pixels @param {number} size of a cell @param {number} count of cells
 * @returns {[from: number, to: number]}
 */
export function inSight(scroll, extent, size, count) {
  if (count * size <= extent * 2) return [0, count];
  const block = Math.max(1, Math.round(extent / size / 4));
  const from = Math.floor(scroll / size / block) - 1;
  const to = Math.ceil((scroll + extent) / size / block) + 1;
  return [Math.max(0, from * block), Math.min(count, to * block)];
}

/**
 * @param {number} start of a cell @param {number} size @param {number} scroll @param {number} extent
 * @returns {number} where to scroll: not at all while it is seen, a little at the edge, else so that it is in the
 * middle
 */
export function reveal(start, size, scroll, extent) {
  const room = Math.min(size, Math.max(0, (extent - size) / 2));
  if (start + size < scroll - size || start > scroll + extent + size) return Math.max(0, start - (extent - size) / 2);
  if (start - room < scroll) return Math.max(0, start - room);
  return start + size + room > scroll + extent ? start + size + room - extent : scroll;
}

/**
 * Which positions of an axis are labelled: every n-th, and those that must be, which push their neighbours aside.
 * @param {number} from @param {number} to @param {number} every @param {(number | undefined)[]} kept
 * @returns {number[]}
 */
export function labelled(from, to, every, kept) {
  const crowded = (/** @type {number} */ n) => kept.some((one) => one !== undefined && Math.abs(one - n) < every);
  return Array.from({ length: to - from }, (_, n) => n + from).filter(
    (n) => kept.includes(n) || (n % every === 0 && !crowded(n)),
  );
}
