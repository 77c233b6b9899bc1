// @ts-check
// The badge: how many of the operations were computed again and agreed, and by how much the worst one differed.
import { html, useState } from "#studio/ui/dom.js";
import { Dialog } from "#studio/ui/parts.js";
import { count, number, translator } from "#studio/ui/text.js";
import { TEXT } from "#studio/look/text.js";

const t = translator(TEXT);

/** @param {{ check: import("#studio/types.d.ts").Check }} props */
export function Badge({ check }) {
  const [open, setOpen] = useState(false);
  const all = check.checked === check.total;
  const failed = Object.values(check.nodes).some((node) => node.status === "failed");
  const largest = check.largest < 0 ? "∞" : number(check.largest, 1);
  return html`<button class=${`badge plain ${failed ? "bad" : all ? "ok" : "warn"}`} onClick=${() => setOpen(true)}>
      <i aria-hidden="true"></i>${t("checked", { n: count(check.checked), total: count(check.total), largest })}
    </button>
    ${open &&
    html`<${Dialog} title=${t("checked", { n: count(check.checked), total: count(check.total), largest })} onClose=${() => setOpen(false)}>
      <p>${t("checkedHow")}</p>
      ${Object.keys(check.nodes).length > 0 &&
      html`<h4>${t("notRight")}</h4>
        <ul>${Object.entries(check.nodes).map(([name, node]) => html`<li key=${name}><code>${name}</code> ${node.message}</li>`)}</ul>`}
    <//>`}`;
}
