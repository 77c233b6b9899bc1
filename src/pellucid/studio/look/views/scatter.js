// @ts-check
// Points in the plane of the first two numbers of each row, to zoom into; classes by colour and shape; of what is
// compared, a line to where each point lies there.
import { colours } from "#studio/look/plots/colours.js";
import { t } from "#studio/look/plots/frame.js";
import { shape, stroke } from "#studio/look/plots/strokes.js";
import { useD3 } from "#studio/look/plots/with.js";
import { classes } from "#studio/look/views/classes.js";
import { MARGIN, nearest, plot } from "#studio/look/views/geometry.js";
import { Empty, Held, isEmpty, spoken, Tooltip } from "#studio/look/views/parts.js";
import { labelOf, nameOf, read } from "#studio/look/views/picture.js";
import { slice } from "#studio/look/views/plane.js";
import { usePointing } from "#studio/look/views/pointing.js";
import { fresh, usePalette, useSize } from "#studio/look/views/theme.js";
import { useZoom, zoomKey } from "#studio/look/views/zoom.js";
import { zoomed } from "#studio/look/views/zoomed.js";
import { html, useLayoutEffect, useMemo, useRef } from "#studio/ui/dom.js";
import { number } from "#studio/ui/text.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */
/** @typedef {import("#studio/look/views/geometry.js").Point} Point */

const NAMED = 60; // points that have their labels beside them
const NEAR = 16; // pixels within which a point is pointed at

/** @param {ViewProps} view */
export function Scatter(view) {
  const { picture, mark, compare, lit } = view;
  const palette = usePalette();
  const [room, width] = useSize();
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const flat = slice(picture, mark, 2);
  const [rows, columns] = flat.free.map((axis) => picture.axes[axis]);
  const count = picture.shape[flat.free[0]] ?? 0;
  /** @type {Point[]} */
  const points = useMemo(() => pointsOf(picture, flat, count), [picture, flat.base.join()]);
  /** @type {Point[] | null} */
  const others = useMemo(() => (compare ? pointsOf(compare, flat, count) : null), [compare, flat.base.join()]);
  const height = Math.round(Math.min(460, Math.max(260, width * 0.6)));
  const d3 = useD3();
  const whole = useMemo(
    () => plot(others ? points.concat(others) : points, width, height),
    [points, others, width, height],
  );
  const plane = useRef(/** @type {HTMLElement | null} */ (null));
  const { zoom, by } = useZoom(d3, plane, width, height);
  const scale = useMemo(() => zoomed(whole, zoom, width, height), [whole, zoom, width, height]);
  const tree = useMemo(
    () =>
      d3
        ?.quadtree()
        .x((/** @type {Point} */ point) => whole.x(point.x))
        .y((/** @type {Point} */ point) => whole.y(point.y))
        .addAll(points.filter((point) => Number.isFinite(point.x + point.y))),
    [d3, points, whole],
  );
  const groups = useMemo(() => classes(rows?.labels ?? null), [rows?.labels]);
  const inside = flat.place(mark);
  const { pointed, handlers, surface } = usePointing(view, (event) => {
    const area = surface.current?.getBoundingClientRect();
    const [x, y] = area ? [event.clientX - area.left, event.clientY - area.top] : [Number.NaN, Number.NaN];
    const found = tree
      ? tree.find((x - zoom.x) / zoom.k, (y - zoom.y) / zoom.k, NEAR / zoom.k)?.at
      : nearest(points, scale, x, y);
    return found === null || found === undefined ? null : flat.index(found, inside?.[1] ?? 0);
  });
  useLayoutEffect(() => {
    const context = width > 0 ? fresh(canvas.current, width, height) : null;
    if (!context) return;
    const light = points.map(({ at }) => lit(flat.index(at, 0)) || lit(flat.index(at, 1)));
    const any = light.some(Boolean);
    const size = (points.length > 1000 ? 2.2 : 4) * (zoom.k > 4 ? 1.3 : 1);
    const marks = (groups?.names ?? [""]).map((_, n) => new Path2D(shape(groups ? stroke(n).shape : "circle", size)));
    const colour = colours(/** @type {HTMLElement} */ (canvas.current));
    context.beginPath();
    context.rect(MARGIN.left, MARGIN.top, width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.foot);
    context.clip();
    points.forEach(({ at, x, y }) => {
      if (!Number.isFinite(x + y)) return;
      const group = groups?.of[at] ?? 0;
      const [px, py] = [scale.x(x), scale.y(y)];
      context.fillStyle = groups ? colour(stroke(group).colour) : palette.tokens.accent;
      context.globalAlpha = any ? (light[at] ? 0.9 : 0.12) : groups ? 0.75 : 0.55;
      context.translate(px, py);
      context.fill(marks[group]);
      context.translate(-px, -py);
    });
  }, [points, scale, palette, lit, width, height, groups]);
  if (isEmpty(picture) || flat.free.length < 2)
    return html`
      <${Empty} view=${view} />
    `;
  const at = flat.place(pointed)?.[0];
  const ring = (/** @type {number | undefined} */ n, /** @type {string} */ kind) =>
    n !== undefined &&
    points[n] &&
    seen(points[n], scale, width, height) &&
    html`
      <circle class=${kind} cx=${scale.x(points[n].x)} cy=${scale.y(points[n].y)} r="7" />
    `;
  return html`
    <div class="view scatter" ref=${room}>
      <${Held} view=${view} slice=${flat} />
      <div class="view-board" ref=${surface} ...${handlers}>
        ${
          width > 0 &&
          html`
            <div
              class="view-plot"
              role="img"
              tabindex="0"
              ref=${plane}
              aria-label=${zoom.k > 1 ? `${spoken(view)} ${t("zoomed", { n: number(zoom.k, 1) })}` : spoken(view)}
              onKeyDown=${(/** @type {KeyboardEvent} */ event) => zoomKey(event, by)}
              style=${{ height: `${height}px` }}
            >
              <${Axes}
                scale=${scale}
                width=${width}
                height=${height}
                across=${labelOf(columns, 0)}
                up=${labelOf(columns, 1)}
                title=${columns.labels ? "" : columns.title}
              />
              <canvas ref=${canvas} style=${{ width: `${width}px`, height: `${height}px` }}></canvas>
              <svg class="view-rings" width=${width} height=${height}>
                ${others && points.map((point, n) => moved(point, others[n], scale))} ${ring(at, "at")}
                ${ring(inside?.[0], "mark")}
                ${
                  rows.labels &&
                  points
                    .filter((point) => seen(point, scale, width, height) && (!groups || point.at === inside?.[0]))
                    .filter((_, n) => count <= NAMED || n === inside?.[0])
                    .map(
                      (point) =>
                        Number.isFinite(point.x + point.y) &&
                        html`
                          <text
                            key=${point.at}
                            class=${point.at === inside?.[0] ? "marked" : ""}
                            x=${scale.x(point.x) + 9}
                            y=${scale.y(point.y) + 4}
                          >
                            ${nameOf(rows, point.at)}
                          </text>
                        `,
                    )
                }
              </svg>
            </div>
          `
        }
        ${
          pointed &&
          at !== undefined &&
          html`
            <${Tooltip}
              view=${view}
              index=${pointed}
              x=${scale.x(points[at].x)}
              y=${scale.y(points[at].y) - 6}
              width=${width}
            />
          `
        }
      </div>
      ${groups && html`<${Classes} names=${groups.names} />`}
      <p class="view-hint">${t("hintZoom")}</p>
    </div>
  `;
}

