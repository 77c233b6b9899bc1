// @ts-check
// The explorer in a page that is one file: the trace is in it, the state in the URL's fragment.
import { html, render, useEffect, useState } from "#studio/ui/dom.js";
import { pickLanguage, setLanguage } from "#studio/ui/text.js";
import { Explorer } from "#studio/look/explorer.js";
import { inMemory } from "#studio/look/file.js";
import { Trace } from "#studio/look/trace.js";

const data = JSON.parse(document.getElementById("looked")?.textContent ?? "{}");
const text = atob(data.trace);
const bytes = new Uint8Array(text.length);
for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);

/** @returns {Record<string, string>} */
const fromHash = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

/** @param {{ looked: import("#studio/look/looked.js").Looked }} props */
function Page({ looked }) {
  const [query, setQuery] = useState(fromHash);
  setLanguage(pickLanguage(query.lang || data.language || undefined));
  useEffect(() => {
    const follow = () => setQuery(fromHash());
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  /** @param {null} _ @param {Record<string, string | null>} changes @param {{ replace?: boolean }} [options] */
  const change = (_, changes, { replace = false } = {}) => {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes)) value === null ? next.delete(name) : next.set(name, value);
    setQuery(Object.fromEntries(next));
    if (location.protocol !== "about:") history[replace ? "replaceState" : "pushState"](null, "", `#${next}`); // no frame of a notebook
  };
  const input = looked.trace.meta.text ?? "";
  return html`<main class="static look stack">
    <header class="row">
      <span class="brand"><i aria-hidden="true"></i>Pellucid</span>
      <b class="grow">${input}</b>
      <button class="plain" lang="en" onClick=${() => change(null, { lang: "en" }, { replace: true })}>EN</button>
      <button class="plain" lang="zh-TW" onClick=${() => change(null, { lang: "zh-TW" }, { replace: true })}>繁中</button>
    </header>
    <${Explorer} looked=${looked} query=${query} change=${change} />
  </main>`;
}

const trace = await Trace.open(inMemory(bytes.buffer));
await trace.readSmall();
const looked = { trace, check: data.report, answer: null, url: "", bytes: bytes.length, milliseconds: 0, input: trace.meta.text ?? "" };
render(html`<${Page} looked=${looked} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
