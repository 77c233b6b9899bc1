// @ts-check
// Activation functions, cell by cell.

import {
  call, cases, compare, difference, exp, labelled, magnitude, max, min, negative, number, product, quotient, root,
  scaled, select, sigmoid, sum,
} from "#studio/look/arithmetic/expr.js";
import { replaced, wrap } from "#studio/look/arithmetic/indices.js";
import { erf } from "#studio/look/arithmetic/numbers.js";
import { elementwise, rule } from "#studio/look/arithmetic/rule.js";
import { twoCases } from "#studio/look/arithmetic/tex.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */

/** @type {(yes: string, when: string, no: string) => string} */
const casesTex = (yes, when, no) => `y = ${twoCases(yes, when, no)}`;

const log1p = (/** @type {Expr} */ x) => call("log1p", Math.log1p, x);
const expm1 = (/** @type {Expr} */ x) => call("expm1", Math.expm1, x);

// --- functions that others are made of -------------------------------------------------------------------------------

/** log σ(x) as it never overflows @type {(x: Expr) => Expr} */
export const logSigmoid = (x) => difference(min([x, number(0)]), log1p(exp(negative(magnitude(x)))));

/** @type {(x: Expr) => Expr} */
export const relu = (x) => max([x, number(0)]);

/** x·Φ(x), Φ being the normal distribution @type {(x: Expr) => Expr} */
export const gelu = (x) =>
  product([quotient(x, number(2)), sum([number(1), call("erf", erf, quotient(x, root(number(2))))])]);

/** @type {(x: Expr) => Expr} */
function geluByTanh(x) {
  const cubic = sum([x, product([number(0.044715), call("cube", (v) => v ** 3, x)])]);
  const inner = product([labelled("\\sqrt{2/\\pi}", number(Math.sqrt(2 / Math.PI))), cubic]);
  return product([quotient(x, number(2)), sum([number(1), call("tanh", Math.tanh, inner)])]);
}

/** @type {(x: Expr, low: number, high: number) => Expr} */
const between = (x, low, high) => min([max([x, number(low)]), number(high)]);

/** @type {(x: Expr, alpha: number, scale: number, inputScale: number) => Expr} */
const elu = (x, alpha, scale, inputScale) =>
  scaled(scale, cases(x, ">", 0, () => x, () => scaled(alpha, expm1(scaled(inputScale, x)))));

/** x where positive, slope·x elsewhere @type {(x: Expr, slope: () => Expr) => Expr} */
const leaky = (x, slope) => cases(x, ">", 0, () => x, () => product([slope(), x]));

// --- the table -------------------------------------------------------------------------------------------------------

