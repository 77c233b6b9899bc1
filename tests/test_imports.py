"""Who may import whom (docs/architecture.md), read from the source of every module; and what stays unloaded."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pellucid

SOURCE = Path(pellucid.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))

# what each part may import of the others, beside itself
MAY_IMPORT = {
    "core": set(),
    "studio": set(),
    "look": {"studio"},  # a trace shows itself in a notebook
    "nn": set(),
    "learn": {"core"},
    "ship": {"look", "core"},
    "rooms": {"nn", "look", "learn", "core"},
    "catalog": {"rooms", "core"},
    "server": {"api", "catalog", "learn", "studio", "ship", "core"},
}
FRONT = {
    "addcommand",
    "anymodule",
    "answerlines",
    "api",
    "askcommand",
    "cli",
    "datacommand",
    "homeworkcommand",
    "lookcommand",
    "options",
    "roomcommand",
    "runscommand",
    "terminal",
    "__init__",
    "__main__",
}  # may import anything but each other's insides


def imported(file: Path) -> set[str]:
    """Dotted names of Pellucid's modules that this one imports when it runs (not only for type checking)."""
    found: set[str] = set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    typing_only = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("pellucid.") and not name.startswith("pellucid.__")}


def part(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_imports_follow_the_house_rules(file):
    own = part(file)
    if own in FRONT:
        return
    for name in imported(file):
        other = name.split(".")[1]
        if other == "rooms" and own == "rooms":
            room = file.relative_to(SOURCE).parts[1]
            assert name.split(".")[2] == room or room == "__init__.py", f"{file}: rooms never import rooms ({name})"
        elif other != own:
            assert other in MAY_IMPORT[own], f"{own} must not import {other} ({name})"


def test_every_part_has_its_rule():
    assert {part(file) for file in MODULES} <= MAY_IMPORT.keys() | FRONT


def loaded(code: str) -> set[str]:
    """Top-level modules in `sys.modules` after running some code in a fresh interpreter."""
    script = code + "\nimport sys; print('LOADED', *{name.split('.')[0] for name in sys.modules})"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(result.stdout.split("LOADED")[-1].split())


@pytest.mark.parametrize(
    "command", ["--help", "list", "train --help", "train spam_detector --help", "--version", "look --help", "runs"]
)
def test_help_never_loads_torch(command):
    code = f"import sys\nfrom pellucid.cli import main\ntry: main({command.split()!r})\nexcept SystemExit: pass"
    assert not loaded(code) & {"torch", "polars", "fastapi", "onnxruntime", "sklearn"}


def test_cards_codecs_and_traces_load_without_torch():
    code = (
        "from pellucid import catalog\n"
        "for room in catalog.BUILT:\n"
        "    for part in (catalog.card, catalog.config, catalog.remotes, catalog.homework): part(room)\n"
        "    if not catalog.card(room).ships_nothing: catalog.codec(room)\n"
        "import pellucid.look\n"
    )
    assert "torch" not in loaded(code)


def test_every_built_room_has_a_folder_and_every_folder_is_built():
    from pellucid import catalog

    folders = {path.parent.name for path in (SOURCE / "rooms").glob("*/__init__.py")}
    assert folders == set(catalog.BUILT)
