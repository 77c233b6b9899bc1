"""Run any `nn.Module` and record every tensor operation that really happens. Imports torch.

A TorchDispatchMode sees each ATen operation on its way to its kernel, below autograd, also those of C++ code; global
forward hooks say which module runs; the Python stack says which statement. The fused kernels that would hide the steps
(oneDNN's LSTM, flash attention, the Transformer fast path) are set off meanwhile. PyTorch's notes: "Extending PyTorch",
sections on `__torch_function__` and `__torch_dispatch__`.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.modules.module import register_module_forward_hook, register_module_forward_pre_hook
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from pellucid.look.calls import Calls, Place
from pellucid.look.memory import Born, Memory, to_numpy
from pellucid.look.nested import born, bound, map_tensors, tensors
from pellucid.look.pictures import name_pictures
from pellucid.look.record import Recorder, plain
from pellucid.look.trace import Node, Trace, Value, tensors_of

PATH = "step by step (fused kernels off)"
_LIBRARY = (f"{Path(torch.__file__).parent}{os.sep}", f"{Path(__file__).parent}{os.sep}")
_ONE_AT_A_TIME = threading.RLock()  # the switches of the fused kernels belong to the whole process


def capture(
    module: nn.Module,
    *inputs: Any,
    backward: bool = False,
    target: Callable[[Any], Tensor] | None = None,
    train: bool = False,
    **kwargs: Any,
) -> Trace:
    """Run `module(*inputs, **kwargs)` and return its trace. Output, weights, flags and gradients stay as they were.

    The module runs in evaluation mode, or with `train` in the modes its parts are in. With `backward` the trace has
    the gradient of `target(output)`, a scalar (the sum of all floating outputs, unless given), by every value that it
    depends on; floating inputs are then handed in as copies that require one.
    An argument of forward called backward, target or train has to be given by position.
    """
    module = getattr(module, "_orig_mod", module)  # of torch.compile: the module that was compiled
    if target is not None and not callable(target):
        raise TypeError("target must be a function of the output; give forward's own 'target' by position")
    with _ONE_AT_A_TIME, _modes(module, train), _step_by_step(), torch.set_grad_enabled(backward):
        if backward:
            inputs, kwargs = map_tensors(_requiring_grad, inputs), map_tensors(_requiring_grad, kwargs)
        run = _Run(module, inputs, kwargs)
        try:
            output = run(inputs, kwargs)
            if backward:
                _differentiate(run, output, target)
        finally:
            run.let_go()
    trace = run.trace()
    name_pictures(trace)
    trace.meta = {"torch": torch.__version__, "mode": "train" if train else "eval"}
    return trace


@contextmanager
def _modes(module: nn.Module, train: bool) -> Iterator[None]:
    before = [(each, each.training) for each in module.modules()]
    try:
        if not train:
            module.eval()
        yield
    finally:
        for each, training in before:
            each.training = training


@contextmanager
def _step_by_step() -> Iterator[None]:
    """Set the fused kernels off, and back as they were."""
    fast_path = torch.backends.mha.get_fastpath_enabled()
    with ExitStack() as stack:
        # None leaves a switch alone: touching TF32 without an Intel GPU is a warning
        stack.enter_context(torch.backends.mkldnn.flags(False, None, None, None))
        if torch.cuda.is_available():
            stack.enter_context(torch.backends.cudnn.flags(enabled=False))
        if "torch._dynamo" in sys.modules:  # else nothing is compiled, and importing it takes seconds
            stack.enter_context(torch.compiler.set_stance("force_eager"))
        stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        stack.callback(torch.backends.mha.set_fastpath_enabled, fast_path)
        torch.backends.mha.set_fastpath_enabled(False)
        yield


class _ApiCalls(TorchFunctionMode):
    """Puts a frame of its own under each call into torch: two calls by the same instruction can be told apart."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return func(*args, **(kwargs or {}))


class _Operations(TorchDispatchMode):
    supports_higher_order_operators = True

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # without this PyTorch wraps the handler, and imports all of torch.compile to do so

    def __init__(self, run: _Run) -> None:
        super().__init__()
        self.run = run

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return self.run.operation(func, args, kwargs or {}, sys._getframe(1))


