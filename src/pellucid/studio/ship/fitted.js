// @ts-check
// One input brought into the fixed shape and the number type of a run time that cannot change them.

/** @typedef {{ data: ArrayLike<number | bigint>, dims: readonly number[] }} Feed */
/** @typedef {{ name: string, dtype: string, shape: number[] }} Port */

/** @type {Record<string, any>} */
const TYPES = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array, int8: Int8Array, uint8: Uint8Array };

/**
 * Shorter inputs are filled up with 0, longer ones are cut, along every axis.
 * @param {Feed} feed @param {Port} port @returns {Float32Array | Int32Array | BigInt64Array | Int8Array | Uint8Array}
 */
export function fitted({ data, dims }, { dtype, shape }) {
  const Type = TYPES[dtype];
  if (!Type) throw new Error(`numbers of type ${dtype} are not known here`);
  const full = new Type(shape.reduce((n, size) => n * size, 1));
  const convert = dtype === "int64" ? BigInt : Number;
  for (let at = 0; at < data.length; at++) {
    let [rest, stride, to] = [at, 1, 0];
    for (let axis = dims.length - 1; axis >= 0 && to >= 0; axis--) {
      const index = rest % dims[axis];
      rest = (rest - index) / dims[axis];
      to = index < shape[axis] ? to + index * stride : -1;
      stride *= shape[axis];
    }
    if (to >= 0) full[to] = convert(/** @type {any} */ (data[at]));
  }
  return full;
}
