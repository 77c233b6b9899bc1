"""A NumPy float64 reference for each kind of ATen operation: how a trace recomputes every node.

Each file below enters its functions in REFERENCES. NumPy only: nothing here knows torch.
"""

from pellucid.look.ops import (
    activation,
    arithmetic,
    attention,
    conv,
    creation,
    index,
    linear,
    loss,
    norm,
    pool,
    recurrent,
    reduce,
    resize,
    shape,
)
from pellucid.look.ops.registry import REFERENCES, Reference, reference

__all__ = [
    "REFERENCES",
    "Reference",
    "activation",
    "arithmetic",
    "attention",
    "conv",
    "creation",
    "index",
    "linear",
    "loss",
    "norm",
    "pool",
    "recurrent",
    "reduce",
    "reference",
    "resize",
    "shape",
]
