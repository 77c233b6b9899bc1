// @ts-check
// What a run is called where there is little room, and what sets it apart.
import { number, translator, when } from "#studio/ui/text.js";
import { TEXT } from "#studio/room/text.js";

/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */

const t = translator(TEXT);

/** @param {RunSummary} run the last word of its folder's name */
export const called = (run) => (run.bundled ? t("bundled") : (run.id.split("-").at(-1) ?? run.id));

/** @param {RunSummary} run in a line */
export function told(run) {
  const changed = Object.entries(run.changed).slice(0, 4).map(([name, value]) => `${name} ${value}`);
  const score = Object.entries(run.scores).find(([name]) => /f1|accuracy/.test(name));
  return [...changed, when(run.started), score && `${score[0].replace("validation_", "")} ${number(score[1])}`].filter(Boolean).join(" · ");
}
