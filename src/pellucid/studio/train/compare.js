// @ts-check
// Several runs over each other: a curve of each, the settings in which they differ, and what came of them.
import { html, useMemo } from "#studio/ui/dom.js";
import { Segmented, Spinner } from "#studio/ui/parts.js";
import { go } from "#studio/ui/url.js";
import { Curves, Swatch } from "#studio/train/curves.js";
import { countText, durationText, scoreName, scoreText, settingText, t } from "#studio/train/names.js";
import { curve, differences, names as scoreNames } from "#studio/train/series.js";
import { useLines } from "#studio/train/stream.js";

/** @typedef {import("#studio/types.d.ts").RunSummary} RunSummary */

/**
 * @param {{ room: string, runs: RunSummary[], names: string[], chosen: string[], query: Record<string, string> }} props
 * names: of the runs. chosen: ids, in the order of their lines' styles
 */
export function Compare({ room, runs, names, chosen, query }) {
  const picked = chosen.map((id) => /** @type {RunSummary} */ (runs.find((run) => run.id === id)));
  const labels = picked.map((run) => names[runs.indexOf(run)]);
  const lines = useLines(room, picked);
  const scores = [...new Set(picked.flatMap((run) => [...Object.keys(run.scores), ...scoreNames(lines.get(run.id)?.epochs ?? [])]))];
  const choices = [...scores, "loss"];
  const score = choices.includes(query.score) ? query.score : (scores.find((name) => name.startsWith("validation_")) ?? choices[0]);
  const unit = query.by === "seconds" ? "seconds" : "epoch";
  const curves = useMemo(
    () =>
      picked.map((run, i) => {
        const own = lines.get(run.id);
        const points = own ? curve(score === "loss" ? own.pulses : own.epochs, score, unit) : [];
        return { label: labels[i], points, style: i };
      }),
    [lines, chosen.join(), labels.join(), score, unit],
  );
  const missing = picked.some((run) => !lines.has(run.id));
  const set = (/** @type {Record<string, string>} */ changes) => go(null, changes, { replace: true });

  return html`<section class="sheet compare" aria-labelledby="compare-title">
    <header class="row">
      <h2 id="compare-title" class="grow">${t("compare")} ${missing && html`<${Spinner} />`}</h2>
      <label class="row">
        <span class="quiet">${t("curveOf")}</span>
        <select value=${score} onChange=${(/** @type {any} */ event) => set({ score: event.currentTarget.value })}>
          ${choices.map((name) => html`<option key=${name} value=${name}>${scoreName(name)}</option>`)}
        </select>
      </label>
      <${Segmented}
        label=${t("over")}
        value=${unit}
        onChange=${(/** @type {string} */ by) => set({ by })}
        options=${[{ value: "epoch", title: t("epoch") }, { value: "seconds", title: t("seconds") }]}
      />
    </header>
    <${Curves} title=${scoreName(score)} unit=${unit} curves=${curves} height=${280} />
    <${Differences} picked=${picked} labels=${labels} scores=${scores} />
  </section>`;
}

/** @param {{ picked: RunSummary[], labels: string[], scores: string[] }} props only rows that tell the runs apart, then the results */
function Differences({ picked, labels, scores }) {
  const differ = differences(picked);
  const results = [
    ...scores.map((name) => ({ title: scoreName(name), texts: picked.map((run) => scoreText(run.scores[name])) })),
    { title: t("epochs"), texts: picked.map((run) => countText(run.training?.epochs ?? run.epoch)) },
    { title: t("time"), texts: picked.map((run) => durationText(run.training?.seconds)) },
    { title: t("parameters"), texts: picked.map((run) => countText(run.parameters)) },
  ];
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label=${t("results")}>
    <table class="data">
      <thead>
        <tr><td></td>${labels.map((label, i) => html`<th scope="col" class="num"><${Swatch} style=${i} /> ${label}</th>`)}</tr>
      </thead>
      <tbody>
        <tr class="part"><th scope="rowgroup" colspan=${labels.length + 1}>${differ.length ? t("differing") : t("noDiffering")}</th></tr>
        ${differ.map(
          ({ name, values }) => html`<tr key=${name}>
            <th scope="row"><code>${name}</code></th>
            ${values.map((value) => html`<td class="num">${settingText(value)}</td>`)}
          </tr>`,
        )}
      </tbody>
      <tbody>
        <tr class="part"><th scope="rowgroup" colspan=${labels.length + 1}>${t("results")}</th></tr>
        ${results.map(
          ({ title, texts }) => html`<tr key=${title}>
            <th scope="row">${title}</th>
            ${texts.map((text) => html`<td class="num">${text}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
