"""What a picture's codec.js must do, written down by the real one: `python tests/studio/test_picture_codec.py`.

picture_codec.test.mjs holds the JavaScript to picture_codec.golden.json: pixels as a canvas gives them, and the feed.
"""

from __future__ import annotations

import base64
import functools
import http.server
import io
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pellucid.core.data.pictures import png_url
from pellucid.rooms.image_classifier import CARD, raster
from pellucid.rooms.image_classifier.data import Codec

FILE = Path(__file__).with_name("picture_codec.golden.json")
LABELS = ("zero", "one", "two")
CODECS = {
    "digits": Codec(LABELS, 28, 1, (0.1306,), (0.3081,), centre=True),
    "gray": Codec(LABELS, 9, 1, (0.5,), (0.25,)),
    "colour": Codec(LABELS, 12, 3, (0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)),
    "centred in colour": Codec(LABELS, 15, 3, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6), centre=True),
}


def pictures() -> dict[str, np.ndarray]:
    """[H, W, 4] of bytes: red, green, blue, opacity."""
    random = np.random.default_rng(28)

    def opaque(rgb: np.ndarray) -> np.ndarray:
        return np.concatenate([rgb, np.full((*rgb.shape[:2], 1), 255)], axis=2).astype(np.uint8)

    def gray(values: np.ndarray) -> np.ndarray:
        return opaque(np.repeat(values[..., None], 3, axis=2))

    rows, columns = np.mgrid[:40, :56]
    ring = np.where(abs(np.hypot(rows - 18, columns - 30) - 11) < 3, 255, 0)
    bar = np.zeros((30, 31))
    bar[5:25, 14:17] = 200  # symmetric: its middle falls between two pixels
    paper = 235 - 10 * (random.random((33, 47)) < 0.5)
    paper[4:30, 20:24] = 20
    paper[4:8, 12:32] = 35
    dot = np.zeros((28, 28))
    dot[3, 4] = 255
    return {
        "noise in colour, wide": opaque(random.integers(0, 256, (17, 40, 3))),
        "noise in colour, high": opaque(random.integers(0, 256, (31, 5, 3))),
        "noise with opacity": random.integers(0, 256, (24, 24, 4)).astype(np.uint8),
        "bright ring": gray(ring),
        "a symmetric bar": gray(bar),
        "dark ink on paper": gray(paper),
        "the network's own size": gray(random.integers(0, 256, (28, 28))),
        "one dot": gray(dot),
        "one dot, larger": gray(np.kron(dot, np.ones((2, 2)))),
        "blank": gray(np.full((20, 20), 255)),
        "black": gray(np.zeros((64, 48))),
        "almost blank": gray(240 + random.integers(0, 8, (20, 20))),
        "one pixel": opaque(np.array([[[250, 100, 3]]])),
        "one row": opaque(random.integers(0, 256, (1, 13, 3))),
        "one column": opaque(random.integers(0, 256, (13, 1, 3))),
        "nothing of it seen": np.zeros((10, 10, 4), np.uint8),
        "ink in a shadow": gray(
            (225 - 70 * columns / 56) * (1 - 0.8 * (abs(np.hypot(rows - 20, columns - 26) - 8) < 2))
        ),
        "ink all along the border": gray(np.pad(np.zeros((20, 20)), 4, constant_values=255) * (np.arange(28) < 20)),
        "a diagonal at the corner": gray(np.eye(50) * 255),
        "ink at the edge": gray(np.pad(np.full((10, 4), 255), ((0, 30), (30, 0)))),
    }


def golden() -> dict[str, Any]:
    cases = []
    for title, rgba in pictures().items():
        url = png_url(rgba)
        feeds = {}
        for name, codec in CODECS.items():
            (feed,) = codec.encode([url])["pixels"]
            feeds[name] = base64.b64encode(feed.astype("<f4").tobytes()).decode()
        height, width = rgba.shape[:2]
        data = base64.b64encode(rgba.tobytes()).decode()
        cases.append({"title": title, "height": height, "width": width, "data": data, "feeds": feeds})
    outputs = np.array([[0.125, 0.5, 0.375], [0.25, 0.375, 0.375], [1, 0, 0]], dtype=np.float32)
    answers = CODECS["gray"].decode({"probabilities": outputs})
    return {
        "codecs": {name: codec.to_json() for name, codec in CODECS.items()},
        "pictures": cases,
        "answers": [{"outputs": row.tolist(), "answer": a} for row, a in zip(outputs, answers, strict=True)],
    }


