"""Cut the cells out of BCCD (blood under a microscope, with boxes) as a folder of pictures for each of the three kinds:

    python tools/cells.py path/to/BCCD cells --most 400

Data of one's own, for transfer learning: the studies of `image_classifier` that name FOLDER were measured on it. BCCD
is under the MIT licence: https://github.com/Shenggan/BCCD_Dataset.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image

LEAST = 12  # pixels of a side: what is smaller was cut off by the border


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder with Annotations and JPEGImages")
    parser.add_argument("out", type=Path)
    parser.add_argument("--most", type=int, default=400, help="cells of a kind: there are ten times as many red ones")
    given = parser.parse_args()
    print(dict(cut(given.data, given.out, given.most)))


def cut(data: Path, out: Path, most: int) -> Counter[str]:
    """A square around the middle of each box, as wide as its longer side; the first `most` of a kind."""
    found: Counter[str] = Counter()
    for file in sorted((data / "Annotations").glob("*.xml")):
        with Image.open(data / "JPEGImages" / f"{file.stem}.jpg") as opened:
            picture = opened.convert("RGB")
        for item in ElementTree.parse(file).getroot().iter("object"):
            kind = item.findtext("name", "")
            box = item.find("bndbox")
            assert box is not None
            left, top, right, bottom = (int(box.findtext(side, "0")) for side in ("xmin", "ymin", "xmax", "ymax"))
            if found[kind] >= most or min(right - left, bottom - top) < LEAST:
                continue
            found[kind] += 1
            side = min(max(right - left, bottom - top), *picture.size)
            x, y = (
                start((low + high) // 2, side, whole)
                for low, high, whole in ((left, right, picture.width), (top, bottom, picture.height))
            )
            target = out / kind / f"{file.stem}-{found[kind]}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            picture.crop((x, y, x + side, y + side)).save(target)
    return found


def start(middle: int, side: int, whole: int) -> int:
    """Where a square begins that is all within the picture, its middle as near to this one as can be."""
    return min(max(middle - side // 2, 0), whole - side)


if __name__ == "__main__":
    main()
