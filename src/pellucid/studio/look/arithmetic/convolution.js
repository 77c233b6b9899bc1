// @ts-check
// Convolutions: the sum over channels and kernel of what the kernel sees times its weights.

import { number, product, sum } from "#studio/look/arithmetic/expr.js";
import { grid, perAxis, size, unravel } from "#studio/look/arithmetic/indices.js";
import { inside } from "#studio/look/arithmetic/join.js";
import { rule, shared } from "#studio/look/arithmetic/rule.js";
import { subscript } from "#studio/look/arithmetic/tex.js";

/** @typedef {import("#studio/look/arithmetic/expr.js").Expr} Expr */
/** @typedef {import("#studio/look/arithmetic/rule.js").Operand} Operand */
/** @typedef {import("#studio/look/arithmetic/rule.js").Rule} Rule */
/** @typedef {import("#studio/look/arithmetic/rule.js").Named} Named */

const SIGNATURE = "x weight bias stride padding dilation transposed output_padding groups";
const SLOW = "x weight kernel_size bias stride=1 padding=0";

// --- the sums --------------------------------------------------------------------------------------------------------

/** One cell of (B, O, *out), or of (O, *out) without a batch. The kernel is not flipped: a correlation.
 * @type {(args: Named, index: number[]) => Expr} */
function convolution(args, index) {
  const { x, weight, bias, transposed, groups } = args;
  const n = weight.ndim - 2;
  const [channel, ...place] = index.slice(-n - 1);
  const batch = index.slice(0, -n - 1);
  const [stride, padding, dilation] = [args.stride, args.padding, args.dilation].map((each) => perAxis(each, n));
  const where = { batch, channel, place, stride, padding, dilation, groups };
  const start = bias ? [bias.at([channel])] : [];
  return sum([...start, ...(transposed ? spreadTerms(x, weight, where) : seenTerms(x, weight, where))]);
}

/** @typedef {{ batch: number[], channel: number, place: number[],
 *              stride: number[], padding: number[], dilation: number[], groups: number }} Where */

/** x[c, p·stride - padding + k·dilation] · w[o, c, k]; in the padding x is 0.
 * @type {(x: Operand, weight: Operand, where: Where) => Expr[]} */
function seenTerms(x, weight, { batch, channel, place, stride, padding, dilation, groups }) {
  const [outputs, inputs, ...kernel] = weight.shape;
  const first = Math.floor(channel / (outputs / groups)) * inputs; // the first channel of the group
  const space = x.shape.slice(-kernel.length);
  const window = Array.from(grid(kernel), (k) => {
    const at = place.map((p, d) => p * stride[d] - padding[d] + k[d] * dilation[d]);
    return { k, at, padded: !inside(at, space) };
  });
  const products = [];
  for (let c = 0; c < inputs; c++) {
    for (const { k, at, padded } of window) {
      const seen = padded ? number(0) : x.once([...batch, first + c, ...at]);
      products.push(product([seen, weight.once([channel, c, ...k])]));
    }
  }
  return products;
}

/** Transposed: every input cell spreads its kernel, stride apart; here are those that reach this place.
 * @type {(x: Operand, weight: Operand, where: Where) => Expr[]} */
function spreadTerms(x, weight, { batch, channel, place, stride, padding, dilation, groups }) {
  const [inputs, outputs, ...kernel] = weight.shape; // outputs of one group
  const group = Math.floor(channel / outputs);
  const space = x.shape.slice(-kernel.length);
  const reaching = [...grid(kernel)].flatMap((k) => {
    const at = place.map((p, d) => (p + padding[d] - k[d] * dilation[d]) / stride[d]);
    return at.every(Number.isInteger) && inside(at, space) ? [{ k, at }] : [];
  });
  const products = [];
  for (let c = 0; c < inputs / groups; c++) {
    const input = (group * inputs) / groups + c;
    for (const { k, at } of reaching) {
      products.push(product([x.at([...batch, input, ...at]), weight.at([input, channel - group * outputs, ...k])]));
    }
  }
  return products;
}

// --- the patches of a picture as columns -----------------------------------------------------------------------------

/** (B, C, H, W) → (B, C·kernel, places): each column is what the kernel sees at one place.
 * @type {(args: Named, index: number[]) => Expr} */
