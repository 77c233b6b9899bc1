// @ts-check
// What a value is called in a formula.
import { producerOf } from "#studio/look/cell.js";
import { named } from "#studio/look/notation.js";
import { lastPart } from "#studio/look/shown.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */

/**
 * @param {Trace} trace @param {string} id a value in a formula: the room's own symbol, else its name upright
 * @param {import("#studio/look/trace.js").Node} [by] the node that is written; of an earlier step of its loop, h_t is h_{t-1}
 */
export function symbol(trace, id, by) {
  const producer = producerOf(trace, id);
  const name = producer?.name ?? trace.values.get(id)?.name ?? id;
  const own = trace.meta.symbols?.[name] ?? trace.meta.symbols?.[lastPart(name)] ?? named(lastPart(name));
  const back = producer && by && producer.module === by.module ? (by.step ?? 0) - (producer.step ?? by.step ?? 0) : 0;
  return back ? own.replace(/_t$/, `_{t${back > 0 ? "-" : "+"}${Math.abs(back)}}`) : own;
}
