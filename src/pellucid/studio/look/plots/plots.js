// @ts-check
// The curves and planes that a room asks for in `trace.meta.plots`, drawn from the trace's numbers; they follow the step that is open.
import { t } from "#studio/look/plots/frame.js";
import { Line } from "#studio/look/plots/line.js";
import { followed, momentOf, namedSteps } from "#studio/look/plots/numbers.js";
import { Plane } from "#studio/look/plots/plane.js";
import { readLine, readPlane } from "#studio/look/plots/read.js";
import { useNumbers } from "#studio/look/looked.js";
import { html, useMemo, useState } from "#studio/ui/dom.js";
import { language } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/plots/read.js").Plot} Plot */
/** @typedef {import("#studio/look/plots/numbers.js").Moment} Moment */

/**
 * @param {{ trace: Trace, shown?: import("#studio/look/shown.js").Shown | null, mark: number[], onPick: (index: number[]) => void, title: (axis: string) => string }} props
 * shown, mark: what is open and the cell in it that is marked; its step is the one that is drawn as "now"
 */
export function Plots({ trace, shown = null, mark, onPick, title }) {
  /** @type {Plot[]} */
  const plots = trace.meta.plots ?? [];
  const [own, setOwn] = useState(/** @type {Moment | null} */ (null)); // where nothing with steps is open
  const moment = useMemo(() => momentOf(trace, shown, mark) ?? own, [trace, shown, mark[0], own]);
  const onStep = (/** @type {number} */ step, /** @type {boolean} */ named = false) => {
    if (!shown?.series) return setOwn({ step, named: step, at: step, count: NaN });
    const steps = named ? namedSteps(trace, shown) : shown.nodes.map((node, n) => node.step ?? n);
    const at = steps.findLastIndex((each) => each <= step);
    onPick([Math.max(0, at), ...mark.slice(1)]);
  };
  if (!plots.length) return null;
  return html`<section class="plots" aria-label=${t("plots")}>
    ${plots.map((plot, n) => html`<${One} key=${n} trace=${trace} plot=${plot} moment=${moment} onStep=${onStep} title=${title} />`)}
  </section>`;
}

/** @param {{ trace: Trace, plot: Plot, moment: Moment | null, onStep: (step: number, named?: boolean) => void, title: (axis: string) => string }} props */
function One({ trace, plot, moment: open, onStep, title }) {
  const spoken = language();
  const moment = useMemo(() => followed(trace, plot, open), [trace, plot, open]);
  const reading = plot.kind === "plane" ? readPlane : readLine;
  const made = useMemo(() => ({ read: /** @type {any} */ (null) }), [trace, plot, moment, title, spoken]);
  const read = useNumbers(() => (made.read ??= reading(trace, plot, moment, title)));
  if (!read) return null;
  return plot.kind === "plane"
    ? html`<${Plane} plot=${plot} read=${read} moment=${moment} onStep=${onStep} />`
    : html`<${Line} trace=${trace} plot=${plot} read=${read} moment=${moment} onStep=${onStep} title=${title} />`;
}
