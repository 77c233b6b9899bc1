// @ts-check
// Values over a plane, as contours or as a surface, with the paths that were walked in it, points and straight lines.
import { bandsOf } from "#studio/look/plots/bands.js";
import { Contours } from "#studio/look/plots/contours.js";
import { Legend, Many, reading, t, toggled } from "#studio/look/plots/frame.js";
import { now, said } from "#studio/look/plots/numbers.js";
import { logable, span } from "#studio/look/plots/scale.js";
import { heightAt } from "#studio/look/plots/surface.js";
import { Surface } from "#studio/look/plots/turning.js";
import { html, useMemo, useState } from "#studio/ui/dom.js";
import { Segmented } from "#studio/ui/parts.js";

/** @typedef {import("#studio/look/plots/numbers.js").Moment} Moment */
/** @typedef {NonNullable<ReturnType<typeof import("#studio/look/plots/read.js").readPlane>>} Read */

/**
 * @param {{ plot: import("#studio/look/plots/read.js").Plot, read: Read, moment: Moment | null, onStep: (step: number) => void }} props
 */
export function Plane({ plot, read, moment, onStep }) {
  const [seen, setSeen] = useState("contours");
  const [log, setLog] = useState(false);
  const [hidden, setHidden] = useState(/** @type {Set<number>} */ (new Set()));
  const [pointed, setPointed] = useState(/** @type {[number, number] | null} */ (null));
  const { grid, paths } = read;
  const wide = useMemo(() => grid !== null && logable(grid.flat), [grid]);
  const bands = useMemo(() => (grid ? bandsOf(grid.flat, log && wide) : null), [grid, log, wide]);
  const at = paths.map((path) => now(path.points.length, path.steps, moment));
  const heading = said(plot.title) || read.label;
  const shown = pointed ?? paths.map((path, n) => (hidden.has(n) ? null : path.points[at[n]])).find(Boolean) ?? null;
  const told = shown ? [t("equals", { name: read.across, value: reading(shown[0]) }), t("equals", { name: read.up, value: reading(shown[1]) })] : [];
  const named = pointed && read.points.find((each) => !each.many && each.label && each.x === pointed[0] && each.y === pointed[1]);
  if (named) told.unshift(named.label);
  const value = pointed && grid ? heightAt(grid, pointed[0], pointed[1]) : NaN;
  const sample = pointed && grid && grid.x.includes(pointed[0]) && grid.y.includes(pointed[1]); // else between samples: not the trace's own
  if (!Number.isNaN(value)) told.push(t(sample ? "equals" : "about", { name: read.label, value: reading(value) }));
  const View = seen === "surface" && grid ? Surface : Contours;
  return html`<figure class="plot sheet">
    <figcaption><h3>${heading}</h3><span class="grow"></span>
      ${wide && html`<${Segmented} label=${t("scale")} value=${log ? "log" : "linear"} onChange=${(/** @type {string} */ value) => setLog(value === "log")} options=${[{ value: "linear", title: t("linear") }, { value: "log", title: t("log") }]} />`}
      ${grid && html`<${Segmented} label=${t("seen")} value=${seen} onChange=${setSeen} options=${[{ value: "contours", title: t("contours") }, { value: "surface", title: t("surface") }]} />`}
    </figcaption>
    <${View} read=${read} bands=${bands} at=${at} hidden=${hidden} label=${spoken(heading, read, at)} pointed=${pointed} onPointed=${setPointed}
      onStep=${(/** @type {number} */ n, /** @type {number} */ place) => onStep(paths[n].steps?.[place] ?? place)} />
    <p class="plot-read fine num" aria-hidden="true">${told.join(" · ")}</p>
    <${Many} points=${read.points} />
    ${paths.length > 1 && html`<${Legend} labels=${paths.map(({ label }) => label)} hidden=${hidden} onToggle=${(/** @type {number} */ n) => setHidden(toggled(hidden, n))} />`}
    <p class="fine plot-hint">${seen === "surface" ? t("hintSurface") : grid ? t("hintPlane") : ""}</p>
  </figure>`;
}

/** @param {string} heading @param {Read} read @param {number[]} at @returns {string} the picture in words */
function spoken(heading, { x, y, grid, across, up, paths, points, lines }, at) {
  const rest = [];
  if (grid) {
    const [low, high] = span(grid.flat);
    const lowest = grid.flat.indexOf(low);
    rest.push(t("lowest", { value: reading(low), x: reading(x[lowest % x.length]), y: reading(y[Math.floor(lowest / x.length)]), high: reading(high) }));
  }
  paths.forEach(({ label, points: way }, n) => {
    const [[x0, y0], [x1, y1], [px, py]] = [way[0], way[way.length - 1], way[at[n]]].map((point) => point.map(reading));
    rest.push(t("path", { label, n: way.length, x0, y0, x1, y1, x: px, y: py }));
  });
  for (const point of points) if (point.label && !point.many) rest.push(t("point", { label: point.label, x: reading(point.x), y: reading(point.y) }));
  for (const { label, a, b, c } of lines) rest.push(`${label}: ${reading(a)} ${across} + ${reading(b)} ${up} = ${reading(c)}.`);
  const [[x0, x1], [y0, y1]] = [span(x), span(y)].map((ends) => ends.map(reading));
  return t("spokenPlane", { title: heading, across, up, x0, x1, y0, y1, rest: rest.join(" ") });
}
