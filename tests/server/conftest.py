"""A small ONNX bundle to serve, and applications in process."""

from __future__ import annotations

from itertools import product

import httpx
import pytest

from pellucid import catalog

TEXTS = [f"{a} {b} {c}" for a, b, c in product(("free", "your", "ok", "see"), ("prize", "library"), range(12))]


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    """A spam detector with random weights and a vocabulary of a dozen words, exported through the gate."""
    import torch

    from pellucid.rooms.spam_detector.data import Codec
    from pellucid.rooms.spam_detector.system import Config, System, build
    from pellucid.ship import onnx

    class Untrained(System):
        def examples(self, split="test", file=None):
            return TEXTS, [text.startswith("free") for text in TEXTS]

    config = Config(embedding=8, hidden=6)
    codec = Codec.learn(TEXTS, most=100, min_count=2, length=20, labels=("ham", "spam"))
    torch.manual_seed(0)
    model = build(config, len(codec.vocabulary) - 1)
    with torch.no_grad():
        model.embedding.weight.normal_()
        model.dense.weight.mul_(5)
    system = Untrained(config, codec, model.state_dict(), {"sha256": ""})
    return onnx.export(system, tmp_path_factory.mktemp("served") / "bundle", card=catalog.card("spam_detector"))


@pytest.fixture(scope="session")
def codec(bundle):
    return catalog.codec(bundle.room).from_json(bundle.codec)


@pytest.fixture
def make_app(bundle, codec):
    """A function: the server's limits -> an application. Without a limit on the rate unless told otherwise."""
    from pellucid.server.app import create

    return lambda **limits: create(bundle, codec, catalog.card(bundle.room), **{"rate": 0, **limits})


@pytest.fixture
def talk():
    """A function: an application -> an asynchronous client of it. Errors of the server become status 500."""

    def client(app) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://test")

    return client


@pytest.fixture
def anyio_backend():
    return "asyncio"
