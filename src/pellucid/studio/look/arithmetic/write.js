// @ts-check
// Writing by index or mask: what was there before, and what arrived at this place.

import { call, held, max, min, number, product, quotient, scaled, select, sum } from "#studio/look/arithmetic/expr.js";
import { broadcastShape, grid, replaced, wrap } from "#studio/look/arithmetic/indices.js";
import { layout, placed } from "#studio/look/arithmetic/lookup.js";
import { truesBefore } from "#studio/look/arithmetic/mask.js";
import { operand, rule, shared } from "#studio/look/arithmetic/rule.js";
import { isFloat } from "#studio/look/arithmetic/numbers.js";
import { twoCases } from "#studio/look/arithmetic/tex.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */
/** @typedef {{ value: Expr, asked: Expr[] }} Arrival  what was written here, and the cells that said it belongs here */

/** As x holds it: cut to an integer where x is one. @type {(value: Expr, x: Operand) => Expr} */
const like = (value, x) => held(value, isFloat(x.dtype) ? null : x.dtype);

/** The last that arrived counts, or what was there.
 * @type {(x: Operand, index: number[], arrivals: Arrival[]) => Expr} */
function overwritten(x, index, arrivals) {
  const last = arrivals.at(-1);
  return last ? select(like(last.value, x), ...last.asked) : x.at(index);
}

/** @type {(arrivals: Arrival[]) => Expr[]} */
const values = (arrivals) => arrivals.map((each) => each.value);

/** What was there, and all that arrived. @type {(args: Named, index: number[], arrivals: Arrival[]) => Expr} */
const added = ({ x }, index, arrivals) => sum([x.at(index), ...values(arrivals)]);

// --- by mask ---------------------------------------------------------------------------------------------------------

/** @type {(args: Named, index: number[]) => Expr} */
function maskedFill({ x, mask, value }, index) {
  const asked = mask.broadcast(index);
  return select(asked.value ? like(operand(value, index), x) : x.broadcast(index), asked);
}

/** The places of the mask, in order, take the numbers of the source, in order.
 * @type {(args: Named, index: number[], result: { shape: number[] }) => Expr} */
function maskedScatter({ x, mask, source }, index, { shape }) {
  const asked = mask.broadcast(index);
  return select(asked.value ? source.atPlace(truesBefore(mask, index, shape)) : x.broadcast(index), asked);
}

// --- x[i, :, j] = values ---------------------------------------------------------------------------------------------

/** What x[indices] = values brings to one cell.
 * @type {(x: Operand, indices: (Operand | null)[], source: Operand, index: number[]) => Arrival[]} */
function indexArrivals(x, indices, source, index) {
  const { all, front } = layout(indices, x.ndim);
  const given = all.filter((each) => each !== null);
  const shape = broadcastShape(given.map((each) => (each.dtype === "bool" ? [countTrue(each)] : each.shape)));
  const arrivals = [];
  for (const place of grid(shape)) {
    const { at, asked } = placed(all, place, x.shape);
    if (!at.every((i, d) => i === null || i === index[d])) continue;
    const others = index.filter((_, d) => at[d] === null);
    arrivals.push({ value: source.broadcast([...others.slice(0, front), ...place, ...others.slice(front)]), asked });
  }
  return arrivals;
}

/** @type {(mask: Operand) => number} */
const countTrue = (mask) => [...grid(mask.shape)].filter((index) => mask.at(index).value).length;

const indexPut = rule("scatter", "x indices source accumulate=false", null, (args, index) => {
  const { x, indices, source, accumulate } = args;
  const arrivals = indexArrivals(x, indices, source, index);
  return accumulate ? added(args, index, arrivals) : overwritten(x, index, arrivals);
});

// --- along one axis: one list of indices -----------------------------------------------------------------------------

/** @type {(args: Named, index: number[], value: (place: number[]) => Expr) => Arrival[]} */
function axisArrivals({ x, dim, index: places }, index, value) {
  const axis = wrap(dim, x.ndim);
  const arrivals = [];
  for (let n = 0; n < places.size; n++) {
    const cell = places.atPlace(n);
    if (wrap(cell.value, x.shape[axis]) !== index[axis]) continue;
    arrivals.push({ value: value(replaced(index, axis, n)), asked: [cell] });
  }
  return arrivals;
}

// --- along one axis: an index for every element ----------------------------------------------------------------------

