"""What a person writes, to one problem: `maximise x + y subject to x^2 + y^2 = 32`. Formulas go to core.formula only.

problem   = [goal] ["f" "="] formula  {separator equation}  ["start" "=" numbers]
goal      = maximise | minimise | extremise, their other spellings, or nothing: both are looked for
separator = new line | ";" | "," | "subject to" | "s.t." | "where" | "and"
"""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pellucid.core.errors import UserError, closest
from pellucid.core.formula import Formula
from pellucid.core.formula_parser import Part
from pellucid.rooms.lagrange.pieces import START, Piece, pieces

Sense = Literal["max", "min", "both"]
LEAST_VARIABLES, MOST_VARIABLES, MOST_CONSTRAINTS = 2, 4, 3
LARGEST_START = 1e6
EXAMPLE = "maximise x + y subject to x^2 + y^2 = 32"

_GOALS: dict[str, Sense] = {
    "maximise": "max", "maximize": "max", "maximum": "max", "max": "max", "最大化": "max", "最大": "max",
    "minimise": "min", "minimize": "min", "minimum": "min", "min": "min", "最小化": "min", "最小": "min",
    "extremise": "both", "extremize": "both", "extrema": "both", "optimise": "both", "optimize": "both", "極值": "both",
}  # fmt: skip
_GOAL = re.compile(rf"\s*({'|'.join(sorted(_GOALS, key=len, reverse=True))})(?![A-Za-z0-9_])\s*(?:of\b)?\s*:?", re.I)
_NAMED = re.compile(r"\s*(?:[fghFGH][0-9]?|[A-Za-z][0-9]?\s*\([A-Za-z0-9_,\s]*\))\s*$")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_WORD = re.compile(r"[A-Za-z]+[0-9]*(?:_[A-Za-z0-9]+)*")
_UNEQUAL = re.compile(r"<=|>=|=<|=>|[<>≤≥≠]|!=")


@dataclass(frozen=True)
class Problem:
    """f under g = 0. Each constraint's formula is its left side minus its right side."""

    sense: Sense
    names: tuple[str, ...]
    objective: Formula
    constraints: tuple[Formula, ...]
    start: tuple[float, ...] | None

    @property
    def lines(self) -> tuple[str, ...]:
        """As it was understood."""
        goal = {"max": "maximise", "min": "minimise", "both": "extremise"}[self.sense]
        texts = [each.text for each in self.constraints]
        return (f"{goal} {self.objective.text}", f"subject to {texts[0]}", *texts[1:])

    @property
    def multipliers(self) -> tuple[str, ...]:
        return ("λ",) if len(self.constraints) == 1 else tuple(f"λ{i + 1}" for i in range(len(self.constraints)))


@lru_cache(maxsize=64)
def read(text: str) -> Problem:
    """The problem that a text states; UserError with line and column where it states none."""
    parts = pieces(text)
    if not parts:
        raise UserError(f"problem: there is none; write one like: {EXAMPLE}")
    starts = [piece for piece in parts if START.match(piece.text)]
    sense, goal, constraints = _sorted([piece for piece in parts if piece not in starts])
    sides = [_sides(piece) for piece in constraints]
    names = _names([goal, *(side for pair in sides for side in pair)])
    objective = Formula.parse(goal.text, names, where=goal.where, column=goal.column)
    if not _has_name(objective.tree):
        goal.wrong(0, f"{goal.text.strip()[:40]!r} has no variable: the same everywhere. Write one like {EXAMPLE}")
    found = tuple(_constraint(piece, pair, names) for piece, pair in zip(constraints, sides, strict=True))
    if len(found) > len(names):
        raise UserError(f"problem: {len(found)} constraints on {len(names)} variables; leave some out")
    if len(starts) > 1:
        starts[1].wrong(0, "start stands there twice")
    return Problem(sense, names, objective, found, _start(starts[0], names) if starts else None)


def _sorted(pieces: list[Piece]) -> tuple[Sense, Piece, list[Piece]]:
    """The goal, f, and the constraints."""
    sense: Sense = "both"
    goal, constraints = None, []
    for piece in pieces:
        if match := _GOAL.match(piece.text):
            if goal is not None:
                piece.wrong(0, "a second goal; write one function and then equations behind subject to")
            sense, goal = _GOALS[match.group(1).lower()], _without_name(piece.cut(match.end()))
        elif goal is None and not piece.after_under and (_is_goal(piece) or "=" not in piece.text):
            goal = _without_name(piece)
        else:
            constraints.append(piece)
    if goal is None:
        raise UserError(f"problem: no function to maximise or minimise; write one like: {EXAMPLE}")
    if not goal.text.strip():
        goal.wrong(0, f"no function here; write one like: {EXAMPLE}")
    if sense == "both" and (hint := _misspelt(goal.text)):
        goal.wrong(0, f"{hint}, as in: {EXAMPLE}")
    if unequal := re.search(r"=", goal.text):
        goal.wrong(unequal.start(), f"an equation is a constraint; write subject to before it, as in: {EXAMPLE}")
    if not constraints:
        raise UserError(f"problem: no constraint; write an equation behind subject to, as in: {EXAMPLE}")
    if len(constraints) > MOST_CONSTRAINTS:
        constraints[MOST_CONSTRAINTS].wrong(0, f"more than {MOST_CONSTRAINTS} constraints; leave some out")
    return sense, goal, constraints