/** @param {{ names: string[] }} props which mark is which class */
const Classes = ({ names }) => html`
  <ul class="view-classes" aria-label=${t("classes")}>
    ${names.map(
      (name, n) => html`
        <li key=${name}>
          <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
            <path d=${shape(stroke(n).shape, 5)} style=${{ fill: `var(--${stroke(n).colour})` }} />
          </svg>
          ${name}
        </li>
      `,
    )}
  </ul>
`;

/** @param {Point} point @param {ReturnType<typeof plot>} scale @param {number} width @param {number} height @returns {boolean} whether it is seen */
function seen(point, scale, width, height) {
  const [x, y] = [scale.x(point.x), scale.y(point.y)];
  return x >= MARGIN.left - 1 && x <= width - MARGIN.right + 1 && y >= MARGIN.top - 1 && y <= height - MARGIN.foot + 1;
}

/**
 * @param {import("#studio/look/views/picture.js").Picture} picture
 * @param {import("#studio/look/views/plane.js").Slice} flat @param {number} count @returns {Point[]}
 */
const pointsOf = (picture, flat, count) =>
  Array.from({ length: count }, (_, at) => ({
    at,
    x: read(picture, flat.index(at, 0)) ?? Number.NaN,
    y: read(picture, flat.index(at, 1)) ?? Number.NaN,
  }));

/** @param {Point} here @param {Point | undefined} there @param {ReturnType<typeof plot>} scale */
function moved(here, there, scale) {
  const [x1, y1, x2, y2] = [
    scale.x(here.x),
    scale.y(here.y),
    scale.x(there?.x ?? Number.NaN),
    scale.y(there?.y ?? Number.NaN),
  ];
  return (
    Math.hypot(x1 - x2, y1 - y2) > 2 &&
    html`
      <path class="moved" d=${`M${x1} ${y1}L${x2} ${y2}`} />
    `
  );
}

/**
 * @param {{ scale: ReturnType<typeof plot>, width: number, height: number, across: string, up: string,
 *   title: string }} props
 */
const Axes = ({ scale, width, height, across, up, title }) => html`
  <svg class="view-axes" width=${width} height=${height}>
    ${scale.xs.map(
      (value) => html`
        <g key=${`x${value}`}>
          <path class=${value === 0 ? "zero" : ""} d=${`M${scale.x(value)} ${MARGIN.top}V${height - MARGIN.foot}`} />
          <text x=${scale.x(value)} y=${height - MARGIN.foot + 16}>${number(value, 2)}</text>
        </g>
      `,
    )}
    ${scale.ys.map(
      (value) => html`
        <g key=${`y${value}`}>
          <path class=${value === 0 ? "zero" : ""} d=${`M${MARGIN.left} ${scale.y(value)}H${width - MARGIN.right}`} />
          <text class="end" x=${MARGIN.left - 8} y=${scale.y(value) + 4}>${number(value, 2)}</text>
        </g>
      `,
    )}
    <text class="end name" x=${width - MARGIN.right} y=${height - 6}>${`${title} ${across} →`}</text>
    <text class="start name" x="0" y=${MARGIN.top}>${`↑ ${title} ${up}`}</text>
  </svg>
`;
