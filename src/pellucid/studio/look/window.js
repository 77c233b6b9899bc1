// @ts-check
// One step of a sliding window: the place in the picture, what is seen there, the kernel, the products, the sums of the
// channels, the bias, and what is made of the result.
import { html, useLayoutEffect, useMemo, useRef, useState } from "#studio/ui/dom.js";
import { number, translator } from "#studio/ui/text.js";
import { share } from "#studio/look/colour.js";
import { producerOf } from "#studio/look/cell.js";
import { useArrivals, useNumbers } from "#studio/look/looked.js";
import { nameOf } from "#studio/look/origins.js";
import { alongPlaces, Scrub } from "#studio/look/scrub.js";
import { geometry, goesOn, products, seenBy } from "#studio/look/seen.js";
import { back, find, picture, place } from "#studio/look/shown.js";
import { TEXT } from "#studio/look/text.js";
import { Numbers } from "#studio/look/numbers.js";
import { fresh, usePalette } from "#studio/look/views/theme.js";

/** @typedef {import("#studio/look/trace.js").Trace} Trace */
/** @typedef {import("#studio/look/shown.js").Shown} Shown */
/** @typedef {import("#studio/look/seen.js").Seen} Seen */

const t = translator(TEXT);
const SIDE = 176; // pixels of the picture that the window slides over
const CHANNELS = 12; // whose sums are listed at first

/**
 * @param {{ trace: Trace, shown: Shown, index: number[], mark: number[], onOpen: (name: string, cell: number[] | null) => void,
 *   onPick: (index: number[]) => void }} props
 * index: the place that is shown; mark: where the slide is. Nothing where the node is no sliding window.
 */
export function Window({ trace, shown, index, mark, onOpen, onPick }) {
  const { which, index: inside } = place(shown, index);
  const node = shown.nodes[which];
  const [chosen, setChosen] = useState(/** @type {{ node: string, channel: number } | null} */ (null));
  const seen = useNumbers(() => seenBy(trace, node, inside));
  const next = useNumbers(() => (seen ? goesOn(trace, shown.values[which].id, inside) : null)) ?? [];
  if (!seen || !node) return null;
  const { geometry: slides, channels } = seen;
  const kept = chosen && chosen.node === node.name && channels.includes(chosen.channel) ? chosen.channel : null;
  const channel = kept ?? strongest(trace, seen, inside);
  const single = slides.kernel[0] === 1 && slides.kernel[1] === 1;
  const name = nameOf(trace, slides.input);
  const pixels = seen.pixels(channel);
  const convolution = slides.sort === "convolution";
  return html`<div class="window">
    <div class="strip">
      <figure>
        <figcaption>${channels.length > 1 || channel > 0 ? t("channelOf", { name, channel }) : name}</figcaption>
        <${Slid} trace=${trace} seen=${seen} channel=${channel} label=${name} onOpen=${onOpen} />
      </figure>
      ${!(single && convolution) && html`<${Numbers} title=${t("patch")} rows=${pixels} scale=${useExtent(trace, slides.input)} ring=${ring(seen)} />`}
      ${convolution && !single && html`<b class="sign" aria-hidden="true">×</b>
        <${Numbers} title=${t("kernel")} rows=${seen.weights(channel)} scale=${useExtent(trace, slides.weight)} />
        <b class="sign" aria-hidden="true">=</b>
        <${Numbers} title=${t("productsOf")} rows=${products(pixels, seen.weights(channel))} scale=${null} foot=${t("sumOf", { value: number(seen.sums[channels.indexOf(channel)]) })} />`}
      <div class="result">
        ${convolution
          ? html`<${Sums} seen=${seen} channel=${channel} single=${single} onChoose=${(/** @type {number} */ each) => setChosen({ node: node.name, channel: each })} />`
          : html`<p>${told(seen)}</p>`}
        <p class="num total">= <b>${number(seen.value, 4)}</b>
          ${next.map(({ node: user, value }) => html`<span key=${user.id}> → <button class="plain small" onClick=${() => onOpen(user.name, index)}>${nameOf(trace, user.outputs?.[0] ?? "")}</button> <b>${number(value, 4)}</b></span>`)}
        </p>
      </div>
    </div>
    <div class="under"><p class="fine">${bordered(trace, node, slides)}</p>
      <${Scrub} ...${alongPlaces(shown, mark, onPick)} moves /></div>
  </div>`;
}

