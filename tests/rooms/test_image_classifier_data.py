"""The image classifier's data: where it comes from, how it is cut, and how a picture becomes the network's numbers."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from conftest import SHARED
from pellucid.core.data.idx import idx_bytes, idx_files, read_idx
from pellucid.core.data.pictures import data_url, png_url
from pellucid.core.errors import UserError
from pellucid.rooms.image_classifier import CARD, raster
from pellucid.rooms.image_classifier.data import REMOTES, SAMPLE, Codec, DataConfig, learn_codec, prepare
from pellucid.rooms.image_classifier.parts import keys_of
from pellucid.rooms.image_classifier.remotes import CLOTHES

ROOT = Path(__file__).parents[2]
RANDOM = np.random.default_rng(2)


@pytest.fixture(scope="module")
def data():
    return prepare(DataConfig())


@pytest.fixture(scope="module")
def codec(data):
    return learn_codec(DataConfig(), data)


# built in


def test_the_sample_of_mnist(data):
    assert {name: part.pixels.shape for name, part in data.parts.items()} == {
        "train": (9002, 28, 28, 1),
        "validation": (998, 28, 28, 1),
        "test": (2000, 28, 28, 1),
    }
    assert data.labels == tuple("0123456789")
    assert data.about["repeated"] == data.about["across"] == 0
    shares = [np.array(part.counts(10)) / len(part) for part in data.parts.values()]
    assert np.ptp(shares[:2], axis=0).max() < 0.001
    assert data.about["mean"] == [0.130591] and data.about["deviation"] == [0.30792]
    assert data.remarks() == [
        "12,000 pictures, 28 × 28 pixels, gray, 10 classes: train 9,002, validation 998, test 2,000"
    ]


def test_the_parts_and_the_fingerprint_are_the_same_each_time(data):
    again = prepare(DataConfig())
    assert json.loads(json.dumps(again.about)) == data.about
    assert again.about["fingerprint"]["sha256"].startswith("c472ec4d")
    for name, part in data.parts.items():
        assert again.parts[name].names == part.names


def test_the_sample_is_small_and_under_its_own_licence():
    files = {file.name for file in SAMPLE.iterdir()}
    assert files == {file.name for file in idx_files(SAMPLE).values()} | {"LICENCE.txt", "SOURCE.txt"}
    assert sum(file.stat().st_size for file in SAMPLE.iterdir()) < 3_000_000
    source = (SAMPLE / "SOURCE.txt").read_text(encoding="utf-8")
    for file in SAMPLE.glob("*.gz"):
        assert f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" in source
    assert "sharealike" in (SAMPLE / "LICENCE.txt").read_text(encoding="utf-8").lower()
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert "rooms/image_classifier/mnist/" in notice and "CC BY-SA 3.0" in notice


def test_the_examples_are_pictures_of_the_test_part(data):
    part = data.parts["test"]
    known = dict(zip(keys_of(part.pixels), part.targets, strict=True))
    files = sorted((SAMPLE.parent / "examples").glob("*.png"))
    assert len(files) == len(CARD.input.examples) == 6
    for file in files:
        assert data.labels[known[keys_of(np.asarray(Image.open(file))[None])[0]]] == file.stem


# by name, and of one's own


def test_the_downloads_are_the_official_files():
    mnist, fashion = REMOTES
    assert [file.checksum.removeprefix("md5:") for file in mnist.files] == [
        "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
        "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c",
    ]  # fmt: skip
    assert [file.checksum.removeprefix("md5:") for file in fashion.files] == [
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310",
    ]  # fmt: skip
    for remote in REMOTES:
        assert [file.filename for file in remote.files] == [
            "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
            "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz",
        ]  # fmt: skip
        assert all(len(file.mirrors) >= 2 for file in remote.files)


def write_idx(folder: Path, train: np.ndarray, test: np.ndarray, classes: int = 3) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for part, pictures in (("train", train), ("t10k", test)):
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx_bytes(pictures))
        labels = gzip.compress(idx_bytes(np.arange(len(pictures)) % classes))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(labels)
    return folder


def test_a_name_means_the_download_and_not_a_folder(tmp_path, monkeypatch):
    """Whatever lies in the cache is used under the names that the names promise."""
    where = {}

    def fetched(remote):
        where[remote.name] = write_idx(tmp_path / remote.name, noise(60), noise(12))
        return where[remote.name]

    monkeypatch.setattr("pellucid.rooms.image_classifier.data.fetch", fetched)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert prepare(DataConfig(data="mnist")).about["source"] == "mnist"
    clothes = prepare(DataConfig(data="fashion_mnist"))
    assert clothes.labels == CLOTHES and not clothes.about["centre"]
    assert set(where) == {"mnist", "fashion_mnist"}


def noise(count: int, side: int = 8) -> np.ndarray:
    return RANDOM.integers(0, 256, (count, side, side)).astype(np.uint8)


def test_idx_files_of_ones_own_with_pictures_that_repeat(tmp_path):
    train, test = noise(90), noise(30)
    train[[3, 6, 9]] = train[0]  # the same class, four times
    test[0] = train[0]
    data = prepare(DataConfig(data=str(write_idx(tmp_path, train, test))))
    assert data.about["repeated"] == 4 and data.about["across"] == 1 and not data.about["repeated_removed"]
    assert {name: len(part) for name, part in data.parts.items()}["test"] == 30
    assert len(data.parts["train"]) + len(data.parts["validation"]) == 90
    places = [name for name, part in data.parts.items() for key in keys_of(part.pixels) if key == keys_of(train[:1])[0]]
    assert sorted(set(places) - {"test"}) in (["train"], ["validation"]) and len(places) == 5
    assert "4 repeat another" in data.remarks()[1] and "1 of validation and test" in data.remarks()[2]


def test_a_folder_of_that_name_is_no_fashion_mnist(tmp_path):
    data = prepare(DataConfig(data=str(write_idx(tmp_path / "fashion_mnist", noise(60), noise(30)))))
    assert data.labels == ("0", "1", "2") and data.about["source"] == str(tmp_path / "fashion_mnist")


def test_idx_files_at_another_size_and_in_three_channels(tmp_path):
    folder = write_idx(tmp_path, noise(60, side=12), noise(30, side=12))
    data = prepare(DataConfig(data=str(folder), size=6, colour="colour"))
    assert data.parts["test"].pixels.shape == (30, 6, 6, 3) and data.about["sides"][0] == [12, 12]
    whole = prepare(DataConfig(data=str(folder))).parts["test"].pixels[..., 0].astype(float)
    means = whole.reshape(30, 6, 2, 6, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(data.parts["test"].pixels[..., 1], means, atol=0.51)


def test_a_damaged_idx_file_is_named(tmp_path):
    folder = write_idx(tmp_path, noise(60), noise(30))
    file = folder / "t10k-images-idx3-ubyte"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(UserError, match="t10k-images-idx3-ubyte: is cut off"):
        prepare(DataConfig(data=str(folder)))


@pytest.fixture
def folder(tmp_path):
    """A function: part -> a folder of 20 gray squares and 20 red pictures, all different."""

    def make(part: str = "", count: int = 20, start: int = 0) -> Path:
        for i in range(start, start + count):
            for label, picture in (
                ("square", np.pad(np.full((10, 10), 250 - i, np.uint8), ((i % 7, 9), (4, 8)))),
                ("red", np.full((12, 16, 3), (200, i, 0), np.uint8)),
            ):
                file = tmp_path / "mine" / part / label / f"{i}.png"
                file.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(picture).save(file)
        return tmp_path / "mine"

    return make


def test_a_folder_of_pictures(folder):
    data = prepare(DataConfig(data=str(folder()), size=16))
    assert data.labels == ("red", "square")
    assert {name: part.pixels.shape for name, part in data.parts.items()} == {
        "train": (28, 16, 16, 3),
        "validation": (4, 16, 16, 3),
        "test": (8, 16, 16, 3),
    }
    assert all(part.counts(2) == [len(part) // 2] * 2 for part in data.parts.values())
    for part in data.parts.values():
        assert [name.split("/")[0] for name in part.names] == [data.labels[t] for t in part.targets]
    assert data.about["channels"] == 3 and data.about["sides"] == [[12, 16], [19, 22], [25, 22]]


def test_a_folder_gray_by_choice_or_by_nature(folder):
    place = folder()
    assert prepare(DataConfig(data=str(place), colour="gray")).about["channels"] == 1
    for file in (place / "red").iterdir():
        Image.fromarray(np.full((9, 9, 3), int(file.stem), np.uint8)).save(file)  # in three equal channels
    data = prepare(DataConfig(data=str(place)))
    assert data.about["channels"] == 1 and data.about["size"] == 32
    assert prepare(DataConfig(data=str(place), colour="colour")).about["channels"] == 3


def test_the_parts_of_a_folder_follow_from_the_pictures_and_not_from_their_names(folder):
    place = folder()
    before = prepare(DataConfig(data=str(place)))
    for i, file in enumerate(sorted((place / "red").iterdir())):
        file.rename(file.with_name(f"z{i * 7 % 20}.png"))
    after = prepare(DataConfig(data=str(place)))
    for name, part in before.parts.items():
        assert set(keys_of(part.pixels)) == set(keys_of(after.parts[name].pixels))


def test_what_is_there_twice_is_used_once_and_never_on_two_sides(folder):
    place = folder()
    for i in range(5):
        copy = (place / "red" / f"{i}.png").read_bytes()
        (place / "red" / f"copy{i}.png").write_bytes(copy)
    (place / "square" / "red.png").write_bytes((place / "red" / "7.png").read_bytes())
    data = prepare(DataConfig(data=str(place)))
    assert data.about["repeated"] == 6 and data.about["label_conflicts"] == 1 and data.about["across"] == 0
    keys = [key for part in data.parts.values() for key in keys_of(part.pixels)]
    assert len(keys) == len(set(keys)) == 40
    assert "6 repeat another and are left out" in data.remarks()[1]


def test_a_folder_divided_into_train_and_test_keeps_its_test(folder):
    folder("train", 30)
    place = folder("test", 12, start=26)  # four of each class are in train, too
    data = prepare(DataConfig(data=str(place)))
    assert data.about["across"] == data.about["repeated"] == 8
    assert {name: len(part) for name, part in data.parts.items()} == {"train": 46, "validation": 6, "test": 24}
    assert all(name.startswith("test/") for name in data.parts["test"].names)
    keys = [key for part in data.parts.values() for key in keys_of(part.pixels)]
    assert len(keys) == len(set(keys))


def test_a_training_part_that_is_all_in_the_test_is_told(folder):
    folder("train", 5)
    folder("validation", 5, start=30)
    place = folder("test", 8)
    with pytest.raises(UserError, match="no picture is in the train part that is not in a later one"):
        prepare(DataConfig(data=str(place)))


def test_a_broken_picture_is_refused_or_told(folder):
    place = folder()
    (place / "red" / "3.png").write_bytes(b"no")
    with pytest.raises(UserError, match=r"red/3\.png: is not a PNG"):
        prepare(DataConfig(data=str(place)))
    data = prepare(DataConfig(data=str(place), on_bad="skip"))
    assert data.about["pictures"] == 39 and "1 picture was skipped" in data.remarks()[-1]


def test_too_few_pictures_of_a_class_are_told(folder):
    with pytest.raises(UserError, match="class 'red' has 2 different"):
        prepare(DataConfig(data=str(folder(count=2))))


def test_a_folder_that_is_not_there():
    with pytest.raises(UserError, match="there is no such folder"):
        prepare(DataConfig(data="no/such/folder"))


# the codec


def test_training_and_answering_read_a_picture_alike(data, codec):
    pictures = data.parts["test"].pixels[:50]
    trained = codec.normalise(np.moveaxis(pictures, -1, 1))
    np.testing.assert_array_equal(codec.encode([png_url(each) for each in pictures])["pixels"], trained)
    assert trained.dtype == np.float32 and trained.shape == (50, 1, 28, 28)
    np.testing.assert_array_equal(codec.denormalise(trained), pictures)
    train = codec.normalise(np.moveaxis(data.parts["train"].pixels, -1, 1))
    assert abs(train.mean()) < 1e-4 and abs(train.std() - 1) < 1e-4
    assert trained.min() == pytest.approx(codec.black[0])


def test_a_file_reads_as_it_did_in_training(folder):
    config = DataConfig(data=str(folder()), size=16)
    data = prepare(config)
    codec = learn_codec(config, data)
    part = data.parts["test"]
    found = codec.encode([data_url(folder() / name) for name in part.names])["pixels"]
    kept = codec.normalise(np.moveaxis(part.pixels, -1, 1))
    assert np.abs(found - kept).max() <= 0.5 / 255 / min(codec.deviation) + 1e-6  # bytes are kept, rounded


def test_the_codec_goes_through_json(codec):
    assert Codec.from_json(json.loads(json.dumps(codec.to_json()))) == codec


def test_an_answer_has_every_class_in_order(codec):
    row = np.full((1, 10), 0.05, np.float32)
    row[0, 7] = 0.55
    (answer,) = codec.decode({"probabilities": row})
    assert answer["label"] == "7" and answer["probability"] == answer["probabilities"]["7"] == pytest.approx(0.55)
    assert list(answer["probabilities"]) == list("0123456789")


# size and centre


@pytest.mark.parametrize(("old", "new"), [(28, 28), (7, 3), (300, 28), (28, 96), (1, 5), (5, 1), (3, 4)])
def test_the_weights_of_a_new_size(old, new):
    found = raster.along(np.eye(old), new).T  # what each old pixel gives to a new one
    assert found.shape == (new, old) and (found >= -1e-12).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(found, found[::-1, ::-1], atol=1e-12)  # neither end is preferred
    if old == new:
        np.testing.assert_array_equal(found, np.eye(old))
    if old > new:
        np.testing.assert_allclose(found.sum(axis=0), new / old, atol=1e-12)  # every old pixel counts alike


def test_smaller_by_a_whole_factor_is_the_mean_of_blocks():
    planes = RANDOM.random((3, 12, 20))
    wanted = planes.reshape(3, 3, 4, 4, 5).mean(axis=(2, 4))
    np.testing.assert_allclose(raster.resized(planes, 3, 4), wanted, atol=1e-12)


def test_larger_is_what_pillow_calls_bilinear():
    plane = RANDOM.random((9, 13)).astype(np.float32)
    wanted = Image.fromarray(plane).resize((40, 31), Image.Resampling.BILINEAR)
    np.testing.assert_allclose(raster.resized(plane, 31, 40), np.asarray(wanted), atol=1e-5)


def digits(data, count: int) -> np.ndarray:
    return data.parts["test"].pixels[:count, :, :, 0]


def test_mnists_digits_are_centred_as_we_centre(data):
    """What MNIST says of itself: 20 pixels the longer side, the centre of mass in the middle."""
    for digit in digits(data, 200).astype(float):
        rows, columns = (np.flatnonzero(digit.max(axis=axis)) for axis in (1, 0))
        assert max(np.ptp(rows), np.ptp(columns)) == 19
        for axis in (0, 1):
            assert digit.sum(axis=1 - axis) @ np.arange(28) / digit.sum() == pytest.approx(14, abs=0.75)


def test_a_digit_drawn_larger_elsewhere_comes_back(data):
    """Each pixel as a block of 8, anywhere on a sheet, white on black or black on white."""
    random, errors, moved = np.random.default_rng(1), [], 0
    originals = digits(data, 200).astype(float)
    for i, digit in enumerate(originals):
        sheet = np.zeros((400, 400))
        top, left = random.integers(0, 400 - 224, 2)
        sheet[top : top + 224, left : left + 224] = np.kron(digit, np.ones((8, 8)))
        found = raster.centred(sheet if i % 2 else 255 - sheet, 28)
        errors.append(np.abs(found - digit).mean() / 255)
        shifts = [np.roll(found, (a, b), (0, 1)) for a in (-1, 0, 1) for b in (-1, 0, 1)]
        moved += min(range(9), key=lambda k: np.abs(shifts[k] - digit).mean()) != 4
    assert np.mean(errors) < 0.003  # of 1; the mean brightness is 0.12
    assert np.median(errors) < 0.0015
    assert moved <= 6


def test_what_is_centred_keeps_its_shape_and_stays_inside():
    corner = np.zeros((100, 60))
    corner[:40, :4], corner[36:40, :30] = 255, 255  # an L in the corner, 40 × 30
    found = raster.centred(corner, 28)
    rows, columns = (np.flatnonzero(found.max(axis=axis)) for axis in (1, 0))
    assert (len(rows), len(columns)) == (20, 15)
    heavy = np.zeros((50, 50))
    heavy[:, 20], heavy[44:, :] = 255, 255  # its mass is far from the middle of its box
    assert raster.centred(heavy, 28).sum() == pytest.approx(heavy.sum() * (20 / 50) ** 2, rel=1e-6)  # nothing is lost


@pytest.mark.parametrize("paper", [0, 40, 215, 255])
def test_ink_is_bright_on_any_plain_paper(paper):
    sheet = np.full((64, 64), float(paper))
    sheet[20:40, 30:34] = 255 - paper if paper in (0, 255) else 250 - paper
    sheet[50, 50] = paper + (8 if paper < 128 else -8)  # a stain
    found = raster.centred(sheet, 28)
    assert found.max() == pytest.approx(255) and (found > 0).sum() == 20 * 4


def test_ink_is_found_where_a_shadow_lies_on_the_paper(data):
    """Dark digits on paper whose light falls by a third from one side to the other."""
    light = np.linspace(225, 150, 200)
    errors = []
    for i, digit in enumerate(digits(data, 60).astype(float)):
        sheet = np.zeros((200, 200))
        sheet[30:142, 40:152] = np.kron(digit, np.ones((4, 4))) / 255
        found = raster.centred((light if i % 2 else light[:, None]) * (1 - 0.8 * sheet), 28)
        assert not found[0].any() and not found[:, 0].any()  # the shadow is no ink
        errors.append(np.abs(found - digit).mean() / 255)
    assert np.median(errors) < 0.03


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_blank_sheet_has_no_ink(level):
    assert not raster.centred(np.full((40, 30), float(level)), 28).any()
    noisy = level + RANDOM.integers(-7, 8, (40, 30)).astype(float)
    assert not raster.centred(np.clip(noisy, 0, 255), 28).any()


def test_the_middle_of_a_picture_that_is_no_square():
    planes = np.arange(3 * 4 * 7).reshape(3, 4, 7)
    np.testing.assert_array_equal(raster.middle(planes), planes[:, :, 1:5])
    assert raster.raster(np.zeros((50, 20, 3), np.uint8), 8, 3, False).shape == (3, 8, 8)


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """tools/mnist_sample.py, writing into a folder of the test's own."""
    spec = importlib.util.spec_from_file_location("mnist_sample", ROOT / "tools" / "mnist_sample.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(tool, "INTO", tmp_path)
    return tool


def test_the_tool_draws_each_class_by_its_share_in_the_given_order(tool):
    places = tool.drawn(np.repeat(np.arange(3), [50, 30, 20]), 10, np.random.default_rng(0))
    assert (np.diff(places) > 0).all()
    assert np.bincount(np.searchsorted([50, 80], places, "right")).tolist() == [5, 3, 2]
    assert len(set(tool.drawn(np.repeat(np.arange(7), 11), 20, np.random.default_rng(0)))) == 20


@pytest.mark.skipif(not (SHARED / "mnist").is_dir(), reason="the original files of MNIST are not beside the checkout")
def test_the_tool_makes_the_sample_from_the_original_files(tool, tmp_path):
    """Also: MNIST itself has no picture twice, and its parts are those that the documentation says."""
    tool.main(SHARED / "mnist")
    made, kept = idx_files(tmp_path), idx_files(SAMPLE)
    for name, file in kept.items():
        np.testing.assert_array_equal(read_idx(made[name]), read_idx(file))
    data = prepare(DataConfig(data=str(SHARED / "mnist")))
    assert {name: len(part) for name, part in data.parts.items()} == {
        "train": 54_001,
        "validation": 5_999,
        "test": 10_000,
    }
    assert data.about["repeated"] == data.about["across"] == 0
