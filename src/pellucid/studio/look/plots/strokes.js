// @ts-check
// How lines are told apart: by colour, by dashes and by the shape of their mark, so that no two of a few are alike.

/** @typedef {{ colour: string, dash: number[], shape: string }} Stroke colour: name of a token */

const COLOURS = ["ink", "neg", "ok", "bad", "accent", "warn"];
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4]];
const SHAPES = ["circle", "square", "triangle", "diamond", "cross", "star"];

/** @param {number} n @returns {Stroke} of the n-th line: the first six differ in all, the next thirty in two at least */
export const stroke = (n) => ({
  colour: COLOURS[n % COLOURS.length],
  dash: DASHES[(n + Math.floor(n / COLOURS.length)) % DASHES.length],
  shape: SHAPES[(n + 2 * Math.floor(n / COLOURS.length)) % SHAPES.length],
});

/** @param {string} name @param {number} r size @returns {string} a path around the origin */
export function shape(name, r) {
  const w = r * 0.9;
  switch (name) {
    case "square":
      return `M${-w} ${-w}H${w}V${w}H${-w}Z`;
    case "triangle":
      return polygon(3, r * 1.25, -90);
    case "diamond":
      return polygon(4, r * 1.25, 0);
    case "cross": {
      const [a, b] = [r * 0.4, r * 1.15];
      return `M${-a} ${-b}H${a}V${-a}H${b}V${a}H${a}V${b}H${-a}V${a}H${-b}V${-a}H${-a}Z`;
    }
    case "star":
      return polygon(5, r * 1.35, -90, 0.5);
    default:
      return `M${r} 0A${r} ${r} 0 1 1 ${-r} 0A${r} ${r} 0 1 1 ${r} 0Z`;
  }
}

/** @param {number} corners @param {number} r @param {number} from degrees @param {number} [inner] share of r between corners */
function polygon(corners, r, from, inner) {
  const n = inner ? 2 * corners : corners;
  const points = Array.from({ length: n }, (_, k) => {
    const [angle, far] = [((from + (360 * k) / n) * Math.PI) / 180, inner && k % 2 ? r * inner : r];
    return `${(far * Math.cos(angle)).toFixed(2)} ${(far * Math.sin(angle)).toFixed(2)}`;
  });
  return `M${points.join("L")}Z`;
}
