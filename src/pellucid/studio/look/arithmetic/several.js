// @ts-check
// Three numbers and more in, one out: bounds, choices, mixtures.

import {
  difference, max, min, number, part, product, quotient, scaled, select, sum,
} from "#studio/look/arithmetic/expr.js";
import { coordinate } from "#studio/look/arithmetic/mask.js";
import { elementwise, operand, rule } from "#studio/look/arithmetic/rule.js";
import { twoCases } from "#studio/look/arithmetic/tex.js";

/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Tex} Tex */

/** @type {(term: string) => Tex} */
const plusTex = (term) => ({ value }) => `y = x + ${value === 1 ? "" : `${value}\\, `}${term}`;

/** The upper bound wins where the bounds cross. */
const clamp = elementwise("x min max", "y = \\min(\\max(x, l), u)", ({ x, min: low, max: high }) => {
  const raised = low === null ? x : max([x, part(low)]);
  return high === null ? raised : min([raised, part(high)]);
});

/** @type {Record<string, Rule>} */
export const SEVERAL = {
  clamp,
  clip: clamp,
  clamp_min: elementwise("x min", "y = \\max(x, l)", ({ x, min: low }) => max([x, part(low)])),
  clamp_max: elementwise("x max", "y = \\min(x, u)", ({ x, max: high }) => min([x, part(high)])),

  where: rule("move", "condition a b", `y = ${twoCases("a", "c", "b")}`,
    ({ condition, a, b }, index, { output }) => {
      if (a === null || b === null) return coordinate(condition, index[0], output);
      const holds = condition.broadcast(index);
      return select(operand(holds.value ? a : b, index), holds);
    }),

  nan_to_num: elementwise("x nan posinf neginf", null, ({ x, nan, posinf, neginf }) => {
    if (Number.isFinite(x.value)) return x;
    const instead = Number.isNaN(x.value) ? nan ?? 0 : x.value > 0 ? posinf : neginf;
    return instead === null ? null : select(number(instead), x); // the largest of a dtype that is not known here
  }),

  lerp: elementwise("start end weight", "y = a + w\\,(b - a)", ({ start, end, weight }) => {
    const w = part(weight);
    const way = difference(end, start);
    if (Math.abs(w.value) < 0.5) return sum([start, product([w, way])]);
    return difference(end, product([way, difference(number(1), w)])); // from the nearer end
  }),
  addcmul: elementwise("x a b value=1", plusTex("a \\cdot b"), ({ x, a, b, value }) =>
    sum([x, scaled(value, product([part(a), part(b)]))])),
  addcdiv: elementwise("x a b value=1", plusTex("\\frac{a}{b}"), ({ x, a, b, value }) =>
    sum([x, scaled(value, quotient(part(a), part(b)))])),
};
