"""The image classifier as a system: learning, scores, parts of the data, transfer, damage, TensorBoard."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from PIL import Image
from safetensors.torch import load_file
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from conftest import expected
from pellucid import api, terminal
from pellucid.cli import main
from pellucid.core.data.pictures import decode
from pellucid.core.errors import UserError
from pellucid.core.metrics import class_scores
from pellucid.rooms.image_classifier.config import Config
from pellucid.rooms.image_classifier.data import learn_codec, prepare
from pellucid.rooms.image_classifier.model import build
from pellucid.rooms.image_classifier.parts import Dataset
from pellucid.rooms.image_classifier.subset import subset
from pellucid.rooms.image_classifier.system import System, make_batches, make_loss, most_wrong, probabilities

ROOM = "image_classifier"
TINY = expected(ROOM)["tiny"]["fields"]


@pytest.fixture(scope="module")
def data() -> Dataset:
    return prepare(Config())


@pytest.fixture(scope="module")
def tiny(tiny_runs) -> api.Trained:
    return tiny_runs(ROOM)


# learning


@pytest.mark.parametrize(
    ("model", "bound"), [("mlp", 0.25), ("cnn", 0.25), ("lenet", 0.25), ("resnet", 0.25), ("inception", 1.3)]
)
def test_every_network_learns_a_hundred_digits(data, model, bound):
    """A network that cannot learn a hundred pictures by heart has a fault; ln 10 = 2.30 is where all start."""
    config = Config(model=model, per_class=10, shift=0, dropout=0, batch_size=25)
    few = subset(data, config)
    codec = learn_codec(config, few)
    torch.manual_seed(0)
    network = build(config, 1, 28, 10).train()
    batches, loss = make_batches(few.parts["train"], codec, config), make_loss(config, codec)
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.003)
    losses = []
    for epoch in range(20):
        for chosen in batches.epoch(epoch):
            optimizer.zero_grad()
            value = loss(network, batches.tensors(chosen, torch.device("cpu")))
            value.backward()
            optimizer.step()
            losses.append(value.item())
    assert 1.8 < losses[0] < 3.5
    assert np.mean(losses[-4:]) < bound


def test_batches_are_the_pictures_normalised_and_as_the_codec_reads_them(data):
    config = Config(batch_size=16)
    codec = learn_codec(config, data)
    part = data.parts["train"]
    batch = make_batches(part, codec, config).collate(np.array([3, 5]))
    assert batch["pixels"].shape == (2, 1, 28, 28) and batch["pixels"].dtype == torch.float32
    assert batch["targets"].tolist() == part.targets[[3, 5]].tolist()
    whole = make_batches(part, codec, config).collate(np.arange(len(part)))["pixels"]
    assert (abs(whole.mean()), abs(whole.std() - 1)) < (1e-3, 1e-3)
    bytes_first = np.moveaxis(part.pixels[[3, 5]], -1, 1)
    np.testing.assert_allclose(batch["pixels"], codec.normalise(bytes_first), atol=1e-6)
    assert (batch["pixels"].min() == codec.normalise(np.zeros((1, 1, 1, 1))).item()).all()  # black stays what it is


def test_the_loss_sees_pictures_that_were_moved_and_smoothed_targets(data):
    config = Config(shift=2, smoothing=0.1)
    codec = learn_codec(config, data)
    seen = []

    class Watch:
        def logits(self, pixels):
            seen.append(pixels)
            return torch.zeros(len(pixels), 10).index_fill(1, torch.tensor([7]), 5.0)

    batch = make_batches(data.parts["train"], codec, config).collate(np.arange(64))
    batch["targets"].fill_(7)
    value = make_loss(config, codec)(Watch(), batch)
    log_p = torch.log_softmax(torch.tensor([0.0] * 9 + [5.0]), 0)
    assert value.item() == pytest.approx(-(0.91 * log_p[9] + 9 * 0.01 * log_p[0]).item(), abs=1e-5)
    moved = (seen[0] != batch["pixels"]).flatten(1).any(dim=1)
    assert 0.8 < moved.float().mean() < 1  # one place in 25 is the old one
    assert (seen[0][..., 0, :] == batch["pixels"].min()).float().mean() > 0.99  # what comes in from outside is black


# scores


def test_scores_are_those_of_the_answers(tiny):
    inputs, targets = tiny.system.examples("validation")
    answers = tiny.predict(list(inputs))
    scores = tiny.evaluate("validation")
    right = [answer["label"] == target for answer, target in zip(answers, targets, strict=True)]
    assert scores["accuracy"] == pytest.approx(np.mean(right))
    assert scores["labels"] == list("0123456789")
    assert np.sum(scores["confusion"]) == scores["examples"] == len(inputs)
    assert np.trace(scores["confusion"]) == sum(right)
    of_truth = [answer["probabilities"][target] for answer, target in zip(answers, targets, strict=True)]
    assert scores["log_loss"] == pytest.approx(-np.mean(np.log(of_truth)), abs=1e-6)


def test_training_and_answers_see_the_same_pictures(tiny, data):
    """What the loop computes of prepared pictures is what a data URL of them gives."""
    part = data.parts["test"]
    some = type(part)(part.pixels[:50], part.targets[:50], part.names[:50])
    found = probabilities(tiny.system.model, tiny.system.codec, some, at_once=20)
    answers = tiny.predict(list(tiny.system.examples("test")[0][:50]))
    np.testing.assert_allclose(found, [list(answer["probabilities"].values()) for answer in answers], atol=1e-6)


def test_most_wrong_are_the_least_likely_truths_side_by_side(tiny, data):
    part = data.parts["validation"]
    found = probabilities(tiny.system.model, tiny.system.codec, part)
    sheet, table = most_wrong(found, tiny.system.codec, part, rows=2, columns=3)
    assert sheet.shape == (56, 84, 1) and 0 <= sheet.min() < sheet.max() <= 1
    worst = int(found[np.arange(len(part)), part.targets].argmin())
    np.testing.assert_array_equal(sheet[:28, :28, 0], part.pixels[worst, :, :, 0] / 255)
    assert table.splitlines()[2].startswith(f"| {part.names[worst]} | {part.targets[worst]} |")


def test_the_terminal_shows_what_is_taken_for_what(capsys):
    scores = class_scores(np.array([0, 0, 1, 1, 1]), np.eye(2)[[0, 1, 1, 1, 0]], ["cat", "dog"])
    terminal.scores(scores, as_json=False)
    said = capsys.readouterr().out.splitlines()
    assert "accuracy   0.6000" in said and "examples   5" in said
    assert [line.split() for line in said[-3:]] == [["cat", "dog"], ["cat", "1", "1"], ["dog", "1", "2"]]
    names = [f"kind {i}" for i in range(20)]
    terminal.scores(class_scores(np.array([3, 3, 5]), np.eye(20)[[4, 4, 5]], names), as_json=False)
    assert "     2  kind 3 taken for kind 4" in capsys.readouterr().out
    terminal.scores(scores, as_json=True)
    assert json.loads(capsys.readouterr().out)["confusion"] == [[1, 1], [1, 2]]


def folder_of(path, names, count=6, side=20):
    """A folder of class folders: bright squares, each in another place by its class."""
    random = np.random.default_rng(0)
    for place, name in enumerate(names):
        (path / name).mkdir(parents=True)
        for i in range(count):
            pixels = random.integers(0, 60, (side, side)).astype(np.uint8)
            pixels[2 + 4 * place : 8 + 4 * place, 3:15] = 255
            Image.fromarray(pixels).save(path / name / f"{i}.png")
    return path


def test_a_folder_of_ones_own_is_answered_picture_by_picture(tiny, tmp_path):
    folder = folder_of(tmp_path / "own", ["3", "7"], count=2)
    inputs, targets = tiny.system.examples(file=str(folder))
    assert list(targets) == ["3", "3", "7", "7"]
    files = sorted(folder.rglob("*.png"))
    for url, file in zip(inputs, files, strict=True):
        np.testing.assert_array_equal(decode(url), np.asarray(Image.open(file)))
    scores = tiny.evaluate(file=folder)
    said = [tiny.predict(file)["label"] for file in files]
    assert scores["examples"] == 4
    assert scores["accuracy"] == np.mean([label == target for label, target in zip(said, targets, strict=True)])
    (folder / "3" / "broken.png").write_bytes(b"no picture")
    with pytest.raises(UserError, match=r"broken\.png"):
        tiny.evaluate(file=folder)
    assert tiny.evaluate(file=folder, on_bad="skip")["examples"] == 4
    with pytest.raises(UserError, match=r"class '77' .*It knows 0, 1") as error:
        tiny.evaluate(file=folder_of(tmp_path / "other", ["3", "77"]))
    assert "\n" not in str(error.value)


# parts of the data


def test_some_classes_and_some_pictures_of_each(data):
    config = Config(classes="7, 2,5", per_class=30)
    few = subset(data, config)
    assert few.labels == ("2", "5", "7") and few.about["labels"] == ["2", "5", "7"]
    assert few.parts["train"].counts(3) == few.parts["validation"].counts(3) == [30, 30, 30]
    whole = data.parts["test"].counts(10)
    assert few.parts["test"].counts(3) == [whole[2], whole[5], whole[7]]
    for name, part in few.parts.items():
        places = {each: i for i, each in enumerate(data.parts[name].names)}
        rows = [places[each] for each in part.names]
        assert [few.labels[t] for t in part.targets] == [data.labels[t] for t in data.parts[name].targets[rows]]
        np.testing.assert_array_equal(part.pixels, data.parts[name].pixels[rows])
    assert few.about["mean"] != data.about["mean"]
    assert few.about["fingerprint"] == data.about["fingerprint"]


def test_the_seed_draws_the_pictures(data):
    drawn = [subset(data, Config(per_class=5, seed=seed)).parts["train"].names for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert subset(data, Config()) is data


@pytest.mark.parametrize(
    ("classes", "says"), [("3,x", "classes: 'x' is not in the data"), ("3", "classes: 3 alone is no choice")]
)
def test_classes_that_cannot_be_learned_are_refused(data, classes, says):
    with pytest.raises(UserError, match=says) as error:
        subset(data, Config(classes=classes))
    assert "\n" not in str(error.value)


# transfer


def without_dense(weights):
    return {name: value for name, value in weights.items() if not name.startswith("dense.")}


@pytest.mark.parametrize("model", ["cnn", "resnet"])
def test_a_frozen_backbone_is_the_runs_and_the_last_layer_learns_other_classes(tmp_path, model):
    small = TINY | {"model": model, "per_class": 20, "epochs": 1}
    start = api.train(ROOM, runs=tmp_path, **small, classes="0,1,2")
    run = api.train(ROOM, runs=tmp_path, **small, classes="5,6", start_from=str(start.path), freeze="backbone")
    before, after = (load_file(each.path / "model.safetensors") for each in (start, run))
    assert after["dense.weight"].shape[0] == 2
    assert without_dense(after).keys() == without_dense(before).keys()
    for name, value in without_dense(after).items():
        assert torch.equal(value, before[name]), name
    assert run.system.codec.mean == start.system.codec.mean  # what those layers learned with
    assert run.system.codec.labels == ("5", "6")
    shutil.rmtree(start.path)  # a run is whole without the one that it came from
    assert api.open(run.path).evaluate()["labels"] == ["5", "6"]


def test_without_freezing_all_layers_go_on_learning(tiny, tmp_path):
    fields = TINY | {"per_class": 10, "epochs": 1, "start_from": str(tiny.path)}
    run = api.train(ROOM, runs=tmp_path, **fields)
    before, after = (load_file(each.path / "model.safetensors") for each in (tiny, run))
    assert not any(torch.equal(after[name], before[name]) for name in before)
    far = build(tiny.system.config, 1, 28, 10).state_dict()
    for name in without_dense(before):  # but they went on from there
        assert (after[name] - before[name]).norm() < (after[name] - far[name]).norm() or name.endswith("bias")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"start_from": "no/such/run"}, "start_from: .*no/such/run: not a run folder"),
        ({"freeze": "backbone"}, "freeze: backbone, but there is no run"),
        ({"model": "resnet"}, "start_from: .* has other layers; set --model cnn"),
        ({"filters": 5, "padding": "valid"}, "start_from: .* has other layers; set --padding same --filters 4"),
        ({"size": 20}, "start_from: .* has learned from other pictures; set --size 28"),
        ({"colour": "colour"}, "start_from: .* has learned from other pictures; set --colour gray"),
    ],
)
def test_what_cannot_be_started_from_is_one_line_and_no_run(tiny, tmp_path, fields, says):
    given = TINY | ({} if "freeze" in fields else {"start_from": str(tiny.path)}) | fields
    with pytest.raises(UserError, match=says) as error:
        api.train(ROOM, runs=tmp_path, **given)
    assert "\n" not in str(error.value)
    assert not list(tmp_path.glob("*/*"))


def test_a_run_of_another_room_is_no_start(tiny_runs, tmp_path):
    other = tiny_runs("spam_detector")
    with pytest.raises(UserError, match="is a run of spam_detector, not of image_classifier"):
        api.train(ROOM, runs=tmp_path, **TINY, start_from=str(other.path))


def test_the_command_line_says_from(tmp_path):
    command = ["train", ROOM, "--from", str(tmp_path / "nowhere"), "--freeze", "backbone", "--runs", str(tmp_path)]
    said = CliRunner().invoke(main, command)
    assert said.exit_code and "start_from: " in said.output and "nowhere: not a run folder" in said.output
    assert "--start-from, --from TEXT" in CliRunner().invoke(main, ["train", ROOM, "--help"]).output


# damage


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("codec.json", lambda codec: codec.pop("mean")),
        ("codec.json", lambda codec: codec.update(labels=["0", "1"])),
        ("codec.json", lambda codec: codec.update(size=20)),
        ("run.json", lambda info: info["config"].update(filters=5)),
        ("run.json", lambda info: info.pop("data")),
    ],
)
def test_files_that_do_not_fit_together_are_one_line(tiny, tmp_path, file, change):
    copy = tmp_path / "run"
    shutil.copytree(tiny.path, copy)
    content = json.loads((copy / file).read_text())
    change(content)
    (copy / file).write_text(json.dumps(content))
    with pytest.raises(UserError, match="damaged: its files do not fit together") as error:
        System.load(api.open(copy).run)
    assert "\n" not in str(error.value)


def test_pictures_that_have_changed_since_are_not_evaluated(tmp_path):
    folder = folder_of(tmp_path / "own", ["a", "b"], count=12)
    run = api.train(ROOM, runs=tmp_path / "runs", **TINY, data=str(folder))
    assert run.evaluate()["examples"] > 0
    next(folder.rglob("*.png")).unlink()
    with pytest.raises(UserError, match="has changed since this run was trained on it"):
        api.open(run.path).evaluate()


# colour, and TensorBoard


def test_colour_pictures_of_ones_own_from_training_to_look(tmp_path):
    random = np.random.default_rng(0)
    for place, name in enumerate(("green", "red")):
        (tmp_path / "own" / name).mkdir(parents=True)
        for i in range(30):
            pixels = random.integers(0, 120, (24, 31, 3)).astype(np.uint8)
            pixels[..., 1 - place] += 130
            Image.fromarray(pixels).save(tmp_path / "own" / name / f"{i}.png")
    fields = {"data": str(tmp_path / "own"), "size": 16, "epochs": 6, "filters": 4, "flip": True, "batch_size": 8}
    run = api.train(ROOM, runs=tmp_path / "runs", **fields)
    assert run.evaluate()["accuracy"] == 1.0
    trace = run.look(tmp_path / "own" / "red" / "0.png")
    assert trace.array("pixels").shape == (1, 3, 16, 16)
    assert trace.check().checked == trace.check().total
    assert api.summary(ROOM, **run.run.info["config"])[0].total == run.run.info["parameters"]


def test_all_tabs_of_tensorboard_have_something(tiny):
    events = EventAccumulator(str(tiny.path), {"images": 0, "histograms": 0})
    events.Reload()
    tags = events.Tags()
    assert {"train_loss", "validation_log_loss", "validation_accuracy"} <= set(tags["scalars"])
    assert "validation/most_wrong" in tags["images"]
    assert "weights/conv1.weight" in tags["histograms"] and "gradients/dense.bias" in tags["histograms"]
    assert tags["graph"]
    (image, *_) = events.Images("validation/most_wrong")
    assert (image.height, image.width) == (3 * 28, 8 * 28)
