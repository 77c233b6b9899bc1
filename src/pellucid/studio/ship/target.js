// @ts-check
// One run time: what it is for, its bundle, how far that is from the trained model, and the button that makes it.
import { html } from "#studio/ui/dom.js";
import { Notice, ProgressBar } from "#studio/ui/parts.js";
import { count, listed, number, size, translator, when } from "#studio/ui/text.js";
import { report, tiny } from "#studio/ship/report.js";
import { TEXT } from "#studio/ship/text.js";
import { scoreName } from "#studio/train/names.js";

/** @typedef {import("#studio/types.d.ts").Export} Export */
/** @typedef {import("#studio/types.d.ts").Runtime} Runtime */

const t = translator(TEXT);

/**
 * @param {{ runtime: Runtime, made: Export | undefined, busy: boolean, main: boolean, files: string, onExport: () => void }} props
 * busy: one is being made; main: the run time to begin with; files: address of the exports
 */
export function Target({ runtime, made, busy, main, files, onExport }) {
  const state = made?.state ?? "none";
  return html`<section class="sheet target" aria-labelledby=${`target-${runtime.name}`}>
    <div class="title">
      <h2 id=${`target-${runtime.name}`}>${runtime.title}</h2>
      <span class=${`ship-state ${state}`} role="status">${t(state)}</span>
    </div>
    <p class="quiet">${t(runtime.name)}</p>
    ${state === "working" && html`<${ProgressBar} value=${null} label=${t("working")} />`}
    ${made && (state === "working" || state === "failed") && html`<pre class="log" aria-label=${t("log")} tabindex="0"><code>${made.log.join("\n") || "…"}</code></pre>`}
    ${made?.info && html`<${Result} made=${made} info=${made.info} />`}
    ${!runtime.available && html`<${Notice}>${t("notInstalled")}<br /><code>${command(runtime.why_not)}</code><//>`}
    <div class="row actions">
      ${made?.info && state !== "working" && html`<a class="button primary" href=${`${files}/${made.name}/bundle.zip`} download>${t("download")}</a>`}
      <button class=${main && !made?.info ? "primary" : ""} disabled=${busy || !runtime.available} onClick=${onExport}>
        ${made && state !== "working" ? t("exportAgain") : t("export")}
      </button>
    </div>
  </section>`;
}

/** @param {string} whyNot "…: pip install …" */
const command = (whyNot) => whyNot.replace(/^[^:]*:\s*/, "");

/** @param {{ made: Export, info: Record<string, any> }} props */
function Result({ made, info }) {
  const found = report(info);
  return html`<dl class="figures">
      <div><dt>${t("model")}</dt><dd class="num">${size(info.bytes)}</dd></div>
      <div><dt>${t("bundle")}</dt><dd class="num">${size(made.bytes ?? 0)}</dd></div>
      <div>
        <dt>${t("difference")}</dt>
        <dd>
          <b class="num">${tiny(found.largest)}</b>
          <span class="fine">${found.tolerance === null ? t("ofSpread", { n: number(100 * found.relative, 2) }) : t("allowed", { n: tiny(found.tolerance).replace(".0", "") })}</span>
        </dd>
      </div>
      <div><dt>${t("inputs")}</dt><dd>${t("inputsOf", { n: count(found.inputs) })}</dd></div>
    </dl>
    <table class="data">
      <caption class="sr-only">${t("scores")}</caption>
      <thead><tr><th scope="col">${t("score")}</th><th scope="col" class="end">${t("trained")}</th><th scope="col" class="end">${t("shipped")}</th></tr></thead>
      <tbody>
        ${found.scores.map(
          ({ name, trained, shipped }) =>
            html`<tr key=${name}><th scope="row">${scoreName(name)}</th><td class="num">${number(trained, 4)}</td><td class="num">${number(shipped, 4)}</td></tr>`,
        )}
      </tbody>
    </table>
    <details><summary class="fine">${listed([t("report"), t("made", { when: when(info.created) })])}</summary><pre tabindex="0">${made.parity}</pre></details>`;
}
