// @ts-check
// Tensors of a trace file: small ones whole, large ones by pages, each fetched when a number of it is asked for.

const WHOLE = 1 << 20; // bytes up to which a tensor is read at once
const PAGE = 1 << 18;

/** @type {Record<string, { bytes: number, array: (buffer: ArrayBuffer) => ArrayLike<number | bigint> }>} */
const TYPES = {
  F64: { bytes: 8, array: (buffer) => new Float64Array(buffer) },
  F32: { bytes: 4, array: (buffer) => new Float32Array(buffer) },
  I64: { bytes: 8, array: (buffer) => new BigInt64Array(buffer) },
  U64: { bytes: 8, array: (buffer) => new BigUint64Array(buffer) },
  I32: { bytes: 4, array: (buffer) => new Int32Array(buffer) },
  U32: { bytes: 4, array: (buffer) => new Uint32Array(buffer) },
  I16: { bytes: 2, array: (buffer) => new Int16Array(buffer) },
  U16: { bytes: 2, array: (buffer) => new Uint16Array(buffer) },
  I8: { bytes: 1, array: (buffer) => new Int8Array(buffer) },
  U8: { bytes: 1, array: (buffer) => new Uint8Array(buffer) },
  BOOL: { bytes: 1, array: (buffer) => new Uint8Array(buffer) },
};

/** @typedef {(start: number, end: number) => Promise<ArrayBuffer>} Read bytes of the file, end excluded */

/** Thrown where a number is asked for whose bytes are on their way; `wait` resolves when they are there. */
export class Missing extends Error {
  /** @param {Promise<void>} wait */
  constructor(wait) {
    super("these numbers are being read");
    this.wait = wait;
  }
}

/** The bytes of one stored tensor. */
export class Storage {
  /** @param {Read} read @param {string} type @param {number} start in the file @param {number} end */
  constructor(read, type, start, end) {
    if (!TYPES[type]) throw new Error(`tensors of type ${type} cannot be read`);
    this.read = read;
    this.type = TYPES[type];
    this.start = start;
    this.bytes = end - start;
    this.page = this.bytes <= WHOLE ? Math.max(this.bytes, 1) : PAGE;
    /** @type {(ArrayLike<number | bigint> | undefined)[]} */
    this.pages = [];
    /** @type {Map<number, Promise<void>>} */
    this.coming = new Map();
  }

  /** @param {number} element @returns {number} */
  at(element) {
    const byte = element * this.type.bytes;
    const number = Math.floor(byte / this.page);
    const page = this.pages[number];
    if (!page) throw new Missing(this.load(number));
    return Number(page[(byte - number * this.page) / this.type.bytes]);
  }

  /** @param {number} number of the page @returns {Promise<void>} */
  load(number) {
    const before = this.coming.get(number);
    if (before) return before;
    const from = number * this.page;
    const coming = this.read(this.start + from, this.start + Math.min(from + this.page, this.bytes)).then((buffer) => {
      this.pages[number] = this.type.array(buffer);
    });
    coming.catch(() => this.coming.delete(number)); // so that it is tried again
    this.coming.set(number, coming);
    return coming;
  }
}

/** A tensor over a storage: its own, or a view of another one's. */
export class Tensor {
  /** @param {Storage} storage @param {number[]} shape @param {number} offset @param {number[]} strides @param {string} dtype */
  constructor(storage, shape, offset, strides, dtype) {
    this.storage = storage;
    this.shape = shape;
    this.offset = offset;
    this.strides = strides;
    this.dtype = dtype;
    this.size = shape.reduce((product, n) => product * n, 1);
  }

  /** @param {number[]} index @returns {number} */
  at(index) {
    let element = this.offset;
    for (let i = 0; i < index.length; i++) element += index[i] * this.strides[i];
    return this.storage.at(element);
  }
}

/** @param {number[]} shape @returns {number[]} strides in elements of a tensor that lies row by row */
export function contiguous(shape) {
  const strides = new Array(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

/** @param {number} element @param {number[]} shape @returns {number[]} the index of an element, counted row by row */
export function unravel(element, shape) {
  const index = new Array(shape.length);
  for (let i = shape.length - 1; i >= 0; i--) {
    index[i] = element % shape[i];
    element = Math.floor(element / shape[i]);
  }
  return index;
}
