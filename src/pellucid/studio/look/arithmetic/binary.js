// @ts-check
// Two numbers in, one out, with broadcasting: arithmetic, comparison, logic.

import {
  call, compare, difference, exp, held, log, max, min, number, power, product, quotient, scaled,
  select, sum,
} from "#studio/look/arithmetic/expr.js";
import { floorDivide, isFloat, remainder } from "#studio/look/arithmetic/numbers.js";
import { Operand, operand, rule, shared } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */
/** @typedef {import("#studio/look/arithmetic/rule.js").Tex} Tex */

/** @type {(tex: Tex, write: (a: Expr, b: Expr, args: Named) => Expr, more?: string) => Rule} */
const binary = (tex, write, more = "") =>
  rule("elementwise", `a b${more}`, tex, (args, index) => write(operand(args.a, index), operand(args.b, index), args));

/** Of two integer tensors the result is an integer of the wider type, and begins anew beyond its range.
 * @type {(write: (a: Expr, b: Expr, args: Named) => Expr) => (a: Expr, b: Expr, args: Named) => Expr} */
const wrapping = (write) => (a, b, args) => held(write(a, b, args), integers(args));

/** The wider type of two integer tensors; null where floating numbers come in, and for a plain number: 2 may be 2.0.
 * @type {(args: Named) => string | null} */
function integers({ a, b }) {
  if (!(a instanceof Operand && b instanceof Operand)) return null;
  const wider = bits(a.dtype) > bits(b.dtype) ? a.dtype : b.dtype;
  return isFloat(a.dtype) || isFloat(b.dtype) || wider === "bool" ? null : wider;
}

/** @type {(dtype: string) => number} */
const bits = (dtype) => Number(/\d+$/.exec(dtype)?.[0] ?? 1);

// --- sums ------------------------------------------------------------------------------------------------------------

/** "+ \\alpha\\, b", the factor left out where it is 1 @type {(sign: string) => (args: Named) => string} */
const withAlpha = (sign) => ({ alpha }) => `y = a ${sign} ${alpha === 1 ? "" : "\\alpha\\, "}b`;

/** Of two tensors of bools: or. @type {(a: Expr, b: Expr, args: Named) => Expr} */
const add = (a, b, args) =>
  args.a.dtype === "bool" && args.b.dtype === "bool"
    ? call("or", (p, q) => p || q, a, b)
    : sum([a, scaled(args.alpha, b)]);

const sub = binary(withAlpha("-"), wrapping((a, b, { alpha }) => difference(a, scaled(alpha, b))), " alpha=1");
const rsub = binary(({ alpha }) => `y = b - ${alpha === 1 ? "" : "\\alpha\\, "}a`,
  wrapping((a, b, { alpha }) => difference(b, scaled(alpha, a))), " alpha=1");

// --- quotients -------------------------------------------------------------------------------------------------------

/** @type {(a: Expr, b: Expr) => Expr} */
const floored = (a, b) => call("floor_divide", floorDivide, a, b);

/** @type {(a: Expr, b: Expr, args: Named) => Expr} */
const div = (a, b, { rounding_mode }) =>
  rounding_mode === "floor" ? floored(a, b)
  : rounding_mode === "trunc" ? call("trunc", Math.trunc, quotient(a, b))
  : quotient(a, b);

/** @type {(args: Named) => string} */
const divTex = ({ rounding_mode }) =>
  rounding_mode === "floor" ? "y = \\lfloor a / b \\rfloor"
  : rounding_mode === "trunc" ? "y = \\operatorname{trunc}(a / b)"
  : "y = \\frac{a}{b}";

/** Of two integer tensors with a negative power: the quotient without its fraction.
 * @type {(a: Expr, b: Expr, args: Named) => Expr} */
const pow = (a, b, args) => (integers(args) && b.value < 0 ? call("trunc", Math.trunc, power(a, b)) : power(a, b));

// --- extremes --------------------------------------------------------------------------------------------------------

