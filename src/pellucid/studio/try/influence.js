// @ts-check
// The words of an input in a row, each with a bar above or below the line: how much it raises or lowers the answer.
import { html, useState } from "#studio/ui/dom.js";
import { Segmented } from "#studio/ui/parts.js";
import { translator, words } from "#studio/ui/text.js";
import { difference } from "#studio/try/difference.js";
import { alike, extent, largest } from "#studio/try/scale.js";
import { TEXT } from "#studio/try/text.js";

/** @typedef {import("#studio/types.d.ts").Influence} InfluenceMessage */
/** @typedef {"occlusion" | "gradient"} Method */

const t = translator(TEXT);
const FIRST = 60; // words shown before all are asked for

/**
 * @param {{ influence: InfluenceMessage, edited?: InfluenceMessage | null, method: Method, onMethod: (method: Method) => void }} props
 * edited: of a copy that is compared with it
 */
export function Influence({ influence, edited = null, method, onMethod }) {
  const values = [influence, edited].flatMap((each) => each?.[method] ?? []);
  const scale = largest(values);
  const changes = edited ? difference(influence.parts, edited.parts) : null;
  const score = words(method === "occlusion" ? influence.score_name : influence.gradient_of);
  return html`<section class="sheet stack influence">
    <div class="row">
      <h2 class="grow">${t("influence")}</h2>
      <${Segmented}
        label=${t("method")}
        value=${method}
        options=${[
          { value: "occlusion", title: t("occlusion") },
          { value: "gradient", title: t("gradient") },
        ]}
        onChange=${onMethod}
      />
    </div>
    <p class="quiet">${method === "occlusion" ? t("aboutOcclusion", { score }) : t("aboutGradient", { score })}</p>
    ${changes && html`<h3>${t("original")}</h3>`}
    <${Strip} influence=${influence} method=${method} scale=${scale} marked=${changes?.removed} mark="removed" />
    ${edited &&
    changes &&
    html`<h3>${t("edited")}</h3>
      <${Strip} influence=${edited} method=${method} scale=${scale} marked=${changes.added} mark="added" />`}
    <p class="legend fine">
      <span>${score}:</span>
      <span><i class="pos"></i>${t("speaksFor")}</span>
      <span><i class="neg"></i>${t("speaksAgainst")}</span>
      <span class="num">${t("fullBar", { n: alike(scale, scale).replace("+", "") })}</span>
      ${[influence, edited].some((each) => each?.known.includes(false)) && html`<span><u>…</u>${t("notKnown")}</span>`}
    </p>
  </section>`;
}

/**
 * @param {{ influence: InfluenceMessage, method: Method, scale: number, marked?: Set<number>, mark: "added" | "removed" }} props
 */
function Strip({ influence, method, scale, marked, mark }) {
  const [all, setAll] = useState(false);
  const { parts, known } = influence;
  const shown = all ? parts : parts.slice(0, FIRST);
  return html`<ol class="words" aria-label=${t("strip")} style=${extent(influence[method], scale)}>
      ${shown.map((part, i) => {
        const value = influence[method][i];
        const share = scale ? value / scale : 0;
        return html`<li key=${i} class=${share < 0 ? "neg" : "pos"} style=${{ "--share": Math.abs(share) }}>
          <span class="bar" aria-hidden="true"><i></i></span>
          <span class=${`word ${known[i] ? "" : "unknown"} ${marked?.has(i) ? mark : ""}`} title=${part}>${part}</span>
          <span class="num">${alike(value, scale)}</span>
          ${known[i] || html`<span class="sr-only">${t("notKnown")}</span>`}
          ${marked?.has(i) && html`<span class="sr-only">${t(mark)}</span>`}
        </li>`;
      })}
    </ol>
    ${shown.length < parts.length && html`<p><button class="small" onClick=${() => setAll(true)}>${t("allWords", { n: parts.length })}</button></p>`}`;
}
