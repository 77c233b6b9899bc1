// The pure parts of the pictures: colours, scales, which axes are shown, which cells are in sight, which views fit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { contrast, palette, parse, scaleOf, share, ticks } from "../../src/pellucid/studio/look/colour.js";
import { Missing } from "../../src/pellucid/studio/look/tensor.js";
import { views } from "../../src/pellucid/studio/look/views/choose.js";
import {
  barScale,
  imageAxes,
  layout,
  level,
  LINE,
  likeliest,
  linePath,
  nearest,
  plot,
  shrink,
  tileSize,
} from "../../src/pellucid/studio/look/views/geometry.js";
import { DIFFERS, difference, differs, read } from "../../src/pellucid/studio/look/views/picture.js";
import {
  heads,
  heatSizes,
  inSight,
  labelled,
  plane,
  reveal,
  slice,
} from "../../src/pellucid/studio/look/views/plane.js";
import { TEXT } from "../../src/pellucid/studio/look/views/text.js";

const axis = (name, labels = null, steps = false) => ({ name, title: name, labels, steps });
const picture = (shape, axes, more = {}) => ({
  shape,
  axes,
  at: (index) => index.reduce((sum, n) => 10 * sum + n, 0),
  low: 0,
  high: 1,
  signed: false,
  label: "",
  ...more,
});

/** Both themes as the page has them. */
function themes() {
  const css = readFileSync(new URL("../../src/pellucid/studio/style/tokens.css", import.meta.url), "utf8");
  const blocks = {
    light: css.slice(0, css.indexOf("@media")),
    dark: css.slice(css.lastIndexOf('[data-theme="dark"]')),
  };
  return Object.entries(blocks).map(([theme, text]) => {
    const token = (name) => new RegExp(`--${name}: *(#[0-9a-fA-F]+)`).exec(text)[1];
    const names = {
      neg: "neg",
      zero: "paper",
      pos: "pos",
      ink: "ink",
      sheet: "sheet",
      line: "line-2",
      accent: "accent",
    };
    return [theme, Object.fromEntries(Object.entries(names).map(([key, name]) => [key, token(name)]))];
  });
}

for (const [theme, tokens] of themes()) {
  test(`${theme}: the ends and the middle of the scale are the tokens, and every shade can be written on`, () => {
    const { rgb, css, text } = palette(tokens);
    for (const [at, token] of [
      [-1, tokens.neg],
      [0, tokens.zero],
      [1, tokens.pos],
    ])
      rgb(at).forEach((channel, n) => assert.ok(Math.abs(channel - parse(token)[n]) < 1, `${at}`));
    for (let at = -1; at <= 1; at += 1 / 256)
      assert.ok(contrast(rgb(at), parse(text(at))) >= 4.5, `${css(at)} ${text(at)}`);
  });

  test(`${theme}: further from zero is further from paper`, () => {
    const { rgb } = palette(tokens);
    for (const side of [-1, 1]) {
      const far = [0, 0.25, 0.5, 0.75, 1].map((size) => contrast(rgb(side * size), parse(tokens.zero)));
      assert.deepEqual(
        far,
        far.toSorted((a, b) => a - b),
      );
      assert.equal(new Set(far).size, 5);
    }
  });
}

test("colours are read as the browser gives them", () => {
  assert.deepEqual(parse(" #1f5fae"), [31, 95, 174]);
  assert.deepEqual(parse("#fff"), [255, 255, 255]);
  assert.deepEqual(parse("rgb(1, 2, 3)"), [1, 2, 3]);
  assert.throws(() => parse("blue-ish"), /not a colour/);
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
});

test("a signed scale is symmetric about zero; an unsigned one begins at its low end", () => {
  assert.equal(share({ low: -1, high: 4, signed: true }, 2), 0.5);
  assert.equal(share({ low: -1, high: 4, signed: true }, -1), -0.25);
  assert.equal(share({ low: 2, high: 4, signed: false }, 3), 0.5);
  assert.equal(share({ low: 2, high: 2, signed: false }, 2), 0);
});

test("a scale has both sides of zero, or begins where the values do; of nothing it is a share", () => {
  assert.deepEqual(scaleOf(-2, 3), { low: -2, high: 3, signed: true });
  assert.deepEqual(scaleOf(1, 2), { low: 1, high: 2, signed: false });
  assert.deepEqual(scaleOf(-3, -3), { low: -3, high: 0, signed: true });
  assert.deepEqual(scaleOf(Infinity, -Infinity), { low: 0, high: 1, signed: false });
});

