// @ts-check
// Sorting and searching: every cell compared is a source.

import { compare, found, select, sum } from "#studio/look/arithmetic/expr.js";
import { grid, range, replaced, wrap } from "#studio/look/arithmetic/indices.js";
import { operand, rule } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */

/** NaN counts as largest. @type {(a: number, b: number) => number} */
const ascending = (a, b) =>
  Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || Number(a > b) - Number(a < b);

/** @type {(a: number, b: number) => boolean} */
const tied = (a, b) => ascending(a, b) === 0;

/** Places in order, equal cells in their old order. @type {(of: Expr[], descending: boolean) => number[]} */
const ordered = (of, descending) =>
  of.map((_, n) => n).sort((p, q) => ascending(of[p].value, of[q].value) * (descending ? -1 : 1));

/** The cells along an axis through this one. @type {(x: Operand, dim: number, index: number[]) => Expr[]} */
function along(x, dim, index) {
  if (!x.ndim) return [x.at([])];
  const axis = wrap(dim, x.ndim);
  return range(x.shape[axis]).map((i) => x.at(replaced(index, axis, i)));
}

/** The cell that stands n-th in the order (x₍ₖ₎, an order statistic), or its place. Which of tied cells that is, is
 * left open unless the sort is stable: then null.
 * @type {(of: Expr[], n: number, descending: boolean, stable: boolean, wantsPlace: boolean) => Expr | null} */
function statistic(of, n, descending, stable, wantsPlace) {
  const place = ordered(of, descending)[n];
  if (!wantsPlace) return select(of[place], ...of.filter((_, m) => m !== place));
  const open = !stable && of.some((each, m) => m !== place && tied(each.value, of[place].value));
  return open ? null : found("argsort", place, of);
}

/** @type {(x: Operand, dim: number, index: number[]) => number} */
const rank = (x, dim, index) => (x.ndim ? index[wrap(dim, x.ndim)] : 0);

/** The k-th smallest, counted from 1; the axis may be gone from the result.
 * @type {(x: Operand, k: number, dim: number, keepdim: boolean, index: number[], output: number) => Expr | null} */
function kth(x, k, dim, keepdim, index, output) {
  const through = x.ndim && !keepdim ? index.toSpliced(wrap(dim, x.ndim), 0, 0) : index;
  return statistic(along(x, dim, through), k - 1, false, false, output === 1);
}

/** The lower of the two in the middle; of everything NaN if there is one. @type {Rule["explain"]} */
function median({ x, dim, keepdim }, index, { output }) {
  if (dim !== null) {
    const n = x.ndim ? x.shape[wrap(dim, x.ndim)] : 1;
    return kth(x, Math.floor((n + 1) / 2), dim, keepdim, index, output);
  }
  const of = Array.from(grid(x.shape), (at) => x.at(at));
  const nan = of.find((each) => Number.isNaN(each.value));
  return nan ? select(nan) : statistic(of, Math.floor((of.length - 1) / 2), false, false, false);
}

/** @type {(args: Named) => string} */
const searchTex = ({ right, side }) => `y = \\sum_n [b_n ${right || side === "right" ? "\\le" : "<"} x]`;

/** How many boundaries are below x, or not above it. @type {(x: Expr, boundaries: Expr[], right: boolean) => Expr} */
const countBelow = (x, boundaries, right) => sum(boundaries.map((each) => compare(right ? "≤" : "<", each, x)));

/** Boundaries (…, n) go with the rows of x (…, m); those with one axis with all. @type {Rule["explain"]} */
function searchSorted({ boundaries, x, right, side, sorter }, index) {
  const row = boundaries.ndim > 1 ? index.slice(0, -1) : [];
  const cells = Array.from({ length: boundaries.shape.at(-1) }, (_, n) =>
    boundaries.at([...row, sorter ? sorter.at([...row, n]).value : n]));
  return countBelow(operand(x, index), cells, right || side === "right");
}

/** The cell, or its place, that stands in the order where the index says.
 * @type {(args: Named, index: number[], descending: boolean, wantsPlace: boolean) => Expr | null} */
const inOrder = ({ x, dim, stable }, index, descending, wantsPlace) =>
  statistic(along(x, dim, index), rank(x, dim, index), descending, stable ?? false, wantsPlace);

const SORT = "x dim=-1 descending=false stable";

/** @type {Record<string, Rule>} */
export const ORDER = {
  sort: rule("order", SORT, "y_k = x_{(k)}", (args, index, { output }) =>
    inOrder(args, index, args.descending, output === 1)),
  argsort: rule("order", SORT, "x_{y_k} = x_{(k)}", (args, index) => inOrder(args, index, args.descending, true)),
  topk: rule("order", "x k dim=-1 largest=true sorted=true", "y_k = x_{(k)}", (args, index, { output }) =>
    args.sorted ? inOrder(args, index, args.largest, output === 1) : null),
  kthvalue: rule("order", "x k dim=-1 keepdim=false", "y = x_{(k)}", ({ x, k, dim, keepdim }, index, { output }) =>
    kth(x, k, dim, keepdim, index, output)),
  median: rule("order", "x dim keepdim=false", "y = x_{(\\lfloor (n + 1) / 2 \\rfloor)}", median),
  searchsorted: rule("order", "boundaries x out_int32=false right=false side sorter", searchTex, searchSorted),
  bucketize: rule("order", "x boundaries out_int32=false right=false", searchTex, searchSorted),
};
