"""Looking inside: capture a forward pass, name it, recompute it, save it.

    from pellucid.look import capture, Trace
    trace = capture(module, *inputs)
    print(trace.check())        # checked 412 of 412 nodes, largest difference 6.0e-08

Only `capture` imports torch, and only when it is called: a trace is read, replayed and checked without.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pellucid.look.check import NodeCheck, Report
from pellucid.look.gradients import by_step, weight_contributions
from pellucid.look.record import Recorder
from pellucid.look.trace import Node, Trace, TraceError, Value

if TYPE_CHECKING:
    from torch import Tensor, nn

__all__ = [
    "Node",
    "NodeCheck",
    "Recorder",
    "Report",
    "Trace",
    "TraceError",
    "Value",
    "by_step",
    "capture",
    "weight_contributions",
]


def capture(
    module: nn.Module,
    *inputs: Any,
    backward: bool = False,
    target: Callable[[Any], Tensor] | None = None,
    train: bool = False,
    **kwargs: Any,
) -> Trace:
    """Run `module(*inputs, **kwargs)` and record every tensor operation; see `pellucid.look.dispatch.capture`."""
    from pellucid.look import dispatch

    return dispatch.capture(module, *inputs, backward=backward, target=target, train=train, **kwargs)
