// @ts-check
// The map: the course's five days and bonus, with every system of it.
import { Card } from "#studio/map/card.js";
import { beside, byDay } from "#studio/map/course.js";
import { TEXT } from "#studio/map/text.js";
import { html, useRef, useState } from "#studio/ui/dom.js";
import { useGet } from "#studio/ui/http.js";
import { useKeys } from "#studio/ui/keys.js";
import { Notice, Spinner } from "#studio/ui/parts.js";
import { translator } from "#studio/ui/text.js";

/** @typedef {import("#studio/types.d.ts").Course} Course */

const t = translator(TEXT);

export function Map() {
  const { data, error, again } = useGet("/api/course");
  const course = /** @type {Course | null} */ (data);
  return html`<div class="map">
    <h1>${t("title")}</h1>
    <p class="intro">${t("intro")}</p>
    ${error &&
    html`<${Notice} kind="error">
      ${t("failed", { why: error.message })} <button class="small" onClick=${again}>${t("again")}</button>
    <//>`}
    ${!course && !error && html`<${Spinner} label=${t("loading")} />`}
    ${course && html`<${Days} course=${course} />`}
    ${course && html`<p class="fine foot">${t("foot", { version: course.version, runs: course.runs })}</p>`}
  </div>`;
}

/** @param {{ course: Course }} props */
function Days({ course }) {
  const [inside, setInside] = useState(false);
  const days = useRef(/** @type {HTMLElement | null} */ (null));
  return html`<div
    class="days"
    ref=${days}
    onFocusIn=${() => setInside(true)}
    onFocusOut=${(/** @type {FocusEvent} */ event) =>
      days.current?.contains(/** @type {Node} */ (event.relatedTarget)) || setInside(false)}
  >
    ${byDay(course.places).map(
      ({ day, places }) => html`<section class="day" key=${day} aria-labelledby=${`day-${day}`}>
        <h2 id=${`day-${day}`}>${t(`day${day}`)} <span>${t(`subject${day}`)}</span></h2>
        <ul>
          ${places.map((each) => html`<li key=${each.name}><${Card} place=${each} /></li>`)}
        </ul>
      </section>`,
    )}
    ${inside && html`<${Arrows} days=${days} />`}
  </div>`;
}

/**
 * Arrow keys between cards, while one of them has the focus: elsewhere they scroll.
 * @param {{ days: { current: HTMLElement | null } }} props
 */
function Arrows({ days }) {
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const cards = [...(days.current?.querySelectorAll("a.card") ?? [])];
    const from = cards.findIndex((card) => card === document.activeElement);
    const boxes = cards.map((card) => card.getBoundingClientRect());
    const to = from < 0 ? -1 : beside(boxes, from, event.key);
    if (to >= 0) /** @type {HTMLElement} */ (cards[to]).focus();
  };
  const does = t("keysMove");
  const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
  useKeys(t("keys"), Object.fromEntries(keys.map((key) => [key, [does, move]])));
  return null;
}
