// @ts-check
// Many numbers to one: sums, products, counts, running totals, the spread, norms.

import {
  compare, difference, exp, held, labelled, log, mean, number, product, quotient, root, select, square, sum, max,
} from "#studio/look/arithmetic/expr.js";
import { norm } from "#studio/look/arithmetic/contraction.js";
import { axes, broadcastShape, folded, grid, replaced, wrap } from "#studio/look/arithmetic/indices.js";
import { rule, shared } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */

const SIGNATURE = "x dim keepdim=false dtype";

/** The cells of x that are folded into one. @type {(args: Named, index: number[]) => Expr[]} */
export const foldedCells = ({ x, dim, keepdim, dtype }, index) =>
  Array.from(folded(x.shape, axes(dim, x.ndim), index, keepdim), (at) => held(x.at(at), dtype ?? null));

/** @type {(tex: string, write: (of: Expr[], args: Named) => Expr, signature?: string) => Rule} */
const reduction = (tex, write, signature = SIGNATURE) =>
  rule("reduction", signature, tex, (args, index) => write(foldedCells(args, index), args));

/** The cells along an axis up to this one. @type {(args: Named, index: number[]) => Expr[]} */
export function cellsSoFar({ x, dim, dtype }, index) {
  if (!x.ndim) return [x.at([])];
  const axis = wrap(dim, x.ndim);
  return Array.from({ length: index[axis] + 1 }, (_, i) => held(x.at(replaced(index, axis, i)), dtype ?? null));
}

/** @type {(tex: string, write: (of: Expr[]) => Expr) => Rule} */
const running = (tex, write) => rule("reduction", "x dim dtype", tex, (args, index) => write(cellsSoFar(args, index)));

// --- log Σ exp -------------------------------------------------------------------------------------------------------

/** The maximum is subtracted first, so that nothing overflows. @type {(of: Expr[]) => Expr} */
export function logSumExp(of) {
  const top = labelled("m", max(of));
  if (!Number.isFinite(top.value)) return log(sum(of.map(exp)));
  return sum([log(sum(of.map((each) => exp(difference(each, top))))), top]);
}

// --- the spread ------------------------------------------------------------------------------------------------------

/** Σ (x - μ)² / (n - correction) @type {(of: Expr[], center: Expr, correction: number) => Expr} */
export const variance = (of, center, correction) =>
  quotient(sum(of.map((each) => square(difference(each, center)))), number(Math.max(of.length - correction, 0)));

/** ATen's oldest form has `unbiased` in the place of `dim`.
 * @type {(args: Named, index: number[]) => { center: Expr, spread: () => Expr }} */
function spread(args, index) {
  const old = typeof args.dim === "boolean";
  const unbiased = old ? args.dim : args.unbiased;
  const of = foldedCells(old ? { ...args, dim: null } : args, index);
  const center = labelled("\\mu", mean(of));
  return { center, spread: () => variance(of, center, args.correction ?? (unbiased ? 1 : 0)) };
}

const VARIANCE = "\\frac{1}{n - 1} \\sum_i (x_i - \\mu)^2";

/** @type {(tex: string, write: (spread: Expr) => Expr) => Rule} */
const ofSpread = (tex, write) =>
  rule("reduction", "x dim unbiased=true keepdim=false correction", ({ dim, unbiased, correction }) => {
    const less = correction ?? Number(typeof dim === "boolean" ? dim : unbiased);
    return tex.replace("n - 1", less ? `n - ${less}` : "n");
  }, (args, index, { output }) => {
    const { center, spread: of } = spread(args, index);
    return output === 0 ? write(of()) : center;
  });

/** @type {(args: Named) => string} */
const normTex = ({ ord }) =>
  ord === 1 ? "y = \\sum_i |x_i|"
  : ord === 0 ? "y = \\sum_i [x_i \\ne 0]"
  : Math.abs(ord) === Infinity ? `y = \\${ord > 0 ? "max" : "min"}_i |x_i|`
  : ord === 2 || ord === null ? "y = \\sqrt{\\sum_i x_i^2}"
  : "y = \\left(\\sum_i |x_i|^p\\right)^{1/p}";

/** @type {Rule["explain"]} */
const vectorNorm = (args, index) => norm(foldedCells(args, index), args.ord ?? 2);

/** @type {Rule["explain"]} */
function dist({ a, b, ord }) {
  const places = grid(broadcastShape([a.shape, b.shape]));
  return norm(Array.from(places, (at) => difference(a.broadcast(at), b.broadcast(at))), ord);
}

// --- counts ----------------------------------------------------------------------------------------------------------

/** How often a number occurs, or the sum of the weights where it does. @type {Rule["explain"]} */
function counted({ x, weights }, [n]) {
  const hits = [];
  for (let i = 0; i < x.size; i++) {
    const cell = x.at([i]);
    if (cell.value === n) hits.push(weights ? weights.at([i]) : compare("=", cell, number(n)));
  }
  return sum(hits);
}

// --- the table -------------------------------------------------------------------------------------------------------

/** @type {Record<string, Rule>} */
export const REDUCTIONS = {
  sum: reduction("y = \\sum_i x_i", sum),
  nansum: reduction("y = \\sum_{i:\\, x_i \\ne \\text{NaN}} x_i", (of) =>
    sum(of.map((each) => (Number.isNaN(each.value) ? select(number(0), each) : each)))),
  mean: reduction("y = \\frac{1}{n} \\sum_i x_i", mean),
  prod: reduction("y = \\prod_i x_i", product),
  cumsum: running("y_i = \\sum_{k \\le i} x_k", sum),
  cumprod: running("y_i = \\prod_{k \\le i} x_k", product),
  logsumexp: reduction("y = \\ln \\sum_i e^{x_i}", logSumExp),
  count_nonzero: reduction("y = \\sum_i [x_i \\ne 0]",
    (of) => sum(of.map((each) => compare("≠", each, number(0)))), "x dim"),
  bincount: rule("reduction", "x weights", "y_n = \\sum_i [x_i = n]", counted),

  ...shared("var var_mean", ofSpread(`y = ${VARIANCE}`, (spread) => spread)),
  ...shared("std std_mean", ofSpread(`y = \\sqrt{${VARIANCE}}`, (spread) => root(labelled("\\sigma^2", spread)))),
  ...shared("linalg_vector_norm norm", rule("reduction", "x ord=2 dim keepdim=false dtype", normTex, vectorNorm)),
  dist: rule("reduction", "a b ord=2", "y = \\lVert a - b \\rVert_p", dist),
};
