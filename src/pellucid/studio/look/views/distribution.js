// @ts-check
// Probabilities: of classes, the likeliest first where there are many; or of yes and no, as a gauge with its threshold.
import { Board, cellProps, lightClass } from "#studio/look/views/board.js";
import { likeliest } from "#studio/look/views/geometry.js";
import { Empty, Held, isEmpty, signedNumber, t } from "#studio/look/views/parts.js";
import { difference, nameOf, read } from "#studio/look/views/picture.js";
import { slice } from "#studio/look/views/plane.js";
import { html } from "#studio/ui/dom.js";
import { number } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */

/** @param {ViewProps & { threshold?: number }} view threshold: of a single probability */
export function Distribution(view) {
  const { picture, mark, compare, threshold = 0.5 } = view;
  if (isEmpty(picture))
    return html`
      <${Empty} view=${view} />
    `;
  const line = slice(picture, mark, 1);
  const count = picture.shape[line.free[0]] ?? 1;
  const values = Array.from({ length: count }, (_, at) => read(picture, line.index(at)) ?? Number.NaN);
  const { shown, others, rest } = likeliest(values, line.place(mark)?.[0] ?? null);
  const classes = count > 1 && Math.abs(values.reduce((a, b) => a + b, 0) - 1) < 0.02;
  const light = shown.map((at) => view.lit(line.index(at)));
  const any = light.some(Boolean);
  const best = classes ? values.indexOf(Math.max(...values)) : -1;
  const name = (/** @type {number} */ at) => (count > 1 ? nameOf(picture.axes[line.free[0]], at) : picture.label);
  return html`
    <div class="view distribution">
      <${Held} view=${view} slice=${line} />
      <${Board} view=${view} kind=${`view-odds ${classes ? "" : "gauge"}`}>
        ${(/** @type {number[] | null} */ pointed) => [
          ...shown.map((at, nth) => {
            const by = difference(picture, compare, line.index(at));
            return html`
              <div
                key=${at}
                class=${`odds ${lightClass(light[nth], any)} ${at === best ? "best" : ""}`}
                ...${cellProps(line.index(at), count > 1 ? view : { ...view, mark: null }, pointed)}
              >
                <span class="name">${name(at)}</span>
                <${Track}
                  value=${values[at]}
                  other=${by === null ? null : values[at] - by}
                  threshold=${classes ? null : threshold}
                />
                <span class="num">${Number.isNaN(values[at]) ? "" : number(values[at])}</span>
                ${
                  by !== null &&
                  html`
                    <span class="num by">${by ? signedNumber(by) : ""}</span>
                  `
                }
              </div>
            `;
          }),
          others > 0 &&
            html`
              <div class="odds others">
                <span class="name">${t("others", { n: others })}</span>
                <${Track} value=${rest} other=${null} threshold=${null} />
                <span class="num">${number(rest)}</span>
              </div>
            `,
          !classes &&
            html`
              <div class="odds threshold">
                <span class="name"></span>
                <span class="foot" style=${{ "--at": `${threshold * 100}%` }}>
                  <small>0</small>
                  <small>${t("threshold", { n: threshold })}</small>
                  <small>1</small>
                </span>
                <span class="num"></span>
              </div>
            `,
        ]}
      <//>
    </div>
  `;
}

/** @param {{ value: number, other: number | null, threshold: number | null }} props */
const Track = ({ value, other, threshold }) => html`
  <span class=${`track ${threshold !== null && value >= threshold ? "over" : ""}`}>
    <i class="fill" style=${{ width: `${100 * Math.min(1, Math.max(0, value || 0))}%` }}></i>
    ${
      other !== null &&
      html`
        <i class="other" style=${{ left: `${100 * other}%` }}></i>
      `
    }
    ${
      threshold !== null &&
      html`
        <i class="limit" style=${{ left: `${100 * threshold}%` }}></i>
      `
    }
  </span>
`;