/** NaN only where both are. @type {(best: (of: Expr[]) => Expr) => (a: Expr, b: Expr) => Expr} */
const ignoringNaN = (best) => (a, b) =>
  Number.isNaN(a.value) ? select(b, a) : Number.isNaN(b.value) ? select(a, b) : best([a, b]);

// --- logic -----------------------------------------------------------------------------------------------------------

/** @type {(name: string, tex: string) => Rule} */
const comparison = (name, tex) => binary(`y = [a ${tex} b]`, (a, b) => compare(name, a, b));

/** @type {(name: string, tex: string, f: (a: boolean, b: boolean) => boolean) => Rule} */
const logic = (name, tex, f) => binary(`y = a ${tex} b`, (a, b) => call(name, (p, q) => f(p !== 0, q !== 0), a, b));

/** On all 64 bits, where JavaScript's own operators see 32.
 * @type {(name: string, tex: string, f: (a: bigint, b: bigint) => bigint) => Rule} */
const bitwise = (name, tex, f) =>
  binary(`y = a ${tex} b`,
    wrapping((a, b) => call(name, (p, q) => Number(BigInt.asIntN(64, f(BigInt(p), BigInt(q)))), a, b)));

/** @type {Record<string, Rule>} */
export const BINARY = {
  add: binary(withAlpha("+"), wrapping(add), " alpha=1"),
  ...shared("sub subtract", sub),
  rsub,
  ...shared("mul multiply", binary("y = a \\cdot b", wrapping((a, b) => product([a, b])))),
  ...shared("div divide true_divide", binary(divTex, div, " rounding_mode")),
  floor_divide: binary("y = \\lfloor a / b \\rfloor", floored),
  pow: binary("y = a^{b}", wrapping(pow)),
  remainder: binary("y = a \\bmod b", (a, b) => call("remainder", remainder, a, b)),
  fmod: binary("y = a - b \\operatorname{trunc}(a / b)", (a, b) => call("fmod", (p, q) => p % q, a, b)),
  atan2: binary("y = \\operatorname{atan2}(a, b)", (a, b) => call("atan2", Math.atan2, a, b)),
  logaddexp: binary("y = \\ln(e^{a} + e^{b})", (a, b) => {
    const top = max([a, b]);
    return sum([top, log(sum([exp(difference(a, top)), exp(difference(b, top))]))]);
  }),
  hypot: binary("y = \\sqrt{a^2 + b^2}", (a, b) => call("hypot", Math.hypot, a, b)),
  xlogy: binary("y = a \\ln b", (a, b) =>
    a.value === 0 && !Number.isNaN(b.value) ? select(number(0), a) : product([a, log(b)])),

  maximum: binary("y = \\max(a, b)", (a, b) => max([a, b])),
  minimum: binary("y = \\min(a, b)", (a, b) => min([a, b])),
  fmax: binary("y = \\max(a, b)", ignoringNaN(max)),
  fmin: binary("y = \\min(a, b)", ignoringNaN(min)),

  eq: comparison("=", "="),
  ne: comparison("≠", "\\ne"),
  lt: comparison("<", "<"),
  le: comparison("≤", "\\le"),
  gt: comparison(">", ">"),
  ge: comparison("≥", "\\ge"),

  logical_and: logic("and", "\\land", (a, b) => a && b),
  logical_or: logic("or", "\\lor", (a, b) => a || b),
  logical_xor: logic("xor", "\\veebar", (a, b) => a !== b),
  ...shared("bitwise_and __and__", bitwise("bitwise_and", "\\mathbin{\\&}", (a, b) => a & b)),
  ...shared("bitwise_or __or__", bitwise("bitwise_or", "\\mid", (a, b) => a | b)),
  ...shared("bitwise_xor __xor__", bitwise("bitwise_xor", "\\oplus", (a, b) => a ^ b)),
  ...shared("bitwise_left_shift __lshift__", bitwise("left_shift", "\\ll", (a, b) => a << b)),
  ...shared("bitwise_right_shift __rshift__", bitwise("right_shift", "\\gg", (a, b) => a >> b)),
};
