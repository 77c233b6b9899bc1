"""Memory that a step gave back is kept for the next one.

glibc hands large blocks back to the system as soon as they are freed, and the system fills a block with zeros, page by
page, when it is next asked for: with activations of a few megabytes that can be half of the time of a training step.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Iterator

_TRIM, _MMAP = -1, -3  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD of mallopt(3)
_LARGEST = 32 << 20  # bytes: glibc takes no higher threshold
_NEVER = -1


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """Within, freed memory stays with the process; then what is free goes back. Elsewhere than with glibc: nothing."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc is None or not hasattr(libc, "mallopt"):
        yield
        return
    libc.mallopt(_MMAP, _LARGEST)
    libc.mallopt(_TRIM, _NEVER)
    try:
        yield
    finally:
        libc.mallopt(_TRIM, 2 * _LARGEST)  # where glibc's own rule ends, once blocks of that size were freed
        libc.malloc_trim(0)
