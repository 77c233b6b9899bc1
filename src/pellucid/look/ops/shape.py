"""Views, copies, joins and splits: numbers move, none changes."""

import math

import numpy as np
from numpy.lib.stride_tricks import as_strided as numpy_as_strided
from numpy.lib.stride_tricks import sliding_window_view

from pellucid.look.ops.registry import Array, Ints, Scalar, cast, reference

# --- the same numbers in the same order -------------------------------------------------------------------------------


@reference("alias", "clone", "contiguous", "detach", "lift", "lift_fresh", "lift_fresh_copy", exact=True)
def same(x: Array, *, memory_format: str | None = None) -> Array:
    return x


@reference("_to_copy", exact=True)
def to_copy(
    x: Array, *, dtype: str | None = None, layout: str | None = None, device: str | None = None,
    pin_memory: bool | None = None, non_blocking: bool = False, memory_format: str | None = None,
) -> Array:  # fmt: skip
    """float → integer drops the fraction; a narrower float rounds to nearest, ties to even."""
    return cast(x, dtype)


@reference("copy", exact=True)
def copy(x: Array, source: Array, non_blocking: bool = False) -> Array:
    """The source, broadcast to the shape and converted to the dtype of x."""
    dtype = str(x.dtype) if x.dtype.kind != "f" else None
    return np.broadcast_to(cast(source, dtype).astype(x.dtype), x.shape)


@reference("view", "_unsafe_view", "reshape", exact=True)
def view(x: Array, size: list[int]) -> Array:
    if isinstance(size, str):
        raise NotImplementedError(f"the bits of a tensor read as {size}: the reference sees values, not bits")
    return x.reshape(size)


@reference("_reshape_alias", exact=True)
def reshape_alias(x: Array, size: list[int], stride: list[int]) -> Array:
    return x.reshape(size)


@reference("flatten", exact=True)
def flatten(x: Array, start_dim: int = 0, end_dim: int = -1) -> Array:
    if x.ndim == 0:
        return x.reshape(1)
    start, end = start_dim % x.ndim, end_dim % x.ndim
    return x.reshape(*x.shape[:start], math.prod(x.shape[start : end + 1]), *x.shape[end + 1 :])


@reference("unsqueeze", exact=True)
def unsqueeze(x: Array, dim: int) -> Array:
    return np.expand_dims(x, dim)


@reference("squeeze", exact=True)
def squeeze(x: Array, dim: Ints | None = None) -> Array:
    """Without those of the named axes, or of all, that have length 1; an empty list names none."""
    if dim is None:
        return x.squeeze()
    named = {d % max(x.ndim, 1) for d in ((dim,) if isinstance(dim, int) else dim)}
    return x.squeeze(tuple(d for d in named if d < x.ndim and x.shape[d] == 1))


# --- axes in another order --------------------------------------------------------------------------------------------


@reference("permute", exact=True)
def permute(x: Array, dims: list[int]) -> Array:
    return x.transpose(dims)


@reference("transpose", exact=True)
def transpose(x: Array, dim0: int, dim1: int) -> Array:
    return x.swapaxes(dim0, dim1) if x.ndim else x


@reference("t", exact=True)
def t(x: Array) -> Array:
    return x.T


@reference("flip", exact=True)
def flip(x: Array, dims: list[int]) -> Array:
    return np.flip(x, tuple(dims))


@reference("roll", exact=True)
def roll(x: Array, shifts: list[int], dims: Ints = ()) -> Array:
    """Shifted along the named axes, or along the flattened array; what leaves at one end enters at the other."""
    if dims == [] or dims == ():
        return np.roll(x, shifts[0])
    return np.roll(x, tuple(shifts), tuple(dims) if not isinstance(dims, int) else dims)


@reference("rot90", exact=True)
def rot90(x: Array, k: int = 1, dims: tuple[int, int] = (0, 1)) -> Array:
    return np.rot90(x, k, (dims[0], dims[1]))


# --- more numbers: repeats and joins ----------------------------------------------------------------------------------


@reference("expand", "broadcast_to", exact=True)
def expand(x: Array, size: list[int], *, implicit: bool = False) -> Array:
    """Axes of length 1 repeat; -1 keeps an axis as it is."""
    new = len(size) - x.ndim
    return np.broadcast_to(x, [x.shape[i - new] if n == -1 else n for i, n in enumerate(size)])


@reference("repeat", exact=True)
def repeat(x: Array, repeats: list[int]) -> Array:
    return np.tile(x, repeats)


@reference("repeat_interleave", exact=True)
def repeat_interleave(repeats: Array, *, output_size: int | None = None) -> Array:
    """[2, 0, 1] → [0, 0, 2]: which element stands at each place of the result"""
    return np.repeat(np.arange(len(repeats)), repeats)


@reference("cat", "concat", exact=True)
def cat(tensors: list[Array], dim: int = 0) -> Array:
    """Joined along an axis; a tensor of shape (0,) fits anywhere and adds nothing."""
    full = [x for x in tensors if x.shape != (0,)]
    return np.concatenate(full or tensors, axis=dim if full else 0)


@reference("stack", exact=True)
def stack(tensors: list[Array], dim: int = 0) -> Array:
    return np.stack(tensors, axis=dim)


