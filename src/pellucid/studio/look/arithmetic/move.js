// @ts-check
// Kinds whose cells are cells of their input, unchanged: in which place of the input does a cell of the output stand?

import { held, number } from "#studio/look/arithmetic/expr.js";
import { modulo, ravel, removed, replaced, unravel, wrap } from "#studio/look/arithmetic/indices.js";
import { isFloat } from "#studio/look/arithmetic/numbers.js";
import { rule, shared } from "#studio/look/arithmetic/rule.js";
import { letters, moveTex, twoCases } from "#studio/look/arithmetic/tex.js";

/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */
/** @typedef {import("#studio/look/arithmetic/rule.js").Result} Result */
/** @typedef {import("#studio/look/arithmetic/rule.js").Tex} Tex */

/** @typedef {(args: Named, index: number[], result: Result) => number[] | null} IndexMap */

/** A rule by its map of indices, output to input; null from the map: beyond.
 * @type {(signature: string, tex: Tex, map: IndexMap) => Rule} */
export const moved = (signature, tex, map) =>
  rule("move", signature, tex, (args, index, result) => {
    const from = map(args, index, result);
    return from && args.x.at(from);
  });

// --- the same numbers in the same order ------------------------------------------------------------------------------

/** Only the shape changes: the place in row-major order stays. */
const sameOrder = moved("x size", "y = x", ({ x, size: asked }, index, { shape }) =>
  typeof asked === "string" ? null : unravel(ravel(index, shape), x.shape)); // a dtype: the bits read as another type

const toCopy = rule("move", "x dtype", "y = x", ({ x, dtype }, index) => held(x.at(index), dtype));

// --- axes in another order -------------------------------------------------------------------------------------------

/** @type {(order: number[], index: number[]) => number[]} */
function permuted(order, index) {
  const from = new Array(index.length);
  order.forEach((d, n) => (from[d] = index[n]));
  return from;
}

/** @type {(x: { ndim: number }, a: number, b: number) => number[]} */
function swapped(x, a, b) {
  const order = letters(x.ndim).map((_, d) => d);
  if (x.ndim) [order[wrap(a, x.ndim)], order[wrap(b, x.ndim)]] = [order[wrap(b, x.ndim)], order[wrap(a, x.ndim)]];
  return order;
}

/** @type {(ndim: number, order: number[]) => string} */
const orderTex = (ndim, order) => moveTex(order.map((d) => letters(ndim)[d]), letters(ndim));

/** @type {(x: { shape: number[] }, index: number[], dims: number[]) => number[]} */
function flipped(x, index, dims) {
  const along = dims.map((d) => wrap(d, x.shape.length));
  return index.map((i, d) => (along.includes(d) ? x.shape[d] - 1 - i : i));
}

/** @type {(args: Named, index: number[]) => number[]} */
function rolled({ x, shifts, dims }, index) {
  const by = [shifts].flat();
  const along = [dims ?? []].flat();
  if (!along.length) return unravel(modulo(ravel(index, x.shape) - by[0], x.size), x.shape);
  return along.reduce((from, d, n) => {
    const axis = wrap(d, x.ndim);
    return replaced(from, axis, modulo(from[axis] - by[n], x.shape[axis]));
  }, index);
}

/** A quarter turn from the first axis to the second, k times. @type {(args: Named, index: number[]) => number[]} */
function turned({ x, k, dims }, index) {
  const [a, b] = (dims ?? [0, 1]).map((/** @type {number} */ d) => wrap(d, x.ndim));
  let [i, j] = [index[a], index[b]];
  let [rows, columns] = k % 2 ? [x.shape[b], x.shape[a]] : [x.shape[a], x.shape[b]]; // of the turned one
  for (let turns = modulo(k, 4); turns > 0; turns--) {
    [i, j] = [j, rows - 1 - i]; // one turn back
    [rows, columns] = [columns, rows];
  }
  return replaced(replaced(index, a, i), b, j);
}

// --- diagonals, windows, strides -------------------------------------------------------------------------------------

/** @type {(args: Named, index: number[]) => number[]} */
function onDiagonal({ x, offset, dim1, dim2 }, index) {
  const [a, b] = [wrap(dim1, x.ndim), wrap(dim2, x.ndim)];
  const from = new Array(x.ndim);
  const i = index[index.length - 1];
  from[a] = i + Math.max(-offset, 0);
  from[b] = i + Math.max(offset, 0);
  let next = 0;
  for (let d = 0; d < x.ndim; d++) if (d !== a && d !== b) from[d] = index[next++];
  return from;
}

/** @type {(offset: number) => string[]} */
const diagonalTex = (offset) => [offset < 0 ? `i + ${-offset}` : "i", offset > 0 ? `i + ${offset}` : "i"];

