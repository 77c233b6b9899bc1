// @ts-check
// Sums of products over a shared axis: matrix products in all their forms, and distances.

import {
  compare, difference, magnitude, max, min, number, power, product, quotient, root, scaled, square, sum,
} from "#studio/look/arithmetic/expr.js";
import { gelu, relu } from "#studio/look/arithmetic/activation.js";
import { broadcastShape, grid, range } from "#studio/look/arithmetic/indices.js";
import { rule } from "#studio/look/arithmetic/rule.js";
import { under } from "#studio/look/arithmetic/tex.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */
/** @typedef {import("#studio/look/arithmetic/rule.js").Tex} Tex */

/** The products of a row and a column, one for each k.
 * @type {(n: number, a: (k: number) => Expr, b: (k: number) => Expr) => Expr[]} */
export function terms(n, a, b) {
  const products = new Array(n);
  for (let k = 0; k < n; k++) products[k] = product([a(k), b(k)]);
  return products;
}

/** Row · column as NumPy's matmul pairs them: the last axis of a with the last but one of b, batches broadcast, and an
 * operand with one axis is a single row, or column. @type {(a: Operand, b: Operand, index: number[]) => Expr[]} */
function matmulTerms(a, b, index) {
  const row = a.ndim > 1 ? 1 : 0;
  const column = b.ndim > 1 ? 1 : 0;
  const batch = index.slice(0, index.length - row - column);
  const i = row ? [index[batch.length]] : [];
  const j = column ? [index[index.length - 1]] : [];
  const ofA = batched(batch, a.shape.slice(0, -2));
  const ofB = batched(batch, b.shape.slice(0, -2));
  return terms(a.shape[a.ndim - 1], (k) => a.once([...ofA, ...i, k]), (k) => b.once([...ofB, k, ...j]));
}

/** The batch axes of one operand, broadcast. @type {(batch: number[], shape: number[]) => number[]} */
export const batched = (batch, shape) => shape.map((n, d) => (n === 1 ? 0 : batch[batch.length - shape.length + d]));

// --- β·bias + α·Σ ----------------------------------------------------------------------------------------------------

/** One sum of the bias and all products; with β = 0 the bias is ignored, even NaN.
 * @type {(args: Named, index: number[], productsAt: (args: Named, index: number[]) => Expr[]) => Expr} */
function plusBias(args, index, productsAt) {
  const { bias, beta, alpha } = args;
  const scaledBias = beta === 0 ? [] : [scaled(beta, bias.broadcast(index))];
  const products = productsAt(args, index);
  return alpha === 1 ? sum([...scaledBias, ...products]) : sum([...scaledBias, scaled(alpha, sum(products))]);
}

/** β b_j + α Σ …, the factors left out where they are 1. @type {(result: string, products: string) => Tex} */
const plusTex = (result, products) => ({ bias, beta, alpha }) => {
  const letters = result.slice(Math.max(result.length - bias.ndim, 0));
  const before = beta === 0 ? "" : `${beta === 1 ? "" : "\\beta\\, "}b${under([...letters])} + `;
  return `y${under([...result])} = ${before}${alpha === 1 ? "" : "\\alpha "}${products}`;
};

/** @type {(result: string, tex: string, products: (args: Named, index: number[]) => Expr[]) => Rule} */
const withBias = (result, tex, products) =>
  rule("contraction", "bias a b beta=1 alpha=1", plusTex(result, tex), (args, index) =>
    plusBias(args, index, products));

/** @type {(args: Named, index: number[]) => Expr[]} */
const matrixTerms = ({ a, b }, index) => matmulTerms(a, b, index);

/** Over the batch too. @type {(args: Named, index: number[]) => Expr[]} */
const batchTerms = ({ a, b }, [i, j]) =>
  range(a.shape[0]).flatMap((n) => terms(a.shape[2], (k) => a.at([n, i, k]), (k) => b.at([n, k, j])));

// --- three factors, distances ----------------------------------------------------------------------------------------

/** Σ a·b·c over `sumdim`, after each got axes of length 1 where told. @type {(args: Named, index: number[]) => Expr} */
function trilinear({ a, b, c, expand1, expand2, expand3, sumdim }, index) {
  const factors = [[a, expand1], [b, expand2], [c, expand3]];
  const ndim = index.length + sumdim.length;
  const full = broadcastShape(factors.map(([x, added]) => widened(x, added, ndim)));
  const products = [];
  for (const offset of grid(sumdim.map((/** @type {number} */ d) => full[d]))) {
    let next = 0;
    const place = full.map((_, d) => (sumdim.includes(d) ? offset[sumdim.indexOf(d)] : index[next++]));
    products.push(product(factors.map(([x, added]) => x.broadcast(place.filter((_, d) => !added.includes(d))))));
  }
  return sum(products);
}

