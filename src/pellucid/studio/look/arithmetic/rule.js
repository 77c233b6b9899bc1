// @ts-check
// A rule says how the cells of one kind of operation are made; this file hands it the call's arguments by name.

import { broadcast, ravel, size, unravel } from "#studio/look/arithmetic/indices.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/**
 * @typedef {{ shape: number[], dtype: string, at(index: number[]): number }} Tensor
 * @typedef {Tensor | number | boolean | string | null | any[]} Arg  (lists of arguments)
 *   `view_write` also has plain objects among its arguments: how a tensor lies in memory, as in the trace
 * @typedef {{ kind: string, args: any[], kwargs: Record<string, any>, names: string[], shapes: number[][] }} OpCall
 * @typedef {{ arg: (string | number)[], index: number[], value: number }} SourceCell
 *
 * @typedef {Record<string, any>} Named  the arguments by name, tensors as Operand
 * @typedef {{ output: number, shape: number[] }} Result  which output the cell is in, and the shape of that
 * @typedef {{ name: string, rest: boolean, fallback: any }} Parameter
 * @typedef {string | null | ((args: Named) => string | null)} Tex
 * @typedef {(args: Named, index: number[], result: Result) => Expr | null} Explain
 * @typedef {{ family: string, parameters: Parameter[], tex: Tex, explain: Explain }} Rule
 */

/** The most cells that are written out for one. Beyond that nobody reads along. */
export const MOST_SOURCES = 50_000;

/** Thrown where a cell is made of more cells than are written out. */
export class TooManySources extends Error {}

/** A tensor among the arguments. What is read from it becomes a source: a cell is one, however often it is read. */
export class Operand {
  /** @type {Map<number, Expr>} */
  #read = new Map();

  /** @param {Tensor} tensor @param {(string | number)[]} path @param {SourceCell[]} sources */
  constructor(tensor, path, sources) {
    this.tensor = tensor;
    this.path = path;
    this.sources = sources;
    this.shape = tensor.shape;
    this.dtype = tensor.dtype;
    this.ndim = tensor.shape.length;
  }

  get size() {
    return size(this.shape);
  }

  /** The cell at an index, which must be a fresh array and not negative. @type {(index: number[]) => Expr} */
  at(index) {
    const place = ravel(index, this.shape);
    const before = this.#read.get(place);
    if (before) return before;
    const cell = this.once(index);
    this.#read.set(place, cell);
    return cell;
  }

  /** The same for a cell that is read only once, as in a long sum of products: it need not be remembered.
   * @type {(index: number[]) => Expr} */
  once(index) {
    if (this.sources.length >= MOST_SOURCES) throw new TooManySources();
    const value = this.tensor.at(index);
    this.sources.push({ arg: this.path, index, value });
    return { op: "source", source: this.sources.length - 1, value };
  }

  /** The cell at a place in row-major order. @type {(place: number) => Expr} */
  atPlace(place) {
    return this.at(unravel(place, this.shape));
  }

  /** The cell that broadcasting puts at an index of the result. @type {(index: number[]) => Expr} */
  broadcast(index) {
    return this.at(broadcast(index, this.shape));
  }
}

/**
 * `signature` is that of the Python reference: names in order, defaults as JSON, "*rest" for all that follow.
 * @type {(family: string, signature: string, tex: Tex, explain: Explain) => Rule}
 */
export function rule(family, signature, tex, explain) {
  const parameters = signature.split(" ").map((word) => {
    const [name, fallback] = word.split("=");
    const rest = name.startsWith("*");
    return { name: rest ? name.slice(1) : name, rest, fallback: fallback ? JSON.parse(fallback) : null };
  });
  return { family, parameters, tex, explain };
}

/** The same rule for several kinds. @type {(kinds: string, rule: Rule) => Record<string, Rule>} */
export const shared = (kinds, rule) => Object.fromEntries(kinds.split(" ").map((kind) => [kind, rule]));

/** The arguments of a call by name. @type {(rule: Rule, call: OpCall, sources: SourceCell[]) => Named} */
export function bind(rule, call, sources) {
  /** @type {Named} */
  const named = {};
  rule.parameters.forEach(({ name, rest, fallback }, n) => {
    if (rest) named[name] = call.args.slice(n).map((arg, k) => operands(arg, ["args", n + k], sources));
    else if (name in call.kwargs) named[name] = operands(call.kwargs[name], ["kwargs", name], sources);
    else if (n < call.args.length) named[name] = operands(call.args[n], ["args", n], sources);
    else named[name] = fallback;
  });
  return named;
}

/** @type {(arg: any, path: (string | number)[], sources: SourceCell[]) => any} */
function operands(arg, path, sources) {
  if (Array.isArray(arg)) return arg.map((each, n) => operands(each, [...path, n], sources));
  return typeof arg === "object" && typeof arg?.at === "function" ? new Operand(arg, path, sources) : arg;
}

/** A cell of a tensor, or the plain number given in its place. @type {(arg: any, index: number[]) => Expr} */
export const operand = (arg, index) =>
  arg instanceof Operand ? arg.broadcast(index) : { op: "number", value: Number(arg) };

/** A rule of one cell of each argument, found by broadcasting: `write` gets cells in the place of tensors.
 * @type {(signature: string, tex: Tex, write: (args: Named) => Expr | null) => Rule} */
export const elementwise = (signature, tex, write) =>
  rule("elementwise", signature, tex, (args, index) =>
    write(Object.fromEntries(Object.entries(args).map(([name, arg]) =>
      [name, arg instanceof Operand ? arg.broadcast(index) : arg]))));