def _misspelt(text: str) -> str:
    """Did you mean maximise? Empty where the first word is a name or a function, for all that can be seen."""
    word = _WORD.match(text)
    near = difflib.get_close_matches(word.group().lower(), _GOALS, n=1, cutoff=0.75) if word else []
    return f"{word.group()[:20]!r}: did you mean {near[0]!r}?" if word and near and len(word.group()) > 3 else ""


def _is_goal(piece: Piece) -> bool:
    """`f = …`, `f(x, y) = …`"""
    return bool(re.match(r"\s*f\s*(\([^)=]*\))?\s*=", piece.text)) and piece.text.count("=") == 1


def _without_name(piece: Piece) -> Piece:
    head, equals, _ = piece.text.partition("=")
    piece = piece.cut(len(head) + 1) if equals and _NAMED.match(head) else piece
    return piece.cut(len(piece.text) - len(piece.text.lstrip()))


def _sides(piece: Piece) -> tuple[Piece, Piece]:
    if bad := _UNEQUAL.search(piece.text):
        fixed = f"{piece.text[: bad.start()].strip()} = {piece.text[bad.end() :].strip()}"
        piece.wrong(bad.start(), f"{bad.group()!r}: only equations are solved here; write {fixed[:60]!r}")
    piece = _equals_once(piece)
    head, equals, tail = piece.text.partition("=")
    if not equals:
        word = re.match(r"[A-Za-z]{3,}", head)
        hint = closest(word.group().lower(), _GOALS) if word else ""
        piece.wrong(0, f"no equal sign in {head[:40]!r}{hint}; write a constraint like {head[:40].strip()} = 1")
    if not head.strip() or not tail.strip():
        piece.wrong(len(head), "nothing stands on one side of the equal sign; write one like x + y = 1")
    return piece.cut(0, len(head)), piece.cut(len(head) + 1)


def _equals_once(piece: Piece) -> Piece:
    """`g(x, y) = x + y = 1` without the name; `==` is one sign."""
    doubled = piece.text.find("==")
    if doubled >= 0:
        piece.wrong(doubled, "'==' is one '=' too many")
    while piece.text.count("=") > 1:
        head = piece.text.partition("=")[0]
        if not _NAMED.match(head) or piece.text.count("=") > 2:
            second = piece.text.index("=", len(head) + 1)
            piece.wrong(second, "a second equal sign; write two equations, with ; between them")
        piece = piece.cut(len(head) + 1)
    return piece


def _names(pieces: list[Piece]) -> tuple[str, ...]:
    """Every word that is no function. `xy` is x times y where x and y stand elsewhere by themselves."""
    words = {name for piece in pieces for name in _words(piece)}
    letters = {word for word in words if len(word.rstrip("0123456789")) == 1 or "_" in word}
    glued = {word for word in words - letters if word.isalpha() and set(word) <= letters}
    names = tuple(sorted(words - glued, key=_natural))
    listed = ", ".join(names[:MOST_VARIABLES]) + (", …" if len(names) > MOST_VARIABLES else "")
    if not LEAST_VARIABLES <= len(names) <= MOST_VARIABLES:
        hint = f"; a product is written {'*'.join(names[0])}" if len(names) == 1 and len(names[0]) > 1 else ""
        count = f"{len(names)} variable{'' if len(names) == 1 else 's'} ({listed})" if names else "no variable"
        raise UserError(f"problem: {count}; from {LEAST_VARIABLES} to {MOST_VARIABLES} would do{hint}")
    return names


def _words(piece: Piece) -> tuple[str, ...]:
    return Formula.parse(piece.text, where=piece.where, column=piece.column).names


def _natural(name: str) -> tuple[str, int]:
    letters = name.rstrip("0123456789")
    return letters, int(name[len(letters) :][:9] or -1)


def _constraint(piece: Piece, sides: tuple[Piece, Piece], names: tuple[str, ...]) -> Formula:
    left, right = (Formula.parse(side.text, names, where=side.where, column=side.column) for side in sides)
    if not _has_name(left.tree) and not _has_name(right.tree):
        piece.wrong(0, f"{piece.text[:40]!r} has no variable in it; write an equation like x + y = 1")
    tree = left.tree
    if right.tree.constant != 0:
        parts = (left.tree, right.tree)
        tree = Part("-", parts, size=sum(each.size for each in parts), bits=sum(each.bits for each in parts))
    found = Formula(f"{left.text} = {right.text}", tree, names)
    if found.sympy.is_number:
        always = "holds everywhere: it is no constraint" if found.sympy == 0 else "never holds"
        piece.wrong(0, f"{piece.text[:40]!r} {always}; write an equation like x + y = 1")
    return found


def _has_name(part: Part) -> bool:
    return part.kind == "name" or any(_has_name(each) for each in part.args)


def _start(piece: Piece, names: tuple[str, ...]) -> tuple[float, ...]:
    values = piece.text.partition("=")[2].strip().removeprefix("(").removesuffix(")").split(",")
    if len(values) != len(names) or not all(_NUMBER.fullmatch(each.strip()) for each in values):
        like = ", ".join("123456"[: len(names)])
        piece.wrong(0, f"a start is {len(names)} numbers, for {', '.join(names)}; write start = {like}")
    found = tuple(float(each) for each in values)
    if not all(math.isfinite(each) and abs(each) <= LARGEST_START for each in found):
        piece.wrong(0, f"a start between -{LARGEST_START:,.0f} and {LARGEST_START:,.0f} would do")
    return found