/** @type {Record<string, Rule>} */
export const ACTIVATIONS = {
  sigmoid: elementwise("x", "y = \\sigma(x) = \\frac{1}{1+e^{-x}}", ({ x }) => sigmoid(x)),
  log_sigmoid: elementwise("x", "y = \\ln \\sigma(x)", ({ x }) => logSigmoid(x)),
  log_sigmoid_forward: rule("elementwise", "x", "y = \\ln \\sigma(x)", ({ x }, index, { output }) =>
    output === 0 ? logSigmoid(x.at(index)) : exp(negative(magnitude(x.at(index))))),
  softplus: elementwise("x beta=1 threshold=20", ({ beta }) =>
    beta === 1 ? "y = \\ln(1 + e^{x})" : "y = \\tfrac{1}{\\beta} \\ln(1 + e^{\\beta x})", ({ x, beta, threshold }) => {
    const inner = scaled(beta, x);
    const soft = () => (beta === 1 ? log1p(exp(inner)) : quotient(log1p(exp(inner)), number(beta)));
    return cases(inner, ">", threshold, () => x, soft);
  }),
  silu: elementwise("x", "y = x\\, \\sigma(x)", ({ x }) => product([x, sigmoid(x)])),
  mish: elementwise("x", "y = x \\tanh(\\ln(1 + e^{x}))", ({ x }) =>
    product([x, call("tanh", Math.tanh, log1p(exp(x)))])),
  glu: rule("elementwise", "x dim=-1", "y = a \\odot \\sigma(b), \\quad [a; b] = x", ({ x, dim }, index) => {
    const axis = wrap(dim, x.ndim);
    return product([x.at(index), sigmoid(x.at(replaced(index, axis, index[axis] + x.shape[axis] / 2)))]);
  }),

  relu: elementwise("x", "y = \\max(x, 0)", ({ x }) => relu(x)),
  relu6: elementwise("x", "y = \\min(\\max(x, 0), 6)", ({ x }) => between(x, 0, 6)),
  hardtanh: elementwise("x min_val=-1 max_val=1",
    ({ min_val, max_val }) => `y = \\min(\\max(x, ${min_val}), ${max_val})`,
    ({ x, min_val, max_val }) => between(x, min_val, max_val)),
  hardsigmoid: elementwise("x", "y = \\min(\\max(x + 3, 0), 6) / 6", ({ x }) =>
    quotient(between(sum([x, number(3)]), 0, 6), number(6))),
  hardswish: elementwise("x", "y = x \\min(\\max(x + 3, 0), 6) / 6", ({ x }) =>
    quotient(product([x, between(sum([x, number(3)]), 0, 6)]), number(6))),
  leaky_relu: elementwise("x slope=0.01", ({ slope }) => casesTex("x", "x > 0", `${slope}\\, x`), ({ x, slope }) =>
    leaky(x, () => number(slope))),
  rrelu_with_noise: rule("elementwise", "x noise lower=0.125 upper=0.3333333333333333 training=false",
    casesTex("x", "x > 0", "\\tfrac{l + u}{2}\\, x"), ({ x, lower, upper, training }, index) =>
      training ? null : leaky(x.at(index), () => quotient(sum([number(lower), number(upper)]), number(2)))),
  _prelu_kernel: rule("elementwise", "x weight", casesTex("x", "x > 0", "w\\, x"), ({ x, weight }, index) =>
    leaky(x.at(index), () => weight.broadcast(index))),
  prelu: rule("elementwise", "x weight", casesTex("x_c", "x_c > 0", "w_c\\, x_c"), ({ x, weight }, index) =>
    leaky(x.at(index), () => weight.atPlace(weight.size > 1 ? index[1] : 0))),
  threshold: elementwise("x threshold value", casesTex("x", "x > t", "v"), ({ x, threshold, value }) =>
    cases(x, "≤", threshold, () => number(value), () => x)),
  hardshrink: elementwise("x lambd=0.5", casesTex("x", "|x| > \\lambda", "0"), ({ x, lambd }) =>
    cases(magnitude(x), "≤", lambd, () => number(0), () => x)),
  softshrink: elementwise("x lambd=0.5", "y = \\operatorname{sign}(x) \\max(|x| - \\lambda, 0)", ({ x, lambd }) => {
    if (x.value > lambd) return select(difference(x, number(lambd)), compare(">", x, number(lambd)));
    return cases(x, "<", -lambd, () => sum([x, number(lambd)]), () => number(0));
  }),

  elu: elementwise("x alpha=1 scale=1 input_scale=1", casesTex("x", "x > 0", "\\alpha (e^{x} - 1)"),
    ({ x, alpha, scale, input_scale }) => elu(x, alpha, scale, input_scale)),
  selu: elementwise("x", casesTex("\\lambda x", "x > 0", "\\lambda \\alpha (e^{x} - 1)"), ({ x }) =>
    elu(x, 1.6732632423543772, 1.0507009873554805, 1)),
  celu: elementwise("x alpha=1", "y = \\max(0, x) + \\min(0, \\alpha (e^{x / \\alpha} - 1))", ({ x, alpha }) =>
    sum([relu(x), min([number(0), scaled(alpha, expm1(quotient(x, number(alpha))))])])),

  tanh_backward: elementwise("gradient result", "y = g\\, (1 - t^2), \\quad t = \\tanh x", ({ gradient, result }) =>
    product([gradient, difference(number(1), product([result, result]))])),
  softplus_backward: elementwise("gradient x beta=1 threshold=20", "y = g\\, \\sigma(\\beta x)",
    ({ gradient, x, beta, threshold }) => {
      const inner = scaled(beta, x);
      return cases(inner, ">", threshold, () => gradient, () => product([gradient, sigmoid(inner)]));
    }),

  gelu: elementwise('x approximate="none"', ({ approximate }) => approximate === "tanh"
    ? "y = \\tfrac{x}{2} (1 + \\tanh(\\sqrt{2/\\pi}\\, (x + 0.044715\\, x^3)))"
    : "y = x\\, \\Phi(x) = \\tfrac{x}{2} (1 + \\operatorname{erf}(x / \\sqrt{2}))",
  ({ x, approximate }) => (approximate === "tanh" ? geluByTanh(x) : gelu(x))),
};