/** @type {(args: Named, index: number[]) => Arrival[]} */
function scatterArrivals({ x, dim, index: places, source }, index) {
  const axis = wrap(dim, x.ndim);
  if (!index.every((i, d) => d === axis || i < places.shape[d])) return [];
  const arrivals = [];
  for (let n = 0; n < places.shape[axis]; n++) {
    const place = replaced(index, axis, n);
    const cell = places.at(place);
    if (wrap(cell.value, x.shape[axis]) !== index[axis]) continue;
    arrivals.push({ value: source.ndim ? source.at(place) : operand(source, []), asked: [cell] });
  }
  return arrivals;
}

/** @type {(args: Named, index: number[]) => Expr} */
function scattered(args, index) {
  const arrivals = scatterArrivals(args, index);
  if (args.reduce === "add") return added(args, index, arrivals);
  if (args.reduce === "multiply") return product([args.x.at(index), ...values(arrivals)]);
  return overwritten(args.x, index, arrivals);
}

/** @type {Record<string, (of: Expr[]) => Expr>} */
const REDUCTIONS = { sum, mean: sum, prod: product, amax: max, amin: min };

/** @type {(args: Named, index: number[]) => Expr} */
function scatterReduced(args, index) {
  const arrived = values(scatterArrivals(args, index));
  const all = args.include_self || !arrived.length ? [args.x.at(index), ...arrived] : arrived;
  const reduced = REDUCTIONS[args.reduce](all);
  if (args.reduce !== "mean") return reduced;
  const average = quotient(reduced, number(all.length));
  return isFloat(args.x.dtype) ? average : call("floor", Math.floor, average);
}

// --- the table -------------------------------------------------------------------------------------------------------

/** @type {Record<string, Rule>} */
export const WRITES = {
  masked_fill: rule("move", "x mask value", `y = ${twoCases("v", "m", "x")}`, maskedFill),
  masked_scatter: rule("move", "x mask source", null, maskedScatter),
  ...shared("index_put _index_put_impl _unsafe_index_put", indexPut),
  index_add: rule("scatter", "x dim index source alpha=1", "y_i = x_i + \\sum_{n:\\, i_n = i} s_n", (args, index) =>
    added(args, index, axisArrivals(args, index, (place) => scaled(args.alpha, args.source.at(place))))),
  index_copy: rule("scatter", "x dim index source", null, (args, index) =>
    overwritten(args.x, index, axisArrivals(args, index, (place) => args.source.at(place)))),
  index_fill: rule("scatter", "x dim index value", null, (args, index) =>
    overwritten(args.x, index, axisArrivals(args, index, () => operand(args.value, [])))),
  scatter: rule("scatter", "x dim index source reduce", null, scattered),
  scatter_add: rule("scatter", "x dim index source", null, (args, index) =>
    added(args, index, scatterArrivals(args, index))),
  scatter_reduce: rule("scatter", "x dim index source reduce include_self=true", null, scatterReduced),

  view_write: rule("move", "old *written target writes", null, viewWritten),
};

// --- view_write: memory after parts of it were written through other views -------------------------------------------

/** @typedef {{ offset: number, strides: number[] }} Layout */

/** The last copy that reached this place of the memory, or what was there.
 * @type {(args: Named, index: number[]) => Expr} */
function viewWritten({ old, written, target, writes }, index) {
  const place = index.reduce((sum, i, d) => sum + i * target.strides[d], target.offset);
  for (let n = written.length - 1; n >= 0; n--) {
    const { offset, strides } = /** @type {Layout} */ (writes[n]);
    const from = elementAt(place - offset, written[n].shape, strides);
    if (from) return written[n].at(from);
  }
  return old.at(index);
}

/** The index whose strides lead to a place; of several the last, as copies go in order.
 * @type {(place: number, shape: number[], strides: number[]) => number[] | null} */
function elementAt(place, shape, strides) {
  if (!shape.length) return place === 0 ? [] : null;
  const [[n, ...inner], [stride, ...steps]] = [shape, strides];
  const reach = inner.reduce((sum, m, d) => sum + (m - 1) * steps[d], 0); // of the axes behind this one
  const last = stride ? Math.min(n - 1, Math.floor(place / stride)) : n - 1;
  for (let i = last; i >= 0 && place - i * stride <= reach; i--) {
    const rest = elementAt(place - i * stride, inner, steps);
    if (rest) return [i, ...rest];
    if (!stride) break;
  }
  return null;
}