test("ticks are round, rise, lie inside, and have zero among them", () => {
  assert.deepEqual(ticks(-1, 1), [-1, -0.5, 0, 0.5, 1]);
  assert.deepEqual(ticks(0, 0.97), [0, 0.25, 0.5, 0.75]);
  assert.deepEqual(ticks(0, 70000), [0, 20000, 40000, 60000]);
  assert.deepEqual(ticks(3, 3), [3]);
});

test("words run along the top and units down the side, wherever they stand in the shape", () => {
  const words = axis("word", ["a", "b", "c"], true);
  const flat = plane(picture([3, 15], [words, axis("unit")]), [2, 7]);
  assert.deepEqual([flat.rows.name, flat.columns.name, flat.height, flat.width], ["unit", "word", 15, 3]);
  assert.deepEqual(flat.index(7, 2), [2, 7]);
  assert.deepEqual(flat.place([2, 7]), [7, 2]);
  const weight = plane(picture([60, 20], [axis("gate"), axis("dimension")]), null);
  assert.deepEqual([weight.rows.name, weight.index(59, 19)], ["gate", [59, 19]]);
  const attention = plane(picture([3, 3], [words, words]), null);
  assert.deepEqual(attention.index(2, 0), [2, 0]);
});

test("a long vocabulary does not become columns", () => {
  const labels = Array.from({ length: 3085 }, (_, n) => `w${n}`);
  assert.equal(plane(picture([3085, 20], [axis("vocabulary", labels), axis("dimension")]), null).height, 3085);
});

test("leading axes are held where the mark is, and other slices have no mark", () => {
  const flat = plane(picture([4, 7, 5], [axis("head"), axis("query"), axis("key")]), [2, 6, 1]);
  assert.deepEqual([flat.held, flat.index(3, 4)], [[0], [2, 3, 4]]);
  assert.deepEqual(flat.place([2, 6, 1]), [6, 1]);
  assert.equal(flat.place([1, 6, 1]), null);
  assert.equal(flat.place([2, 7, 1]), null, "outside");
});

test("axes of length one are neither shown nor held", () => {
  const vector = picture([1, 15, 1], [axis("message"), axis("unit"), axis("one")]);
  const line = slice(vector, [0, 3, 0], 1);
  assert.deepEqual([line.free, line.held, line.index(9)], [[1], [], [0, 9, 0]]);
  const row = plane(vector, [0, 3, 0]);
  assert.deepEqual([row.height, row.width, row.place([0, 3, 0])], [1, 15, [0, 3]]);
  assert.equal(plane(picture([1, 15], [axis("message", ["hello"]), axis("unit")]), null).height, 1);
  assert.deepEqual(plane(picture([], []), []).index(0, 0), []);
  assert.deepEqual(plane(picture([4], [axis("unit")]), [2]).place([2]), [0, 2]);
});

test("of a huge matrix only the cells in sight are drawn, whatever is scrolled to", () => {
  for (const scroll of [0, 4000, 399_400]) {
    const [from, to] = inSight(scroll, 600, 8, 50_000);
    assert.ok(from <= scroll / 8 && to >= Math.min(50_000, (scroll + 600) / 8), `${scroll}: ${from} ${to}`);
    assert.ok(to - from <= 300, `${to - from}`);
  }
  assert.deepEqual(inSight(0, 600, 20, 15), [0, 15]);
  assert.deepEqual(inSight(4000, 600, 8, 50_000), inSight(4010, 600, 8, 50_000), "a small step needs no new cells");
});

test("the marked cell comes into sight: not at all, a little, or to the middle", () => {
  assert.equal(reveal(100, 20, 50, 400), 50);
  assert.equal(reveal(440, 20, 50, 400), 80, "one cell of room after it");
  assert.equal(reveal(40, 20, 50, 400), 20, "one cell of room before it");
  assert.equal(reveal(4000, 20, 0, 400), 3810);
});

test("cells fill the room that there is, and scroll where they would be too small", () => {
  const words = ["winner", "!!", "claim", "your", "free", "prize", "now"];
  const flat = (width, labels) => ({ rows: axis("unit"), columns: axis("word", labels), height: 15, width });
  const { cell, head } = heatSizes(flat(7, words), 900);
  assert.ok(7 * cell[1] + head <= 900 && cell[1] > 90, `${cell}`);
  assert.ok(heatSizes(flat(7, words), 330).cell[1] >= 30);
  assert.ok(heatSizes(flat(500, null), 900).cell[1] * 500 > 900);
  assert.equal(heatSizes(flat(500, null), 900).every[1], 5);
});

