// @ts-check
// What a channel responds to most in the data: the pictures in which it is strongest, and the part of each that it sees.
import { html } from "#studio/ui/dom.js";
import { useGet } from "#studio/ui/http.js";
import { Spinner } from "#studio/ui/parts.js";
import { told } from "#studio/ui/problem.js";
import { number, translator } from "#studio/ui/text.js";
import { sizeOf } from "#studio/look/png.js";
import { isImage } from "#studio/look/shown.js";
import { TEXT } from "#studio/look/text.js";

/** @typedef {import("#studio/types.d.ts").Patch} Patch */

const t = translator(TEXT);

/**
 * @param {{ shown: import("#studio/look/shown.js").Shown, mark: number[], address: (node: string, channel: number) => string }} props
 * address: where the server answers for a node and a channel. Nothing is shown where the room has no patches.
 */
export function Patches({ shown, mark, address }) {
  const channels = isImage(shown) && shown.shape.length === 3 && shown.nodes.length === 1;
  const { data, error, loading } = useGet(channels ? address(shown.name, mark[0]) : null);
  const patches = /** @type {{ patches: Patch[] | null } | null} */ (data)?.patches;
  const size = patches?.length ? sizeOf(patches[0].picture) : null;
  if (!channels || (data && !patches)) return null;
  return html`<section class="patches sheet" aria-label=${t("patches", { channel: mark[0] })}>
    <h4>${t("patches", { channel: mark[0] })} ${loading && html`<${Spinner} />`}</h4>
    ${error && html`<p class="quiet">${told(error)}</p>`}
    ${patches && size && html`<ol>${patches.map((patch, n) => html`<li key=${n}><${One} patch=${patch} size=${size} /></li>`)}</ol>`}
    ${patches && html`<p class="fine">${t("patchesAbout")}</p>`}
  </section>`;
}

/** @param {{ patch: Patch, size: [width: number, height: number] }} props the part that is seen, and the picture around it */
function One({ patch, size: [width, height] }) {
  const { picture, row, column, height: tall, width: wide } = patch;
  const image = html`<image href=${picture} width=${width} height=${height} />`;
  const seen = t("patchAt", { target: patch.target, row, column, rows: tall, columns: wide });
  return html`<figure title=${patch.name}>
    <svg class="crop" viewBox=${`${column} ${row} ${wide} ${tall}`} role="img" aria-label=${seen}>${image}</svg>
    <svg class="whole" viewBox=${`0 0 ${width} ${height}`} aria-hidden="true">${image}<rect x=${column} y=${row} width=${wide} height=${tall} /></svg>
    <figcaption><b>${patch.target}</b> <span class="num">${number(patch.value)}</span></figcaption>
  </figure>`;
}