@reference("constant_pad_nd", exact=True)
def constant_pad_nd(x: Array, pad: list[int], value: Scalar = 0) -> Array:
    """(before, after) for the last axis first, then the one before it ...; a negative number crops."""
    pairs = [(0, 0)] * (x.ndim - len(pad) // 2) + list(zip(pad[::2], pad[1::2], strict=True))[::-1]
    x = x[tuple(slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(x.shape, pairs, strict=True))]
    return np.pad(x, [(max(a, 0), max(b, 0)) for a, b in pairs], constant_values=np.asarray(value).astype(x.dtype))


def _pad_with_own_numbers(mode: str, x: Array, padding: list[int]) -> Array:
    """(before, after) for the last axis first, as above."""
    pairs = [(0, 0)] * (x.ndim - len(padding) // 2) + list(zip(padding[::2], padding[1::2], strict=True))[::-1]
    return np.pad(x, pairs, mode="reflect" if mode == "reflect" else "edge")


@reference("reflection_pad1d", "reflection_pad2d", "reflection_pad3d", exact=True)
def reflection_pad(x: Array, padding: list[int]) -> Array:
    """abc → cb|abc|ba"""
    return _pad_with_own_numbers("reflect", x, padding)


@reference("replication_pad1d", "replication_pad2d", "replication_pad3d", exact=True)
def replication_pad(x: Array, padding: list[int]) -> Array:
    """abc → aa|abc|cc"""
    return _pad_with_own_numbers("edge", x, padding)


# --- fewer numbers: parts ---------------------------------------------------------------------------------------------


def _part(x: Array, dim: int, start: int | None, end: int | None, step: int = 1) -> Array:
    return x[(slice(None),) * (dim % x.ndim) + (slice(start, end, step),)]


@reference("select", exact=True)
def select(x: Array, dim: int, index: int) -> Array:
    return x[(slice(None),) * (dim % x.ndim) + (index,)]


@reference("slice", exact=True)
def slice_along(x: Array, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1) -> Array:
    return _part(x, dim, start, end, step)


@reference("narrow", exact=True)
def narrow(x: Array, dim: int, start: int, length: int) -> Array:
    start = start % x.shape[dim] if start < 0 else start
    return _part(x, dim, start, start + length)


@reference("split_with_sizes", "unsafe_split_with_sizes", exact=True)
def split_with_sizes(x: Array, split_sizes: list[int], dim: int = 0) -> list[Array]:
    ends = np.cumsum(split_sizes)
    return [_part(x, dim, end - size, end) for size, end in zip(split_sizes, ends, strict=True)]


@reference("split", "unsafe_split", exact=True)
def split(x: Array, split_size: Ints, dim: int = 0) -> list[Array]:
    """Parts of one size, the last may be shorter; or of the sizes in a list."""
    if not isinstance(split_size, int):
        return split_with_sizes(x, list(split_size), dim)
    n = x.shape[dim]
    return [_part(x, dim, start, start + split_size) for start in range(0, n, split_size or 1)] or [x]


@reference("chunk", "unsafe_chunk", exact=True)
def chunk(x: Array, chunks: int, dim: int = 0) -> list[Array]:
    """At most this many parts, each ⌈n / chunks⌉ long but the last."""
    n = x.shape[dim]
    return split(x, -(-n // chunks), dim) if n else [x] * chunks


@reference("unbind", exact=True)
def unbind(x: Array, dim: int = 0) -> list[Array]:
    return list(np.moveaxis(x, dim, 0))


@reference("tril", exact=True)
def tril(x: Array, diagonal: int = 0) -> Array:
    return np.tril(x, diagonal)


@reference("triu", exact=True)
def triu(x: Array, diagonal: int = 0) -> Array:
    return np.triu(x, diagonal)


@reference("diagonal", exact=True)
def diagonal(x: Array, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Array:
    return np.diagonal(x, offset, dim1, dim2)


@reference("unfold", exact=True)
def unfold(x: Array, dimension: int, size: int, step: int) -> Array:
    """Windows of one length along an axis, each `step` after the last; the places in a window are a new last axis."""
    if x.ndim == 0:
        return x.reshape(1)[:size]
    return _part(sliding_window_view(x, size, axis=dimension), dimension % x.ndim - x.ndim - 1, None, None, step)


@reference("as_strided", exact=True)
def as_strided(x: Array, size: list[int], stride: list[int], storage_offset: int | None = None) -> Array:
    """Element (i, j, ...) is number offset + i·stride₀ + j·stride₁ + ... of the storage.

    The reference takes the row-major numbers of x for the storage: right where x is contiguous and starts at 0.
    """
    storage = np.ascontiguousarray(x).reshape(-1)[storage_offset or 0 :]
    if math.prod(size) and sum((n - 1) * s for n, s in zip(size, stride, strict=True)) >= storage.size:
        raise NotImplementedError("as_strided reads storage outside the recorded tensor")
    return numpy_as_strided(storage, size, [s * storage.itemsize for s in stride], writeable=False).copy()


@reference("pixel_shuffle", exact=True)
def pixel_shuffle(x: Array, upscale_factor: int) -> Array:
    """(..., C·r², H, W) → (..., C, H·r, W·r) (Shi et al. 2016, arXiv:1609.05158, equation 4)"""
    r = upscale_factor
    *batch, channels, h, w = x.shape
    parts = x.reshape(-1, channels // r**2, r, r, h, w).transpose(0, 1, 4, 2, 5, 3)  # batch, C, H, r, W, r
    return parts.reshape(*batch, channels // r**2, h * r, w * r)


@reference("pixel_unshuffle", exact=True)
def pixel_unshuffle(x: Array, downscale_factor: int) -> Array:
    """(..., C, H·r, W·r) → (..., C·r², H, W)"""
    r = downscale_factor
    *batch, channels, h, w = x.shape
    parts = x.reshape(-1, channels, h // r, r, w // r, r).transpose(0, 1, 3, 5, 2, 4)  # batch, C, r, r, H, W
    return parts.reshape(*batch, channels * r**2, h // r, w // r)
