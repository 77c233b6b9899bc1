"""From a running instruction to the text that a person wrote: expression, statement, variable, file and line.

Python keeps the columns of every instruction (PEP 657, `code.co_positions`), so the expression that called an operation
can be quoted exactly; the syntax tree of the file gives the statement around it and the names it assigns to.
Everything is cached: an instruction is looked up once, a file is parsed once. No torch here.
"""

from __future__ import annotations

import ast
import linecache
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from types import CodeType


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement of a file. `targets` are the plain names it assigns to, in order; None where there are none."""

    line: int
    targets: tuple[str, ...] | None = None
    returns: bool = False


@dataclass(frozen=True, eq=False)
class Site:
    """Where an instruction stands: the text of its expression, `package/file.py:line`, the statement around it."""

    text: str
    source: str
    statement: Statement


_STANDARD_LIBRARY = sysconfig.get_path("stdlib")


def is_persons_code(code: CodeType, library: tuple[str, ...]) -> bool:
    """Whether this is code of the network: not Python's own, and in none of the `library` folders."""
    file = code.co_filename
    if file.startswith(("<frozen", "<string>", *library)):
        return False
    return not file.startswith(_STANDARD_LIBRARY) or "site-packages" in file or "dist-packages" in file


_sites: dict[tuple[CodeType, int], Site] = {}


def site(code: CodeType, instruction: int, module_name: str) -> Site:
    """The site of the instruction at byte offset `instruction` (a frame's `f_lasti`) of `code`."""
    key = (code, instruction)
    found = _sites.get(key)
    if found is None:
        found = _sites[key] = _find(code, instruction, module_name)
    return found


def _find(code: CodeType, instruction: int, module_name: str) -> Site:
    positions = _positions(code)
    at = instruction // 2  # an instruction takes two bytes
    line, end_line, column, end_column = positions[at] if 0 <= at < len(positions) else (None,) * 4
    line = line or code.co_firstlineno
    lines = _lines(code.co_filename)
    if not 0 < line <= len(lines):
        text = ""
    elif end_line is None or column is None or end_column is None or end_line > len(lines):
        text = lines[line - 1]
    else:
        text = _between(lines, line, column, end_line, end_column)
    statement = _statement(code.co_filename, line, column or 0)
    return Site(" ".join(text.split()), f"{short_path(code.co_filename, module_name)}:{line}", statement)


@lru_cache(maxsize=4096)
def _positions(code: CodeType) -> list[tuple[int | None, int | None, int | None, int | None]]:
    return list(code.co_positions())


def _lines(file: str) -> list[str]:
    return linecache.getlines(file)


def _between(lines: list[str], line: int, column: int, end_line: int, end_column: int) -> str:
    # columns count bytes of UTF-8, not characters
    part = [text.encode() for text in lines[line - 1 : end_line]]
    part[-1] = part[-1][:end_column]
    part[0] = part[0][column:]
    return b" ".join(text.strip() for text in part).decode(errors="replace")


@lru_cache(maxsize=256)
def _tree(file: str) -> ast.Module | None:
    try:
        return ast.parse("".join(_lines(file)))
    except SyntaxError:  # not Python: a template, a notebook cell with magic
        return None


@lru_cache(maxsize=65536)
def _statement_of(file: str, line: int, column: int) -> ast.stmt | ast.Lambda | None:
    tree = _tree(file)
    found: ast.stmt | ast.Lambda | None = None
    nodes: Iterable[ast.AST] = tree.body if tree else ()
    while True:  # down the tree, always into the one node that contains the position
        inside = next((node for node in nodes if _contains(node, line, column)), None)
        if inside is None:
            return found
        if isinstance(inside, ast.stmt | ast.Lambda):
            found = inside
        nodes = ast.iter_child_nodes(inside)


def _contains(node: ast.AST, line: int, column: int) -> bool:
    if not hasattr(node, "lineno"):  # arguments, comprehension and the like have no position of their own
        return any(_contains(child, line, column) for child in ast.iter_child_nodes(node))
    assert isinstance(node, ast.expr | ast.stmt | ast.excepthandler | ast.arg | ast.keyword | ast.alias | ast.pattern)
    decorators = getattr(node, "decorator_list", [])
    start = min([(node.lineno, node.col_offset), *((each.lineno, each.col_offset) for each in decorators)])
    return start <= (line, column) < (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset + 1)


_statements: dict[tuple[str, int, int], Statement] = {}


def _statement(file: str, line: int, column: int) -> Statement:
    node = _statement_of(file, line, column)
    # one object for one statement, so that `is` tells whether two instructions share it
    key = (file, node.lineno, node.col_offset) if node else (file, line, -1)
    if key not in _statements:
        _statements[key] = _read(node, line)
    return _statements[key]


def _read(node: ast.stmt | ast.Lambda | None, line: int) -> Statement:
    match node:
        case ast.Lambda() | ast.Return():
            return Statement(node.lineno, returns=True)
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return Statement(node.lineno, _names(target))
        case None:
            return Statement(line)
        case _:
            return Statement(node.lineno)


def _names(target: ast.expr) -> tuple[str, ...] | None:
    if isinstance(target, ast.Name):
        return (target.id,)
    if isinstance(target, ast.Tuple | ast.List) and all(isinstance(each, ast.Name) for each in target.elts):
        return tuple(each.id for each in target.elts if isinstance(each, ast.Name))
    return None


@lru_cache(maxsize=4096)
def short_path(file: str, module_name: str) -> str:
    """`package/file.py`: the file below its top-level package, or its bare name; never a path of this machine."""
    path, names = PurePath(file), module_name.split(".")
    if path.stem == "__init__":
        names.append("__init__")
    inside = path.with_suffix("").parts[-len(names) :] == tuple(names)
    return "/".join(path.parts[-len(names) :]) if inside and len(names) > 1 else Path(file).name
