// @ts-check
// What a name of a trace shows: a node, a series over the steps of a loop, or a value, as one picture with named axes.
import { scaleOf } from "#studio/look/colour.js";
import { Missing } from "#studio/look/tensor.js";
import { withoutStep } from "#studio/look/trace.js";
import { KINDS } from "#studio/look/text.js";
import { HEIGHT, WIDTH } from "#studio/look/views/choose.js";
import { words } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/trace.js").Node} Node */
/** @typedef {import("#studio/look/trace.js").Value} Value */
/** @typedef {{ en: string, "zh-TW": string }} Words */

/**
 * One or more values of the same shape, seen as one array: a series has its step as the first axis. Leading axes of
 * length 1 (one message in the batch) are left out of indices and pictures.
 * @typedef {{ name: string, nodes: Node[], values: Value[], order: Map<string, number>, series: boolean, dropped: number, shape: number[] }} Shown
 * order: from the id of a value to its place among them
 */

/** @type {WeakMap<Trace, Map<string, Shown | null>>} */
const known = new WeakMap();

/**
 * @param {Trace} trace @param {string} name of a node, a series (without step) or a value
 * @returns {Shown | null} the same object for the same name
 */
export function find(trace, name) {
  let names = known.get(trace);
  if (!names) known.set(trace, (names = new Map()));
  let found = names.get(name);
  if (found === undefined) names.set(name, (found = search(trace, name)));
  return found;
}

/** @param {Trace} trace @param {string} name @returns {Shown | null} */
function search(trace, name) {
  const node = trace.byName.get(name);
  if (node && node.step === undefined) return shown(trace, name, [node]);
  if (!node || !/\[\d+\]/.test(name)) {
    const steps = trace.steps(withoutStep(name));
    if (steps.length) return shown(trace, withoutStep(name), steps);
  }
  if (node) return shown(trace, name, [node]);
  const value = trace.valuesByName.get(name);
  return value ? whole(trace, name, [], [value]) : null;
}

/** @param {Trace} trace @param {string} name @param {Node[]} nodes */
function shown(trace, name, nodes) {
  const values = nodes.map((node) => trace.values.get(node.outputs?.[0] ?? "")).filter((value) => value !== undefined);
  if (!values.length) return null;
  const same = values.every((value) => value.shape.join() === values[0].shape.join());
  return same ? whole(trace, name, nodes, values) : whole(trace, nodes[nodes.length - 1].name, nodes.slice(-1), values.slice(-1));
}

/** @param {Trace} trace @param {string} name @param {Node[]} nodes @param {Value[]} values @returns {Shown} */
function whole(trace, name, nodes, values) {
  const { shape, axes } = values[0];
  const told = (/** @type {number} */ axis) => trace.graph.axis_labels[axes?.[axis] ?? ""]; // one word is still a word
  let dropped = 0;
  while (dropped < shape.length && shape[dropped] === 1 && !told(dropped)) dropped++;
  const series = nodes.length > 1 || nodes[0]?.step !== undefined;
  const rest = shape.slice(dropped);
  const order = new Map(values.map((value, i) => [value.id, i]));
  return { name, nodes, values, order, series, dropped, shape: series ? [nodes.length, ...rest] : rest };
}

/** @param {Shown} shown @param {number[]} index @returns {{ which: number, index: number[] }} the value, and where in it */
export function place(shown, index) {
  const inside = shown.series ? index.slice(1) : index;
  return { which: shown.series ? index[0] : 0, index: [...new Array(shown.dropped).fill(0), ...inside] };
}

/** @param {Shown} shown @param {number} which @param {number[]} index in the value @returns {number[]} in what is shown */
export function back(shown, which, index) {
  const inside = index.slice(shown.dropped);
  return shown.series ? [which, ...inside] : inside;
}

/**
 * The picture of it.
 * @param {Trace} trace @param {Shown} shown @param {{ gradient?: boolean, title: (axis: string) => string, label: string }} options
 */
export function picture(trace, shown, { gradient = false, title, label }) {
  const tensors = shown.values.map((value) => (gradient ? trace.gradient(value.id) : trace.tensor(value.id)));
  /** @param {number[]} index */
  const at = (index) => {
    const { which, index: inside } = place(shown, index);
    return tensors[which]?.at(inside) ?? NaN;
  };
  const kind = shown.nodes[0]?.kind;
  const bounds = gradient ? undefined : BOUNDS[kind ?? ""];
  const found = bounds ?? scale(tensors);
  const photo = !gradient && shown.values[0].kind === "input" && isImage(shown); // light and dark, whatever was subtracted
  return {
    shape: shown.shape,
    axes: axes(trace, shown, title),
    at,
    low: found.low,
    high: found.high,
    signed: bounds ? bounds.low < 0 : !photo && found.low < 0,
    bounded: bounds?.bounded ?? null,
    label,
  };
}

