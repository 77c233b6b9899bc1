// @ts-check
// Where a map is strongest: its largest number on either side of zero.

/** @param {readonly (readonly number[])[]} values @returns {{ row: number, column: number, value: number }} */
export function strongest(values) {
  let best = { row: 0, column: 0, value: 0 };
  values.forEach((line, row) =>
    line.forEach((value, column) => {
      if (Math.abs(value) > Math.abs(best.value)) best = { row, column, value };
    }),
  );
  return best;
}
