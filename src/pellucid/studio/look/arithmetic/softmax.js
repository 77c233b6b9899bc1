// @ts-check
// The softmax along one axis, and its logarithm.

import {
  difference, exp, held, labelled, log, max, number, quotient, select, sum,
} from "#studio/look/arithmetic/expr.js";
import { replaced, wrap } from "#studio/look/arithmetic/indices.js";
import { rule } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */

/** exp(xᵢ - m) and Σⱼ exp(xⱼ - m), m being the maximum, so that nothing overflows.
 * @type {(of: Expr[]) => { powers: Expr[], total: Expr }} */
export function exponentials(of) {
  const top = labelled("m", max(of));
  const powers = of.map((each) => exp(difference(each, top)));
  return { powers, total: labelled("Z", sum(powers)) };
}

/** The scores along the axis through a cell, and which of them is the cell's.
 * @type {(args: Named, index: number[]) => { of: Expr[], own: number }} */
function scores({ x, dim, dtype }, index) {
  const axis = wrap(dim, x.ndim);
  const of = Array.from({ length: x.shape[axis] }, (_, i) => held(x.at(replaced(index, axis, i)), dtype ?? null));
  return { of, own: index[axis] };
}

/** @type {(args: Named, index: number[]) => Expr} */
function softmax(args, index) {
  if (!args.x.ndim) return quotient(exp(args.x.at([])), exp(args.x.at([])));
  const { of, own } = scores(args, index);
  const { powers, total } = exponentials(of);
  return quotient(powers[own], total);
}

/** @type {(args: Named, index: number[]) => Expr} */
function logSoftmax(args, index) {
  if (!args.x.ndim) return difference(args.x.at([]), args.x.at([]));
  const { of, own } = scores(args, index);
  const top = labelled("m", max(of));
  const shifted = of.map((each) => difference(each, top));
  return difference(shifted[own], log(labelled("Z", sum(shifted.map(exp)))));
}

/** 0 throughout where every score is -∞: a query that may look at nothing.
 * @type {(args: Named, index: number[]) => Expr} */
function safeSoftmax(args, index) {
  const { of } = args.x.ndim ? scores(args, index) : { of: [args.x.at([])] };
  return of.every((each) => each.value === -Infinity) ? select(number(0), ...of) : softmax(args, index);
}

const SOFTMAX = "y_i = \\frac{e^{x_i}}{\\sum_j e^{x_j}}";
const LOG_SOFTMAX = "y_i = x_i - \\ln \\sum_j e^{x_j}";

/** @type {Record<string, Rule>} */
export const SOFTMAX_KINDS = {
  _softmax: rule("normalization", "x dim", SOFTMAX, softmax),
  softmax: rule("normalization", "x dim dtype", SOFTMAX, softmax),
  _safe_softmax: rule("normalization", "x dim dtype", SOFTMAX, safeSoftmax),
  _log_softmax: rule("normalization", "x dim", LOG_SOFTMAX, logSoftmax),
  log_softmax: rule("normalization", "x dim dtype", LOG_SOFTMAX, logSoftmax),
};
