// @ts-check
// The largest and the smallest, where they stand, and questions about all cells: every cell compared is a source.

import { call, found, max, min, number } from "#studio/look/arithmetic/expr.js";
import { cellsSoFar, foldedCells } from "#studio/look/arithmetic/reduction.js";
import { Operand, rule } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {(of: Expr[]) => Expr} Best */

/** The first cell with the value of the best one; NaN is best. @type {(of: Expr[], best: Expr) => number} */
export const firstOf = (of, best) =>
  of.findIndex((each) => each.value === best.value || (Number.isNaN(each.value) && Number.isNaN(best.value)));

/** @type {(name: string, best: Best) => (of: Expr[]) => Expr} */
const whereBest = (name, best) => (of) => found(name, firstOf(of, best(of)), of);

/** Of everything; of two tensors, cell by cell; or along an axis, with its place.
 * @type {(name: "max" | "min", best: Best) => Rule} */
const extreme = (name, best) =>
  rule("reduction", "x dim keepdim=false",
    ({ dim }) => (dim instanceof Operand ? `y = \\${name}(a, b)` : `y = \\${name}_i x_i`),
    (args, index, { output }) => {
      if (args.dim instanceof Operand) return best([args.x.broadcast(index), args.dim.broadcast(index)]);
      const of = foldedCells(args, index);
      return output === 0 ? best(of) : whereBest(`arg${name}`, best)(of);
    });

/** @type {(tex: string, write: (of: Expr[]) => Expr) => Rule} */
const folding = (tex, write) =>
  rule("reduction", "x dim keepdim=false", tex, (args, index) => write(foldedCells(args, index)));

/** The best so far, and where it last stood. @type {(name: string, best: Best) => Rule} */
const running = (name, best) =>
  rule("reduction", "x dim", `y_i = \\${name}_{k \\le i} x_k`, (args, index, { output }) => {
    const of = cellsSoFar(args, index);
    if (output === 0) return best(of);
    let record = of[0].value;
    let last = 0;
    of.forEach((each, n) => {
      record = best([number(record), each]).value;
      if (each.value === record || Number.isNaN(each.value)) last = n;
    });
    return found(`arg${name}`, last, of);
  });

/** @type {Record<string, Rule>} */
export const EXTREMES = {
  max: extreme("max", max),
  min: extreme("min", min),
  amax: folding("y = \\max_i x_i", max),
  amin: folding("y = \\min_i x_i", min),
  aminmax: rule("reduction", "x dim keepdim=false", "y = \\min_i x_i,\\; \\max_i x_i", (args, index, { output }) =>
    [min, max][output](foldedCells(args, index))),
  argmax: folding("y = \\arg\\max_i x_i", whereBest("argmax", max)),
  argmin: folding("y = \\arg\\min_i x_i", whereBest("argmin", min)),
  any: folding("y = \\bigvee_i x_i", (of) => call("any", (...values) => values.some((value) => value !== 0), ...of)),
  all: folding("y = \\bigwedge_i x_i", (of) => call("all", (...values) => values.every((value) => value !== 0), ...of)),
  cummax: running("max", max),
  cummin: running("min", min),
};
