"""The browser side as files: its own tests, what is generated, what is others', and that the page may keep it all."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pellucid import catalog
from pellucid.core.config import own_first
from pellucid.studio import Assets, index, self_contained
from pellucid.studio.assets import FOLDER

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node")


@pytest.mark.parametrize("file", sorted(Path(__file__).parent.glob("*.test.mjs")), ids=lambda file: file.name)
def test_in_node(file):
    if NODE is None:
        if os.environ.get("CI"):
            pytest.fail("no Node.js: .ci/run installs it")
        pytest.skip("no Node.js on this machine")
    done = subprocess.run([NODE, "--test", str(file)], capture_output=True, text=True, encoding="utf-8", check=False)
    failed = [line for line in done.stdout.splitlines() if line.startswith("not ok")]
    assert done.returncode == 0, "\n".join(failed) or done.stdout[-3000:]
    assert int(re.search(r"^# pass (\d+)", done.stdout, re.M).group(1)) > 0


@pytest.mark.parametrize("tool", ["browser_types.py", "golden.py", "vendor.py"])
def test_what_is_generated_is_current(tool):
    """Types from the server's messages, golden vectors from the NumPy references, vendored files by checksum."""
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / tool, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def own_modules() -> list[Path]:
    return [path for path in sorted(FOLDER.rglob("*.js")) if "vendor" not in path.parts]


@pytest.mark.parametrize("file", own_modules(), ids=lambda file: file.relative_to(FOLDER).as_posix())
def test_a_module_is_checked_says_its_job_and_imports_by_name(file):
    text = file.read_text(encoding="utf-8")
    first, second = text.splitlines()[:2]
    assert first == "// @ts-check"
    assert second.startswith("// ")
    assert len(text.splitlines()) <= 260, "split it by idea"
    for target in re.findall(r"""^(?:import\b[^"';]*|export\b[^"';=(]*\bfrom )["']([^"']+)["']""", text, re.M):
        assert target == "preact" or target.startswith("#studio/"), target
        if target.startswith("#studio/"):
            assert (FOLDER / target.removeprefix("#studio/")).is_file(), target
    assert not re.search(
        r"innerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML|\beval\(|new Function", text
    )
    assert not re.search(
        r"https?://(?!www\.w3\.org|studio\.invalid|bottosson)", re.sub(r"^\s*(//|\*).*$", "", text, flags=re.M)
    )


def test_colours_stand_in_one_file_only():
    for file in sorted((FOLDER / "style").glob("*.css")):
        if file.name != "tokens.css":
            found = re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\((?![^)]*/ \.\d+\))", file.read_text(encoding="utf-8"))
            assert not found, f"{file.name}: {found}"


def test_a_change_of_any_file_changes_every_url(tmp_path):
    before = Assets()
    room = tmp_path / "room"
    room.mkdir()
    (room / "panel.js").write_text("export {};\n")
    with_room = Assets({"some_room": room})
    assert with_room.version != before.version
    assert with_room.url("app.js") == f"/assets/{with_room.version}/app.js"
    assert with_room.imports()["#studio/rooms/some_room/panel.js"].endswith("/rooms/some_room/panel.js")
    first = with_room.version
    (room / "panel.js").write_text("export { };\n")
    assert Assets({"some_room": room}).version != first


def test_the_page_names_every_module_and_style():
    assets = Assets()
    page, _ = index(assets)
    for name in (*assets.modules, *assets.styles):
        assert assets.url(name) in page, name
    assert "//" not in re.sub(r"http://www\.w3\.org/2000/svg", "", page)


def test_what_is_put_into_a_page_cannot_end_its_script():
    report = {"total": 1, "checked": 1, "largest": 0.0, "relative": [0.0], "nodes": {"</script><script>alert(1)": {}}}
    page = self_contained(b"trace", report, title="</title><script>alert(2)</script>")
    assert "<script>alert" not in page
    assert page.count("</script>") == 3


def test_every_field_of_a_configuration_has_its_meaning_in_both_languages():
    for room in catalog.BUILT:
        config = catalog.config(room)
        schema = config.model_json_schema()["properties"]
        for name in own_first(config):
            assert re.search(r"[\u4e00-\u9fff]", schema[name]["zh-TW"]), f"{room}: {name}"
            assert schema[name]["description"]