def test_the_golden_file_is_what_the_codec_does():
    kept, made = json.loads(FILE.read_text(encoding="utf-8")), json.loads(json.dumps(golden()))
    assert kept["codecs"] == made["codecs"] and kept["answers"] == made["answers"]
    for old, new in zip(kept["pictures"], made["pictures"], strict=True):
        assert {**old, "feeds": 0} == {**new, "feeds": 0}
        for name, feed in old["feeds"].items():
            numbers = [np.frombuffer(base64.b64decode(each), "<f4") for each in (feed, new["feeds"][name])]
            np.testing.assert_allclose(*numbers, atol=1e-6, err_msg=f"{old['title']}, {name}")


def test_the_golden_pictures_put_the_codec_to_the_test():
    feeds = {
        (case["title"], name): np.frombuffer(base64.b64decode(feed), "<f4")
        for case in json.loads(FILE.read_text(encoding="utf-8"))["pictures"]
        for name, feed in case["feeds"].items()
    }
    assert len(feeds) == 20 * 4
    assert len({feed.tobytes() for feed in feeds.values()}) > 60
    for blank in ("blank", "black", "almost blank", "nothing of it seen", "one pixel"):
        assert np.ptp(feeds[blank, "digits"]) == 0, blank
    assert np.ptp(feeds["almost blank", "gray"]) > 0
    assert np.count_nonzero(feeds["one dot", "digits"] > 0) == 1  # of the network's size: stays as it is
    assert np.count_nonzero(feeds["one dot, larger", "digits"] > 0) == 400  # 20 × 20


def test_the_codec_of_a_readme_is_the_codec():
    for codec in CODECS.values():
        names = {"np": np, "codec": json.loads(json.dumps(codec.to_json()))}
        exec(codec.example(), names)
        for url in (*CARD.input.examples[:2], *(png_url(rgba) for rgba in pictures().values() if rgba[..., 3].all())):
            np.testing.assert_array_equal(names["encode"](url)["pixels"], codec.encode([url])["pixels"], strict=True)
        outputs = {"probabilities": np.array([[0.2, 0.5, 0.3]], dtype=np.float32)}
        assert [names["decode"](outputs)] == codec.decode(outputs)


def files() -> dict[str, str]:
    """Data URLs of every kind of file that is read."""
    random = np.random.default_rng(3)
    colour = Image.fromarray(random.integers(0, 256, (12, 16, 3)).astype(np.uint8)).resize((96, 72))
    gray = Image.fromarray(pictures()["bright ring"][..., 0])
    half, clear, turned = colour.copy(), colour.copy(), Image.Exif()
    half.putalpha(128)
    clear.putalpha(Image.fromarray(np.tile(np.where(np.arange(96) < 48, 0, 255).astype(np.uint8), (72, 1))))
    turned[0x0112] = 6

    def url(image: Image.Image, kind: str, **options) -> str:
        stream = io.BytesIO()
        image.save(stream, kind, **options)
        return f"data:image/{kind.lower()};base64,{base64.b64encode(stream.getvalue()).decode()}"

    return {
        "PNG": url(colour, "PNG"),
        "gray PNG": url(gray, "PNG"),
        "palette": url(colour.convert("P"), "PNG"),
        "16 bits": url(Image.fromarray(random.integers(0, 65_536, (40, 40)).astype(np.uint16)), "PNG"),
        "clear in part": url(clear, "PNG"),
        "half clear": url(half, "PNG"),
        "JPEG": url(colour, "JPEG", quality=90),
        "gray JPEG": url(gray, "JPEG"),
        "turned by its camera": url(colour, "JPEG", exif=turned),
        "WebP": url(colour, "WEBP", quality=80),
        "lossless WebP": url(colour, "WEBP", lossless=True),
    }


@pytest.fixture
def codec_page(browser):
    """A page beside codec.js, from a server of its own."""
    handler = functools.partial(Quiet, directory=Path(raster.__file__).parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        yield page
        context.close()
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass


def test_the_browser_decodes_every_kind_of_file_as_the_server_does(codec_page):
    script = "async ([codec, url]) => [...(await (await import('/codec.js')).encode(codec, url)).pixels.data]"
    for title, url in files().items():
        for name in ("digits", "colour"):
            found = codec_page.evaluate(script, [CODECS[name].to_json(), url])
            wanted = CODECS[name].encode([url])["pixels"]
            np.testing.assert_allclose(found, wanted.ravel(), atol=1e-4, err_msg=f"{title}, {name}")


if __name__ == "__main__":
    FILE.write_text(json.dumps(golden(), ensure_ascii=True, separators=(",", ":")) + "\n", encoding="utf-8")
