// @ts-check
// The confusion matrix: of a yes-or-no classifier in its own words, of many classes as a heat table whose mistakes are links.
import { html } from "#studio/ui/dom.js";
import { link } from "#studio/ui/url.js";
import { mistakes } from "#studio/train/mistakes.js";
import { countText, t } from "#studio/train/names.js";

const MOST_CLASSES = 40; // of a table; of more only the commonest mistakes are listed

/**
 * @param {{ matrix: number[][], labels: string[], binary: boolean, room: string, id: string }} props
 * rows are the truth, columns the answer; binary: [[tn, fp], [fn, tp]]
 */
export const Confusion = (props) => (props.binary ? html`<${Binary} ...${props} />` : html`<${Many} ...${props} />`);

/** @param {{ matrix: number[][] }} props */
function Binary({ matrix }) {
  const kinds = /** @type {const} */ ([["tn", "fp"], ["fn", "tp"]]);
  const sides = /** @type {const} */ (["negative", "positive"]);
  return html`<table class="confusion">
    <caption>${t("confusion")}</caption>
    <thead>
      <tr><td></td>${sides.map((side) => html`<th scope="col">${t("answer")}<br />${t(side)}</th>`)}</tr>
    </thead>
    <tbody>
      ${matrix.map(
        (row, i) => html`<tr>
          <th scope="row">${t("truth")}<br />${t(sides[i])}</th>
          ${row.map(
            (n, j) => html`<td class=${i === j ? "right" : "mistake"}>
              <strong class="num">${countText(n)}</strong><span>${t(kinds[i][j])}</span>
            </td>`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** @param {{ matrix: number[][], labels: string[], room: string, id: string }} props */
function Many({ matrix, labels, room, id }) {
  const found = mistakes(matrix);
  const most = found[0]?.count ?? 1;
  const name = (/** @type {number} */ at) => labels[at] ?? String(at);
  const gallery = (/** @type {number} */ truth, /** @type {number} */ answer) =>
    link(`/${room}/try`, { run: id, gallery: "input", truth: name(truth), answered: name(answer), wrong: null });
  return html`<div class="confusion-many">
    <h4 id="confusion-title">${t("confusion")}</h4>
    <p class="fine">${t("confusionAbout")}</p>
    ${matrix.length <= MOST_CLASSES &&
    html`<div class="scroll-x" tabindex="0" role="region" aria-labelledby="confusion-title">
      <table class="heat-table" aria-labelledby="confusion-title">
        <thead>
          <tr><td class="corner fine">${t("truth")} ↓ ${t("answer")} →</td>${matrix.map((_, j) => html`<th scope="col" key=${j} title=${name(j)}>${name(j)}</th>`)}</tr>
        </thead>
        <tbody>
          ${matrix.map((row, i) => {
            const total = row.reduce((sum, n) => sum + n, 0) || 1;
            return html`<tr key=${i}>
              <th scope="row" title=${name(i)}>${name(i)}</th>
              ${row.map((n, j) => {
                if (i === j) return html`<td key=${j} class="right num" style=${{ "--share": n / total }} title=${t("ofRow", { n: countText(n), total: countText(total) })}>${countText(n)}</td>`;
                if (!n) return html`<td key=${j} class="none"><span class="sr-only">0</span></td>`;
                const told = t("mistakesOf", { truth: name(i), answer: name(j), n: countText(n) });
                return html`<td key=${j} class="mistake num" style=${{ "--share": n / most }}><a ...${gallery(i, j)} aria-label=${told} title=${told}>${countText(n)}</a></td>`;
              })}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`}
    ${found.length > 0 &&
    html`<p class="commonest"><span class="fine">${t("commonest")}</span>
      ${found.slice(0, 5).map(
        ({ truth, answer, count }) =>
          html`<a key=${`${truth},${answer}`} ...${gallery(truth, answer)} aria-label=${t("mistakesOf", { truth: name(truth), answer: name(answer), n: countText(count) })}>${name(truth)} → ${name(answer)} <span class="num">×${countText(count)}</span></a>`,
      )}
      <a ...${link(`/${room}/try`, { run: id, gallery: "input", wrong: "1", truth: null, answered: null })}>${t("allMistakes", { n: countText(found.reduce((sum, { count }) => sum + count, 0)) })}</a>
    </p>`}
  </div>`;
}
