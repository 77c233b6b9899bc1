"""The page of a served bundle whose input is a picture: a file is chosen, made smaller, sent and answered."""

from __future__ import annotations

import socket
import threading
from types import SimpleNamespace

import numpy as np
import pytest
import uvicorn
from PIL import Image

from pellucid.core.data.pictures import decode
from pellucid.rooms.image_classifier import CARD
from pellucid.rooms.image_classifier.data import Codec
from pellucid.server.app import create

CODEC = Codec(("left", "right"), 8, 1, (0.0,), (1.0,))


def left_or_right(arrays):
    """Which half of the picture is the brighter."""
    halves = arrays["pixels"].reshape(-1, 8, 2, 4).mean(axis=(1, 3))
    return {"probabilities": halves / halves.sum(axis=1, keepdims=True)}


@pytest.fixture
def served():
    info = {"output": {}, "sha256": "0" * 64, "versions": {"pellucid": "1"}}
    bundle = SimpleNamespace(
        runtime="onnx", room="image_classifier", info=info, session=lambda threads: left_or_right,
    )  # fmt: skip
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(create(bundle, CODEC, CARD, rate=0), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        server.should_exit = True
        thread.join(20)


def test_a_file_is_made_smaller_sent_and_answered(served, browser, tmp_path):
    photo = np.full((300, 600, 3), 20, np.uint8)
    photo[:, 300:] = 220
    Image.fromarray(photo).save(tmp_path / "photo.jpg")
    clear = np.zeros((10, 10, 4), np.uint8)
    clear[:, 5:, 3] = 255  # black on the right, nothing on the left
    Image.fromarray(clear).save(tmp_path / "clear.png")
    (tmp_path / "notes.txt").write_text("no picture")
    context = browser.new_context()
    page, wrong = context.new_page(), []
    page.set_default_timeout(20_000)
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(served)

    def answered(label: str) -> None:
        page.get_by_role("button", name="Predict").click()
        page.locator("dd", has_text=label).first.wait_for()
        assert page.locator("dd").first.inner_text() == label

    assert page.locator("#shown").get_attribute("src") == CARD.input.examples[0]
    page.set_input_files("#file", tmp_path / "photo.jpg")
    page.locator(f'#shown:not([src="{CARD.input.examples[0]}"])').wait_for()
    answered("right")
    assert decode(page.locator("#shown").get_attribute("src")).shape[:2] == (48, 96)
    page.set_input_files("#file", tmp_path / "clear.png")
    page.locator("dl").wait_for(state="detached")
    answered("left")  # what is transparent lies on white
    page.set_input_files("#file", tmp_path / "notes.txt")
    page.locator("dd.wrong", has_text="cannot be read").wait_for()
    assert not wrong
    context.close()