/** @param {Seen} seen @returns {[number, number] | null} the place of a max pooling's winner within the window */
const ring = ({ winner, rows, columns }) => winner && [rows.indexOf(winner[0]), columns.indexOf(winner[1])];

/** @param {Seen} seen what a pooling did, in words */
function told({ winner, rows, columns }) {
  return winner ? t("won", { row: winner[0], column: winner[1] }) : t("meanOf", { n: rows.length * columns.length });
}

/** @param {Trace} trace @param {import("#studio/look/trace.js").Node} node @param {import("#studio/look/seen.js").Geometry} slides its border, in words */
function bordered(trace, node, { sort, border, padding, kernel, size: [rows, columns], stride }) {
  const [tall, wide] = trace.values.get(node.outputs?.[0] ?? "")?.shape.slice(-2) ?? [];
  const out = `${tall} × ${wide}`;
  const plain = border === "valid" && (sort !== "convolution" || Math.max(...kernel) === 1);
  const said = plain ? t("becomes", { rows, columns, out }) : border === "same" ? t("same", { n: padding[0], rows, columns }) : border === "valid" ? t("valid", { rows, columns, out }) : t("padded", { n: padding[0], rows, columns, out });
  return stride[0] > 1 ? `${said} · ${t("steps", { n: stride[0] })}` : said;
}

/**
 * The channel that is shown until one is chosen: the one with the strongest kernel, which stays while the window slides.
 * @param {Trace} trace @param {Seen} seen @param {number[]} index
 */
function strongest(trace, { channels, weights, geometry: { sort } }, index) {
  if (sort !== "convolution") return channels[0];
  let [best, most] = [channels[0], -1];
  for (const channel of channels) {
    const size = weights(channel).flat().reduce((sum, weight) => sum + Math.abs(weight), 0);
    if (size > most) [best, most] = [channel, size];
  }
  return best;
}

/** @param {Trace} trace @param {string | null} id @returns {{ low: number, high: number } | null} the range of all its numbers */
function useExtent(trace, id) {
  return useNumbers(() => (id ? (trace.tensor(id)?.extent() ?? null) : null));
}

/**
 * The sums of all channels, and the bias: a channel can be chosen. Of a kernel of one pixel each sum is one product.
 * @param {{ seen: Seen, channel: number, single: boolean, onChoose: (channel: number) => void }} props
 */
function Sums({ seen, channel, single, onChoose }) {
  const [all, setAll] = useState(false);
  const { channels, sums, bias, geometry: { bias: has } } = seen;
  if (channels.length === 1 && !single) return has && html`<p class="num">${t("biasOf")} ${number(bias)}</p>`;
  const shown = all ? channels : channels.slice(0, CHANNELS);
  const rest = sums.slice(shown.length).reduce((sum, each) => sum + each, 0);
  const product = (/** @type {number} */ each) => `${number(seen.pixels(each)[0][0] ?? 0, 2)} × ${number(seen.weights(each)[0][0], 2)} = `;
  return html`<div class="sums" role="group" aria-label=${t("allChannels")}>
    ${shown.map((each, n) => html`<button key=${each} class=${`chip num ${sums[n] < 0 ? "negative" : ""}`} aria-pressed=${each === channel} onClick=${() => onChoose(each)}>
      <span class="fine">${t("channel", { n: each })}</span> ${single ? product(each) : ""}${number(sums[n])}</button>`)}
    ${channels.length > CHANNELS && html`<button class="plain small" aria-expanded=${all} onClick=${() => setAll(!all)}>${all ? t("fewerChannels") : t("moreChannels", { n: channels.length - shown.length, value: number(rest) })}</button>`}
    ${has && html`<span class=${`chip num ${bias < 0 ? "negative" : ""}`}><span class="fine">${t("biasOf")}</span> ${number(bias)}</span>`}
  </div>`;
}

