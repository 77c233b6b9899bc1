"""Memory between steps: kept within, given back afterwards."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import ctypes, resource, sys
from contextlib import nullcontext
from pathlib import Path
from pellucid.core import memory
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
SIZE, COUNT = 3 << 20, 20

def step():  # what a training step does: fills some blocks, then frees them all
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    blocks = [libc.malloc(SIZE) for _ in range(COUNT)]
    for block in blocks:
        ctypes.memset(block, 1, SIZE)
    for block in blocks:
        libc.free(block)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1])

with memory.kept() if sys.argv[1] == "kept" else nullcontext():
    print(*(step() for _ in range(4)), resident())
print(resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc")
def test_freed_memory_is_kept_within_and_given_back_after():
    pages = 3 * 256 * 20
    found = {}
    for how in ("kept", "not"):
        done = subprocess.run([sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=True)
        found[how] = [int(number) for number in done.stdout.split()]
    *faults, within, after = found["kept"]
    assert max(faults[1:]) < 100
    assert within - after > 0.9 * pages
    assert min(found["not"][1:4]) > 100  # the reason for all of it
