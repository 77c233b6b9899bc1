// @ts-check
// A softmax written out: each score, its exponential, and its share of their sum.
import { html } from "#studio/ui/dom.js";
import { number, translator } from "#studio/ui/text.js";
import { useNumbers } from "#studio/look/looked.js";
import { argumentsOf } from "#studio/look/arithmetic/explain.js";
import { wrap } from "#studio/look/arithmetic/indices.js";
import { callOf } from "#studio/look/cell.js";
import { TEXT } from "#studio/look/text.js";

const t = translator(TEXT);
export const MOST_CLASSES = 30; // that have room

/**
 * @param {{ trace: import("#studio/look/trace.js").Trace, node: import("#studio/look/trace.js").Node, index: number[], title: (axis: string) => string }} props
 * index: of one of the shares
 */
export function Exponentials({ trace, node, index, title }) {
  const value = trace.values.get(node.outputs?.[0] ?? "");
  const named = argumentsOf(callOf(trace, node));
  const axis = wrap(named?.dim ?? 0, index.length);
  const count = value?.shape[axis] ?? 0;
  const scores = useNumbers(() => (named && count && count <= MOST_CLASSES ? Array.from({ length: count }, (_, at) => named.x.tensor.at(index.with(axis, at))) : null));
  if (!scores || !value) return null;
  const name = value.axes?.[axis] ?? "";
  const labels = trace.graph.axis_labels[name];
  const top = Math.max(...scores);
  const powers = scores.map((/** @type {number} */ score) => Math.exp(score - top));
  const total = powers.reduce((/** @type {number} */ sum, /** @type {number} */ each) => sum + each, 0);
  return html`<div class="exponentials scroll-x" tabindex="0" role="region" aria-label=${t("exponentials")}>
    <table class="data">
      <caption class="sr-only">${t("exponentials")}</caption>
      <thead><tr><th>${title(name)}</th><th class="num">${t("score")} z</th><th class="num">${t("shifted")} z − m</th><th class="num">${t("exponential")} e<sup>z − m</sup></th><th class="num">${t("share")} e<sup>z − m</sup> / Z</th><th></th></tr></thead>
      <tbody>${scores.map((/** @type {number} */ score, /** @type {number} */ at) => html`<tr key=${at} class=${at === index[axis] ? "on" : ""}>
        <th scope="row">${labels?.[at] ?? at}</th><td class="num">${number(score)}</td><td class="num">${number(score - top)}</td>
        <td class="num">${number(powers[at])}</td><td class="num">${number(powers[at] / total)}</td>
        <td><span class="track"><i class="fill" style=${{ width: `${(100 * powers[at]) / total}%` }}></i></span></td></tr>`)}</tbody>
      <tfoot><tr><th scope="row">${t("all")}</th><td></td><td></td><td class="num">Z = ${number(total)}</td><td class="num">1</td><td></td></tr></tfoot>
    </table>
  </div>`;
}
