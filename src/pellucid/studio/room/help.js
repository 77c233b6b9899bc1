// @ts-check
// `?`: the keys that work on this page.
import { TEXT } from "#studio/room/help.text.js";
import { caps, groups } from "#studio/room/help.keys.js";
import { Fragment, html, useState } from "#studio/ui/dom.js";
import { active } from "#studio/ui/keys.js";
import { Dialog } from "#studio/ui/parts.js";
import { translator } from "#studio/ui/text.js";

const t = translator(TEXT);

/** @param {{ onClose: () => void }} props */
export function Help({ onClose }) {
  const [found] = useState(() => groups(active())); // as it was before the dialog took the focus
  const shown = [...found, { title: t("always"), rows: ALWAYS.map(({ keys, does }) => ({ keys, does: t(does) })) }];
  return html`<${Dialog} title=${t("title")} onClose=${onClose} wide>
    <div class="keys">
      ${shown.map(
        ({ title, rows }) => html`<section key=${title}>
          <h3>${title}</h3>
          <dl>
            ${rows.map(
              ({ keys, does }) => html`<div key=${keys[0]}>
                <dt>
                  ${keys.map(
                    (key, i) => html`<${Fragment} key=${key}>
                      ${i > 0 && html`<span class="or"> ${t("or")} </span>`}<${Combination} key_=${key} />
                    <//>`,
                  )}
                </dt>
                <dd>${does}</dd>
              </div>`,
            )}
          </dl>
        </section>`,
      )}
    </div>
  <//>`;
}

const ALWAYS = /** @type {const} */ ([
  { keys: ["Tab"], does: "tab" },
  { keys: ["Enter", " "], does: "enter" },
  { keys: ["Escape"], does: "escape" },
]);

/** @param {{ key_: string }} props */
const Combination = ({ key_ }) =>
  html`<span class="combination">${caps(key_, t("space")).map((cap) => html`<kbd key=${cap}>${cap}</kbd>`)}</span>`;
