"""A user's own file: run, for the module that it builds; what goes wrong in it, as one line with its place."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core.errors import UserError, closest

if TYPE_CHECKING:
    from torch import nn


def built(file: Path, function: str) -> tuple[nn.Module, tuple[tuple[Any, ...], dict[str, Any]]]:
    """The module of a file, in evaluation mode, and its example inputs: positional ones, and those by name."""
    from torch import nn

    if not file.is_file():
        raise UserError(f"{file}: there is no such file")
    print(f"running {file}: it is code, and may do whatever you may", file=sys.stderr)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None and spec.loader is not None
    code = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = code  # dataclasses and pickles look there for their own file
    with told(file):
        spec.loader.exec_module(code)
    names = [each for each in vars(code) if callable(getattr(code, each)) and not each.startswith("_")]
    make = getattr(code, function, None)
    if make is None:
        raise UserError(f"{file}: has no function {function!r}{closest(function, names) or '.'}")
    if isinstance(make, nn.Module):
        result: Any = make
    elif not callable(make):
        raise UserError(f"{file}: {function} is {_a(make)} and no function that returns an nn.Module")
    else:
        with told(file):
            result = make()
    module, *examples = result if isinstance(result, tuple) and result else (result,)
    if not isinstance(module, nn.Module):
        raise UserError(f"{file}: {function}() gave {_a(module)}; it must return an nn.Module, or (module, inputs)")
    given = examples[0] if len(examples) == 1 else tuple(examples)
    if isinstance(given, dict):
        return module.eval(), ((), given)
    return module.eval(), (given if isinstance(given, tuple) else (given,), {})


@contextmanager
def importing(folder: Path) -> Iterator[None]:
    """A file may import its neighbours, while its module runs, too; what it brought in is forgotten afterwards."""
    before, path = dict(sys.modules), list(sys.path)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path[:] = path
        for name, each in list(sys.modules.items()):
            theirs = not name.startswith("pellucid") and _own(Path(getattr(each, "__file__", None) or "/"), folder)
            if theirs and before.get(name) is not each:
                del sys.modules[name]
                if name in before:
                    sys.modules[name] = before[name]


@contextmanager
def told(file: Path) -> Iterator[None]:
    """An exception in the user's code as one line: what, and in which line of which of their files."""
    try:
        yield
    except (UserError, KeyboardInterrupt):
        raise
    except SystemExit as error:
        raise UserError(
            f"{file}: ended the program (exit {error.code}); put that under if __name__ == '__main__'"
        ) from None
    except BaseException as error:
        raise UserError(f"{where(error, file)}: {line_of(error)}") from None


def where(error: BaseException, file: Path) -> str:
    """The innermost line of a file beside the user's own."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}:{error.lineno}"
    folder = file.absolute().parent
    frames = [each for each in traceback.extract_tb(error.__traceback__) if _own(Path(each.filename), folder)]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else str(file)


def _own(path: Path, folder: Path) -> bool:
    return path.absolute().is_relative_to(folder) and "site-packages" not in path.parts


def line_of(error: BaseException) -> str:
    text = " ".join((getattr(error, "msg", None) or str(error)).split())
    return f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__


def _a(value: object) -> str:
    return (
        "None"
        if value is None
        else f"{'an' if type(value).__name__[0] in 'aeiouAEIOU' else 'a'} {type(value).__name__}"
    )
