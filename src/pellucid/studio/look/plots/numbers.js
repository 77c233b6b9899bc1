// @ts-check
// Numbers of a trace by name, whole or at the step that is open, and what a person calls them.
import { find, place, stepsOf, titled } from "#studio/look/shown.js";
import { words } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/shown.js").Shown} Shown */
/** @typedef {{ en: string, "zh-TW": string } | string} Label */
/** The step that is open: its number in the trace, the number that it is called by, its place in the picture, how many there are, whose loop it is of, and what that goes through. @typedef {{ step: number, named: number, at: number, count: number, module?: string, axis?: string }} Moment */
/** @typedef {{ shape: number[], flat: number[], steps: number[] | null }} Numbers steps: of each first index, in a series */

/** @type {WeakMap<Trace, Map<string, Numbers | null>>} */
const read = new WeakMap();

/** @param {Label | null | undefined} label @returns {string} */
export const said = (label) => (typeof label === "string" ? label : words(label));

/** @param {Trace} trace @param {string | undefined} name @returns {Numbers | null} all numbers of that name, row by row */
export function numbers(trace, name) {
  if (!name) return null;
  if (!read.has(trace)) read.set(trace, new Map());
  const known = /** @type {Map<string, Numbers | null>} */ (read.get(trace));
  if (!known.has(name)) known.set(name, whole(trace, find(trace, name)));
  return known.get(name) ?? null;
}

/** @param {Trace} trace @param {Shown | null} shown @returns {Numbers | null} */
function whole(trace, shown) {
  if (!shown) return null;
  const inner = shown.series ? shown.shape.slice(1) : shown.shape;
  const size = inner.reduce((a, b) => a * b, 1);
  const flat = shown.values.flatMap((value, which) => {
    const tensor = trace.tensor(value.id);
    return Array.from({ length: size }, (_, n) => {
      const inside = indexOf(n, inner);
      return tensor?.at(place(shown, shown.series ? [which, ...inside] : inside).index) ?? NaN;
    });
  });
  return { shape: shown.shape, flat, steps: shown.series ? shown.nodes.map((node, at) => node.step ?? at) : null };
}

/** @param {number} n @param {number[]} shape @returns {number[]} */
function indexOf(n, shape) {
  const index = new Array(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis--) [index[axis], n] = [n % shape[axis], Math.floor(n / shape[axis])];
  return index;
}

/** @param {Trace} trace @param {Shown | null} shown @param {number[]} mark @returns {Moment | null} null where what is open has no steps */
export function momentOf(trace, shown, mark) {
  if (!shown?.series || !shown.nodes.length) return null;
  const at = Math.min(mark[0] ?? 0, shown.nodes.length - 1);
  return { step: shown.nodes[at].step ?? at, named: namedSteps(trace, shown)[at], at, count: shown.nodes.length, module: shown.nodes[at].module ?? "", axis: stepsOf(trace, shown.nodes[at])?.axis };
}

/**
 * The step that is open, as far as a plot follows it: the steps of another module's loop are others.
 * @param {Trace} trace @param {{ node?: string, lines?: { node: string }[], paths?: { node: string }[] }} plot @param {Moment | null} moment @returns {Moment | null}
 */
export function followed(trace, plot, moment) {
  if (moment?.module === undefined) return moment;
  const series = [plot.node, ...(plot.paths ?? []).map(({ node }) => node), ...(plot.lines ?? []).map(({ node }) => node)].map((name) => find(trace, name ?? "")).filter((each) => each?.series);
  return series.length && series.every((each) => (each?.nodes[0].module ?? "") !== moment.module) ? null : moment;
}

/** @param {Trace} trace @param {Shown} shown a series @returns {number[]} what its steps are called, where that is a number: a thinned descent counts on */
export function namedSteps(trace, shown) {
  const labels = stepsOf(trace, shown.nodes[0])?.labels ?? [];
  return shown.nodes.map((node, at) => (labels.length === shown.nodes.length && Number.isFinite(Number(labels[at])) ? Number(labels[at]) : (node.step ?? at)));
}

/**
 * Which of the steps of something else is the one that is open: the last one that is not after it.
 * @param {number} count of its points @param {number[] | null} steps of each of its points, where they are known
 * @param {Moment | null} moment @param {boolean} [named] whether steps are what they are called, not the trace's own
 * @returns {number} the last one where nothing with steps is open
 */
export function now(count, steps, moment, named = false) {
  if (!moment) return count - 1;
  if (named && count === moment.count) return moment.at;
  if (named && steps) return Math.max(0, steps.findLastIndex((step) => step <= moment.named));
  if (steps) return Math.max(0, steps.findLastIndex((step) => step <= moment.step));
  if (count === moment.count) return moment.at;
  if (count === moment.count + 1) return moment.at + 1; // where it began is among them
  return Math.min(count - 1, Math.max(0, moment.step));
}

/** @param {Numbers} of @param {Moment | null} moment @returns {Numbers} of a series, only the step that is open */
export function current(of, moment) {
  if (!of.steps) return of;
  const shape = of.shape.slice(1);
  const size = shape.reduce((a, b) => a * b, 1);
  const at = now(of.steps.length, of.steps, moment);
  return { shape, flat: of.flat.slice(at * size, (at + 1) * size), steps: null };
}

/** @param {Trace} trace @param {string | undefined} name @param {(axis: string) => string} title @returns {string} what a person calls it */
export function called(trace, name, title) {
  const shown = find(trace, name ?? "");
  const own = shown?.values[0].axes;
  return words(titled(trace, name ?? "")) || (own?.length ? title(own[own.length - 1]) : (name ?? "").split(".").at(-1)) || "";
}
