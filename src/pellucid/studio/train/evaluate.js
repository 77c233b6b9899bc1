// @ts-check
// How a run does on the test data: its scores, and its confusion matrix as a small picture.
import { html, useEffect, useState } from "#studio/ui/dom.js";
import { Spinner } from "#studio/ui/parts.js";
import { evaluate } from "#studio/train/actions.js";
import { Confusion } from "#studio/train/confusion.js";
import { countText, scoreName, scoreText, t } from "#studio/train/names.js";

/** @typedef {import("#studio/types.d.ts").Evaluation} Evaluation */

const NOT_A_SCORE = ["examples", "threshold", "confusion"];

/** @param {{ room: string, id: string }} props */
export function Evaluate({ room, id }) {
  const [found, setFound] = useState(/** @type {Evaluation | null} */ (null));
  const [working, setWorking] = useState(false);
  useEffect(() => setFound(null), [room, id]);
  if (!found)
    return html`<button
      disabled=${working}
      onClick=${async () => {
        setWorking(true);
        setFound(await evaluate(room, id));
        setWorking(false);
      }}
    >
      ${working ? html`<${Spinner} label=${t("evaluating")} /> ${t("evaluating")}` : t("evaluate")}
    </button>`;
  const { scores, labels } = found;
  const names = Object.keys(scores).filter((name) => typeof scores[name] === "number" && !NOT_A_SCORE.includes(name));
  return html`<section class="evaluation" aria-label=${t("evaluation")}>
    <div>
      <h3>${t("evaluation")}</h3>
      ${scores.examples !== undefined && html`<p class="fine">${t("evaluationAbout", { n: countText(scores.examples) })}</p>`}
      <dl class="figures">
        ${names.map((name) => html`<div key=${name}><dt>${scoreName(name)}</dt><dd class="num">${scoreText(scores[name])}</dd></div>`)}
      </dl>
    </div>
    ${Array.isArray(scores.confusion) && html`<${Confusion} matrix=${scores.confusion} labels=${labels} binary=${scores.threshold !== undefined} room=${room} id=${id} />`}
  </section>`;
}
