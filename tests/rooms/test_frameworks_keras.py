"""The same model in Keras, where it is installed: same losses, same graph, same answers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from pellucid import api  # noqa: E402
from pellucid.core.errors import UserError  # noqa: E402
from pellucid.rooms.frameworks import in_keras, studies  # noqa: E402
from pellucid.rooms.frameworks.config import Config  # noqa: E402
from pellucid.rooms.frameworks.points import first_weights, points  # noqa: E402
from pellucid.rooms.frameworks.system import begin  # noqa: E402


@pytest.mark.parametrize("fields", [{}, {"graph": "static"}, {"hidden": 3, "seed": 5, "learning_rate": 1.0}], ids=str)
def test_both_frameworks_take_the_same_steps(tmp_path, fields):
    trained = api.train("frameworks", runs=tmp_path, framework="both", epochs=5, **fields)
    steps = list(trained.run.metrics("step"))
    assert [line["step"] for line in steps] == list(range(1, 101))
    apart = max(abs(line["torch"] - line["keras"]) for line in steps)
    info = trained.run.info
    assert info["comparison"]["loss"] == apart < 1e-6
    assert info["comparison"]["weights"] < 1e-5
    assert steps[0]["torch"] != steps[-1]["torch"]
    assert trained.evaluate()["apart"] < 1e-5
    last = list(trained.run.metrics("epoch"))[-1]
    assert last["keras_train_loss"] == pytest.approx(last["train_loss"], abs=1e-6)


def test_adam_is_told_apart_by_where_epsilon_stands():
    """The first step: PyTorch divides by |g| + ε, Keras by |g| + ε / √(1 - β₂), with an ε ten times that by default."""
    config = Config(framework="both", optimizer="adam", learning_rate=0.02)
    trainings = [*begin(config).values(), in_keras.Training(config, first_weights(0, 8))]
    trainings[2].optimizer = keras.optimizers.Adam(0.02)
    data, first, before = points(0), np.arange(20), first_weights(0, 8)
    for training in trainings:
        training.epoch(data, first)
    gradients = {name: each.grad.numpy().astype(np.float64) for name, each in trainings[0].model.named_parameters()}
    epsilons = (1e-8, 1e-8 / 0.001**0.5, 1e-7 / 0.001**0.5)
    for training, epsilon in zip(trainings, epsilons, strict=True):
        for name, weight in training.weights().items():
            moved = 0.02 * gradients[name] / (np.abs(gradients[name]) + epsilon)
            np.testing.assert_allclose(before[name] - weight, moved, atol=1e-6)
    found = [training.weights() for training in trainings]
    apart = [max(np.abs(found[0][name] - each[name]).max() for name in each) for each in found[1:]]
    assert 1e-5 < apart[0] < apart[1] / 5


def test_a_run_of_keras_answers_in_torch_as_keras_does(tmp_path):
    trained = api.train("frameworks", runs=tmp_path, framework="keras", epochs=2)
    net = in_keras.net(keras)
    weights = trained.system.models["keras"].state_dict()
    net.set_weights([weights[name].numpy().T for name in in_keras.NAMES])
    x = points(0, "test").x[:50]
    theirs = tf.sigmoid(net(x))[:, 0].numpy()
    ours = [answer["probability"] for answer in trained.predict([f"{a!s}, {b!s}" for a, b in x.tolist()])]
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert trained.look("0.5, -1").meta["static"]["tf.function"] == ["MatMul", "BiasAdd", "Tanh", "MatMul", "AddV2"]


def test_keras_on_something_else_is_told(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(UserError, match="KERAS_BACKEND=tensorflow"):
        in_keras.modules()


def test_an_if_on_a_tensor_becomes_an_operation():
    @tf.function
    def branching(x):
        if tf.reduce_sum(x) > 0:
            return tf.tanh(x)
        return -x

    graph = branching.get_concrete_function(tf.TensorSpec((1, 2), tf.float32)).graph
    assert any(each.type in ("If", "StatelessIf") for each in graph.get_operations())


def test_the_study_of_both_can_be_made_again(monkeypatch):
    """Rounding differs between machines: within a factor of ten, the order of magnitude that the lesson speaks of."""
    monkeypatch.setattr(studies, "BESIDE", studies.BESIDE[:1])
    monkeypatch.setattr(studies, "SEEDS", 1)
    file = Path(studies.__file__).with_name("expected.json")
    stored = json.loads(file.read_text(encoding="utf-8"))["studies"][2]["variants"]["defaults"]
    for name, figure in studies.beside()["defaults"].items():
        assert stored[name]["mean"] / 10 < figure["mean"] < 10 * stored[name]["mean"]
    assert stored["loss"]["mean"] < 1e-6
