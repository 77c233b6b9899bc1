// @ts-check
// Lines to copy: a bundle used from a shell, from Python, from a page.
import { html, useState } from "#studio/ui/dom.js";
import { Copy, Segmented } from "#studio/ui/parts.js";
import { translator } from "#studio/ui/text.js";
import { TEXT } from "#studio/ship/text.js";

/** @typedef {import("#studio/types.d.ts").Export} Export */
/** @typedef {import("#studio/types.d.ts").Runtime} Runtime */

const t = translator(TEXT);
const FROM = /** @type {const} */ (["curl", "python", "javascript"]);

/** @param {{ exports: Export[], runtimes: Runtime[] }} props */
export function Snippets({ exports, runtimes }) {
  const made = exports.filter((each) => each.info);
  const [asked, setAsked] = useState("onnx");
  const [from, setFrom] = useState(/** @type {string} */ ("curl"));
  const bundle = made.find((each) => each.name === asked) ?? made[0];
  if (!bundle)
    return html`<section class="sheet stack"><h2>${t("use")}</h2><p class="quiet">${t("firstExport")}</p></section>`;
  const known = FROM.filter((each) => bundle.snippets[each]);
  const shown = known.find((each) => each === from) ?? known[0];
  return html`<section class="sheet stack use">
    <div class="row">
      <h2 class="grow">${t("use")}</h2>
      ${made.length > 1 &&
      html`<${Segmented}
        label=${t("whichBundle")}
        value=${bundle.name}
        options=${made.map((each) => ({ value: each.name, title: runtimes.find(({ name }) => name === each.name)?.title ?? each.name }))}
        onChange=${setAsked}
      />`}
      <${Segmented}
        label=${t("from")}
        value=${shown}
        options=${known.map((each) => ({ value: each, title: t(each) }))}
        onChange=${setFrom}
      />
    </div>
    ${shown === "curl" && html`<${Code} about=${t("aboutServe")} code=${`pellucid serve ${quoted(bundle.folder)}`} />`}
    <${Code}
      about=${t(shown === "curl" ? "aboutCurl" : shown === "python" ? "aboutPython" : "aboutJavascript")}
      code=${bundle.snippets[shown]}
    />
  </section>`;
}

/** @param {string} path @returns {string} as a shell takes it for one word */
const quoted = (path) => (/^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'"'"'`)}'`);

/** @param {{ about: string, code: string }} props */
export const Code = ({ about, code }) =>
  html`<div class="snippet">
    <div class="row"><p class="quiet grow">${about}</p><${Copy} text=${code} /></div>
    <pre tabindex="0"><code>${code}</code></pre>
  </div>`;
