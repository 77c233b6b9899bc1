"""The idx format: what is written is read, and every way in which a file can be wrong is one line with its name."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pellucid.core.data.idx import idx_bytes, idx_files, read_idx, read_pair
from pellucid.core.errors import UserError

ARRAY = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


@given(array=arrays(np.uint8, array_shapes(max_dims=4, max_side=5)), packed=st.booleans())
@settings(deadline=None, max_examples=40)
def test_what_is_written_is_read(tmp_path_factory, array, packed):
    file = tmp_path_factory.mktemp("idx") / "one"
    file.write_bytes(gzip.compress(idx_bytes(array)) if packed else idx_bytes(array))
    np.testing.assert_array_equal(read_idx(file), array)


def test_the_header_is_that_of_the_format():
    assert idx_bytes(ARRAY)[:16] == bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4])


BAD = {
    "empty": (b"", "two zero bytes"),
    "text": (b"label,pixel\n1,2\n", "two zero bytes"),
    "floats": (b"\0\0\x0d" + idx_bytes(ARRAY)[3:], "0x0d"),
    "no axes": (b"\0\0\x08\0", "0 axes"),
    "other axes": (idx_bytes(ARRAY[0]), "2 axes, and 3"),
    "half a header": (idx_bytes(ARRAY)[:9], "header"),
    "cut off": (idx_bytes(ARRAY)[:-1], "cut off: 23 bytes where the shape [2, 3, 4] takes 24"),
    "too long": (idx_bytes(ARRAY) + b"\0", "too long: 25 bytes"),
    "nothing in it": (b"\0\0\x08\x03" + struct.pack(">3I", 0, 28, 28), "empty"),
    "a lie": (b"\0\0\x08\x03" + struct.pack(">3I", 2**32 - 1, 2**32 - 1, 2**32 - 1), "cut off"),
    "gzip cut off": (gzip.compress(idx_bytes(ARRAY))[:-9], "damaged"),
    "gzip flipped": (gzip.compress(idx_bytes(ARRAY))[:-6] + b"abcdef", "damaged"),
    "gzip of text": (gzip.compress(b"hello"), "two zero bytes"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_with_a_file_is_one_line(name, tmp_path):
    data, says = BAD[name]
    file = tmp_path / "some-idx3-ubyte"
    file.write_bytes(data)
    with pytest.raises(UserError) as error:
        read_idx(file, axes=3)
    assert says in str(error.value)
    assert str(error.value).startswith(f"{file}: ") and "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_idx(tmp_path / "none")


def test_a_gzip_bomb_is_read_no_further_than_it_may(tmp_path, monkeypatch):
    monkeypatch.setattr("pellucid.core.data.idx.MOST", 1000)
    file = tmp_path / "bomb"
    file.write_bytes(gzip.compress(bytes(1_000_000)))
    with pytest.raises(UserError, match="more than 1,000 bytes"):
        read_idx(file)


def test_the_four_files_under_their_names(tmp_path):
    assert idx_files(tmp_path) is None
    for name in ("train-images-idx3-ubyte.gz", "train-labels.idx1-ubyte", "t10k-images-idx3-ubyte"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(UserError, match=r"t10k-labels-idx1-ubyte \(or .*\.gz\) is missing; 3 of the 4"):
        idx_files(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(b"")
    found = idx_files(tmp_path)
    assert found is not None and {name: file.name for name, file in found.items()} == {
        "train images": "train-images-idx3-ubyte.gz",
        "train labels": "train-labels.idx1-ubyte",
        "test images": "t10k-images-idx3-ubyte",
        "test labels": "t10k-labels-idx1-ubyte.gz",
    }


def test_pictures_and_labels_must_be_as_many(tmp_path):
    (tmp_path / "images").write_bytes(idx_bytes(ARRAY))
    (tmp_path / "labels").write_bytes(idx_bytes(np.zeros(3)))
    with pytest.raises(UserError, match="2 pictures, but labels has 3 labels"):
        read_pair(tmp_path / "images", tmp_path / "labels")
