// @ts-check
// Fewer numbers: a slice, a split, one of an axis.

import { inserted, replaced, wrap } from "#studio/look/arithmetic/indices.js";
import { moved } from "#studio/look/arithmetic/move.js";
import { shared } from "#studio/look/arithmetic/rule.js";
import { letters, moveTex } from "#studio/look/arithmetic/tex.js";

/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */

/** Where a part begins, as in Python: from the end if negative, no farther than the ends.
 * @type {(start: number | null, n: number) => number} */
const begin = (start, n) => Math.min(Math.max(wrap(start ?? 0, n), 0), n);

/** @type {(index: number[], axis: number, start: number, step?: number) => number[]} */
const from = (index, axis, start, step = 1) => replaced(index, axis, start + index[axis] * step);

/** y_{ij} = x_{i, 3 + 2j} @type {(ndim: number, axis: number, start: number, step?: number) => string} */
function partTex(ndim, axis, start, step = 1) {
  const names = letters(ndim);
  const along = `${start ? `${start} + ` : ""}${step === 1 ? "" : step}${names[axis]}`;
  return moveTex(names, names.with(axis, along));
}

/** y_{ik} = x_{i2k} @type {(ndim: number, axis: number, at: number | string) => string} */
const oneTex = (ndim, axis, at) => moveTex(letters(ndim).toSpliced(axis, 1), letters(ndim).with(axis, String(at)));

/** Parts of these sizes, or of one size, one after the other: where does this output begin?
 * @type {(sizes: number | number[], output: number) => number} */
const partStart = (sizes, output) =>
  Array.isArray(sizes) ? sizes.slice(0, output).reduce((sum, n) => sum + n, 0) : sizes * output;

const split = moved("x sizes dim=0", null, ({ x, sizes, dim }, index, { output }) =>
  from(index, wrap(dim, x.ndim), partStart(sizes, output)));

const chunk = moved("x chunks dim=0", null, ({ x, chunks, dim }, index, { output }) => {
  const axis = wrap(dim, x.ndim);
  return from(index, axis, output * Math.ceil(x.shape[axis] / chunks));
});

/** @type {Record<string, Rule>} */
export const PARTS = {
  select: moved("x dim at",
    ({ x, dim, at }) => {
      const axis = wrap(dim, x.ndim);
      return oneTex(x.ndim, axis, wrap(at, x.shape[axis]));
    },
    ({ x, dim, at }, index) => {
      const axis = wrap(dim, x.ndim);
      return inserted(index, axis, wrap(at, x.shape[axis]));
    }),
  slice: moved("x dim=0 start end step=1",
    ({ x, dim, start, step }) => partTex(x.ndim, wrap(dim, x.ndim), begin(start, x.shape[wrap(dim, x.ndim)]), step),
    ({ x, dim, start, step }, index) => {
      const axis = wrap(dim, x.ndim);
      return from(index, axis, begin(start, x.shape[axis]), step);
    }),
  narrow: moved("x dim start length",
    ({ x, dim, start }) => partTex(x.ndim, wrap(dim, x.ndim), begin(start, x.shape[wrap(dim, x.ndim)])),
    ({ x, dim, start }, index) => {
      const axis = wrap(dim, x.ndim);
      return from(index, axis, begin(start, x.shape[axis]));
    }),
  ...shared("split unsafe_split split_with_sizes unsafe_split_with_sizes", split),
  ...shared("chunk unsafe_chunk", chunk),
  unbind: moved("x dim=0", ({ x, dim }) => oneTex(x.ndim, wrap(dim, x.ndim), "s"), ({ x, dim }, index, { output }) =>
    inserted(index, wrap(dim, x.ndim), output)),
};