/**
 * The picture that the window slides over, with its border of zeros and the window on it. A click opens the picture.
 * @param {{ trace: Trace, seen: Seen, channel: number, label: string, onOpen: (name: string, cell: number[] | null) => void }} props
 */
function Slid({ trace, seen, channel, label, onOpen }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const ground = useRef({ canvas: /** @type {HTMLCanvasElement | null} */ (null), of: /** @type {any[]} */ ([]) });
  const palette = usePalette();
  useArrivals(trace);
  const { geometry: { input, size: [tall, wide], padding }, rows, columns, lead } = seen;
  const name = producerOf(trace, input)?.name ?? trace.values.get(input)?.name ?? "";
  const shown = find(trace, name);
  const made = useMemo(() => ({ picture: /** @type {any} */ (null) }), [trace, shown]);
  const drawn = useNumbers(() => (made.picture ??= shown && picture(trace, shown, { title: () => "", label: "" })));
  const [across, down] = [wide + 2 * padding[1], tall + 2 * padding[0]];
  const dot = Math.max(1, Math.round(SIDE / Math.max(across, down)));
  const [width, height] = [across * dot, down * dot];
  const small = Math.min(1, (1.25 * SIDE) / Math.max(width, height)); // a large picture is drawn as it is and shown smaller
  const inShown = (/** @type {number} */ row, /** @type {number} */ column) =>
    shown ? back(shown, shown.order.get(input) ?? 0, [...lead, channel, row, column]) : [];

  /** The picture and its border: drawn once for as long as the same channel is shown. */
  const background = () => {
    const of = [drawn, palette, channel, devicePixelRatio];
    const before = ground.current;
    if (before.canvas && of.every((each, i) => each === before.of[i])) return before.canvas;
    const fresher = document.createElement("canvas");
    const context = fresh(fresher, width, height);
    if (!context) return fresher;
    context.fillStyle = palette.tokens.line;
    context.globalAlpha = 0.45;
    context.fillRect(0, 0, width, height);
    context.globalAlpha = 1;
    let whole = true;
    for (let row = 0; row < tall; row++)
      for (let column = 0; column < wide; column++)
        try {
          const value = drawn.at(inShown(row, column));
          context.fillStyle = palette.css(Number.isFinite(value) ? share(drawn, value) : 0);
          context.fillRect((column + padding[1]) * dot, (row + padding[0]) * dot, dot, dot);
        } catch {
          whole = false; // its bytes are on their way
        }
    ground.current = { canvas: fresher, of: whole ? of : [] };
    return fresher;
  };
  useLayoutEffect(() => {
    const context = drawn && fresh(canvas.current, width, height);
    if (!context) return;
    context.drawImage(background(), 0, 0, width, height);
    const [left, top] = [(columns[0] + padding[1]) * dot, (rows[0] + padding[0]) * dot];
    const [w, h] = [(columns[columns.length - 1] - columns[0] + 1) * dot, (rows[rows.length - 1] - rows[0] + 1) * dot];
    context.lineWidth = 4;
    context.strokeStyle = palette.tokens.sheet;
    context.strokeRect(left, top, w, h);
    context.lineWidth = 2;
    context.strokeStyle = palette.tokens.accent;
    context.strokeRect(left, top, w, h);
  });
  const middle = [rows, columns].map((all, d) => Math.min(Math.max(0, all[all.length >> 1]), [tall, wide][d] - 1));
  return html`<button class="slid" aria-label=${t("open", { name: label })} onClick=${() => shown && onOpen(shown.name, inShown(middle[0], middle[1]))}>
    <canvas ref=${canvas} style=${{ width: `${width * small}px`, height: `${height * small}px` }} role="img"
      aria-label=${`${label}: ${t("atPlace", { row: rows[0], column: columns[0] })}`}></canvas>
  </button>`;
}

/** @param {Trace} trace @param {Shown} shown @returns {boolean} whether its cells come from a window that slides */
export const slides = (trace, shown) => !shown.series && shown.shape.length >= 2 && geometry(trace, shown.nodes[0]) !== null;
