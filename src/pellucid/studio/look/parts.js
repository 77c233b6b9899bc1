// @ts-check
// The overview: the units that a model is made of, from the trace alone. A unit is a module of the root, or a captioned
// operation of the root itself.
import { withoutStep } from "#studio/look/trace.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/trace.js").Node} Node */
/**
 * name: what it opens. path: of the module; empty for an operation of the root. parts: captioned series inside of it.
 * @typedef {{ key: string, name: string, path: string, kind: string, nodes: Node[], parts: string[], parameters: number, from: string[] }} Unit
 */

/** @param {Trace} trace @returns {Unit[]} in the order in which they ran; the inputs first */
export function units(trace) {
  /** @type {Map<string, Unit>} */
  const found = new Map();
  for (const [, id] of Object.entries(/** @type {Record<string, string>} */ (trace.graph.inputs))) {
    const value = trace.values.get(id);
    if (value) found.set(value.name, unit(value.name, value.name, "", value.dtype));
  }
  for (const node of trace.nodes) {
    const top = (node.module ?? "").split(".")[0];
    const key = top || (node.caption ? withoutStep(node.name) : "");
    if (!key) continue;
    if (!found.has(key)) found.set(key, unit(key, withoutStep(node.name), top, top ? trace.graph.modules[top] ?? "" : node.kind));
    found.get(key)?.nodes.push(node);
  }
  for (const each of found.values()) if (each.nodes.length) describe(trace, each);
  connect(trace, [...found.values()]);
  return [...found.values()];
}

/** @param {string} key @param {string} name @param {string} path @param {string} kind @returns {Unit} */
const unit = (key, name, path, kind) => ({ key, name, path, kind, nodes: [], parts: [], parameters: 0, from: [] });

/** @param {Trace} trace @param {Unit} each */
function describe(trace, each) {
  each.parts = [...new Set(each.nodes.filter((node) => node.caption).map((node) => withoutStep(node.name)))];
  const last = each.nodes[each.nodes.length - 1];
  each.name = each.parts.at(-1) ?? withoutStep(last.name);
  if (!each.path) return;
  const weights = [...trace.values.values()].filter((v) => v.kind === "weight" && `${v.name}.`.startsWith(`${each.path}.`));
  each.parameters = weights.reduce((sum, value) => sum + value.shape.reduce((n, size) => n * size, 1), 0);
}

/** Which units a unit takes numbers from, through whatever lies between them. @param {Trace} trace @param {Unit[]} all */
function connect(trace, all) {
  /** @type {Map<string, string>} */
  const owner = new Map(); // value → key of the unit that it belongs to
  for (const each of all) for (const node of each.nodes) for (const id of node.outputs ?? []) owner.set(id, each.key);
  for (const id of Object.values(/** @type {Record<string, string>} */ (trace.graph.inputs))) owner.set(id, trace.values.get(id)?.name ?? "");
  /** @type {Map<string, Set<string>>} */
  const reached = new Map(); // value outside of all units → the units behind it
  /** @param {string} id @returns {Set<string>} */
  const behind = (id) => {
    const own = owner.get(id);
    return own ? new Set([own]) : (reached.get(id) ?? new Set());
  };
  for (const node of trace.nodes) {
    const from = new Set(trace.inputs(node).flatMap((id) => [...behind(id)]));
    const own = owner.get(node.outputs?.[0] ?? "");
    if (own) all.find((each) => each.key === own)?.from.push(...[...from].filter((key) => key !== own));
    else for (const id of node.outputs ?? []) reached.set(id, from);
  }
  for (const each of all) each.from = [...new Set(each.from)];
}

/**
 * The unit that a name belongs to.
 * @param {Unit[]} all @param {string} name @returns {Unit | undefined}
 */
export function unitOf(all, name) {
  const plain = withoutStep(name);
  return (
    all.find((each) => each.nodes.some((node) => withoutStep(node.name) === plain)) ??
    all.find((each) => each.path && `${plain}.`.startsWith(`${each.path}.`)) ??
    all.find((each) => each.key === plain)
  );
}
