// @ts-check
// One system on the map: a link into its room, or a dashed place for what is not built yet.
import { standing } from "#studio/map/course.js";
import { TEXT } from "#studio/map/text.js";
import { html } from "#studio/ui/dom.js";
import { useGet } from "#studio/ui/http.js";
import { translator, words } from "#studio/ui/text.js";
import { link } from "#studio/ui/url.js";
import { Mini } from "#studio/look/views/mini.js";

/** @typedef {import("#studio/types.d.ts").Place} Place */
/** @typedef {import("#studio/types.d.ts").Picture} Picture */

const t = translator(TEXT);

/** @param {{ place: Place }} props */
export function Card({ place }) {
  return place.built ? html`<${Built} place=${place} />` : html`<${NotBuilt} place=${place} />`;
}

/** @param {{ place: Place }} props */
function Built({ place }) {
  const id = `map-${place.name}`;
  return html`<a class="card" ...${link(`/${place.name}/learn`)} aria-labelledby=${id} aria-describedby=${`${id}-about`}>
    <${Values} room=${place.name} />
    <h3 id=${id}>${words(place.title)}</h3>
    <div id=${`${id}-about`}>
      <p>${words(place.summary)}</p>
      <p class="standing">
        ${standing(place.state).map(({ on, key, values }) => html`<span key=${key} class=${on}>${t(key, values)}</span> `)}
      </p>
    </div>
  </a>`;
}

/** @param {{ place: Place }} props */
const NotBuilt = ({ place }) => html`<div class="card not-built">
  <h3>${words(place.title)}</h3>
  ${place.summary && html`<p>${words(place.summary)}</p>`}
  <p class="standing">${t("notBuilt")}</p>
</div>`;

/** What the room's bundled run really computed; a card without it is still a card. @param {{ room: string }} props */
function Values({ room }) {
  const { data } = useGet(`/api/rooms/${room}/picture`);
  const picture = /** @type {Picture | null} */ (data);
  return html`<div class="picture" aria-hidden="true">
    ${picture && html`<${Mini} rows=${picture.rows} signed=${picture.signed} height=${64} />`}
  </div>`;
}
