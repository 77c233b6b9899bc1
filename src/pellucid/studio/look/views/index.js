// @ts-check
// All views by name. `views()` in choose.js says which of them fit a tensor.
import { Attention } from "#studio/look/views/attention.js";
import { Bars } from "#studio/look/views/bars.js";
import { Distribution } from "#studio/look/views/distribution.js";
import { Gates } from "#studio/look/views/gates.js";
import { Grid } from "#studio/look/views/grid.js";
import { Heat } from "#studio/look/views/heat.js";
import { Image } from "#studio/look/views/image.js";
import { Scalar } from "#studio/look/views/scalar.js";
import { Scatter } from "#studio/look/views/scatter.js";
import { Table } from "#studio/look/views/table.js";
import { TEXT } from "#studio/look/views/text.js";
import { Tokens } from "#studio/look/views/tokens.js";
import { Tree } from "#studio/look/views/tree.js";

export { views } from "#studio/look/views/choose.js";
export { Mini } from "#studio/look/views/mini.js";

/** @typedef {import("#studio/ui/text.js").Words} Words */

/** @type {Record<string, { component: (view: any) => any, title: Words }>} */
export const VIEWS = {
  heat: { component: Heat, title: TEXT.heat },
  bars: { component: Bars, title: TEXT.bars },
  tokens: { component: Tokens, title: TEXT.tokens },
  distribution: { component: Distribution, title: TEXT.distribution },
  gates: { component: Gates, title: TEXT.gates },
  grid: { component: Grid, title: TEXT.grid },
  image: { component: Image, title: TEXT.image },
  attention: { component: Attention, title: TEXT.attention },
  scatter: { component: Scatter, title: TEXT.scatter },
  tree: { component: Tree, title: TEXT.tree },
  scalar: { component: Scalar, title: TEXT.scalar },
  table: { component: Table, title: TEXT.table },
};