test("row labels that are too long for a phone are numbers alone", () => {
  assert.equal(heads(axis("gate and unit"), 60, 330, "").short, true);
  assert.equal(heads(axis("gate and unit"), 60, 900, "").short, false);
  assert.ok(heads(axis("vocabulary", ["w".repeat(90), "a"]), 2, 330, "dimension").head <= 108);
});

test("every n-th position has a label; the marked one too, and nothing beside it overlaps", () => {
  assert.deepEqual(labelled(0, 21, 5, []), [0, 5, 10, 15, 20]);
  assert.deepEqual(labelled(0, 21, 5, [11, undefined]), [0, 5, 11, 20]);
});

test("a number on its way is empty; a broken one is an error", () => {
  const late = picture([1], [axis("x")], {
    at: () => {
      throw new Missing(Promise.resolve());
    },
  });
  assert.equal(read(late, [0]), null);
  assert.throws(
    () =>
      read(
        {
          ...late,
          at: () => {
            throw new RangeError("no");
          },
        },
        [0],
      ),
    RangeError,
  );
});

test("differences beyond five hundredths of the scale are marked; other shapes are not compared", () => {
  const one = picture([2], [axis("x")], { at: ([n]) => n });
  const other = (by) => ({ ...one, at: ([n]) => n - by });
  assert.equal(difference(one, other(0.25), [1]), 0.25);
  assert.equal(differs(one, DIFFERS * 1.01), true);
  assert.equal(differs(one, -DIFFERS * 0.99), false);
  assert.equal(differs(one, -DIFFERS * 1.01), true);
  assert.equal(difference(one, { ...other(1), shape: [3] }, [1]), null);
  assert.equal(difference(one, null, [1]), null);
});

test("bars begin at zero, even where all values are far from it", () => {
  const { y, ticks: marks } = barScale({ low: 5, high: 9 });
  assert.ok(y(0) > y(5) && y(5) > y(9));
  assert.equal(marks[0], 0);
  const below = barScale({ low: -4, high: -1 });
  assert.ok(below.y(-4) > below.y(0));
});

test("a line over time is broken where there is no number, and stays in its row", () => {
  const gate = picture([4, 1], [axis("step"), axis("unit")]);
  const path = linePath(gate, [0.5, null, Number.NaN, 1], (n) => n);
  assert.equal(path, `M0 ${level(gate, 0.5)}M3 ${level(gate, 1)}`);
  for (const value of [0, 1]) assert.ok(level(gate, value) > 0 && level(gate, value) < LINE);
  assert.ok(level(gate, 1) < level(gate, 0), "up is more");
});

test("many classes: the likeliest, the marked one, and the sum of the others", () => {
  const values = Array.from({ length: 100 }, (_, n) => (n + 1) / 5050);
  const { shown, others, rest } = likeliest(values, 3, 4);
  assert.deepEqual([shown, others], [[99, 98, 97, 3], 96]);
  assert.ok(Math.abs(rest - (1 - (100 + 99 + 98 + 4) / 5050)) < 1e-12);
  assert.deepEqual(likeliest([0.1, 0.9], null).shown, [0, 1], "few keep their order");
});

test("colours of an image are the axis that is called so", () => {
  const [rows, columns, colour] = [axis("height"), axis("width"), axis("channel")];
  assert.deepEqual(imageAxes(picture([3, 8, 9], [colour, rows, columns])), { rows: 1, columns: 2, colour: 0 });
  assert.deepEqual(imageAxes(picture([8, 9, 3], [rows, columns, colour])), { rows: 0, columns: 1, colour: 2 });
  assert.equal(imageAxes(picture([3, 8, 9], [colour, rows, columns], { signed: true })).colour, null);
  assert.equal(imageAxes(picture([8, 9], [rows, columns])).colour, null);
});

test("pixels of small images are whole and equal; large images shrink into the room", () => {
  assert.deepEqual(tileSize(28, 28, 1, 1000), [448, 448]);
  assert.deepEqual(tileSize(8, 4, 6, 1000), [200, 100]);
  const [height, width] = tileSize(600, 1200, 1, 300);
  assert.deepEqual([height, width], [150, 300]);
});

