// @ts-check
// A tree, given as the parent of each node (a root has −1, or itself).
import { Board, cellProps, lightClass } from "#studio/look/views/board.js";
import { layout } from "#studio/look/views/geometry.js";
import { Empty, Held, isEmpty } from "#studio/look/views/parts.js";
import { differs, difference, labelOf, read } from "#studio/look/views/picture.js";
import { slice, textWidth } from "#studio/look/views/plane.js";
import { html } from "#studio/ui/dom.js";

/** @typedef {import("#studio/look/views/picture.js").ViewProps} ViewProps */

const LEVEL = 58; // between a node and its children

/** @param {ViewProps} view */
export function Tree(view) {
  const { picture, mark, compare } = view;
  if (isEmpty(picture))
    return html`
      <${Empty} view=${view} />
    `;
  const line = slice(picture, mark, 1);
  const axis = picture.axes[line.free[0]] ?? { name: "", title: "", labels: null };
  const parents = Array.from(
    { length: picture.shape[line.free[0]] ?? 1 },
    (_, at) => read(picture, line.index(at)) ?? -1,
  );
  const labels = parents.map((_, at) => labelOf(axis, at));
  const boxes = labels.map((label) => Math.max(26, textWidth(label) * 1.1 + 16));
  const { nodes, width, depth } = layout(
    parents,
    boxes.map((box) => box + 10),
  );
  const light = parents.map((_, at) => view.lit(line.index(at)));
  const any = light.some(Boolean);
  const apart = (/** @type {number} */ at) => differs(picture, difference(picture, compare, line.index(at)));
  const y = (/** @type {number} */ level) => level * LEVEL + 18;
  return html`
    <div class="view tree">
      <${Held} view=${view} slice=${line} />
      <${Board} view=${view} kind="view-tree">
        ${(/** @type {number[] | null} */ pointed) => html`
          <svg width=${width + 8} height=${(depth - 1) * LEVEL + 38}>
            ${nodes.map((node, at) => {
              const above = nodes[parents[at]];
              return (
                node &&
                above &&
                parents[at] !== at &&
                html`
                  <path key=${`e${at}`} d=${branch(above.x, y(above.depth) + 13, node.x, y(node.depth) - 13)} />
                `
              );
            })}
            ${nodes.map(
              (node, at) =>
                node &&
                html`
                  <g
                    key=${at}
                    class=${`${lightClass(light[at], any)} ${apart(at) ? "differs" : ""}`}
                    ...${cellProps(line.index(at), view, pointed)}
                  >
                    <rect x=${node.x - boxes[at] / 2} y=${y(node.depth) - 13} width=${boxes[at]} height="26" rx="6" />
                    <text x=${node.x} y=${y(node.depth)}>${labels[at]}</text>
                  </g>
                `,
            )}
          </svg>
        `}
      <//>
    </div>
  `;
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
const branch = (x1, y1, x2, y2) => `M${x1} ${y1}C${x1} ${y1 + 23} ${x2} ${y2 - 23} ${x2} ${y2}`;
