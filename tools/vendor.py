"""Fetch the third-party files of the studio again, by npm, and hold them against their checksums.

    python tools/vendor.py            every package in vendor.json, verified, into its folder
    python tools/vendor.py --check    only compare the files that lie there with the checksums (no network)

`studio/vendor/vendor.json` and `tests/studio/vendor/vendor.json` are the lists: package, version, licence, and each
file's SHA-256. After changing a version there, `--accept` writes the new checksums; look at the difference before
committing it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "src/pellucid/studio/vendor", ROOT / "tests/studio/vendor")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the files that are there; no network")
    parser.add_argument("--accept", action="store_true", help="write the checksums of what came")
    asked = parser.parse_args()
    wrong = [line for folder in FOLDERS for line in (compare(folder) if asked.check else fetch(folder, asked.accept))]
    print(*wrong, sep="\n", file=sys.stderr)
    sys.exit(bool(wrong))


def compare(folder: Path) -> list[str]:
    """What is missing, different, or there without standing in the list."""
    wrong, listed = [], {"vendor.json"}
    for name, package in listing(folder).items():
        for file, checksum in package["files"].items():
            path = folder / name / Path(file).name
            listed.add(path.relative_to(folder).as_posix())
            if not path.is_file():
                wrong.append(f"{path}: missing")
            elif digest(path.read_bytes()) != checksum:
                wrong.append(f"{path}: is not the file that vendor.json names")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return wrong + [f"{folder / extra}: not in vendor.json" for extra in sorted(there - listed)]


def fetch(folder: Path, accept: bool) -> list[str]:
    """Every package from the registry that npm is set up with; nothing is written where a checksum differs."""
    wrong, packages = [], listing(folder)
    for name, package in packages.items():
        contents = {file: prepare(file, content) for file, content in unpack(name, package).items()}
        found = {file: digest(content) for file, content in contents.items()}
        if found != package["files"] and not accept:
            wrong += [f"{name}: {file}: checksum differs" for file in found if found[file] != package["files"][file]]
            continue
        package["files"] = found
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
        for file, content in contents.items():
            (folder / name / Path(file).name).write_bytes(content)
    if accept:
        (folder / "vendor.json").write_text(json.dumps(packages, indent=1) + "\n", encoding="utf-8")
    return wrong


def unpack(name: str, package: dict[str, str]) -> dict[str, bytes]:
    """The listed files of a package, as npm packs it (npm verifies the registry's own checksum)."""
    with tempfile.TemporaryDirectory() as temporary:
        npm = shutil.which("npm")
        if npm is None:
            sys.exit("npm is needed to fetch: install Node.js")
        subprocess.run(
            [npm, "pack", "--silent", f"{name}@{package['version']}"], cwd=temporary, check=True, capture_output=True
        )
        (archive,) = Path(temporary).glob("*.tgz")
        with tarfile.open(archive) as tar:
            return {file: tar.extractfile(f"package/{file}").read() for file in package["files"]}  # type: ignore[union-attr]


def prepare(file: str, content: bytes) -> bytes:
    """As it is; but KaTeX's style sheet keeps one font format, the one that every browser reads, and LiteRT.js finds
    its other package by the name that it has here."""
    content = content.replace(b'from "@litertjs/wasm-utils"', b'from "#studio/vendor/@litertjs/wasm-utils/index.js"')
    if not file.endswith("katex.min.css"):
        return content
    text = re.sub(r',url\([^)]*\.(woff|ttf)\) format\("[^"]*"\)', "", content.decode())
    return text.replace("url(fonts/", "url(").encode()


def listing(folder: Path) -> dict[str, dict]:
    return json.loads((folder / "vendor.json").read_text(encoding="utf-8"))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main()