test("the nearest point is found, and only a near one", () => {
  const points = [
    { at: 0, x: 0, y: 0 },
    { at: 1, x: 10, y: 5 },
    { at: 2, x: Number.NaN, y: 1 },
  ];
  const scale = plot(points, 400, 300);
  assert.ok(scale.x(10) > scale.x(0) && scale.y(5) < scale.y(0));
  assert.equal(nearest(points, scale, scale.x(10) + 5, scale.y(5) - 5), 1);
  assert.equal(nearest(points, scale, scale.x(5), scale.y(2.5)), null);
});

test("a tree: parents over the middle of their children, nothing overlaps, circles are left out", () => {
  const { nodes, width, depth } = layout([-1, 0, 0, 1, 1, 2], [10, 10, 10, 10, 10, 10]);
  assert.deepEqual(
    nodes.map((node) => node.depth),
    [0, 1, 1, 2, 2, 2],
  );
  assert.equal(nodes[1].x, (nodes[3].x + nodes[4].x) / 2);
  assert.deepEqual([nodes[3].x, nodes[4].x, nodes[5].x, width, depth], [5, 15, 25, 30, 3]);
  assert.deepEqual(layout([1, 0], [10, 10]).nodes, [null, null]);
  assert.equal(
    layout(
      Array.from({ length: 20000 }, (_, n) => n - 1),
      new Array(20000).fill(10),
    ).depth,
    20000,
  );
});

test("a small picture keeps what is furthest from zero", () => {
  const rows = Array.from({ length: 22 }, (_, row) => Array.from({ length: 3 }, () => (row === 5 ? -7 : 1)));
  const cells = shrink(rows);
  assert.deepEqual([cells.length, cells[0].length], [11, 3]);
  assert.deepEqual(
    cells.map((row) => row[0]),
    [1, 1, -7, 1, 1, 1, 1, 1, 1, 1, 1],
  );
  assert.deepEqual(shrink(new Float32Array([1, 2, 3, 4]), [2, 2]), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(shrink([1, 2, 3], undefined), [[1, 2, 3]]);
});

test("views are chosen by kind and axes", () => {
  const words = axis("word", ["a", "b", "c"], true);
  const cases = [
    ["", picture([3, 15], [words, axis("unit")]), ["heat", "gates", "table"]],
    ["", picture([3], [words]), ["tokens", "bars", "table"]],
    ["", picture([15], [axis("unit")]), ["bars", "heat", "table"]],
    ["sigmoid", picture([1], [axis("message")], { bounded: "probability" }), ["distribution", "scalar"]],
    ["softmax", picture([10], [axis("digit")]), ["distribution", "bars", "table"]],
    ["mm", picture([], []), ["scalar"]],
    [
      "conv2d",
      picture([16, 28, 28], [axis("channel"), axis("height"), axis("width")]),
      ["grid", "image", "heat", "table"],
    ],
    ["", picture([3, 32, 32], [axis("channel"), axis("height"), axis("width")]), ["image", "grid", "heat", "table"]],
    ["", picture([28, 28], [axis("height"), axis("width")]), ["image", "heat", "table"]],
    [
      "softmax",
      picture([8, 3, 3], [axis("head"), { ...words, name: "query" }, { ...words, name: "key" }]),
      ["attention", "heat", "gates", "distribution", "table"],
    ],
    ["", picture([200, 2], [axis("point"), axis("component")]), ["scatter", "heat", "table"]],
    ["", picture([60, 20], [axis("gate and unit"), axis("dimension")]), ["heat", "table"]],
    ["", picture([9], [axis("parent", ["S", "NP", "VP", "a", "b", "c", "d", "e", "f"])]), ["tree", "table"]],
    ["", picture([0, 4], [axis("x"), axis("y")]), ["table"]],
  ];
  for (const [kind, of, expected] of cases) assert.deepEqual(views(kind, of), expected, `${kind} ${of.shape}`);
});

test("every sentence is there in both languages, with the same gaps", () => {
  const gaps = (text) => (text.match(/\{\w+\}/g) ?? []).toSorted();
  for (const [key, both] of Object.entries(TEXT)) {
    assert.ok(both.en && both["zh-TW"], key);
    assert.deepEqual(gaps(both.en), gaps(both["zh-TW"]), key);
  }
});
