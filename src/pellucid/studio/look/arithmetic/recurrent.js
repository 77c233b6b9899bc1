// @ts-check
// One step of a recurrent cell, gate by gate: x (batch, in), h (batch, hidden).

import { call, difference, labelled, number, product, sigmoid, sum } from "#studio/look/arithmetic/expr.js";
import { relu } from "#studio/look/arithmetic/activation.js";
import { terms } from "#studio/look/arithmetic/contraction.js";
import { rule } from "#studio/look/arithmetic/rule.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */

const tanh = (/** @type {Expr} */ x) => call("tanh", Math.tanh, x);

/** Σ w[row, k]·x[sample, k], and the bias if there is one.
 * @type {(x: Operand, weight: Operand, bias: Operand | undefined, sample: number, row: number) => Expr[]} */
const linear = (x, weight, bias, sample, row) => [
  ...terms(weight.shape[1], (k) => weight.at([row, k]), (k) => x.at([sample, k])),
  ...(bias ? [bias.at([row])] : []),
];

/** Weights as they come: w_ih, w_hh, then b_ih and b_hh if there are any.
 * @type {(w: (Operand | null)[]) => Operand[]} */
const parts = (w) => /** @type {Operand[]} */ (w.filter(Boolean));

/** c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c') @type {Rule["explain"]} */
function lstmCell({ x, hx: [h, c], w }, [sample, unit], { output }) {
  const [ih, hh, bIh, bHh] = parts(w);
  const hidden = c.shape[1];
  const gate = (/** @type {number} */ n) => {
    const row = n * hidden + unit;
    return sum([...linear(x, ih, bIh, sample, row), ...linear(h, hh, bHh, sample, row)]);
  };
  const [i, f, g] = [labelled("i", sigmoid(gate(0))), labelled("f", sigmoid(gate(1))), labelled("g", tanh(gate(2)))];
  const cell = labelled("c'", sum([product([f, c.at([sample, unit])]), product([i, g])]));
  return output === 1 ? cell : product([labelled("o", sigmoid(gate(3))), tanh(cell)]);
}

/** n = tanh(nₓ + r·nₕ), h' = (1 - z)·n + z·h, r after the product as in cuDNN. @type {Rule["explain"]} */
function gruCell({ x, h, w }, [sample, unit]) {
  const [ih, hh, bIh, bHh] = parts(w);
  const hidden = h.shape[1];
  const part = (/** @type {number} */ n) => ({
    ofX: linear(x, ih, bIh, sample, n * hidden + unit),
    ofH: linear(h, hh, bHh, sample, n * hidden + unit),
  });
  const [reset, update, fresh] = [part(0), part(1), part(2)];
  const r = labelled("r", sigmoid(sum([...reset.ofX, ...reset.ofH])));
  const z = labelled("z", sigmoid(sum([...update.ofX, ...update.ofH])));
  const n = labelled("n", tanh(sum([...fresh.ofX, product([r, sum(fresh.ofH)])])));
  return sum([product([difference(number(1), z), n]), product([z, h.at([sample, unit])])]);
}

/** h' = tanh(W x + b + U h + b'), or relu @type {(activation: (x: Expr) => Expr) => Rule["explain"]} */
const rnnCell = (activation) => ({ x, h, w }, [sample, unit]) => {
  const [ih, hh, bIh, bHh] = parts(w);
  return activation(sum([...linear(x, ih, bIh, sample, unit), ...linear(h, hh, bHh, sample, unit)]));
};

/** @type {Record<string, Rule>} */
export const RECURRENT = {
  lstm_cell: rule("recurrent", "x hx *w", "c' = f \\odot c + i \\odot g,\\quad h' = o \\odot \\tanh c'", lstmCell),
  gru_cell: rule("recurrent", "x h *w", "h' = (1 - z) \\odot n + z \\odot h", gruCell),
  rnn_tanh_cell: rule("recurrent", "x h *w", "h' = \\tanh(W x + b + U h + b')", rnnCell(tanh)),
  rnn_relu_cell: rule("recurrent", "x h *w", "h' = \\max(W x + b + U h + b',\\, 0)", rnnCell(relu)),
};
