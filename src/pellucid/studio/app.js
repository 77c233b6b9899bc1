// @ts-check
// The studio's one page: header, the map or a room, toasts; language and theme from the URL.
import { html, render, useEffect, useState } from "#studio/ui/dom.js";
import { useKeys } from "#studio/ui/keys.js";
import { Toasts } from "#studio/ui/parts.js";
import { pickLanguage, setLanguage, translator } from "#studio/ui/text.js";
import { useUrl } from "#studio/ui/url.js";
import { TEXT } from "#studio/room/text.js";
import { Brand, Switches, useTheme } from "#studio/room/header.js";
import { Map } from "#studio/map/map.js";
import { Room } from "#studio/room/room.js";
import { Help } from "#studio/room/help.js";
import { Finder } from "#studio/room/finder.js";

const t = translator(TEXT);

function App() {
  const place = useUrl();
  const { path, query } = place;
  setLanguage(pickLanguage(query.lang));
  useTheme(query.theme);
  const [over, setOver] = useState(/** @type {"help" | "finder" | null} */ (null));
  useKeys(t("everywhere"), {
    "?": [t("showKeys"), () => setOver("help")],
    "/": [t("find"), () => setOver("finder")],
  });
  const open = { help: () => setOver("help"), finder: () => setOver("finder") };
  return html`<a class="skip" href="#main">${t("skip")}</a>
    ${path.length ? html`<${Room} place=${place} name=${path[0]} tab=${path[1]} open=${open} key=${path[0]} />` : html`<${Front} place=${place} open=${open} />`}
    ${over === "help" && html`<${Help} onClose=${() => setOver(null)} />`}
    ${over === "finder" && html`<${Finder} onClose=${() => setOver(null)} />`}
    <${Toasts} />`;
}

/** @param {{ place: import("#studio/ui/url.js").Place, open: { help: () => void, finder: () => void } }} props */
function Front({ place, open }) {
  useEffect(() => {
    document.title = "Pellucid";
  });
  return html`<header class="top wide">
      <${Brand} />
      <span class="grow"></span>
      <button class="find" aria-label=${t("findHint")} onClick=${open.finder}><svg width="15" height="15" viewBox="0 0 16 16" aria-hidden="true"><path d="M11 11l3.6 3.6M12.2 7a5.2 5.2 0 1 1-10.4 0a5.2 5.2 0 1 1 10.4 0z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" /></svg><span>${t("findHint")}</span><kbd>/</kbd></button>
      <${Switches} place=${place} open=${open} />
    </header>
    <main id="main" class="front"><${Map} place=${place} /></main>`;
}

render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
