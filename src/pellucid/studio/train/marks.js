// @ts-check
// Small marks of a run, which the table and the run itself both show.
import { html } from "#studio/ui/dom.js";
import { settingText, t } from "#studio/train/names.js";

/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */

/** @param {{ run: RunSummary }} props */
export const State = ({ run }) => html`<span class=${`state ${run.state}`}>${t(run.state)}${run.place ? ` #${run.place}` : ""}</span>`;

/** @param {{ run: RunSummary }} props the settings that are not at their default */
export const Changes = ({ run }) => {
  const changed = Object.entries(run.changed);
  return html`<span class="changes">
    ${changed.map(([name, value]) => html`<code key=${name}>${name} <b>${settingText(value)}</b></code>`)}
    ${changed.length === 0 && html`<span class="fine">${t("defaults")}</span>`}
  </span>`;
};
