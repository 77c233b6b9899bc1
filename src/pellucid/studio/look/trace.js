// @ts-check
// A trace in the browser: its graph, and its numbers by ranges of bytes. The format is docs/trace.md.
import { contiguous, Storage, Tensor } from "#studio/look/tensor.js";

/** @typedef {{ id: string, name: string, kind: string, shape: number[], dtype: string, axes?: string[], producer?: string,
 *   aliases?: string[], stored?: boolean, view?: { of: string, offset: number, strides: number[] } }} Value */
/** @typedef {{ id: string, kind: string, name: string, op?: string, module?: string, call?: number, step?: number,
 *   variable?: string, code?: string, source?: string, args?: any[], kwargs?: Record<string, any>, outputs?: string[],
 *   caption?: Record<string, string> }} Node */
/** @typedef {import("#studio/look/file.js").Source} Source */

const SMALL = 6_000_000; // bytes of small tensors up to which all of them are read at first

export class Trace {
  /** @param {Source} source @returns {Promise<Trace>} */
  static async open(source) {
    const length = Number(new DataView(await source.read(0, 8)).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(await source.read(8, 8 + length)));
    const graph = JSON.parse(header.__metadata__.pellucid_trace);
    return new Trace(source, header, graph, 8 + length);
  }

  /** @param {Source} source @param {Record<string, any>} header @param {Record<string, any>} graph @param {number} data */
  constructor(source, header, graph, data) {
    this.graph = graph;
    /** @type {Node[]} */
    this.nodes = graph.nodes;
    /** @type {Record<string, any>} */
    this.meta = graph.meta;
    /** @type {string} */
    this.path = graph.path; // which way a module computed it; empty where an algorithm wrote it down
    /** @type {Map<string, Value>} */
    this.values = new Map(graph.values.map((/** @type {Value} */ value) => [value.id, value]));
    /** @type {Map<string, Node>} */
    this.byName = new Map(this.nodes.map((node) => [node.name, node]));
    /** @type {Map<string, Node>} */
    this.byId = new Map(this.nodes.map((node) => [node.id, node]));
    /** @type {Map<string, Value>} */
    this.valuesByName = new Map();
    for (const value of this.values.values())
      for (const name of [value.name, ...(value.aliases ?? [])]) if (!this.valuesByName.has(name)) this.valuesByName.set(name, value);
    this._source = source;
    this._header = header;
    this._data = data;
    /** @type {Map<string, Storage>} */
    this._storages = new Map();
    /** @type {Map<string, Tensor>} */
    this._tensors = new Map();
    /** @type {Set<() => void>} */
    this.arrivals = new Set(); // are called when numbers have come
    this.backward = Object.keys(header).some((name) => name[0] === "g"); // whether gradients were recorded
  }

  /** @param {string} id @returns {Tensor | null} the numbers of a value; null where none were recorded */
  tensor(id) {
    const known = this._tensors.get(id);
    if (known) return known;
    const value = this.values.get(`v${id.slice(1)}`);
    const view = id[0] === "v" ? value?.view : undefined;
    const stored = view ? view.of : id;
    if (!value || !(stored in this._header)) return null;
    const tensor = new Tensor(
      this._storage(stored), value.shape, view?.offset ?? 0, view?.strides ?? contiguous(value.shape), value.dtype,
    );
    this._tensors.set(id, tensor);
    return tensor;
  }

  /** @param {string} id @returns {Tensor | null} the gradient of the target by this value */
  gradient(id) {
    return this.tensor(`g${id.slice(1)}`);
  }

  /** @param {string} name @returns {Storage} */
  _storage(name) {
    let storage = this._storages.get(name);
    if (!storage) {
      const { dtype, data_offsets } = this._header[name];
      storage = new Storage(this._source, dtype, this._data + data_offsets[0], this._data + data_offsets[1], () => {
        for (const tell of this.arrivals) tell();
      });
      this._storages.set(name, storage);
    }
    return storage;
  }

  /**
   * Read what pictures need before they are drawn: the small tensors, where they are not too many.
   * @returns {Promise<void>}
   */
  async readSmall() {
    if (this._source.here) return;
    const stored = Object.keys(this._header).filter((name) => name !== "__metadata__");
    const small = stored.map((name) => this._storage(name)).filter((storage) => storage.whole);
    if (small.reduce((sum, storage) => sum + storage.bytes, 0) > SMALL) return;
    await Promise.all(small.map((storage) => storage.load(0)));
  }

  /** @param {Node} node @returns {any[]} its arguments, tensors in place of their ids, as arithmetic takes them */
  arguments(node) {
    return (node.args ?? []).map((each) => this._argument(each));
  }

  /** @param {Node} node @returns {Record<string, any>} */
  keywords(node) {
    return Object.fromEntries(Object.entries(node.kwargs ?? {}).map(([name, each]) => [name, this._argument(each)]));
  }

  /** @param {any} argument @returns {any} */
  _argument(argument) {
    if (Array.isArray(argument)) return argument.map((each) => this._argument(each));
    if (argument && typeof argument === "object") {
      if ("value" in argument) return this.tensor(argument.value);
      if ("float" in argument) return { inf: Infinity, "-inf": -Infinity, nan: NaN }[/** @type {string} */ (argument.float)];
    }
    return argument;
  }

  /** @param {Node} node @returns {string[]} ids of all values that went in */
  inputs(node) {
    return [...valuesIn(node.args ?? []), ...valuesIn(node.kwargs ?? {})];
  }

  /** @returns {Map<string, Node[]>} by id of a value, the nodes that use it */
  get uses() {
    if (!this._uses) {
      /** @type {Map<string, Node[]>} */
      this._uses = new Map();
      for (const node of this.nodes)
        for (const id of new Set(this.inputs(node))) entry(this._uses, id).push(node);
    }
    return this._uses;
  }

  /** @param {string} name without a step @returns {Node[]} the steps of a loop in order, or the one node of this name */
  steps(name) {
    if (!this._steps) {
      /** @type {Map<string, Node[]>} */
      this._steps = new Map();
      for (const node of this.nodes) entry(this._steps, withoutStep(node.name)).push(node);
    }
    const found = this._steps.get(name) ?? [];
    const stepped = found.filter((node) => node.step !== undefined);
    return stepped.length ? stepped.sort((a, b) => Number(a.step) - Number(b.step)) : found;
  }
}

/** @param {Map<string, Node[]>} lists @param {string} key @returns {Node[]} the list of that key, empty at first */
function entry(lists, key) {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}

/** @param {string} name `cell.h[3]#2` → `cell.h#2` */
export const withoutStep = (name) => name.replace(/\[\d+\]/g, "");

/** @param {any} argument @returns {string[]} ids of the values in recorded arguments, in order */
export function valuesIn(argument) {
  if (Array.isArray(argument)) return argument.flatMap(valuesIn);
  if (argument && typeof argument === "object")
    return typeof argument.value === "string" ? [argument.value] : Object.values(argument).flatMap(valuesIn);
  return [];
}
