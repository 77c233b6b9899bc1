// @ts-check
// Losses: of each cell, or their mean or sum. `reduction` is ATen's number: 0 none, 1 mean, 2 sum.

import {
  call, cases, difference, exp, log, magnitude, max, mean, negative, number, product, quotient, select, square, sum,
} from "#studio/look/arithmetic/expr.js";
import { logSigmoid } from "#studio/look/arithmetic/activation.js";
import { broadcastShape, grid } from "#studio/look/arithmetic/indices.js";
import { Operand, rule, shared } from "#studio/look/arithmetic/rule.js";
import { twoCases } from "#studio/look/arithmetic/tex.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */

/** One rule from the loss of a cell; `write` gets cells in the place of tensors.
 * @type {(signature: string, tex: string, write: (args: Named) => Expr) => Rule} */
const loss = (signature, tex, write) =>
  rule("loss", signature, ({ reduction }) => reducedTex(reduction, tex), (args, index) => {
    const tensors = Object.entries(args).filter(([, arg]) => arg instanceof Operand);
    const at = (/** @type {number[]} */ place) =>
      write({ ...args, ...Object.fromEntries(tensors.map(([name, arg]) => [name, arg.broadcast(place)])) });
    if (args.reduction === 0) return at(index);
    const each = Array.from(grid(broadcastShape(tensors.map(([, arg]) => arg.shape))), at);
    return args.reduction === 1 ? mean(each) : sum(each);
  });

/** @type {(reduction: number, tex: string) => string} */
const reducedTex = (reduction, tex) =>
  reduction === 0 ? `\\ell = ${tex}` : `L = ${reduction === 1 ? "\\frac{1}{n} " : ""}\\sum_i \\left[${tex}\\right]`;

/** @type {(each: Expr, weight: Expr | null) => Expr} */
const weighted = (each, weight) => (weight ? product([each, weight]) : each);

const ONE = number(1);

// --- of one cell -----------------------------------------------------------------------------------------------------

/** Quadratic near 0, linear beyond; without a bound linear throughout. @type {(args: Named) => Expr} */
function smoothL1({ x, target, beta }) {
  const d = magnitude(difference(x, target));
  if (!beta) return d;
  return cases(d, "<", beta, () => quotient(square(d), number(2 * beta)), () => difference(d, number(beta / 2)));
}

/** @type {(args: Named) => Expr} */
function huber({ x, target, delta }) {
  const d = magnitude(difference(x, target));
  return cases(d, "≤", delta, () => quotient(square(d), number(2)),
    () => product([number(delta), difference(d, number(delta / 2))]));
}

/** Each logarithm is at least -100. @type {(args: Named) => Expr} */
function crossEntropy({ x, target, weight }) {
  const bounded = (/** @type {Expr} */ of) => max([of, number(-100)]);
  const yes = product([target, bounded(log(x))]);
  const no = product([difference(ONE, target), bounded(call("log1p", Math.log1p, negative(x)))]);
  return weighted(negative(sum([yes, no])), weight);
}

/** @type {(args: Named) => Expr} */
function crossEntropyOfLogits({ x, target, weight, pos_weight }) {
  const yes = product([...(pos_weight ? [pos_weight] : []), target, logSigmoid(x)]);
  const no = product([difference(ONE, target), logSigmoid(negative(x))]);
  return weighted(negative(sum([yes, no])), weight);
}

/** @type {(args: Named) => Expr} */
function divergence({ x, target, log_target }) {
  if (log_target) return product([exp(target), difference(target, x)]);
  const entropy = target.value === 0 ? select(number(0), target) : product([target, log(target)]);
  return difference(entropy, product([target, x]));
}

// --- the negative log-likelihood of the right class ------------------------------------------------------------------

/** -w[t]·x[t], x being (batch, classes, …) or (classes). The mean is over the sum of the weights, the second output.
 * @type {Rule["explain"]} */
function likelihood({ x, target, weight, reduction, ignore_index }, index, { output }) {
  /** @type {(at: number[]) => { own: Expr, w: Expr }} */
  const one = (at) => {
    const label = target.at(at);
    if (label.value === ignore_index) return { own: select(number(0), label), w: number(0) };
    const chosen = select(x.at(x.ndim === 1 ? [label.value] : [at[0], label.value, ...at.slice(1)]), label);
    const w = weight ? weight.at([label.value]) : ONE;
    return { own: negative(weight ? product([w, chosen]) : chosen), w };
  };
  if (reduction === 0) return output === 0 ? one(index).own : null;
  const each = Array.from(grid(target.shape), one);
  const total = sum(each.map(({ w }) => w));
  if (output === 1) return total;
  const all = sum(each.map(({ own }) => own));
  return reduction === 1 ? quotient(all, total) : all;
}

/** @type {(args: Named) => string} */
const likelihoodTex = ({ weight, reduction }) =>
  reduction === 0 ? `\\ell_n = -${weight ? "w_{t_n} " : ""}x_{n, t_n}`
  : `L = -${reduction === 1 ? "\\frac{1}{\\sum_n w_{t_n}} " : ""}\\sum_n ${weight ? "w_{t_n} " : ""}x_{n, t_n}`;

// --- the table -------------------------------------------------------------------------------------------------------

/** @type {Record<string, Rule>} */
export const LOSSES = {
  mse_loss: loss("x target reduction=1", "(x - t)^2", ({ x, target }) => square(difference(x, target))),
  smooth_l1_loss: loss("x target reduction=1 beta=1",
    twoCases("(x - t)^2 / 2\\beta", "|x - t| < \\beta", "|x - t| - \\beta/2"), smoothL1),
  huber_loss: loss("x target reduction=1 delta=1",
    twoCases("(x - t)^2 / 2", "|x - t| \\le \\delta", "\\delta\\,(|x - t| - \\delta/2)"), huber),
  binary_cross_entropy: loss("x target weight reduction=1", "-t \\ln x - (1 - t) \\ln(1 - x)", crossEntropy),
  binary_cross_entropy_with_logits: loss("x target weight pos_weight reduction=1",
    "-t \\ln \\sigma(x) - (1 - t) \\ln \\sigma(-x)", crossEntropyOfLogits),
  kl_div: loss("x target reduction=1 log_target=false", "t\\,(\\ln t - x)", divergence),
  ...shared("nll_loss_forward nll_loss2d_forward",
    rule("loss", "x target weight reduction ignore_index", likelihoodTex, likelihood)),
};
