// @ts-check
// A command line, to be read and copied.
import { html } from "#studio/ui/dom.js";
import { toast } from "#studio/ui/parts.js";
import { t } from "#studio/train/names.js";

/** @param {{ text: string }} props */
export function Command({ text }) {
  return html`<div class="command">
    <code tabindex="0" aria-label=${t("command")}>${text}</code>
    <button
      class="small"
      aria-label=${`${t("copy")}: ${t("command")}`}
      onClick=${() => navigator.clipboard?.writeText(text).then(() => toast(t("copied")))}
    >
      ${t("copy")}
    </button>
  </div>`;
}