@dataclass(frozen=True)
class _Schema:
    """What is fixed for one op: its names, and which of its arguments it writes to."""

    op: str
    kind: str
    parameters: list[str]
    written: tuple[tuple[int, str], ...]  # place and name
    out: frozenset[str]  # `out=` arguments: written, never read

    @staticmethod
    def of(func: Any) -> _Schema:
        schema = getattr(func, "_schema", None)
        if schema is None:  # a higher-order operator: a program as an argument
            return _Schema(str(func), str(func), [], (), frozenset())
        space, _, name = schema.name.partition("::")
        kind = name if name.startswith("__") else name.rstrip("_")
        written = [(i, a) for i, a in enumerate(schema.arguments) if a.alias_info is not None and a.alias_info.is_write]
        return _Schema(
            str(func),
            kind if space == "aten" else f"{space}.{kind}",
            [argument.name for argument in schema.arguments],
            tuple((i, argument.name) for i, argument in written),
            frozenset(argument.name for _, argument in written if argument.is_out),
        )


class _Run:
    """One forward pass, while it is recorded."""

    def __init__(self, module: nn.Module, inputs: Any, kwargs: Any) -> None:
        self.module = module
        self.recorder = Recorder()
        self.places: dict[int, Place] = {}  # by index of the node
        self.paths = {id(each): path for path, each in reversed(list(module.named_modules()))}
        self.classes: dict[str, str] = {}
        self.schemas: dict[Any, _Schema] = {}
        known = born(module)
        named = list(tensors(bound(module, inputs, kwargs)))
        for name, tensor in named:
            known.setdefault(id(tensor), (tensor, Born(name, "input")))
        self.memory = Memory(self.recorder, known, self._view_write)
        self.inputs = {name: self.memory.read(tensor).id for name, tensor in named}
        self.outputs: dict[str, str] = {}
        self.last: tuple[Any, int, list[Tensor]] = (
            None,
            -1,
            [],
        )  # of the operation before: frame, instruction, outputs
        self.goes_on: set[int] = set()  # nodes at the same instruction as the one before them
        self.thread = threading.get_ident()

    def __call__(self, inputs: Any, kwargs: Any) -> Any:
        self.calls = Calls(_LIBRARY, sys._getframe())
        with ExitStack() as stack:
            stack.callback(self.calls.forget)
            stack.callback(register_module_forward_pre_hook(self._enter).remove)
            stack.callback(register_module_forward_hook(self._leave, always_call=True).remove)
            stack.enter_context(_ApiCalls())
            stack.enter_context(_Operations(self))
            output = self.module(*inputs, **kwargs)
        self.place = self.calls.root
        self.outputs = {name: self.memory.read(tensor).id for name, tensor in tensors(output, "output")}
        return output

    def _enter(self, module: nn.Module, _: Any) -> None:
        if threading.get_ident() == self.thread:
            path = self.paths.get(id(module))
            if path is None:  # made during the run
                path = self.paths[id(module)] = f"<{type(module).__name__}>"
            self.classes[path] = type(module).__name__
            self.calls.enter(path, sys._getframe(1))

    def _leave(self, module: nn.Module, _: Any, __: Any) -> None:
        if threading.get_ident() == self.thread:
            self.calls.leave()

    # --- one operation ------------------------------------------------------------------------------------------------

    def operation(self, func: Any, args: Any, kwargs: Any, frame: FrameType) -> Any:
        """Record one operation. What goes in is read before it runs, since it may work in place."""
        if self._is_saving(func, args, frame):
            return func(*args, **kwargs)
        schema = self.schemas.get(func)
        if schema is None:
            schema = self.schemas[func] = _Schema.of(func)
        self.place = self.calls.place()
        node = Node("", schema.kind, op=schema.op)
        node.args = [self._argument(each) for each in args]
        node.kwargs = {name: self._argument(each) for name, each in kwargs.items() if name not in schema.out}
        written = [
            tensor
            for index, name in schema.written
            for _, tensor in tensors(args[index] if index < len(args) else kwargs.get(name))
        ]
        output = func(*args, **kwargs)
        made = [tensor for _, tensor in tensors(output)]
        returned = made or written
        for tensor in written:
            if not any(tensor is each for each in returned):
                self.memory.wrote(tensor, returned=False)
        for tensor in returned:
            wrote = any(tensor is each for each in written)
            node.outputs.append((self.memory.wrote(tensor) if wrote else self.memory.made(tensor)).id)
        if not node.outputs:
            node.result = self._argument(output)
        if (frame, frame.f_lasti) == self.last[:2]:
            self.goes_on.add(len(self.recorder.nodes))
        self._add(node)
        for execution in self.place.everywhere():
            execution.last = len(self.recorder.nodes) - 1
        # a write without a tensor among the results (a check, a print) leaves nothing to save
        self.last = (frame, frame.f_lasti, made)
        return output

    def _is_saving(self, func: Any, args: Any, frame: FrameType) -> bool:
        """Whether this is autograd, keeping an operation's own result for later: `detach`, at the same instruction."""
        before, instruction, made = self.last
        return (
            func is torch.ops.aten.detach.default
            and frame is before
            and frame.f_lasti == instruction
            and any(args[0] is each for each in made)
        )

    def _argument(self, argument: Any) -> Any:
        """An argument as JSON can hold it."""
        match argument:
            case Tensor():
                return {"value": self.memory.read(argument).id}
            case list() | tuple():
                return [self._argument(each) for each in argument]
            case torch.dtype() | torch.layout() | torch.memory_format():
                return str(argument).removeprefix("torch.")
            case None | bool() | int() | float() | complex() | str():
                return plain(argument)
            case torch.Generator():
                return None
        return str(argument) if isinstance(argument, torch.device) else f"<{type(argument).__name__}>"

    def _view_write(self, values: list[Value], layout: dict[str, Any], result: Value) -> None:
        args = [{"value": value.id} for value in values]
        self._add(Node("", "view_write", args=args, kwargs=layout, outputs=[result.id]))

    def _add(self, node: Node) -> None:
        self.places[len(self.recorder.nodes)] = self.place
        call = self.place.call
        node.module, node.call = call.path, call.index
        nearest = self.place.nearest
        if nearest:
            node.code, node.source = nearest[0][1].text, nearest[0][1].source
        self.recorder.add(node)

    # --- when it is over ----------------------------------------------------------------------------------------------

    def let_go(self) -> None:
        """Release every tensor of the network at once, without waiting for the garbage collector."""
        self.memory.forget()
        self.last = (None, -1, [])

    def _leave_out_saved(self) -> None:
        """Leave out the copies that autograd made for itself: read by nobody, before an operation in place."""
        nodes = self.recorder.nodes
        read = {each for node in nodes for each in (*tensors_of(node.args), *tensors_of(node.kwargs))}
        read.update(self.outputs.values())
        kept = []
        for index, node in enumerate(nodes):
            if node.kind == "clone" and index + 1 in self.goes_on and node.outputs[0] not in read:
                del self.recorder.values[node.outputs[0]], self.recorder.arrays[node.outputs[0]]
            else:
                kept.append(node)
        self.recorder.nodes = kept

    def trace(self) -> Trace:
        for index, node in enumerate(self.recorder.nodes):
            place = self.places[index]
            node.step = self.calls.step(place)
            names = _assigned(index, place)
            if len(names) == 1:
                node.variable = names[0]
            elif names and len(names) == len(node.outputs):  # q, k, v = ...
                for name, each in zip(names, node.outputs, strict=True):
                    stem = f"{node.module}.{name}" if node.module else name
                    self.recorder.values[each].name = stem if node.step is None else f"{stem}[{node.step}]"
        self._leave_out_saved()
        trace = self.recorder.trace()
        trace.path, trace.modules, trace.inputs, trace.outputs = PATH, self.classes, self.inputs, self.outputs
        trace.signatures = {schema.op: schema.parameters for schema in self.schemas.values()}
        return trace


