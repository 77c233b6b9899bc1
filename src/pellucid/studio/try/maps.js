// @ts-check
// The influence of each pixel of a picture on its answer: heat maps over the picture, one method at a time.
import { html, useLayoutEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";
import { useKeys } from "#studio/ui/keys.js";
import { Segmented } from "#studio/ui/parts.js";
import { number, translator, words } from "#studio/ui/text.js";
import { usePalette } from "#studio/look/views/theme.js";
import { loaded } from "#studio/input/pixels.js";
import { strongest } from "#studio/try/strongest.js";
import { alike } from "#studio/try/scale.js";
import { TEXT } from "#studio/try/text.js";

/** @typedef {import("#studio/types.d.ts").Maps} MapsMessage */
/** @typedef {import("#studio/types.d.ts").HeatMap} HeatMap */
/** @typedef {import("#studio/try/ask.js").Asked} Asked */

const t = translator(TEXT);

/** What is to be kept in mind of a method that is known here. @type {Record<string, "occlusion_more" | "saliency_more" | "grad_cam_more">} */
const MORE = { occlusion: "occlusion_more", saliency: "saliency_more", grad_cam: "grad_cam_more" };

/** @param {{ asked: Asked[] }} props one picture, or two that are compared: on one scale, then */
export function Maps({ asked }) {
  const [method, setMethod] = useState("");
  const [opacity, setOpacity] = useState(0.75);
  const known = asked.filter(({ influence }) => influence?.kind === "maps");
  const first = /** @type {MapsMessage} */ (known[0].influence);
  const map = first.maps.find(({ name }) => name === method) ?? first.maps[0];
  const both = known.map(({ influence }) => /** @type {MapsMessage} */ (influence).maps.find(({ name }) => name === map.name) ?? map);
  useKeys(t("keys"), { m: [t("switchMethod"), () => setMethod(first.maps[(first.maps.indexOf(map) + 1) % first.maps.length].name)] });
  const scale = Math.max(...both.map((each) => Math.abs(strongest(each.values).value)));
  return html`<section class="sheet stack maps">
    <div class="row">
      <h2 class="grow">${t("maps")}</h2>
      <${Segmented} label=${t("mapsMethod")} value=${map.name} options=${first.maps.map(({ name, title }) => ({ value: name, title: words(title) }))} onChange=${setMethod} />
    </div>
    <p class="quiet about">${words(map.about)} ${map.name in MORE && t(MORE[map.name])} ${t("aboutMaps")}</p>
    <div class="row overlays">
      ${known.map(({ influence, influenceOf }, i) => html`<${Overlay} key=${i} picture=${/** @type {MapsMessage} */ (influence).picture || influenceOf} maps=${influence} map=${both[i]} scale=${scale} opacity=${opacity} />`)}
      <div class="stack legend-box">
        <label class="brush">
          <span class="fine">${t("opacity")}</span>
          <input
            type="range"
            min="0"
            max="1"
            step="0.05"
            value=${opacity}
            aria-valuetext=${t("opacityIs", { n: Math.round(100 * opacity) })}
            onInput=${(/** @type {any} */ event) => setOpacity(Number(event.currentTarget.value))}
          />
        </label>
        <${Ramp} signed=${map.signed} scale=${scale} score=${words(first.score_name)} />
      </div>
    </div>
  </section>`;
}

/** @param {{ signed: boolean, scale: number, score: string }} props what the colours mean */
function Ramp({ signed, scale, score }) {
  const most = alike(scale, scale).replace("+", "");
  return html`<div class="ramp">
    <i class=${signed ? "signed" : ""}></i>
    <div class="fine num ends" aria-hidden="true"><span>${signed ? `−${most}` : "0"}</span>${signed && html`<span>0</span>`}<span>${signed ? "+" : ""}${most}</span></div>
    <p class="fine legend"><span>${score}:</span> <span><b class="pos"></b>${t("speaksFor")}</span> ${signed && html`<span><b class="neg"></b>${t("speaksAgainst")}</span>`}</p>
  </div>`;
}

/**
 * A picture in gray with a map over it; a pixel that is pointed at says its number.
 * @param {{ picture: string, maps: MapsMessage, map: HeatMap, scale: number, opacity: number }} props
 */
function Overlay({ picture, maps, map, scale, opacity }) {
  const { height, width } = maps;
  const palette = usePalette();
  const [at, setAt] = useState(/** @type {[number, number] | null} */ (null));
  const sheet = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const best = useMemo(() => strongest(map.values), [map]);
  useLayoutEffect(() => {
    const context = sheet.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(width, height);
    map.values.flat().forEach((value, i) => {
      const share = scale ? value / scale : 0;
      image.data.set([...palette.rgb(Math.sign(share)), 255 * Math.abs(share) ** 0.7], 4 * i);
    });
    context.putImageData(image, 0, 0);
  }, [map, scale, palette]);
  const told = best.value
    ? t("mapTold", { title: words(map.title), row: best.row + 1, column: best.column + 1, height, width, value: alike(best.value, scale) })
    : t("mapNothing", { title: words(map.title) });
  /** @param {PointerEvent} event */
  const point = (event) => {
    const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
    const inside = (/** @type {number} */ share, /** @type {number} */ n) => Math.min(n - 1, Math.max(0, Math.floor(share * n)));
    setAt([inside((event.clientY - box.top) / box.height, height), inside((event.clientX - box.left) / box.width, width)]);
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const [row, column] = at ?? [best.row, best.column];
    setAt([Math.min(height - 1, Math.max(0, row + step[0])), Math.min(width - 1, Math.max(0, column + step[1]))]);
  };
  return html`<figure class="overlay">
    <div class="overlay-sheet" style=${{ aspectRatio: `${width} / ${height}` }} tabindex="0" role="img" aria-label=${told} onPointerMove=${point} onPointerLeave=${() => setAt(null)} onKeyDown=${press} onBlur=${() => setAt(null)}>
      <img class="pixels gray" src=${picture} alt="" />
      <canvas ref=${sheet} class="pixels" width=${width} height=${height} style=${{ opacity }}></canvas>
      ${at && html`<i class="cell" style=${{ left: `${(100 * at[1]) / width}%`, top: `${(100 * at[0]) / height}%`, width: `${100 / width}%`, height: `${100 / height}%` }}></i>`}
    </div>
    <figcaption class="fine">
      <span class="num" role="status">${at ? t("pixelIs", { row: at[0] + 1, column: at[1] + 1, value: alike(map.values[at[0]][at[1]], scale) }) : t("pointAtMap")}</span>
      <span>${t("mapsScore", { score: words(maps.score_name), n: number(maps.score, 3) })}</span>
    </figcaption>
  </figure>`;
}
