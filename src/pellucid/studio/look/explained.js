// @ts-check
// The formula level: one cell, its arithmetic with the numbers, and each sum of products below it, term by term.
import { html, useState } from "#studio/ui/dom.js";
import { Math as Formula } from "#studio/ui/math.js";
import { listed, number, translator, words } from "#studio/ui/text.js";
import { family, formula } from "#studio/look/arithmetic/explain.js";
import { callOf, oneStep, operations, origin, producerOf, terms, written } from "#studio/look/cell.js";
import { definitions, numbers, tex } from "#studio/look/notation.js";
import { back, find, picture, place } from "#studio/look/shown.js";
import { nameOf as axisAt } from "#studio/look/views/picture.js";
import { useNumbers } from "#studio/look/looked.js";
import { nameOf } from "#studio/look/origins.js";
import { TEXT } from "#studio/look/text.js";
import { Exponentials, MOST_CLASSES } from "#studio/look/exponentials.js";
import { symbol } from "#studio/look/symbols.js";
import { slides, Window } from "#studio/look/window.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/shown.js").Shown} Shown */
/** @typedef {import("#studio/look/cell.js").Leaf} Leaf */
/** @typedef {import("#studio/types.d.ts").Check} Check */
/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {{ title: string, expression: Expr, leaves: Leaf[] }} Sum of products behind a cell of a formula */

const t = translator(TEXT);
const RUNNING = /batch_norm/;
const SOFTMAX = /^_?(safe_)?softmax$/;
const CHIPS = 5; // terms shown of a sum, the largest ones
const LONG_NAMES = 60; // characters of a formula with names beyond which it is left to the numbers

/**
 * @param {{ trace: Trace, shown: Shown, index: number[], check: Check, describe: (index: number[]) => string, gradient: boolean,
 *   mark: number[], onPick: (index: number[]) => void, title: (axis: string) => string, onOpen: (name: string, cell: number[] | null) => void }} props
 */
export function Explained({ trace, check, shown, index, describe, gradient, mark, title, onOpen, onPick }) {
  const { which, index: inside } = place(shown, index);
  const node = shown.nodes[which];
  const value = shown.values[which];
  const seen = useNumbers(() => {
    const found = node && !gradient ? written(trace, node, inside) : null;
    const sums = found && found.leaves.length <= 8 ? found.leaves.map((leaf) => sumBehind(trace, leaf)).filter((sum) => sum !== null) : [];
    return { number: (gradient ? trace.gradient(value.id) : trace.tensor(value.id))?.at(inside) ?? null, written: found, sums };
  });
  const windowed = !gradient && slides(trace, shown);
  const code = `${shown.series ? `${shown.name}[${which}]` : shown.name}${inside.length ? `[${inside.join(", ")}]` : ""}`;
  return html`<section class="explained sheet" aria-label=${t("arithmetic")}>
    <header>
      <h3>${describe(index).split(" = ")[0]}</h3>
      <span class="fine">${seen?.written && told(seen.written.expression)}</span>
      <span class="grow"></span>
      ${node && !gradient && html`<span class="fine">${howRight(check, trace.nodes.indexOf(node), node.name)}</span>`}
      <code class="fine">${code}</code>
    </header>
    ${seen && html`<${Body} trace=${trace} node=${node} value=${value} seen=${seen} gradient=${gradient} slid=${windowed} inside=${inside} title=${title} />`}
    ${windowed && html`<${Window} trace=${trace} shown=${shown} index=${index} mark=${mark} onOpen=${onOpen} onPick=${onPick} />`}
  </section>`;
}

/** @param {{ trace: Trace, node: import("#studio/look/trace.js").Node | undefined, value: import("#studio/look/trace.js").Value, gradient: boolean, seen: { number: number | null, written: import("#studio/look/cell.js").Written | null, sums: Sum[] }, slid: boolean, inside: number[], title: (axis: string) => string }} props
 * slid: its terms stand in the window; inside: where in the node's result */
