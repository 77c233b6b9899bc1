// @ts-check
// More numbers from the same: repeats, joins, padding.

import { found, held, number } from "#studio/look/arithmetic/expr.js";
import { broadcast, removed, replaced, wrap } from "#studio/look/arithmetic/indices.js";
import { moved } from "#studio/look/arithmetic/move.js";
import { rule, shared } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */

// --- joins -----------------------------------------------------------------------------------------------------------

const CAT = "y = x^{(1)} \\,\\Vert\\, x^{(2)} \\,\\Vert\\, \\cdots";

/** A tensor of shape (0,) fits anywhere and adds nothing. */
const cat = rule("move", "tensors dim=0", CAT, ({ tensors, dim }, index) => {
  const axis = wrap(dim, index.length);
  let place = index[axis];
  for (const x of /** @type {Operand[]} */ (tensors)) {
    if (x.size === 0) continue;
    if (place < x.shape[axis]) return x.at(replaced(index, axis, place));
    place -= x.shape[axis];
  }
  return null;
});

const stack = rule("move", "tensors dim=0", "y_{s} = x^{(s)}", ({ tensors, dim }, index) => {
  const axis = wrap(dim, index.length);
  return tensors[index[axis]].at(removed(index, axis));
});

// --- padding: (before, after) for the last axis first, then the one before it … --------------------------------------

/** Where a padded cell lies in x; beyond its edges too. @type {(pad: number[], index: number[]) => number[]} */
const unpadded = (pad, index) => index.map((i, d) => i - (pad[2 * (index.length - 1 - d)] ?? 0));

/** @type {(place: number[], shape: number[]) => boolean} */
export const inside = (place, shape) => place.every((i, d) => i >= 0 && i < shape[d]);

const constantPad = rule("move", "x pad value=0", null, ({ x, pad, value }, index) => {
  const place = unpadded(pad, index);
  return inside(place, x.shape) ? x.at(place) : held(number(value), x.dtype);
});

/** abc → cb|abc|ba @type {(args: Named, index: number[]) => number[]} */
const reflected = ({ x, padding }, index) =>
  unpadded(padding, index).map((i, d) => (i < 0 ? -i : i >= x.shape[d] ? 2 * (x.shape[d] - 1) - i : i));

/** abc → aa|abc|cc @type {(args: Named, index: number[]) => number[]} */
const atEdge = ({ x, padding }, index) =>
  unpadded(padding, index).map((i, d) => Math.min(Math.max(i, 0), x.shape[d] - 1));

// --- the table -------------------------------------------------------------------------------------------------------

/** @type {Record<string, Rule>} */
export const JOINS = {
  ...shared("expand broadcast_to", moved("x", "y = x", ({ x }, index) => broadcast(index, x.shape))),
  repeat: moved("x", null, ({ x }, index) =>
    index.slice(index.length - x.ndim).map((i, d) => i % x.shape[d])),
  repeat_interleave: rule("lookup", "repeats", null, ({ repeats }, [place]) => {
    const asked = [];
    for (let n = 0, end = 0; n < repeats.size; n++) {
      asked.push(repeats.at([n]));
      end += asked[n].value;
      if (place < end) return found("repeat_interleave", n, asked);
    }
    return null;
  }),
  ...shared("cat concat", cat),
  stack,
  constant_pad_nd: constantPad,
  ...shared("reflection_pad1d reflection_pad2d reflection_pad3d", moved("x padding", null, reflected)),
  ...shared("replication_pad1d replication_pad2d replication_pad3d", moved("x padding", null, atEdge)),
};
