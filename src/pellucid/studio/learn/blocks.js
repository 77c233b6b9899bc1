// @ts-check
// A lesson's tree as elements, node by node; every text stays text.
import { Action } from "#studio/learn/actions.js";
import { text } from "#studio/learn/figures.js";
import { formulas } from "#studio/learn/nodes.js";
import { TEXT } from "#studio/learn/text.js";
import { html, useLayoutEffect, useRef, useState } from "#studio/ui/dom.js";
import { Math as Formula } from "#studio/ui/math.js";
import { Copy } from "#studio/ui/parts.js";
import { translator } from "#studio/ui/text.js";

/** @typedef {import("#studio/learn/nodes.js").Node} Node */
/** @typedef {import("#studio/learn/nodes.js").Action} Act */
/** @typedef {import("#studio/learn/nodes.js").Figure} Figure */
/** @typedef {import("#studio/learn/figures.js").Sources} Sources */
/** @typedef {{ room: string, page: string, marked: Act[], sources: Sources }} Around what a page's nodes need to know */

const t = translator(TEXT);

/** @param {Node[]} of @param {Around} around @returns {any} */
export const blocks = (of, around) => of.map((node) => block(node, around));

/** @param {Node} node @param {Around} around @returns {any} */
function block(node, around) {
  const of = () => inlines(node.of, around);
  switch (node.type) {
    case "paragraph":
      return html`<p>${of()}</p>`;
    case "heading":
      return html`<${`h${node.level}`}>${of()}<//>`;
    case "list":
      return list(node, around);
    case "code":
      return html`<${Code} language=${node.language} text=${node.text} />`;
    case "math":
      return html`<${Wide} class="math" label=${t("formula")}>
        <div class="formulas">${formulas(node.tex).map((tex) => html`<${Formula} tex=${tex} block=${true} />`)}</div>
      <//>`;
    case "table":
      return table(node, around);
    case "quote":
      return html`<blockquote>${blocks(node.of, around)}</blockquote>`;
    case "hint":
    case "answer":
      return html`<details class="fold"><summary>${t(node.type)}</summary>${blocks(node.of, around)}</details>`;
    case "exercise":
      return exercise(node, around);
    case "rule":
      return html`<hr />`;
    default:
      throw new Error(`no block ${node.type}`);
  }
}

/** @param {Node} node @param {Around} around */
function list(node, around) {
  const items = node.items.map((/** @type {Node[]} */ item) => {
    const tight = item.length === 1 && item[0].type === "paragraph";
    return html`<li>${tight ? inlines(item[0].of, around) : blocks(item, around)}</li>`;
  });
  return node.ordered ? html`<ol start=${node.start}>${items}</ol>` : html`<ul>${items}</ul>`;
}

/** @param {Node} node @param {Around} around */
function table(node, around) {
  /** @param {"th" | "td"} tag @param {Node[][]} cells */
  const row = (tag, cells) => {
    const scope = tag === "th" ? "col" : undefined;
    return html`<tr>
      ${cells.map((cell, i) => html`<${tag} class=${node.align[i] ?? ""} scope=${scope}>${inlines(cell, around)}<//>`)}
    </tr>`;
  };
  return html`<${Wide} class="table" label=${t("table")}>
    <table>
      <thead>${row("th", node.head)}</thead>
      <tbody>${node.rows.map((/** @type {Node[][]} */ cells) => row("td", cells))}</tbody>
    </table>
  <//>`;
}

/** @param {Node} node @param {Around} around */
function exercise(node, around) {
  const id = `exercise-${node.id}`;
  return html`<section class="exercise" key=${node.id} aria-labelledby=${id}>
    <p class="kind">${t("exercise", { n: node.number })} · ${t(/** @type {"does_look"} */ (`does_${node.does}`))}</p>
    <h3 id=${id}>${inlines(node.title, around)}</h3>
    ${blocks(node.of, around)}
  </section>`;
}

/** @param {Node[]} of @param {Around} around @returns {any} */
const inlines = (of, around) => of.map((node) => inline(node, around));

/** @param {Node} node @param {Around} around @returns {any} */
function inline(node, around) {
  switch (node.type) {
    case "text":
      return node.text;
    case "code":
      return html`<code>${node.text}</code>`;
    case "math":
      return html`<${Formula} tex=${node.tex} />`;
    case "strong":
      return html`<strong>${inlines(node.of, around)}</strong>`;
    case "em":
      return html`<em>${inlines(node.of, around)}</em>`;
    case "break":
      return html`<br />`;
    case "link":
      return html`<a href=${node.href} target="_blank" rel="noreferrer">${inlines(node.of, around)}</a>`;
    case "figure":
      return figure(/** @type {any} */ (node), around);
    case "action":
      return action(/** @type {any} */ (node), around);
    default:
      throw new Error(`no inline node ${node.type}`);
  }
}

/** A number, and where it is from. @param {Figure} node @param {Around} around */
function figure(node, around) {
  const network = node.source === "trace" || node.source === "run";
  const said = text(node, around.sources);
  const kind = said.includes(" ") ? "" : network ? "figure num" : "figure"; // words may break into lines, a number may not
  return html`<span class=${kind} title=${t(node.source, { ask: node.ask, input: node.input ?? "" })}>${said}</span>`;
}

/** @param {Act} node @param {Around} around */
const action = (node, around) => html`<${Action}
  action=${node}
  room=${around.room}
  page=${around.page}
  pressed=${around.marked.includes(node)}
  >${inlines(node.of, around)}<//
>`;

/**
 * What may be wider than the column: it scrolls by itself, by the keyboard too.
 * @param {{ class: string, label: string, children?: any }} props
 */
function Wide({ class: kind, label, children }) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const watch = new ResizeObserver(() => setScrolls(box.scrollWidth > box.clientWidth + 1));
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  const reached = scrolls ? { tabindex: 0, role: "region", "aria-label": label } : {};
  return html`<div class=${`wide ${kind}`} ref=${element} ...${reached}>${children}</div>`;
}

/** @param {{ language: string, text: string }} props */
const Code = ({ language, text }) =>
  html`<figure class="code">
    <${Wide} class="source" label=${t("code")}><pre data-language=${language}>${text}</pre><//>
    <${Copy} text=${text} />
  </figure>`;