function Body({ trace, node, value, seen, gradient, slid, inside, title }) {
  if (seen.number === null) return html`<p class="quiet">${gradient ? t("noGradient") : t("notRecorded")}</p>`;
  if (gradient) return html`<p><b class="num">${number(seen.number, 6)}</b></p><p class="quiet">${t("gradientOf")}</p>`;
  if (!node) return html`<p><b class="num">${number(seen.number, 6)}</b> <span class="quiet">${value.kind === "weight" ? t("learned") : t("given")}</span></p>`;
  if (!seen.written) return html`<p><b class="num">${number(seen.number, 6)}</b> <span class="quiet">${t("beyond", { kind: node.kind, status: "" })}</span></p>`;
  const { expression, leaves } = seen.written;
  const left = symbol(trace, value.id);
  const withNames = numbers(expression, (source, _, label) => label ?? symbol(trace, leaves[source].value, seen.written?.node));
  const plain = expression.op === "source" && leaves.length === 1;
  if (plain) return html`<p><b class="num">${number(seen.number, 6)}</b> <span class="quiet">${moved(trace, leaves[0], title)}</span></p>`;
  const rule = leaves.length > 8 || slid ? formula(callOf(trace, seen.written.node)) : null;
  const softmax = SOFTMAX.test(seen.written.node.kind) && leaves.length <= MOST_CLASSES; // its parts stand in a table
  const parts = definitions(expression);
  const from = moves(trace, node, value.id, inside);
  const known = new Map(parts.map((part) => [part, tex(part.value)]));
  /** @param {import("#studio/look/arithmetic/expr.js").Expr} part */
  const inNumbers = (part) => numbers(part, (_, at) => tex(at), (each) => (each === part ? undefined : known.get(each)));
  return html`${from && html`<p class="quiet">${moved(trace, from, title)}</p>`}
    <div class="equation" key="equation" tabindex="0" role="group" aria-label=${t("arithmetic")}>
      ${rule ? html`<${Formula} tex=${rule} />` : withNames.length < LONG_NAMES * 4 && html`<${Formula} tex=${`${left} = ${withNames}`} />`}
      <${Formula} tex=${`${rule ? left : "\\phantom{x}"} = ${inNumbers(expression)} = \\mathbf{${tex(expression.value, 4)}}`} />
      ${(softmax ? [] : parts).map((part, i) => html`<${Formula} key=${i} tex=${`${part.label ? `${part.label} = ` : ""}${inNumbers(part)} = ${tex(part.value)}`} />`)}
    </div>
    ${!slid && terms(expression) && leaves.length > 8 && html`<${Terms} title="" expression=${expression} leaves=${leaves} />`}
    ${RUNNING.test(seen.written.node.kind) && !callOf(trace, seen.written.node).args.includes(true) && html`<p class="fine">${t("running")}</p>`}
    ${softmax && html`<${Exponentials} trace=${trace} node=${seen.written.node} index=${inside} title=${title} />`}
    ${!slid && seen.sums.map((sum) => html`<${Terms} key=${sum.title} title=${sum.title} expression=${sum.expression} leaves=${sum.leaves} />`)}`;
}

/** @param {Trace} trace @param {import("#studio/look/trace.js").Node} node @param {string} value @param {number[]} index where a moved number was computed; null: here */
function moves(trace, node, value, index) {
  const from = family(node.kind) === "move" ? origin(trace, { value, index }) : null;
  return from && from.value !== value ? from : null;
}

/**
 * Where a number that only moved comes from: of a tensor with named axes, from which place of it.
 * @param {Trace} trace @param {import("#studio/look/cell.js").Cell} leaf @param {(axis: string) => string} title
 */
function moved(trace, leaf, title) {
  const name = nameOf(trace, leaf.value);
  const source = find(trace, producerOf(trace, leaf.value)?.name ?? trace.values.get(leaf.value)?.name ?? "");
  if (!source?.values[0].axes) return t("moved", { name });
  const seen = picture(trace, source, { title, label: name });
  const cell = back(source, source.order.get(leaf.value) ?? 0, leaf.index);
  return t("movedFrom", { name, where: listed(cell.map((at, axis) => axisAt(seen.axes[axis], at))) });
}

/** @param {Check} check @param {number} at @param {string} name what came of recomputing this one operation */
function howRight(check, at, name) {
  const odd = check.nodes[name];
  if (odd) return odd.status === "failed" ? t("failed", { message: odd.message }) : t("unchecked", { message: odd.message });
  return t("checkedDifference", { value: number(check.relative[at] ?? 0, 1) });
}

/** @param {Expr} expression how much arithmetic it is, in words */
function told(expression) {
  const { product, sum, difference, quotient, power, select, negative, compare, ...calls } = operations(expression);
  const parts = [];
  const sums = (sum ?? 0) + (difference ?? 0);
  if (product) parts.push(product === 1 ? t("oneProduct") : t("products", { n: product }));
  if (sums) parts.push(sums === 1 ? t("oneSum") : t("sums", { n: sums }));
  for (const [name, n] of Object.entries(calls)) parts.push(t("calls", { n, name }));
  return listed(parts);
}

/**
 * The sum of products that a cell of a formula is, one level further down.
 * @param {Trace} trace @param {Leaf} leaf @returns {Sum | null}
 */
function sumBehind(trace, leaf) {
  const producer = producerOf(trace, leaf.value);
  const step = producer && oneStep(trace, producer, leaf.index, (producer.outputs ?? []).indexOf(leaf.value));
  return step && terms(step.expression) ? { title: nameOf(trace, leaf.value), expression: step.expression, leaves: step.leaves } : null;
}

/** @param {Sum} props the largest terms of a sum as chips, and the rest */
function Terms({ title, expression, leaves }) {
  const [all, setAll] = useState(false);
  const found = terms(expression);
  if (!found) return null;
  const shown = all ? found.terms.slice(0, 400) : found.terms.slice(0, CHIPS);
  const left = found.terms.length - shown.length;
  return html`<div class="terms">
    ${title && html`<span class="fine">${title}</span>`}
    ${shown.map((term, i) => html`<span key=${i} class=${`chip num ${term.value < 0 ? "negative" : ""}`}>${chip(term, leaves)}</span>`)}
    ${found.terms.length > CHIPS &&
    html`<button class="plain small" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? t("fewerTerms") : t("more", { n: left })}</button>`}
    <span class="num">= ${number(expression.value)}</span>
  </div>`;
}

/** @param {Expr} term @param {Leaf[]} leaves */
function chip(term, leaves) {
  const of = term.op === "product" ? term.of : [term];
  return of.map((part) => number(part.op === "source" ? leaves[part.source].number : part.value, 2)).join(" × ");
}
