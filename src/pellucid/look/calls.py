"""Where the program is: which module is being called, which statement runs, and for which time.

A loop is not marked anywhere in a running program. It is recognised: when the same statement, reached through the same
statements, runs several times within one call of a module, its executions are numbered, and that number is the *step*.
One execution ends where another statement of its frame begins, or where its instructions start again from the left.
Frames are held while a capture runs, so that no two of them can share an address. No torch here.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Hashable
from dataclasses import InitVar, dataclass, field
from types import CodeType, FrameType

from pellucid.look.sources import Site, is_persons_code, site


@dataclass(eq=False, slots=True)
class Execution:
    """One run of one statement: how it was reached, for which time, and the operation that came last in it."""

    path: Hashable
    ordinal: int
    last: int = -1


Chain = tuple[tuple[Execution, Site], ...]  # the statements under way, innermost first, each with its expression


@dataclass(eq=False, slots=True)
class ModuleCall:
    """One call of a module: by which other call, from which statements of it, and for which time."""

    path: str
    index: int  # over the whole run
    parent: ModuleCall | None
    frame: FrameType | None  # the frame that calls forward: what lies below it belongs to the caller
    chain: Chain = ()
    key: Hashable = None
    ordinal: int = 0  # of this module called by this statement of this parent


@dataclass(frozen=True, slots=True)
class Place:
    """Where one operation ran: the module call, and the statements within it (none: it ran in library code)."""

    call: ModuleCall
    chain: Chain

    @property
    def nearest(self) -> Chain:
        """The innermost statements of the person's own code that led here, if need be those of an outer call."""
        call: ModuleCall | None = self.call
        chain = self.chain
        while not chain and call is not None:
            chain, call = call.chain, call.parent
        return chain

    def everywhere(self) -> list[Execution]:
        """Every statement under way, through all calls of modules."""
        found, call = [execution for execution, _ in self.chain], self.call
        while call.parent is not None:
            found += [execution for execution, _ in call.chain]
            call = call.parent
        return found


@dataclass(slots=True)
class _FrameState:
    execution: Execution
    site: Site
    instruction: int
    callee: FrameType | None


@dataclass
class Calls:
    """The module calls and statements of one run, fed by hooks (`enter`, `leave`) and asked by each operation."""

    libraries: tuple[str, ...]  # folders whose code is nobody's own
    outside: InitVar[FrameType]  # the frame that calls the outermost module
    _all: list[ModuleCall] = field(default_factory=list)  # held, so that no two can share an address
    _stack: list[ModuleCall] = field(default_factory=list)
    _count: Counter[Hashable] = field(default_factory=Counter)
    _frames: dict[FrameType, _FrameState] = field(default_factory=dict)
    _persons: dict[CodeType, bool] = field(default_factory=dict)

    def __post_init__(self, outside: FrameType) -> None:
        self._stack.append(ModuleCall("", 0, None, outside))
        self._all.append(self._stack[0])

    def enter(self, path: str, frame: FrameType) -> None:
        """A module is about to run; `frame` is the one that will call its forward."""
        parent, chain = self._stack[-1], self._chain(frame)
        key = (id(parent), path, chain[0][0].path if chain else None)
        call = ModuleCall(path, self._next(("call", path)), parent, frame, chain, key, self._next(key))
        self._stack.append(call)
        self._all.append(call)

    def leave(self) -> None:
        self._stack.pop()

    @property
    def root(self) -> Place:
        """The place of what happens outside of all modules."""
        return Place(self._all[0], ())

    def place(self) -> Place:
        """Where the operation that asks runs."""
        return Place(self._stack[-1], self._chain(sys._getframe(1)))

    def step(self, place: Place) -> int | None:
        """The step of an operation: of the loop around its statement, else of the loop that called its module."""
        if place.chain and self._count[place.chain[0][0].path] > 1:
            return place.chain[0][0].ordinal
        call = place.call
        while call.parent is not None:
            if self._count[call.key] > 1:
                return call.ordinal
            call = call.parent
        return None

    def forget(self) -> None:
        """Let go of the frames, and with them of everything that the run kept in its variables."""
        self._frames.clear()
        for call in self._all:
            call.frame = None

    def _next(self, key: Hashable) -> int:
        count = self._count[key]
        self._count[key] = count + 1
        return count

    def _chain(self, frame: FrameType | None) -> Chain:
        """The executions under way between `frame` and the module call it belongs to, innermost first."""
        call = self._stack[-1]
        callee: FrameType | None = None
        found: list[tuple[FrameType, FrameType | None]] = []
        while frame is not None and frame is not call.frame:
            persons = self._persons.get(frame.f_code)
            if persons is None:
                persons = self._persons[frame.f_code] = is_persons_code(frame.f_code, self.libraries)
            if persons:
                found.append((frame, callee))
            callee, frame = frame, frame.f_back
        path: Hashable = id(call)
        chain: list[tuple[Execution, Site]] = []
        for frame, callee in reversed(found):
            state = self._state(frame, callee, path)
            chain.append((state.execution, state.site))
            path = state.execution.path
        return tuple(reversed(chain))

    def _state(self, frame: FrameType, callee: FrameType | None, path: Hashable) -> _FrameState:
        here = site(frame.f_code, frame.f_lasti, frame.f_globals.get("__name__", ""))
        state = self._frames.get(frame)
        # The same call still under way, or one further right in the same statement, goes on with the same execution.
        if (
            state is None
            or state.site.statement is not here.statement
            or not (frame.f_lasti > state.instruction or (callee is not None and callee is state.callee))
        ):
            key = (path, frame.f_code, id(here.statement))
            state = self._frames[frame] = _FrameState(Execution(key, self._next(key)), here, frame.f_lasti, callee)
        else:
            state.site, state.instruction, state.callee = here, frame.f_lasti, callee
        return state
