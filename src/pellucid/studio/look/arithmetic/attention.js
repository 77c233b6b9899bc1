// @ts-check
// Scaled dot-product attention in its fused forms: softmax(q kᵀ / √d + mask) v for one query and one column of v.

import { labelled, number, product, quotient, root, sum } from "#studio/look/arithmetic/expr.js";
import { batched, terms } from "#studio/look/arithmetic/contraction.js";
import { broadcast } from "#studio/look/arithmetic/indices.js";
import { logSumExp } from "#studio/look/arithmetic/reduction.js";
import { exponentials } from "#studio/look/arithmetic/softmax.js";
import { rule } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */
/** @typedef {{ key: number, score: Expr }} Seen  a key that the query may look at */

/** Where the keys or values of a query's head are: grouped queries share them.
 * @type {(q: Operand, x: Operand, batch: number[]) => number[]} */
function headOf(q, x, batch) {
  const at = batched(batch, x.shape.slice(0, -2));
  const heads = x.shape[x.ndim - 3];
  if (q.ndim > 2 && heads > 1) at[at.length - 1] = Math.floor(batch[batch.length - 1] / (q.shape[q.ndim - 3] / heads));
  return at;
}

/** The score of every key that the query may look at; what the mask makes -∞ is left out.
 * @type {(args: Named, batch: number[], row: number, boolKeeps: boolean) => Seen[]} */
function scores({ query, key, attn_mask, is_causal, scale }, batch, row, boolKeeps) {
  const d = query.shape[query.ndim - 1];
  const [ofQuery, ofKey] = [batched(batch, query.shape.slice(0, -2)), headOf(query, key, batch)];
  const mask = is_causal ? null : attn_mask;
  /** @type {Seen[]} */
  const seen = [];
  for (let s = 0; s < key.shape[key.ndim - 2]; s++) {
    const masked = mask && mask.at(broadcast([...batch, row, s], mask.shape));
    const keeps = mask?.dtype === "bool" && boolKeeps;
    if ((is_causal && s > row) || (keeps ? !masked.value : masked?.value === -Infinity)) continue;
    const dot = sum(terms(d, (k) => query.at([...ofQuery, row, k]), (k) => key.at([...ofKey, s, k])));
    const scaled = scale === null ? quotient(dot, root(number(d))) : product([dot, number(scale)]);
    seen.push({ key: s, score: labelled(`s_{${s}}`, masked && !keeps ? sum([scaled, masked]) : scaled) });
  }
  return seen;
}

/** @type {(seen: Seen[]) => { key: number, weight: Expr }[]} */
function weights(seen) {
  const { powers, total } = exponentials(seen.map(({ score }) => score));
  return seen.map(({ key }, n) => ({ key, weight: labelled(`a_{${key}}`, quotient(powers[n], total)) }));
}

/** Σ a_s v_s over the keys that are seen. @type {(args: Named, index: number[], boolKeeps: boolean) => Expr} */
function attended(args, index, boolKeeps) {
  const [row, column] = index.slice(-2);
  const batch = index.slice(0, -2);
  const ofValue = headOf(args.query, args.value, batch);
  const seen = weights(scores(args, batch, row, boolKeeps));
  return sum(seen.map(({ key, weight }) => product([weight, args.value.at([...ofValue, key, column])])));
}

/** The second output of the plain form: one attention weight. @type {(args: Named, index: number[]) => Expr} */
function oneWeight(args, index) {
  const [row, column] = index.slice(-2);
  return weights(scores(args, index.slice(0, -2), row, false)).find(({ key }) => key === column)?.weight ?? number(0);
}

/** The second output of the flash form: log Σ exp of the scores. @type {(args: Named, index: number[]) => Expr} */
const total = (args, index) =>
  logSumExp(scores(args, index.slice(0, -1), index[index.length - 1], false).map(({ score }) => score));

/** Dropout is chance's. @type {(explain: Rule["explain"]) => Rule["explain"]} */
const withoutDropout = (explain) => (args, index, result) => (args.dropout_p > 0 ? null : explain(args, index, result));

/** @type {(args: Named) => string} */
function tex({ attn_mask, is_causal, scale }) {
  const score = scale === null ? "\\frac{q\\, k^\\top}{\\sqrt{d}}" : `${scale}\\, q\\, k^\\top`;
  return `y = \\operatorname{softmax}\\left(${score}${attn_mask || is_causal ? " + M" : ""}\\right) v`;
}

const SIGNATURE = "query key value attn_mask dropout_p=0 is_causal=false";

/** @type {Record<string, Rule>} */
export const ATTENTIONS = {
  // here even a bool mask is added, as 0 and 1
  _scaled_dot_product_attention_math: rule("attention", `${SIGNATURE} dropout_mask scale`, tex,
    withoutDropout((args, index, { output }) =>
      output === 0 ? attended(args, index, false) : oneWeight(args, index))),
  scaled_dot_product_attention: rule("attention", `${SIGNATURE} scale`, tex,
    withoutDropout((args, index) => attended(args, index, true))),
  _scaled_dot_product_flash_attention_for_cpu: rule("attention",
    "query key value dropout_p=0 is_causal=false attn_mask scale", tex,
    withoutDropout((args, index, { output }) =>
      output === 0 ? attended(args, index, false) : total(args, index))),
};