def _assigned(index: int, place: Place) -> tuple[str, ...]:
    """The variables that the result of an operation was assigned to, if it was the last one of the statement."""
    for execution, site in place.nearest:
        if execution.last != index:
            return ()
        if site.statement.targets is not None or not site.statement.returns:
            return site.statement.targets or ()
        # returned: then it is the caller's statement that says its name
    return ("output",) if place.nearest else ()


def _differentiate(run: _Run, output: Any, target: Callable[[Any], Tensor] | None) -> None:
    """Record the gradient of the target by every value that autograd can reach."""
    floating = [tensor for _, tensor in tensors(output) if tensor.is_floating_point() and tensor.requires_grad]
    scalar = target(output) if target else sum((each.sum() for each in floating), torch.zeros(()))
    if scalar.numel() != 1 or not scalar.requires_grad:
        raise ValueError("the target must be one number that depends on something that requires a gradient")
    edges = run.memory.edges
    towards: list[Any] = list(edges.values())  # tensors and edges of the graph, mixed: more than the types allow
    gradients = torch.autograd.grad(scalar.reshape(()), towards, allow_unused=True)
    for name, gradient in zip(edges, gradients, strict=True):
        if gradient is not None and run.recorder.values[name].stored:
            run.recorder.arrays["g" + name[1:]] = to_numpy(gradient)


def _requiring_grad(tensor: Tensor) -> Tensor:
    if not tensor.is_floating_point() or tensor.requires_grad:
        return tensor
    # the clone is no leaf, so that the module may still write into it
    return tensor.detach().requires_grad_().clone()
