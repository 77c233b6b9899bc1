// @ts-check
// Pooling: the largest or the mean of what a window sees.

import { found, max, mean, number, quotient, sum } from "#studio/look/arithmetic/expr.js";
import { firstOf } from "#studio/look/arithmetic/extreme.js";
import { grid, perAxis, ravel } from "#studio/look/arithmetic/indices.js";
import { inside } from "#studio/look/arithmetic/join.js";
import { rule } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */

/** The places that a window covers, in the padding too: p·stride - padding + k·dilation.
 * @type {(n: number, args: Named, place: number[]) => number[][]} */
function windowAt(n, { kernel_size, stride, padding, dilation }, place) {
  const kernel = perAxis(kernel_size, n);
  const steps = stride === null || stride.length === 0 ? kernel : perAxis(stride, n);
  const [pads, gaps] = [perAxis(padding, n), perAxis(dilation ?? 1, n)];
  return Array.from(grid(kernel), (k) => place.map((p, d) => p * steps[d] - pads[d] + k[d] * gaps[d]));
}

/** The largest of these cells, or where it is in the flattened space.
 * @type {(x: Operand, batch: number[], places: number[][], wantsPlace: boolean) => Expr} */
function largest(x, batch, places, wantsPlace) {
  const of = places.map((at) => x.at([...batch, ...at]));
  const best = max(of);
  if (!wantsPlace) return best;
  return found("argmax", ravel(places[firstOf(of, best)], x.shape.slice(batch.length)), of);
}

const MAX = "y_p = \\max_{q \\in W_p} x_q";
const MEAN = "y_p = \\frac{1}{n} \\sum_{q \\in W_p} x_q";

/** @type {(n: number) => Rule} */
const maxPool = (n) =>
  rule("pooling", "x kernel_size stride padding=0 dilation=1", MAX, (args, index, { output }) => {
    const space = args.x.shape.slice(-n);
    const places = windowAt(n, args, index.slice(-n)).filter((at) => inside(at, space));
    return largest(args.x, index.slice(0, -n), places, output === 1);
  });

/** The sum over how many places count: with `count_include_pad` those in the padding too (0 each), but not what
 * `ceil_mode` lets hang over. @type {(n: number) => Rule["explain"]} */
const average = (n) => (args, index) => {
  const { x, padding, count_include_pad, divisor_override } = args;
  const space = x.shape.slice(-n);
  const pads = perAxis(padding, n);
  const inPadding = (/** @type {number[]} */ at) => at.every((i, d) => i >= -pads[d] && i < space[d] + pads[d]);
  const counts = count_include_pad ? inPadding : (/** @type {number[]} */ at) => inside(at, space);
  const places = windowAt(n, args, index.slice(-n)).filter(counts);
  const cells = places.map((at) => (inside(at, space) ? x.at([...index.slice(0, -n), ...at]) : number(0)));
  return divisor_override === null ? mean(cells) : quotient(sum(cells), number(divisor_override));
};

/** @type {(n: number) => Rule} */
const avgPool = (n) =>
  rule("pooling", "x kernel_size stride padding=0 ceil_mode=false count_include_pad=true divisor_override",
    MEAN, average(n));

// --- a fixed number of parts: part i of o covers ⌊i·n/o⌋ up to ⌈(i + 1)·n/o⌉, so parts may overlap -------------------

/** @type {(n: number, x: Operand, index: number[], shape: number[]) => number[][]} */
function partAt(n, x, index, shape) {
  const [space, parts, part] = [x.shape, shape, index].map((each) => each.slice(-n));
  const start = part.map((i, d) => Math.floor((i * space[d]) / parts[d]));
  const length = part.map((i, d) => Math.ceil(((i + 1) * space[d]) / parts[d]) - start[d]);
  return Array.from(grid(length), (k) => k.map((i, d) => start[d] + i));
}

/** @type {(n: number) => Rule} */
const adaptiveAvgPool = (n) =>
  rule("pooling", "x", MEAN, ({ x }, index, { shape }) =>
    mean(partAt(n, x, index, shape).map((at) => x.at([...index.slice(0, -n), ...at]))));

/** @type {(n: number) => Rule} */
const adaptiveMaxPool = (n) =>
  rule("pooling", "x", MAX, ({ x }, index, { output, shape }) =>
    largest(x, index.slice(0, -n), partAt(n, x, index, shape), output === 1));

/** @type {Record<string, Rule>} */
export const POOLINGS = Object.fromEntries(
  [1, 2, 3].flatMap((n) => [
    [`max_pool${n}d_with_indices`, maxPool(n)],
    [`max_pool${n}d`, maxPool(n)],
    [`avg_pool${n}d`, avgPool(n)],
    [`adaptive_avg_pool${n}d`, adaptiveAvgPool(n)],
    [`_adaptive_avg_pool${n}d`, adaptiveAvgPool(n)],
    [`adaptive_max_pool${n}d`, adaptiveMaxPool(n)],
  ]));