/**
 * The scale of all of them together. Missing where numbers have not come yet.
 * @param {(import("#studio/look/tensor.js").Tensor | null)[]} tensors
 */
function scale(tensors) {
  let [low, high] = [Infinity, -Infinity];
  const waits = [];
  for (const tensor of tensors)
    try {
      const found = tensor?.extent();
      if (found) [low, high] = [Math.min(low, found.low), Math.max(high, found.high)];
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      waits.push(error.wait);
    }
  if (waits.length) throw new Missing(Promise.all(waits).then(() => {}));
  return scaleOf(low, high);
}

/** @type {Record<string, { low: number, high: number, bounded: "gate" | "probability" | null }>} */
const BOUNDS = {
  sigmoid: { low: 0, high: 1, bounded: "gate" },
  hardsigmoid: { low: 0, high: 1, bounded: "gate" },
  softmax: { low: 0, high: 1, bounded: "probability" },
  _softmax: { low: 0, high: 1, bounded: "probability" },
  tanh: { low: -1, high: 1, bounded: null },
};

/** @param {Trace} trace @param {Shown} shown @param {(axis: string) => string} title */
function axes(trace, shown, title) {
  const names = shown.values[0].axes?.slice(shown.dropped);
  const own = shown.shape.slice(shown.series ? 1 : 0).map((size, i) => {
    const name = names?.[i] ?? "";
    const labels = trace.graph.axis_labels[name];
    return { name, title: title(name), labels: labels?.length === size ? labels : null };
  });
  if (!shown.series) return own;
  const steps = stepsOf(trace, shown.nodes[0]);
  const labels = steps?.labels?.length === shown.nodes.length ? steps.labels : null;
  return [{ name: steps?.axis ?? "step", title: title(steps?.axis ?? "step"), labels, steps: true }, ...own];
}

/**
 * Whether it is drawn as pictures: its last two axes are the rows and columns of one.
 * @param {Shown} shown
 */
export function isImage({ values, dropped, series }) {
  const [rows, columns] = values[0].axes?.slice(dropped).slice(-2) ?? [];
  return !series && HEIGHT.test(rows ?? "") && WIDTH.test(columns ?? "");
}

/**
 * What the steps of a module's loop go through, where the room has said it (`meta.steps`, by module path).
 * @param {Trace} trace @param {Node | undefined} node @returns {{ axis: string, labels: string[] } | undefined}
 */
export const stepsOf = (trace, node) => trace.meta.steps?.[node?.module ?? ""];

/**
 * @param {Trace} trace @param {string} name @returns {Words | null} what a person calls it: the room's own title
 */
export const titled = (trace, name) => trace.meta.titles?.[withoutStep(name)] ?? trace.meta.titles?.[lastPart(name)] ?? null;

/** @param {Trace} trace @param {Shown} shown @returns {string} its title, or its name */
export const headingOf = (trace, shown) => called(trace, shown.name, shown.nodes[0]);

/** @param {Trace} trace @param {string} name @param {Node | undefined} node @returns {string} a title, the kind of an operation that nobody named, a name */
export function called(trace, name, node) {
  const last = lastPart(name);
  return words(titled(trace, name)) || (last === node?.kind && words(KINDS[last])) || last;
}

/** @param {string} name */
export const lastPart = (name) => withoutStep(name).split(".").at(-1) ?? name;

/**
 * @param {string} text `3,5`; an index of an axis of length 1 before those that are shown may be written, too: `0,3,5`
 * @param {number[]} shape @returns {number[] | null} an index inside of the shape
 */
export function readCell(text, shape) {
  const index = text.trim() ? text.split(",").map(Number) : [];
  while (index.length > shape.length && index[0] === 0) index.shift();
  return fits(index, shape) ? index : null;
}

/** @param {number[]} index @param {number[]} shape @returns {boolean} whether there is a cell */
export const fits = (index, shape) =>
  index.length === shape.length && index.every((i, axis) => Number.isInteger(i) && i >= 0 && i < shape[axis]);
