// @ts-check
// One number in, one number out: the exponential, sines, rounding, signs …

import { call, held, magnitude, negative, number, quotient, root, square } from "#studio/look/arithmetic/expr.js";
import { erf, erfc, round, sign, wrapped } from "#studio/look/arithmetic/numbers.js";
import { elementwise, rule } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */

/** Named functions: the formula, the function. @type {Record<string, [string, (x: number) => number | boolean]>} */
const FUNCTIONS = {
  exp: ["e^{x}", Math.exp],
  exp2: ["2^{x}", (x) => 2 ** x],
  expm1: ["e^{x} - 1", Math.expm1],
  log: ["\\ln x", Math.log],
  log2: ["\\log_2 x", Math.log2],
  log10: ["\\log_{10} x", Math.log10],
  log1p: ["\\ln(1 + x)", Math.log1p],
  sin: ["\\sin x", Math.sin],
  cos: ["\\cos x", Math.cos],
  tan: ["\\tan x", Math.tan],
  asin: ["\\arcsin x", Math.asin],
  acos: ["\\arccos x", Math.acos],
  atan: ["\\arctan x", Math.atan],
  sinh: ["\\sinh x", Math.sinh],
  cosh: ["\\cosh x", Math.cosh],
  tanh: ["\\tanh x = \\frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}", Math.tanh],
  erf: ["\\operatorname{erf}(x) = \\frac{2}{\\sqrt{\\pi}} \\int_0^x e^{-t^2}\\, dt", erf],
  erfc: ["1 - \\operatorname{erf}(x)", erfc],
  floor: ["\\lfloor x \\rfloor", Math.floor],
  ceil: ["\\lceil x \\rceil", Math.ceil],
  trunc: ["\\operatorname{trunc}(x)", Math.trunc],
  sign: ["\\operatorname{sign}(x)", sign],
  sgn: ["\\operatorname{sign}(x)", sign],
  isnan: ["[x \\text{ is NaN}]", Number.isNaN],
  isinf: ["[x = \\pm\\infty]", (x) => Math.abs(x) === Infinity],
  logical_not: ["\\lnot x", (x) => x === 0],
};

/** @type {Record<string, Rule>} */
export const UNARY = {
  ...Object.fromEntries(Object.entries(FUNCTIONS).map(([kind, [tex, f]]) =>
    [kind, elementwise("x", `y = ${tex}`, ({ x }) => call(kind, f, x))])),

  abs: elementwise("x", "y = |x|", ({ x }) => magnitude(x)),
  sqrt: elementwise("x", "y = \\sqrt{x}", ({ x }) => root(x)),
  rsqrt: elementwise("x", "y = \\frac{1}{\\sqrt{x}}", ({ x }) => quotient(number(1), root(x))),
  reciprocal: elementwise("x", "y = \\frac{1}{x}", ({ x }) => quotient(number(1), x)),

  neg: rule("elementwise", "x", "y = -x", ({ x }, index) => held(negative(x.at(index)), x.dtype)),
  square: rule("elementwise", "x", "y = x^2", ({ x }, index) => held(square(x.at(index)), x.dtype)),
  bitwise_not: rule("elementwise", "x", "y = \\sim x", ({ x }, index) =>
    call("bitwise_not", (v) => (x.dtype === "bool" ? v === 0 : wrapped(-v - 1, x.dtype)), x.at(index))),

  round: elementwise("x decimals=0", "y = \\operatorname{round}(x)", ({ x, decimals }) =>
    call("round", (v) => round(v, decimals), x)),
};
