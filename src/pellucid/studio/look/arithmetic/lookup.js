// @ts-check
// Reading by index or mask: the cell that was chosen, and the cells that chose it.

import { max, mean, number, product, select, sum } from "#studio/look/arithmetic/expr.js";
import { broadcastShape, replaced, wrap } from "#studio/look/arithmetic/indices.js";
import { coordinate, nthTrue } from "#studio/look/arithmetic/mask.js";
import { rule, shared } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */

// --- x[i, :, j]: arrays of indices broadcast together, None takes a whole axis ---------------------------------------

/**
 * How many axes of x each entry takes (a mask takes one for each of its own), and where the axes of the broadcast index
 * stand in the result: in the place of the first entry that is no None, or in front where a None stands between two.
 * @param {(Operand | null)[]} indices @param {number} ndim
 */
export function layout(indices, ndim) {
  const taken = indices.map((each) => (each?.dtype === "bool" ? each.ndim : 1));
  const covered = taken.reduce((sum, n) => sum + n, 0);
  const all = [...indices, ...new Array(ndim - covered).fill(null)];
  const given = all.flatMap((each, n) => (each ? [n] : []));
  const together = given.every((n, k) => k === 0 || n === given[k - 1] + 1);
  return { all, front: together ? given[0] ?? 0 : 0 };
}

/** The axes of x at one place of the index arrays, with the cells that said so; the other axes are null.
 * @type {(all: (Operand | null)[], place: number[], shape: number[]) => { at: (number | null)[], asked: Expr[] }} */
export function placed(all, place, shape) {
  /** @type {(number | null)[]} */
  const at = [];
  /** @type {Expr[]} */
  const asked = [];
  for (const each of all) {
    if (!each) at.push(null);
    else if (each.dtype === "bool") {
      const found = nthTrue(each, place[place.length - 1]);
      at.push(...found);
      asked.push(each.at(found));
    } else {
      const cell = each.broadcast(place);
      at.push(wrap(cell.value, shape[at.length]));
      asked.push(cell);
    }
  }
  return { at, asked };
}

/** @type {(args: Named, index: number[]) => Expr} */
function indexed({ x, indices }, index) {
  const { all, front } = layout(indices, x.ndim);
  const wide = index.length - all.filter((each) => !each).length; // axes of the broadcast index
  const { at, asked } = placed(all, index.slice(front, front + wide), x.shape);
  const others = [...index.slice(0, front), ...index.slice(front + wide)];
  return select(x.at(at.map((i) => i ?? others.shift())), ...asked);
}

// --- one array of indices along one axis -----------------------------------------------------------------------------

/** @type {(args: Named, index: number[]) => Expr} */
function indexSelected({ x, dim, index: chosen }, index) {
  if (!x.ndim) return x.at([]);
  const axis = wrap(dim, x.ndim);
  const cell = chosen.at(chosen.ndim ? [index[axis]] : []);
  return select(x.at(replaced(index, axis, wrap(cell.value, x.shape[axis]))), cell);
}

/** @type {(args: Named, index: number[]) => Expr} */
function gathered({ x, dim, index: chosen }, index) {
  const cell = chosen.at(index);
  if (!x.ndim) return select(x.at([]), cell);
  const from = chosen.ndim ? index : [0];
  const axis = wrap(dim, x.ndim);
  return select(x.at(replaced(from, axis, wrap(cell.value, x.shape[axis]))), cell);
}

// --- tables ----------------------------------------------------------------------------------------------------------

/** @type {(args: Named, index: number[]) => Expr} */
function embedded({ weight, indices }, index) {
  const cell = indices.at(index.slice(0, -1));
  return select(weight.at([wrap(cell.value, weight.shape[0]), index[index.length - 1]]), cell);
}

/** The sum (mode 0), mean (1) or maximum (2) of the rows of a bag; a bag ends where the next begins.
 * @type {(args: Named, index: number[], result: { output: number }) => Expr | null} */
function bagged(args, [bag, column], { output }) {
  const { weight, indices, offsets, mode, per_sample_weights, padding_idx } = args;
  if (output > 0) return null; // bookkeeping for the backward pass
  const last = bag === offsets.size - 1 && !args.include_last_offset;
  const start = offsets.at([bag]).value;
  const end = last ? indices.size : offsets.at([bag + 1]).value;
  const rows = [];
  for (let n = start; n < end; n++) {
    const row = indices.at([n]).value;
    if (row === padding_idx) continue;
    const cell = weight.at([row, column]);
    rows.push(per_sample_weights ? product([cell, per_sample_weights.at([n])]) : cell);
  }
  return rows.length ? [sum, mean, max][mode](rows) : number(0);
}

// --- the table of rules ----------------------------------------------------------------------------------------------

const BAG = "weight indices offsets scale_grad_by_freq=false mode=0 sparse=false per_sample_weights "
  + "include_last_offset=false padding_idx=-1";
const BAG_TEX = ["\\sum", "\\frac{1}{|b|} \\sum", "\\max"].map((fold) => `y_b = ${fold}_{n \\in b} E_{i_n}`);

/** @type {Record<string, Rule>} */
export const LOOKUPS = {
  ...shared("index _unsafe_index", rule("move", "x indices", null, indexed)),
  index_select: rule("move", "x dim index", null, indexSelected),
  gather: rule("move", "x dim index", ({ x, dim }) =>
    x.ndim === 2 ? (wrap(dim, 2) === 0 ? "y_{ij} = x_{n_{ij},\\, j}" : "y_{ij} = x_{i,\\, n_{ij}}") : null, gathered),
  take: rule("move", "x index", "y = x_{n}", ({ x, index: chosen }, index) => {
    const cell = chosen.at(index);
    return select(x.atPlace(wrap(cell.value, x.size)), cell);
  }),
  masked_select: rule("move", "x mask", null, ({ x, mask }, [n]) => {
    const index = nthTrue(mask, n, broadcastShape([x.shape, mask.shape]));
    return select(x.broadcast(index), mask.broadcast(index));
  }),
  nonzero: rule("lookup", "x", null, ({ x }, [n, axis]) => coordinate(x, n, axis)),
  embedding: rule("lookup", "weight indices", "y_{n} = E_{i_n}", embedded),
  ...shared("_embedding_bag _embedding_bag_forward_only", rule("lookup", BAG, ({ mode }) => BAG_TEX[mode], bagged)),
};