function im2col({ x, kernel_size, dilation, padding, stride }, index) {
  const kernel = perAxis(kernel_size, 2);
  const [d, p, s] = [dilation, padding, stride].map((each) => perAxis(each, 2));
  const space = x.shape.slice(-2);
  const [row, column] = index.slice(-2);
  const [c, ...k] = unravel(row, [x.shape[x.ndim - 3], ...kernel]);
  const place = unravel(column, counts(space, kernel, d, p, s));
  const at = place.map((each, a) => each * s[a] - p[a] + k[a] * d[a]);
  return inside(at, space) ? x.at([...index.slice(0, -2), c, ...at]) : number(0);
}

/** (B, C·kernel, places) → (B, C, H, W): every column added back where it was seen.
 * @type {(args: Named, index: number[]) => Expr} */
function col2im({ columns, output_size, kernel_size, dilation, padding, stride }, index) {
  const kernel = perAxis(kernel_size, 2);
  const [d, p, s] = [dilation, padding, stride].map((each) => perAxis(each, 2));
  const places = counts(perAxis(output_size, 2), kernel, d, p, s);
  const [c, ...at] = index.slice(-3);
  const cells = [];
  for (const k of grid(kernel)) {
    const place = at.map((each, a) => (each + p[a] - k[a] * d[a]) / s[a]);
    if (!place.every(Number.isInteger) || !inside(place, places)) continue;
    const row = c * size(kernel) + k[0] * kernel[1] + k[1];
    cells.push(columns.at([...index.slice(0, -3), row, place[0] * places[1] + place[1]]));
  }
  return sum(cells);
}

/** How many places the kernel has along each axis.
 * @type {(space: number[], kernel: number[], dilation: number[], padding: number[], stride: number[]) => number[]} */
const counts = (space, kernel, dilation, padding, stride) =>
  space.map((n, d) => Math.floor((n + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1);

// --- the table -------------------------------------------------------------------------------------------------------

/** y = b + Σ x·w, with as many axes as the kernel has. @type {(args: Named) => string} */
function tex({ weight, bias, stride, padding, dilation, transposed }) {
  const n = weight.ndim - 2;
  const [s, p, d] = [stride, padding, dilation].map((each) => perAxis(each, n));
  const [out, from, inner] = ["ijl", "pqr", "uvw"].map((names) => Array.from(names.slice(0, n)));
  const start = `y_{${subscript(["o", ...out])}} = ${bias ? "b_o + " : ""}`;
  if (!transposed) {
    const seen = subscript(["c", ...out.map((i, a) => reachTex(i, inner[a], s[a], p[a], d[a]))]);
    return `${start}\\sum_{c,\\, ${inner.join(",")}} x_{${seen}}\\, w_{${subscript(["o", "c", ...inner])}}`;
  }
  const reached = out.map((i, a) => `${i} = ${reachTex(from[a], inner[a], s[a], p[a], d[a])}`);
  const over = ["c", ...reached].join(",\\; ");
  return `${start}\\sum_{${over}} x_{${subscript(["c", ...from])}}\\, w_{${subscript(["c", "o", ...inner])}}`;
}

/** 2i + 3u - 1 @type {(i: string, u: string, stride: number, padding: number, dilation: number) => string} */
const reachTex = (i, u, stride, padding, dilation) =>
  `${stride === 1 ? "" : stride}${i} + ${dilation === 1 ? "" : dilation}${u}${padding ? ` - ${padding}` : ""}`;

/** A rule whose signature leaves some switches out. @type {(signature: string, fixed?: Named) => Rule} */
const conv = (signature, fixed = {}) =>
  rule("convolution", signature, (args) => tex({ ...PLAIN, ...args, ...fixed }), (args, index) =>
    convolution({ ...PLAIN, ...args, ...fixed }, index));

const PLAIN = { dilation: 1, transposed: false, groups: 1 };

/** @type {Record<string, Rule>} */
export const CONVOLUTIONS = {
  ...shared("convolution _convolution", conv(SIGNATURE)),
  mkldnn_convolution: conv("x weight bias padding stride dilation groups"),
  ...shared("_slow_conv2d_forward thnn_conv2d slow_conv3d_forward slow_conv3d", conv(SLOW)),
  ...shared("slow_conv_dilated2d slow_conv_dilated3d", conv(`${SLOW} dilation=1`)),
  ...shared("slow_conv_transpose2d slow_conv_transpose3d",
    conv(`${SLOW} output_padding=0 dilation=1`, { transposed: true })),
  im2col: rule("move", "x kernel_size dilation padding stride", null, im2col),
  col2im: rule("convolution", "columns output_size kernel_size dilation padding stride", null, col2im),
};
