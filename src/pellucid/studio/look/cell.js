// @ts-check
// The arithmetic of one cell, as a person would write it: what only moved is followed to where it was computed, and
// steps without a name of their own are written into the formula that uses them.
import { explain, family } from "#studio/look/arithmetic/explain.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/trace.js").Node} Node */
/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** A cell of the trace: a value, and where in it. @typedef {{ value: string, index: number[] }} Cell */
/** @typedef {Cell & { number: number }} Leaf */
/**
 * expression: its sources count through `leaves`. steps: the nodes whose operations were written out, in order.
 * @typedef {{ node: Node, expression: Expr, leaves: Leaf[], steps: Node[] }} Written
 */

const MOST_INLINED = 24; // nodes that one formula is made of

/** @param {Trace} trace @param {Node} node @returns {import("#studio/look/arithmetic/rule.js").OpCall} */
export function callOf(trace, node) {
  return {
    kind: node.kind,
    args: trace.arguments(node),
    kwargs: trace.keywords(node),
    names: trace.graph.signatures[node.op ?? ""] ?? [],
    shapes: (node.outputs ?? []).map((id) => trace.values.get(id)?.shape ?? []),
  };
}

/**
 * What one operation did for one cell, its sources as cells of the trace. null: beyond the written-out arithmetic.
 * @param {Trace} trace @param {Node} node @param {number[]} index @param {number} [output]
 * @returns {{ expression: Expr, leaves: Leaf[] } | null}
 */
export function oneStep(trace, node, index, output = 0) {
  const found = explain(callOf(trace, node), index, output);
  if (!found) return null;
  const leaves = found.sources.map((source) => ({ value: argumentId(node, source.arg), index: source.index, number: source.value }));
  return { expression: found.expression, leaves };
}

/** @param {Node} node @param {(string | number)[]} path @returns {string} the id of the value at a place in the arguments */
function argumentId(node, path) {
  /** @type {any} */
  let found = node;
  for (const step of path) found = found[step];
  return found.value;
}

/**
 * Where a number was computed: cells that only moved (views, slices, joins) are followed to their origin.
 * @param {Trace} trace @param {Cell} cell @returns {Cell}
 */
export function origin(trace, cell) {
  for (;;) {
    const producer = producerOf(trace, cell.value);
    if (!producer || family(producer.kind) !== "move") return cell;
    const step = oneStep(trace, producer, cell.index, (producer.outputs ?? []).indexOf(cell.value));
    const moved = step?.expression.op === "select" ? step.expression.of[0] : step?.expression; // a select names the chosen first
    if (!step || moved?.op !== "source") return cell; // filled in by a mask, or rounded
    cell = step.leaves[moved.source];
  }
}

/** @param {Trace} trace @param {string} value @returns {Node | undefined} */
export const producerOf = (trace, value) => trace.byId.get(trace.values.get(value)?.producer ?? "");

/**
 * @param {Trace} trace @param {Node} node @param {number[]} index of its output @returns {Written | null}
 */
export function written(trace, node, index) {
  /** @type {Leaf[]} */
  const leaves = [];
  /** @type {Node[]} */
  const steps = [];
  const start = origin(trace, { value: node.outputs?.[0] ?? "", index });
  const computed = producerOf(trace, start.value); // none: a moved weight or input
  const first = computed ?? node;

  /** @param {Node} at @param {number[]} place @param {number} output @returns {Expr | null} */
  const write = (at, place, output) => {
    const step = oneStep(trace, at, place, output);
    if (!step) return null;
    steps.push(at);
    /** @type {Map<Expr, Expr>} */
    const seen = new Map(); // a part that is used several times stays one object
    /** @param {Expr} part @returns {Expr} */
    const copy = (part) => {
      const known = seen.get(part);
      if (known) return known;
      const made = part.op === "source" ? leaf(step.leaves[part.source], part) : "of" in part ? { ...part, of: part.of.map(copy) } : part;
      seen.set(part, made);
      return made;
    };
    return copy(step.expression);
  };

  /** @param {Leaf} cell @param {Expr} part @returns {Expr} */
  const leaf = (cell, part) => {
    const from = origin(trace, cell);
    const producer = producerOf(trace, from.value);
    if (producer && writtenInto(producer, first) && steps.length < MOST_INLINED) {
      const inlined = write(producer, from.index, (producer.outputs ?? []).indexOf(from.value));
      if (inlined) return inlined;
    }
    leaves.push({ ...from, number: cell.number });
    return { ...part, op: "source", source: leaves.length - 1, value: cell.number };
  };

  const expression = computed ? write(computed, start.index, (computed.outputs ?? []).indexOf(start.value)) : write(node, index, 0);
  return expression && { node: first, expression, leaves, steps };
}

/**
 * Whether a node is a mere step of a formula: one cell from one cell of each operand, in the same module (what comes out
 * of another one is a number of its own), and nobody gave it a caption.
 * @param {Node} node @param {Node} whole whose formula it is
 */
const writtenInto = (node, whole) => !node.caption && node.module === whole.module && family(node.kind) === "elementwise";

/**
 * How many operations of each sort a formula has: { product: 35, sum: 2, σ: 1 }.
 * @param {Expr} expression @returns {Record<string, number>}
 */
export function operations(expression) {
  /** @type {Record<string, number>} */
  const counts = {};
  /** @type {Set<Expr>} */
  const seen = new Set();
  /** @param {Expr} part */
  const walk = (part) => {
    if (seen.has(part) || !("of" in part)) return;
    seen.add(part);
    const name = "name" in part ? part.name : part.op;
    counts[name] = (counts[name] ?? 0) + 1;
    part.of.forEach(walk);
  };
  walk(expression);
  return counts;
}

/**
 * The terms of a sum of products, the largest first; null where the expression is none.
 * @param {Expr} expression @returns {{ terms: Expr[], rest: number } | null}
 */
export function terms(expression) {
  if (expression.op !== "sum" || expression.of.length < 3) return null;
  const ordered = [...expression.of].sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  return { terms: ordered, rest: expression.of.length };
}