/** Its shape with axes of length 1 added. @type {(x: Operand, added: number[], ndim: number) => number[]} */
function widened(x, added, ndim) {
  let next = 0;
  return range(ndim).map((d) => (added.includes(d) ? 1 : x.shape[next++]));
}

/** The p-norm of what is between a row of a and a row of b. @type {(args: Named, index: number[]) => Expr} */
function distance({ a, b, p }, index) {
  const [i, j] = index.slice(-2);
  const batch = index.slice(0, -2);
  const [ofA, ofB] = [batched(batch, a.shape.slice(0, -2)), batched(batch, b.shape.slice(0, -2))];
  const ways = range(a.shape[a.ndim - 1]).map((k) => difference(a.at([...ofA, i, k]), b.at([...ofB, j, k])));
  return norm(ways, p);
}

/** (Σ |x|ᵖ)^(1/p); p = 0 counts what is not 0, ±∞ takes the largest or smallest |x|.
 * @type {(of: Expr[], p: number) => Expr} */
export function norm(of, p) {
  if (p === 2) return root(sum(of.map(square)));
  if (p === 0) return sum(of.map((each) => compare("≠", each, number(0))));
  const sizes = of.map(magnitude);
  if (p === 1) return sum(sizes);
  if (p === Infinity) return sizes.length ? max(sizes) : number(0);
  if (p === -Infinity) return min(sizes);
  return power(sum(sizes.map((each) => power(each, number(p)))), quotient(number(1), number(p)));
}

// --- the table -------------------------------------------------------------------------------------------------------

const SUM = "\\sum_k x_{ik}\\, w_{kj}";

/** @type {(tex: Tex) => Rule} */
const matmul = (tex) => rule("contraction", "a b", tex, ({ a, b }, index) => sum(matmulTerms(a, b, index)));

/** @type {Record<string, Rule>} */
export const CONTRACTIONS = {
  mm: matmul(`y_{ij} = ${SUM}`),
  bmm: matmul("y_{nij} = \\sum_k x_{nik}\\, w_{nkj}"),
  mv: matmul("y_i = \\sum_k x_{ik}\\, v_k"),
  dot: matmul("y = \\sum_k a_k\\, b_k"),
  matmul: matmul(({ a, b }) => {
    const [i, j] = [a.ndim > 1 ? ["i"] : [], b.ndim > 1 ? ["j"] : []];
    return `y${under([...i, ...j])} = \\sum_k x${under([...i, "k"])}\\, w${under(["k", ...j])}`;
  }),
  linear: rule("contraction", "x weight bias",
    ({ x, bias }) => {
      const i = x.ndim > 1 ? ["i"] : [];
      return `y${under([...i, "j"])} = ${bias ? "b_j + " : ""}\\sum_k x${under([...i, "k"])}\\, w_{jk}`;
    },
    ({ x, weight, bias }, index) => {
      const [j, rows] = [index[index.length - 1], index.slice(0, -1)];
      const start = bias ? [bias.at([j])] : [];
      return sum([...start, ...terms(weight.shape[1], (k) => x.once([...rows, k]), (k) => weight.once([j, k]))]);
    }),

  addmm: withBias("ij", SUM, matrixTerms),
  addmv: withBias("i", "\\sum_k x_{ik}\\, v_k", matrixTerms),
  baddbmm: withBias("nij", "\\sum_k x_{nik}\\, w_{nkj}", matrixTerms),
  addbmm: withBias("ij", "\\sum_n \\sum_k x_{nik}\\, w_{nkj}", batchTerms),
  addr: withBias("ij", "a_i\\, b_j", ({ a, b }, [i, j]) => [product([a.at([i]), b.at([j])])]),
  outer: rule("contraction", "a b", "y_{ij} = a_i\\, b_j", ({ a, b }, [i, j]) => product([a.at([i]), b.at([j])])),
  _addmm_activation: rule("contraction", "bias a b beta=1 alpha=1 use_gelu=false",
    ({ use_gelu }) => `y_{ij} = \\operatorname{${use_gelu ? "gelu" : "relu"}}\\left(b_j + ${SUM}\\right)`,
    (args, index) => (args.use_gelu ? gelu : relu)(plusBias(args, index, matrixTerms))),

  _trilinear: rule("contraction", "a b c expand1 expand2 expand3 sumdim", "y = \\sum a\\, b\\, c", trilinear),
  _cdist_forward: rule("contraction", "a b p", ({ p }) =>
    p === 2 ? "y_{ij} = \\sqrt{\\sum_k (a_{ik} - b_{jk})^2}"
    : p === 1 ? "y_{ij} = \\sum_k |a_{ik} - b_{jk}|"
    : "y_{ij} = \\lVert a_i - b_j \\rVert_p", distance),
};
