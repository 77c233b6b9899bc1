// @ts-check
// A command line, to be read and copied.
import { html } from "#studio/ui/dom.js";
import { Copy } from "#studio/ui/parts.js";
import { t } from "#studio/train/names.js";

/** @param {{ text: string }} props */
export function Command({ text }) {
  return html`<div class="command">
    <code tabindex="0" aria-label=${t("command")}>${text}</code>
    <${Copy} text=${text} label=${t("command")} />
  </div>`;
}
