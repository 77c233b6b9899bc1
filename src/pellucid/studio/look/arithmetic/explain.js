// @ts-check
// The arithmetic of one output cell of any operation: which cells it was computed from, and how.

import { ACTIVATIONS } from "#studio/look/arithmetic/activation.js";
import { ATTENTIONS } from "#studio/look/arithmetic/attention.js";
import { BINARY } from "#studio/look/arithmetic/binary.js";
import { CONTRACTIONS } from "#studio/look/arithmetic/contraction.js";
import { CONVOLUTIONS } from "#studio/look/arithmetic/convolution.js";
import { CREATIONS } from "#studio/look/arithmetic/creation.js";
import { EXTREMES } from "#studio/look/arithmetic/extreme.js";
import { JOINS } from "#studio/look/arithmetic/join.js";
import { LOOKUPS } from "#studio/look/arithmetic/lookup.js";
import { LOSSES } from "#studio/look/arithmetic/loss.js";
import { MOVES } from "#studio/look/arithmetic/move.js";
import { NORMALIZATIONS } from "#studio/look/arithmetic/normalization.js";
import { ORDER } from "#studio/look/arithmetic/order.js";
import { PARTS } from "#studio/look/arithmetic/parts.js";
import { POOLINGS } from "#studio/look/arithmetic/pooling.js";
import { RECURRENT } from "#studio/look/arithmetic/recurrent.js";
import { REDUCTIONS } from "#studio/look/arithmetic/reduction.js";
import { RESIZES } from "#studio/look/arithmetic/resize.js";
import { bind, TooManySources } from "#studio/look/arithmetic/rule.js";
import { SEVERAL } from "#studio/look/arithmetic/several.js";
import { SOFTMAX_KINDS } from "#studio/look/arithmetic/softmax.js";
import { UNARY } from "#studio/look/arithmetic/unary.js";
import { WRITES } from "#studio/look/arithmetic/write.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").OpCall} OpCall */
/** @typedef {import("#studio/look/arithmetic/rule.js").SourceCell} SourceCell */
/** @typedef {{ sources: SourceCell[], expression: Expr }} Explanation */

const RULES = new Map(Object.entries({
  ...UNARY, ...BINARY, ...SEVERAL, ...ACTIVATIONS, // cell by cell
  ...MOVES, ...JOINS, ...PARTS, ...LOOKUPS, ...WRITES, // numbers that move
  ...CONTRACTIONS, ...CONVOLUTIONS, ...ATTENTIONS, ...RECURRENT, // sums of products
  ...REDUCTIONS, ...EXTREMES, ...ORDER, ...POOLINGS, ...SOFTMAX_KINDS, ...NORMALIZATIONS, ...LOSSES, // many to one
  ...RESIZES, ...CREATIONS,
}));

const MEMORY = {
  en: "memory as it was found: nothing has computed these numbers",
  "zh-TW": "記憶體裡原有的內容，這些數字不是算出來的",
};
const SEQUENCE = {
  en: "a whole recurrent network in one operation: a cell depends on every step before it",
  "zh-TW": "整個循環網路合成一個運算：一格取決於之前的每一步",
};

/** What is beyond the arithmetic written out here, and why.
 * Some arguments of other kinds are beyond it too (chance in training, the bits of a tensor read as another type, an
 * order that ties leave open), and so is a cell made of more than MOST_SOURCES others.
 * @type {Record<string, { family: string, reason: { en: string, "zh-TW": string } }>} */
export const BEYOND = {
  empty: { family: "creation", reason: MEMORY },
  empty_like: { family: "creation", reason: MEMORY },
  empty_strided: { family: "creation", reason: MEMORY },
  new_empty: { family: "creation", reason: MEMORY },
  new_empty_strided: { family: "creation", reason: MEMORY },
  lstm: { family: "recurrent", reason: SEQUENCE },
  gru: { family: "recurrent", reason: SEQUENCE },
  rnn_tanh: { family: "recurrent", reason: SEQUENCE },
  rnn_relu: { family: "recurrent", reason: SEQUENCE },
  mkldnn_rnn_layer: { family: "recurrent", reason: SEQUENCE },
};

/** How the cell at `index` of an output was computed; null where that is beyond the written-out arithmetic.
 * @type {(call: OpCall, index: number[], output?: number) => Explanation | null} */
export function explain(call, index, output = 0) {
  const rule = RULES.get(call.kind);
  if (!rule) return null;
  /** @type {SourceCell[]} */
  const sources = [];
  try {
    const expression = rule.explain(bind(rule, call, sources), index, { output, shape: call.shapes[output] ?? [] });
    return expression && { sources, expression };
  } catch (error) {
    if (error instanceof TooManySources) return null;
    throw error; // bytes that are not loaded yet
  }
}

/** The arguments of a call by the names of its rule; null for a kind not known here. @type {(call: OpCall) => import("#studio/look/arithmetic/rule.js").Named | null} */
export function argumentsOf(call) {
  const rule = RULES.get(call.kind);
  return rule ? bind(rule, call, []) : null;
}

/** The general rule in TeX; null where there is none. @type {(call: OpCall) => string | null} */
export function formula(call) {
  const rule = RULES.get(call.kind);
  if (!rule) return null;
  return typeof rule.tex === "function" ? rule.tex(bind(rule, call, [])) : rule.tex;
}

/** What sort of arithmetic a kind is; null for a kind not known here. "move": the cell is another cell, unchanged.
 * @type {(kind: string) => string | null} */
export const family = (kind) => RULES.get(kind)?.family ?? BEYOND[kind]?.family ?? null;
