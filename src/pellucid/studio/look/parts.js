// @ts-check
// The overview: the units that a module is made of, from the trace alone. A unit is a module inside of it, or one of its
// own operations: those with a caption, or, where nothing has one, those that compute.
import { family } from "#studio/look/arithmetic/explain.js";
import { withoutStep } from "#studio/look/trace.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/trace.js").Node} Node */
/**
 * key: the module's path, or the operation's name. name: what it opens. path: of the module; empty for an operation.
 * parts: series inside of it that can be opened. from: keys of the units that it takes numbers from.
 * @typedef {{ key: string, name: string, path: string, kind: string, nodes: Node[], parts: string[], parameters: number, from: string[] }} Unit
 */

/**
 * @param {Trace} trace @param {string} [root] path of the module; the whole model has none
 * @returns {Unit[]} in the order in which they ran; the inputs of the model first
 */
export function units(trace, root = "") {
  /** @type {Map<string, Unit>} */
  const found = new Map();
  if (!root)
    for (const id of inputs(trace)) {
      const value = trace.values.get(id);
      if (value) found.set(value.name, unit(value.name, value.name, "", value.name));
    }
  for (const node of trace.nodes) {
    const inside = below(node.module ?? "", root);
    if (inside === null) continue;
    const path = inside && (root ? `${root}.${inside}` : inside);
    const key = path || (told(trace, node) ? withoutStep(node.name) : "");
    if (!key) continue;
    if (!found.has(key)) found.set(key, unit(key, withoutStep(node.name), path, path ? (trace.graph.modules[path] ?? "") : node.kind));
    found.get(key)?.nodes.push(node);
  }
  for (const each of found.values()) if (each.nodes.length) describe(trace, each);
  for (const value of trace.values.values()) {
    const owner = value.kind === "weight" && found.get([root, below(value.name, root)].filter(Boolean).join("."));
    if (owner && owner.path) owner.parameters += value.shape.reduce((n, size) => n * size, 1);
  }
  connect(trace, [...found.values()]);
  return [...found.values()];
}

/**
 * The strips of the overview: the whole model, then each module around what is open, where that has modules of its own.
 * @param {Trace} trace @param {string} module path of what is open
 * @returns {{ root: string, units: Unit[] }[]}
 */
export function levels(trace, module) {
  const path = module ? module.split(".") : [];
  const roots = ["", ...path.map((_, i) => path.slice(0, i + 1).join("."))];
  const all = roots.map((root) => ({ root, units: unitsOnce(trace, root) }));
  return all.filter(({ root, units }) => !root || (units.length > 1 && units.some((each) => each.path)));
}

/** @param {Trace} trace @param {string} module @returns {string[]} its own operations, to go from one to the next */
export const siblings = (trace, module) => unitsOnce(trace, module).filter((each) => !each.path).map((each) => each.key);

/** @type {WeakMap<Trace, Map<string, Unit[]>>} */
const made = new WeakMap();

/** @param {Trace} trace @param {string} root @returns {Unit[]} the same list each time */
export function unitsOnce(trace, root) {
  if (!made.has(trace)) made.set(trace, new Map());
  const known = /** @type {Map<string, Unit[]>} */ (made.get(trace));
  if (!known.has(root)) known.set(root, units(trace, root));
  return /** @type {Unit[]} */ (known.get(root));
}

/** @param {Trace} trace */
const inputs = (trace) => Object.values(/** @type {Record<string, string>} */ (trace.graph.inputs));

/** @param {string} module @param {string} root @returns {string | null} the next part of the path; "": root itself; null: elsewhere */
function below(module, root) {
  if (module === root) return "";
  if (root && !module.startsWith(`${root}.`)) return null;
  return module.slice(root ? root.length + 1 : 0).split(".")[0];
}

/** @param {Trace} trace @param {Node} node whether it is worth a place of its own */
const told = (trace, node) => (trace.meta.room ? node.caption : family(node.kind) !== "move" && family(node.kind) !== "creation");

/** @param {string} key @param {string} name @param {string} path @param {string} kind @returns {Unit} */
const unit = (key, name, path, kind) => ({ key, name, path, kind, nodes: [], parts: [], parameters: 0, from: [] });

/** @param {Trace} trace @param {Unit} each */
function describe(trace, each) {
  each.parts = [...new Set(each.nodes.filter((node) => told(trace, node)).map((node) => withoutStep(node.name)))];
  each.name = each.parts.at(-1) ?? withoutStep(each.nodes[each.nodes.length - 1].name);
}

/** Which units a unit takes numbers from, through whatever lies between them. @param {Trace} trace @param {Unit[]} all */
function connect(trace, all) {
  /** @type {Map<string, Unit>} */
  const owner = new Map(); // value → the unit that it belongs to
  for (const each of all) for (const node of each.nodes) for (const id of node.outputs ?? []) owner.set(id, each);
  for (const id of inputs(trace)) {
    const input = all.find((each) => each.key === trace.values.get(id)?.name);
    if (input) owner.set(id, input);
  }
  /** @type {Map<string, Set<Unit>>} */
  const reached = new Map(); // value outside of all units → the units behind it
  /** @type {Map<Unit, Set<string>>} */
  const from = new Map(all.map((each) => [each, new Set()]));
  for (const node of trace.nodes) {
    const own = owner.get(node.outputs?.[0] ?? "");
    /** @type {Set<Unit>} */
    const behind = new Set();
    for (const id of trace.inputs(node)) {
      const direct = owner.get(id);
      if (direct) behind.add(direct);
      else for (const each of reached.get(id) ?? []) behind.add(each);
    }
    if (!own) for (const id of node.outputs ?? []) reached.set(id, behind);
    else for (const each of behind) if (each !== own) from.get(own)?.add(each.key);
  }
  for (const [each, keys] of from) each.from = [...keys];
}

/** @type {WeakMap<Unit[], Map<string, Unit>>} by the names of nodes without their steps */
const ownersOf = new WeakMap();

/**
 * The unit that a name belongs to.
 * @param {Unit[]} all @param {string} name @returns {Unit | undefined}
 */
export function unitOf(all, name) {
  const plain = withoutStep(name);
  let owners = ownersOf.get(all);
  if (!owners) {
    ownersOf.set(all, (owners = new Map()));
    for (const each of all) for (const node of each.nodes) owners.set(withoutStep(node.name), each);
  }
  return (
    owners.get(plain) ??
    all.find((each) => each.path && `${plain}.`.startsWith(`${each.path}.`)) ??
    all.find((each) => each.key === plain)
  );
}
