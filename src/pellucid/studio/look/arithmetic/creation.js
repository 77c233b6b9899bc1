// @ts-check
// Tensors made from nothing but a shape and a few numbers.

import { difference, held, number, product, quotient, sum } from "#studio/look/arithmetic/expr.js";
import { isFloat } from "#studio/look/arithmetic/numbers.js";
import { operand, rule } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */

/** Full of one number. @type {(signature: string, tex: string, value?: number) => Rule} */
const full = (signature, tex, value) =>
  rule("creation", signature, tex, ({ x, value: given, dtype }) =>
    held(number(value ?? given), dtype ?? (x && !isFloat(x.dtype) ? x.dtype : null)));

/** `arange(n)` counts from 0. @type {Rule["explain"]} */
function arange({ start, end, step, dtype }, [i]) {
  const first = end === null ? 0 : start;
  return held(sum([number(first), product([number(i), number(step)])]), dtype);
}

/** @type {Rule["explain"]} */
function linspace({ start, end, steps, dtype }, [i]) {
  if (i === steps - 1 && i > 0) return held(number(end), dtype);
  const step = quotient(difference(number(end), number(start)), number(steps - 1));
  return held(i === 0 ? number(start) : sum([number(start), product([number(i), step])]), dtype);
}

/** The n-th place of one triangle of a matrix, row by row: a row has it from its diagonal on, or up to that.
 * @type {(upper: boolean) => Rule["explain"]} */
const triangle = (upper) => ({ row, col, offset }, [axis, n]) => {
  for (let i = 0; i < row; i++) {
    const start = upper ? Math.max(i + offset, 0) : 0;
    const length = Math.max((upper ? col : Math.min(i + offset + 1, col)) - start, 0);
    if (n < length) return number(axis === 0 ? i : start + n);
    n -= length;
  }
  return null;
};

/** @type {Record<string, Rule>} */
export const CREATIONS = {
  zeros: full("size dtype", "y = 0", 0),
  ones: full("size dtype", "y = 1", 1),
  full: full("size value dtype", "y = c"),
  scalar_tensor: full("value dtype", "y = c"),
  zeros_like: full("x dtype", "y = 0", 0),
  ones_like: full("x dtype", "y = 1", 1),
  full_like: full("x value dtype", "y = c"),
  new_zeros: full("x size dtype", "y = 0", 0),
  new_ones: full("x size dtype", "y = 1", 1),
  new_full: full("x size value dtype", "y = c"),
  zero: full("x", "y = 0", 0),
  fill: rule("creation", "x value", "y = c", ({ x, value }) =>
    held(operand(value, []), isFloat(x.dtype) ? null : x.dtype)),

  arange: rule("creation", "start end step=1 dtype", "y_i = a + i\\, s", arange),
  linspace: rule("creation", "start end steps dtype", "y_i = a + i\\, \\frac{b - a}{n - 1}", linspace),
  eye: rule("creation", "n m", "y_{ij} = [i = j]", (_, [i, j]) => number(i === j)),
  tril_indices: rule("creation", "row col offset=0", null, triangle(false)),
  triu_indices: rule("creation", "row col offset=0", null, triangle(true)),

  native_dropout: rule("move", "x p train", "y = x", ({ x, train }, index, { output }) =>
    train === false ? (output === 0 ? x.at(index) : number(1)) : null), // in training chance decides
};
