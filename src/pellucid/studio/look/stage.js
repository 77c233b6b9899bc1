// @ts-check
// The elastic level: one node or series as a picture, with its siblings, its views, its steps to play through.
import { html, useMemo } from "#studio/ui/dom.js";
import { Notice, Segmented } from "#studio/ui/parts.js";
import { listed, number, translator, words } from "#studio/ui/text.js";
import { useArrivals, useNumbers } from "#studio/look/looked.js";
import { fits, headingOf, lastPart, picture, titled } from "#studio/look/shown.js";
import { alongSteps, Scrub } from "#studio/look/scrub.js";
import { VIEWS, views } from "#studio/look/views/index.js";
import { nameOf as axisAt } from "#studio/look/views/picture.js";
import { TEXT } from "#studio/look/text.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/shown.js").Shown} Shown */

const t = translator(TEXT);

/**
 * @param {{ trace: Trace, shown: Shown, picture: import("#studio/look/views/picture.js").Picture | null, other: { trace: Trace, shown: Shown } | null, parts: string[], mark: number[], lit: Set<string> | null,
 *   view: string | undefined, gradient: boolean, gradients: boolean, title: (axis: string) => string, titles: [string, string] | null,
 *   onPoint: (index: number[] | null) => void, onPick: (index: number[]) => void, onOpen: (name: string) => void,
 *   onView: (view: string) => void, onGradient: (on: boolean) => void }} props
 */
export function Stage(props) {
  const { trace, shown, other, parts, mark, view, gradient, title, onOpen, onView } = props;
  const node = shown.nodes[0];
  const heading = headingOf(trace, shown);
  const mine = props.picture;
  const theirs = usePicture(other?.trace ?? trace, other?.shown ?? shown, gradient, title, heading);
  const [left, right] = useMemo(() => (other && mine && theirs ? onOneScale(mine, theirs) : [mine, theirs]), [mine, theirs, Boolean(other)]);
  const fitting = mine ? views(node?.kind ?? "", mine).filter((name) => VIEWS[name]) : [];
  const chosen = fitting.includes(view ?? "") ? /** @type {string} */ (view) : fitting[0];
  return html`<section class="stage sheet" aria-label=${heading}>
    <header>
      <h3>${heading}</h3>
      <span class="fine code-name"><code>${shown.name}</code> · [${told(mine, shown)}]${node ? html` · <code>${node.kind}</code>` : ""}</span>
      <span class="grow"></span>
      ${props.gradients &&
      html`<${Segmented} label=${t("gradients")} value=${gradient ? "gradient" : "value"} onChange=${(/** @type {string} */ chosen) => props.onGradient(chosen === "gradient")}
        options=${[{ value: "value", title: t("values") }, { value: "gradient", title: t("gradients") }]} />`}
      ${parts.length > 1 && html`<${Siblings} trace=${trace} parts=${parts} name=${shown.name} onOpen=${onOpen} />`}
    </header>
    ${(gradient || node?.caption) && html`<p class="quiet caption">${gradient ? t("gradientOf") : words(/** @type {any} */ (node.caption))}</p>`}
    ${props.titles && !other && html`<${Notice}>${t("otherHasNone")}<//>`}
    <div class=${other ? "halves" : ""}>
      ${left && chosen && html`<${Half} ...${props} key="mine" picture=${left} compare=${other ? right : null} name=${chosen} heading=${props.titles?.[0]} />`}
      ${other && right && chosen && html`<${Half} ...${props} key="theirs" trace=${other.trace} shown=${other.shown} picture=${right} compare=${left} name=${chosen} heading=${props.titles?.[1]} lit=${null} />`}
    </div>
    <footer>
      ${shown.series && shown.shape[0] > 1 && html`<${Scrub} ...${alongSteps(shown, mine?.axes[0], mark, props.onPick)} />`}
      <span class="grow"></span>
      ${fitting.length > 1 &&
      html`<${Segmented} label=${t("views")} value=${chosen} onChange=${onView} options=${fitting.map((name) => ({ value: name, title: words(VIEWS[name].title) }))} />`}
    </footer>
  </section>`;
}

/** @param {any} one @param {any} other two pictures whose colours mean the same @returns {[any, any]} */
function onOneScale(one, other) {
  const scale = { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high), signed: one.signed || other.signed };
  return [{ ...one, ...scale }, { ...other, ...scale }];
}

const MOST_SIDE_BY_SIDE = 9; // parts that have room beside each other

/** @param {{ trace: Trace, parts: string[], name: string, onOpen: (name: string) => void }} props */
function Siblings({ trace, parts, name, onOpen }) {
  const options = parts.map((part) => ({
    value: part,
    title: words(trace.meta.short?.[lastPart(part)]) || words(titled(trace, part)) || lastPart(part),
  }));
  if (parts.length <= MOST_SIDE_BY_SIDE) return html`<${Segmented} label=${t("siblings")} value=${name} onChange=${onOpen} options=${options} />`;
  return html`<select aria-label=${t("siblings")} value=${name} onChange=${(/** @type {any} */ event) => onOpen(event.target.value)}>
    ${options.map((option) => html`<option key=${option.value} value=${option.value}>${option.title}</option>`)}
  </select>`;
}

/** @param {{ shape: number[], axes: { title: string }[] } | null} mine @param {Shown} shown `word 9 × unit 15` */
const told = (mine, shown) => shown.shape.map((n, i) => `${mine?.axes[i]?.title ?? ""} ${n}`.trim()).join(" × ");

/** @param {any} props one picture, or one of two */
function Half({ trace, shown, picture: seen, compare, name, heading, mark, lit, gradient, onPoint, onPick }) {
  const describe = useMemo(() => describer(seen), [seen]);
  useArrivals(trace);
  const View = VIEWS[name].component;
  if (gradient && !shown.values.some((/** @type {any} */ value) => trace.gradient(value.id))) return html`<${Notice}>${t("noGradient")}<//>`;
  return html`<div class="half">
    ${heading && html`<h4 class="quiet">${heading}</h4>`}
    <${View} picture=${seen} compare=${compare} mark=${fits(mark, seen.shape) ? mark : null} active=${true} describe=${describe}
      lit=${(/** @type {number[]} */ index) => (lit?.has(index.join()) ? 1 : 0)} onPoint=${onPoint} onPick=${onPick} />
  </div>`;
}

/**
 * A cell and its value in words: "prize, unit 3 = 0.822".
 * @param {{ shape: number[], axes: any[], at: (index: number[]) => number, label: string }} seen
 */
export const describer = (seen) => (/** @type {number[]} */ index) => {
  const where = listed(index.map((at, axis) => axisAt(seen.axes[axis], at)));
  let value = "…";
  try {
    value = number(seen.at(index));
  } catch {
    // its bytes are on their way
  }
  return t("cell", { label: where || seen.label, value });
};

/** @param {Trace} trace @param {Shown} shown @param {boolean} gradient @param {(axis: string) => string} title @param {string} label */
export function usePicture(trace, shown, gradient, title, label) {
  const made = useMemo(() => ({ trace, shown, gradient, label, picture: /** @type {any} */ (null) }), [trace, shown, gradient, label, title]);
  return useNumbers(() => (made.picture ??= picture(trace, shown, { gradient, title, label })));
}