/** @type {(args: Named, index: number[]) => number[]} */
function inWindow({ x, dimension, step }, index) {
  if (x.ndim === 0) return [];
  const axis = wrap(dimension, x.ndim);
  const window = removed(index, x.ndim);
  return replaced(window, axis, index[axis] * step + index[x.ndim]);
}

/** The row-major numbers of x stand for the storage, as in the reference.
 * @type {(args: Named, index: number[]) => number[] | null} */
function strided({ x, stride, storage_offset }, index) {
  const place = index.reduce((sum, i, d) => sum + i * stride[d], storage_offset ?? 0);
  return place < x.size ? unravel(place, x.shape) : null;
}

/** @type {(sign: string) => (args: Named) => string} */
const triangleTex = (sign) => ({ diagonal: d }) => {
  const bound = `i${d ? ` ${d < 0 ? "-" : "+"} ${Math.abs(d)}` : ""}`;
  return `y_{ij} = ${twoCases("x_{ij}", `j ${sign} ${bound}`, "0")}`;
};

/** One triangle of each matrix, 0 in the other.
 * @type {(keeps: (right: number, diagonal: number) => boolean, sign: string) => Rule} */
const triangle = (keeps, sign) => rule("move", "x diagonal=0", triangleTex(sign), ({ x, diagonal }, index) => {
  const [i, j] = index.slice(-2);
  return keeps(j - i, diagonal) ? x.at(index) : number(0);
});

/** (…, C·r², H, W) → (…, C, H·r, W·r) @type {(args: Named, index: number[]) => number[]} */
function shuffled({ upscale_factor: r }, index) {
  const [c, h, w] = index.slice(-3);
  return [...index.slice(0, -3), (c * r + (h % r)) * r + (w % r), Math.floor(h / r), Math.floor(w / r)];
}

/** (…, C, H·r, W·r) → (…, C·r², H, W) @type {(args: Named, index: number[]) => number[]} */
function unshuffled({ downscale_factor: r }, index) {
  const [c, h, w] = index.slice(-3);
  return [...index.slice(0, -3), Math.floor(c / (r * r)), h * r + (Math.floor(c / r) % r), w * r + (c % r)];
}

// --- the table -------------------------------------------------------------------------------------------------------

/** @type {Record<string, Rule>} */
export const MOVES = {
  ...shared("alias clone contiguous detach lift lift_fresh lift_fresh_copy", moved("x", "y = x", (_, index) => index)),
  ...shared("view _unsafe_view reshape _reshape_alias", sameOrder),
  ...shared("flatten unsqueeze squeeze _local_scalar_dense",
    moved("x", "y = x", ({ x }, index, { shape }) => unravel(ravel(index, shape), x.shape))),
  _to_copy: toCopy,
  copy: rule("move", "x source", "y = s", ({ x, source }, index) =>
    held(source.broadcast(index), isFloat(x.dtype) ? null : x.dtype)),

  permute: moved("x dims", ({ x, dims }) => orderTex(x.ndim, dims.map((/** @type {number} */ d) => wrap(d, x.ndim))),
    ({ x, dims }, index) => permuted(dims.map((/** @type {number} */ d) => wrap(d, x.ndim)), index)),
  transpose: moved("x dim0 dim1", ({ x, dim0, dim1 }) => orderTex(x.ndim, swapped(x, dim0, dim1)),
    ({ x, dim0, dim1 }, index) => permuted(swapped(x, dim0, dim1), index)),
  t: moved("x", ({ x }) => (x.ndim < 2 ? "y = x" : "y_{ij} = x_{ji}"), (_, index) => index.toReversed()),
  flip: moved("x dims", null, ({ x, dims }, index) => flipped(x, index, dims)),
  roll: moved("x shifts dims", null, rolled),
  rot90: moved("x k=1 dims", null, turned),

  tril: triangle((right, diagonal) => right <= diagonal, "\\le"),
  triu: triangle((right, diagonal) => right >= diagonal, "\\ge"),
  diagonal: moved("x offset=0 dim1=0 dim2=1", ({ offset }) => moveTex(["i"], diagonalTex(offset)), onDiagonal),
  unfold: moved("x dimension size step",
    ({ step, x }) => (x.ndim === 1 ? moveTex(["i", "j"], [`${step === 1 ? "" : step}i + j`]) : null), inWindow),
  as_strided: moved("x size stride storage_offset", null, strided),
  pixel_shuffle: moved("x upscale_factor", "y_{c,\\, hr+a,\\, wr+b} = x_{cr^2 + ar + b,\\, h,\\, w}", shuffled),
  pixel_unshuffle: moved("x downscale_factor", "y_{cr^2 + ar + b,\\, h,\\, w} = x_{c,\\, hr+a,\\, wr+b}", unshuffled),
};
