// @ts-check
// The tree of one written-out calculation. Every part knows its own value, computed from its parts.

import { cast } from "#studio/look/arithmetic/numbers.js";

/**
 * How each `op` reads:
 *   source      the cell `sources[source]` of the explanation
 *   number      a constant: a bias of 0 in the padding, an exponent, a count
 *   sum, product, max, min    of all its parts
 *   difference, quotient, power    of its two parts
 *   negative    minus its one part
 *   compare     `name` (one of < ≤ > ≥ = ≠) between its two parts; 1 where it holds, else 0
 *   select      its first part; the others are what decided (cells, or comparisons that hold)
 *   call        the function `name` of its parts: σ, √, or a word of letters, digits and _ (tanh, log1p, float16)
 * A part with a `label` (TeX: "\\mu") has a name of its own. One that is used several times is one object, shared.
 *
 * @typedef {{ op: "source", source: number, value: number, label?: string }} Source
 * @typedef {{ op: "number", value: number, label?: string }} Constant
 * @typedef {{ op: "sum" | "product" | "difference" | "quotient" | "power" | "negative" | "max" | "min" | "select",
 *             of: Expr[], value: number, label?: string }} Combination
 * @typedef {{ op: "call" | "compare", name: string, of: Expr[], value: number, label?: string }} Call
 * @typedef {Source | Constant | Combination | Call} Expr
 */

/** @type {(value: number | boolean) => Expr} */
export const number = (value) => ({ op: "number", value: Number(value) });

/** A part of an argument that may be a cell or a plain number. @type {(part: Expr | number | boolean) => Expr} */
export const part = (each) => (typeof each === "object" ? each : number(each));

/** @type {(label: string, expr: Expr) => Expr} */
export const labelled = (label, expr) => ({ ...expr, label });

// --- many parts: one alone stands for itself -------------------------------------------------------------------------

/** @type {(of: Expr[]) => Expr} */
export function sum(of) {
  let value = 0;
  for (const each of of) value += each.value;
  return of.length === 1 ? of[0] : of.length ? { op: "sum", of, value } : number(0);
}

/** @type {(of: Expr[]) => Expr} */
export function product(of) {
  let value = 1;
  for (const each of of) value *= each.value;
  return of.length === 1 ? of[0] : of.length ? { op: "product", of, value } : number(1);
}

/** NaN among the parts is the result, as in NumPy. @type {(of: Expr[]) => Expr} */
export function max(of) {
  let value = -Infinity;
  for (const each of of) value = Math.max(value, each.value);
  return of.length === 1 ? of[0] : { op: "max", of, value };
}

/** @type {(of: Expr[]) => Expr} */
export function min(of) {
  let value = Infinity;
  for (const each of of) value = Math.min(value, each.value);
  return of.length === 1 ? of[0] : { op: "min", of, value };
}

/** The sum over how many there are. @type {(of: Expr[]) => Expr} */
export const mean = (of) => quotient(sum(of), number(of.length));

// --- one or two parts ------------------------------------------------------------------------------------------------

/** @type {(a: Expr, b: Expr) => Expr} */
export const difference = (a, b) => ({ op: "difference", of: [a, b], value: a.value - b.value });

/** @type {(a: Expr, b: Expr) => Expr} */
export const quotient = (a, b) => ({ op: "quotient", of: [a, b], value: a.value / b.value });

/** @type {(a: Expr, b: Expr) => Expr} */
export const power = (a, b) => ({ op: "power", of: [a, b], value: a.value === 1 ? 1 : a.value ** b.value });

/** @type {(a: Expr) => Expr} */
export const square = (a) => ({ op: "power", of: [a, number(2)], value: a.value * a.value });

/** @type {(a: Expr) => Expr} */
export const negative = (a) => ({ op: "negative", of: [a], value: -a.value });

/** factor · a; just a where the factor is 1. @type {(factor: number, a: Expr) => Expr} */
export const scaled = (factor, a) => (factor === 1 ? a : product([number(factor), a]));

// --- by name ---------------------------------------------------------------------------------------------------------

/** @type {(name: string, f: (...values: number[]) => number | boolean, ...of: Expr[]) => Expr} */
export const call = (name, f, ...of) => ({ op: "call", name, of, value: Number(f(...of.map((each) => each.value))) });

/** A function of many parts whose value is known already: argmax.
 * @type {(name: string, value: number, of: Expr[]) => Expr} */
export const found = (name, value, of) => ({ op: "call", name, of, value });

/** @type {(a: Expr) => Expr} */
export const exp = (a) => call("exp", Math.exp, a);

/** @type {(a: Expr) => Expr} */
export const log = (a) => call("log", Math.log, a);

/** @type {(a: Expr) => Expr} */
export const root = (a) => call("√", Math.sqrt, a);

/** @type {(a: Expr) => Expr} */
export const magnitude = (a) => call("abs", Math.abs, a);

/** @type {(a: Expr) => Expr} */
export const sigmoid = (a) => call("σ", (x) => 1 / (1 + Math.exp(-x)), a);

/** What a tensor of this dtype holds of a number: the number itself, or the nearest that the dtype has.
 * @type {(a: Expr, dtype: string | null) => Expr} */
export function held(a, dtype) {
  const kept = cast(a.value, dtype);
  return kept === a.value || Number.isNaN(kept) ? a : { op: "call", name: String(dtype), of: [a], value: kept };
}

// --- choices ---------------------------------------------------------------------------------------------------------

/** @type {(chosen: Expr, ...deciding: Expr[]) => Expr} */
export const select = (chosen, ...deciding) => ({ op: "select", of: [chosen, ...deciding], value: chosen.value });

/** @type {Record<string, (a: number, b: number) => boolean>} */
const COMPARISONS = {
  "<": (a, b) => a < b, "≤": (a, b) => a <= b, ">": (a, b) => a > b, "≥": (a, b) => a >= b,
  "=": (a, b) => a === b, "≠": (a, b) => a !== b,
};

/** @type {Record<string, string>} */
const OPPOSITE = { "<": "≥", "≤": ">", ">": "≤", "≥": "<", "=": "≠", "≠": "=" };

/** @type {(name: string, a: Expr, b: Expr) => Expr} */
export const compare = (name, a, b) => ({
  op: "compare", name, of: [a, b], value: Number(COMPARISONS[name](a.value, b.value)),
});

/** Two cases: `yes` where the comparison holds, else `no`; only the one that counts is written.
 * @type {(a: Expr, name: string, bound: number, yes: () => Expr, no: () => Expr) => Expr} */
export function cases(a, name, bound, yes, no) {
  const asked = compare(name, a, number(bound));
  return asked.value ? select(yes(), asked) : select(no(), compare(OPPOSITE[name], a, number(bound)));
}
