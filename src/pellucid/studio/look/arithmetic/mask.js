// @ts-check
// Masks: which cells of a tensor are not 0, in order.

import { found } from "#studio/look/arithmetic/expr.js";
import { grid } from "#studio/look/arithmetic/indices.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */

/** Where the n-th cell that is not 0 stands in a tensor, seen broadcast to a shape. All cells up to it decide that.
 * @type {(mask: Operand, n: number, shape?: number[]) => number[]} */
export function nthTrue(mask, n, shape = mask.shape) {
  for (const index of grid(shape)) {
    if (mask.broadcast(index).value && n-- === 0) return index;
  }
  throw new RangeError("the mask has fewer cells");
}

/** How many cells before this one are not 0. @type {(mask: Operand, index: number[], shape: number[]) => number} */
export function truesBefore(mask, index, shape) {
  let count = 0;
  for (const before of grid(shape)) {
    if (before.every((n, d) => n === index[d])) break;
    count += Number(mask.broadcast(before).value !== 0);
  }
  return count;
}

/** A coordinate of the n-th cell that is not 0. @type {(x: Operand, n: number, axis: number) => Expr} */
export function coordinate(x, n, axis) {
  const index = nthTrue(x, n);
  const asked = [];
  for (const place of grid(x.shape)) {
    asked.push(x.at(place));
    if (place.every((m, d) => m === index[d])) break;
  }
  return found("nonzero", index[axis] ?? 0, asked);
}
