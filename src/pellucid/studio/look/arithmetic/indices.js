// @ts-check
// Arithmetic of indices and shapes: places, axes, boxes.

/** @typedef {number[]} Index */

/** @type {(n: number) => number[]} */
export const range = (n) => Array.from({ length: n }, (_, i) => i);

/** @type {(shape: number[]) => number} */
export const size = (shape) => shape.reduce((all, n) => all * n, 1);

/** The place of a cell in row-major order. @type {(index: Index, shape: number[]) => number} */
export function ravel(index, shape) {
  let place = 0;
  for (let d = 0; d < shape.length; d++) place = place * shape[d] + index[d];
  return place;
}

/** The cell at a place in row-major order. @type {(place: number, shape: number[]) => Index} */
export function unravel(place, shape) {
  const index = new Array(shape.length);
  for (let d = shape.length - 1; d >= 0; d--) {
    index[d] = place % shape[d];
    place = Math.floor(place / shape[d]);
  }
  return index;
}

/** -1 is the last axis (or the last place of n). @type {(d: number, n: number) => number} */
export const wrap = (d, n) => (d < 0 ? d + n : d);

/** a modulo n, never negative. @type {(a: number, n: number) => number} */
export const modulo = (a, n) => ((a % n) + n) % n;

/** The axes a `dim` means: none given, or an empty list, means all.
 * @type {(dim: number | number[] | null, ndim: number) => number[]} */
export function axes(dim, ndim) {
  if (ndim === 0 || dim === null || dim === undefined || (Array.isArray(dim) && !dim.length)) return range(ndim);
  return [dim].flat().map((d) => wrap(d, ndim)).sort((a, b) => a - b);
}

/** A kernel size, stride, padding … for each of n axes; one number stands for all.
 * @type {(value: number | number[], n: number) => number[]} */
export function perAxis(value, n) {
  const values = [value].flat();
  return values.length === 1 ? new Array(n).fill(values[0]) : values;
}

/** Where a cell of a broadcast result lies in a tensor of this shape.
 * @type {(index: Index, shape: number[]) => Index} */
export function broadcast(index, shape) {
  const skipped = index.length - shape.length;
  return shape.map((n, d) => (n === 1 ? 0 : index[skipped + d]));
}

/** The shape that these broadcast to. @type {(shapes: number[][]) => number[]} */
export function broadcastShape(shapes) {
  const ndim = Math.max(0, ...shapes.map((each) => each.length));
  return Array.from({ length: ndim }, (_, d) => {
    const sizes = shapes.map((each) => each[each.length - ndim + d] ?? 1);
    return sizes.find((n) => n !== 1) ?? 1;
  });
}

/** The index with another number at an axis. @type {(index: Index, axis: number, value: number) => Index} */
export const replaced = (index, axis, value) => index.with(axis, value);

/** The index with a number more, before an axis. @type {(index: Index, axis: number, value: number) => Index} */
export const inserted = (index, axis, value) => index.toSpliced(axis, 0, value);

/** The index without an axis. @type {(index: Index, axis: number) => Index} */
export const removed = (index, axis) => index.toSpliced(axis, 1);

/** Every index of a box, row-major; each is a fresh array. @type {(shape: number[]) => Generator<Index>} */
export function* grid(shape) {
  if (shape.some((n) => n === 0)) return;
  const index = new Array(shape.length).fill(0);
  while (true) {
    yield index.slice();
    let d = shape.length - 1;
    while (d >= 0 && ++index[d] === shape[d]) index[d--] = 0;
    if (d < 0) return;
  }
}

/** The cells of a tensor that a reduction along some axes folds into one, row-major.
 * @type {(shape: number[], along: number[], index: Index, keepdim: boolean) => Generator<Index>} */
export function* folded(shape, along, index, keepdim) {
  let next = 0;
  const base = shape.map((_, d) => (along.includes(d) ? ((next += Number(keepdim)), 0) : index[next++]));
  for (const offset of grid(along.map((d) => shape[d]))) {
    const cell = base.slice();
    along.forEach((d, n) => (cell[d] = offset[n]));
    yield cell;
  }
}
