// @ts-check
// Normalisation layers: subtract a mean, divide by a spread, scale and shift.

import {
  difference, labelled, mean, number, product, quotient, root, square, sum,
} from "#studio/look/arithmetic/expr.js";
import { norm } from "#studio/look/arithmetic/contraction.js";
import { axes, folded, grid, range, wrap } from "#studio/look/arithmetic/indices.js";
import { variance } from "#studio/look/arithmetic/reduction.js";
import { rule, shared } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */

const FLOAT32_EPSILON = 2 ** -23;

// --- the parts -------------------------------------------------------------------------------------------------------

/** √(σ² + ε) @type {(squared: Expr, eps: number) => Expr} */
const spread = (squared, eps) => root(sum([squared, number(eps)]));

/** @type {(of: Expr[]) => { center: Expr, squared: Expr }} */
function moments(of) {
  const center = labelled("\\mu", mean(of));
  return { center, squared: labelled("\\sigma^2", variance(of, center, 0)) };
}

/** γ · normed + β, each where there is one. @type {(normed: Expr, weight: Expr | null, bias: Expr | null) => Expr} */
function affine(normed, weight, bias) {
  const scaled = weight ? product([normed, labelled("\\gamma", weight)]) : normed;
  return bias ? sum([scaled, labelled("\\beta", bias)]) : scaled;
}

/** @type {(args: Named) => string} */
const tex = ({ weight, bias }) =>
  `y = ${weight ? "\\gamma\\, " : ""}\\frac{x - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}}${bias ? " + \\beta" : ""}`;

// --- over a batch, for each channel (axis 1) -------------------------------------------------------------------------

/** The outputs are the normalised x, then μ and 1/√(σ² + ε) of each channel where they are the batch's own.
 * @type {(args: Named, index: number[], output: number) => Expr | null} */
function batchNorm({ x, weight, bias, runningMean, runningVar, training, eps }, index, output) {
  if (output > 2) return null; // bookkeeping for the backward pass
  const channel = output === 0 ? index[1] : index[0];
  const { center, squared } = training
    ? moments(Array.from(folded(x.shape, range(x.ndim).filter((d) => d !== 1), [channel], false), (at) => x.at(at)))
    : { center: labelled("\\mu", runningMean.at([channel])), squared: labelled("\\sigma^2", runningVar.at([channel])) };
  if (output === 1) return center;
  if (output === 2) return quotient(number(1), spread(squared, eps));
  const normed = quotient(difference(x.at(index), center), spread(squared, eps));
  return affine(normed, weight && weight.at([channel]), bias && bias.at([channel]));
}

/** The forms differ in what stands behind the bias. @type {(signature: string, fixed?: Named) => Rule} */
const batch = (signature, fixed = {}) =>
  rule("normalization", `x weight bias ${signature}`, tex, (args, index, { output }) =>
    batchNorm({ ...args, ...fixed }, index, output));

const STATISTICS = "runningMean runningVar training momentum eps";

/** Without running statistics `training` comes first. @type {Rule["explain"]} */
function legit({ x, weight, bias, rest }, index, { output }) {
  const [runningMean, runningVar, training, , eps] = rest.length === 5 ? rest : [null, null, ...rest];
  return batchNorm({ x, weight, bias, runningMean, runningVar, training, eps }, index, output);
}

// --- over the last axes ----------------------------------------------------------------------------------------------

/** The cells that are normalised together with this one.
 * @type {(x: Operand, over: number[], index: number[]) => Expr[]} */
const together = (x, over, index) => {
  const last = axes(over.map((_, n) => -1 - n), x.ndim);
  return Array.from(folded(x.shape, last, index, true), (at) => x.at(at));
};

/** @type {Rule["explain"]} */
function layerNorm({ x, normalized_shape, weight, bias, eps }, index, { output }) {
  const { center, squared } = moments(together(x, normalized_shape, index));
  if (output === 1) return center;
  if (output === 2) return quotient(number(1), spread(squared, eps));
  const inner = index.slice(-normalized_shape.length);
  const normed = quotient(difference(x.at(index), center), spread(squared, eps));
  return affine(normed, weight && weight.at(inner), bias && bias.at(inner));
}

/** @type {Rule["explain"]} */
function rmsNorm({ x, normalized_shape, weight, eps }, index, { output }) {
  const meanSquare = mean(together(x, normalized_shape, index).map(square));
  const size = spread(meanSquare, eps ?? FLOAT32_EPSILON);
  if (output === 1) return quotient(number(1), size);
  return affine(quotient(x.at(index), size), weight && weight.at(index.slice(-normalized_shape.length)), null);
}

// --- over groups of channels -----------------------------------------------------------------------------------------

/** @type {(args: Named, index: number[], output: number) => Expr} */
function groupNorm({ x, weight, bias, groups, eps }, index, output) {
  const [sample, second] = index; // the channel, or in the statistics the group
  const channels = x.shape[1] / groups;
  const group = output === 0 ? Math.floor(second / channels) : second;
  const { center, squared } = moments(
    Array.from(grid([channels, ...x.shape.slice(2)]), ([c, ...at]) => x.at([sample, group * channels + c, ...at])));
  if (output === 1) return center;
  if (output === 2) return quotient(number(1), spread(squared, eps));
  const normed = quotient(difference(x.at(index), center), spread(squared, eps));
  return affine(normed, weight && weight.at([second]), bias && bias.at([second]));
}

// --- of weights ------------------------------------------------------------------------------------------------------

/** g·v/‖v‖, the norm over all axes but one, then the norms. @type {Rule["explain"]} */
function weightNorm({ v, g, dim }, index, { output }) {
  const kept = wrap(dim, v.ndim);
  const others = range(v.ndim).filter((d) => d !== kept);
  const along = Array.from(folded(v.shape, others, index, true), (at) => v.at(at));
  const length = labelled("\\lVert v \\rVert", norm(along, 2));
  return output === 1 ? length : quotient(product([g.broadcast(index), v.at(index)]), length);
}

// --- the table -------------------------------------------------------------------------------------------------------

const LAST = "x normalized_shape weight bias eps=1e-5";
/** @type {(args: Named) => string} */
const rmsTex = ({ weight }) =>
  `y = ${weight ? "\\gamma\\, " : ""}\\frac{x}{\\sqrt{\\frac{1}{n} \\sum_i x_i^2 + \\varepsilon}}`;

/** @type {Record<string, Rule>} */
export const NORMALIZATIONS = {
  ...shared("native_batch_norm batch_norm", batch(STATISTICS)),
  _native_batch_norm_legit: rule("normalization", "x weight bias *rest", tex, legit),
  ...shared("_native_batch_norm_legit_no_training _batch_norm_no_update",
    batch("runningMean runningVar momentum eps", { training: false })),
  _batch_norm_with_update: batch("runningMean runningVar momentum eps", { training: true }),
  ...shared("native_layer_norm layer_norm", rule("normalization", LAST, tex, layerNorm)),
  native_group_norm: rule("normalization", "x weight bias n c hw groups eps", tex, (args, index, { output }) =>
    groupNorm(args, index, output)),
  group_norm: rule("normalization", "x groups weight bias eps=1e-5", tex, (args, index) => groupNorm(args, index, 0)),
  ...shared("_fused_rms_norm rms_norm", rule("normalization", "x normalized_shape weight eps", rmsTex, rmsNorm)),
  _weight_norm_interface: rule("normalization", "v g dim=0", "w = g\\, \\frac{v}{\\lVert v \\rVert}", weightNorm),
};
