"""Pictures as data URLs: what goes through unchanged, what is turned, scaled or laid on white, and what is refused."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from pellucid.core.card import Picture
from pellucid.core.data.pictures import MOST_SIDE, data_url, decode, open_file, png_url
from pellucid.core.errors import UserError

FIELD = Picture(name="picture", title={"en": "Picture", "zh-TW": "圖片"})
RANDOM = np.random.default_rng(5)
COLOUR = RANDOM.integers(0, 256, (7, 5, 3)).astype(np.uint8)
GRAY = RANDOM.integers(0, 256, (7, 5)).astype(np.uint8)


def url_of(image: Image.Image, kind: str = "PNG", **options) -> str:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(stream.getvalue()).decode()}"


@given(array=arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=9)))
@settings(deadline=None, max_examples=40)
def test_gray_bytes_go_through_unchanged(array):
    np.testing.assert_array_equal(decode(data_url(array)), array)
    np.testing.assert_array_equal(decode(data_url(np.stack([array] * 3, axis=-1))), array)  # three equal channels


def test_colour_goes_through_unchanged():
    for given_as in (COLOUR, Image.fromarray(COLOUR), COLOUR.astype(np.int64), COLOUR.tolist()):
        np.testing.assert_array_equal(decode(data_url(given_as)), COLOUR)
    np.testing.assert_array_equal(decode(png_url(COLOUR)), COLOUR)
    np.testing.assert_array_equal(decode(png_url(GRAY[..., None])), GRAY)


def test_fractions_are_rounded_to_bytes():
    np.testing.assert_array_equal(decode(data_url(np.array([[0.0, 0.5, 1.0, 0.002]]))), [[0, 128, 255, 1]])
    np.testing.assert_array_equal(decode(data_url(np.array([[False, True]]))), [[0, 255]])
    np.testing.assert_array_equal(decode(data_url(np.array([[0, 1]]))), [[0, 1]])  # whole numbers are bytes


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_file_keeps_its_bytes(kind, tmp_path):
    file = tmp_path / f"one.{kind.lower()}"
    Image.fromarray(COLOUR).save(file, kind)
    wanted = f"data:image/{kind.lower()};base64,{base64.b64encode(file.read_bytes()).decode()}"
    assert data_url(file) == data_url(str(file)) == data_url(file.read_bytes()) == wanted
    assert FIELD.read(str(file)) == FIELD.read(wanted) == FIELD.check(wanted) == wanted
    data, pixels = open_file(file)
    assert data == file.read_bytes()
    np.testing.assert_array_equal(pixels, decode(wanted))


def test_transparent_lies_on_white():
    rgba = np.dstack([COLOUR, np.full((7, 5), 255, np.uint8)])
    rgba[0, :, 3], rgba[1, :, 3] = 0, 128
    rgba[1, 0, :3] = 0
    found = decode(url_of(Image.fromarray(rgba)))
    assert (found[0] == 255).all() and (found[2:] == COLOUR[2:]).all()
    assert found[1, 0].tolist() == [127, 127, 127]
    palette = Image.fromarray(COLOUR).convert("P")
    assert (decode(url_of(palette, transparency=palette.getpixel((0, 0))))[0, 0] == 255).all()
    assert decode(url_of(Image.fromarray(GRAY), transparency=int(GRAY[3, 3])))[3, 3] == 255
    gray_alpha = np.dstack([GRAY, np.where(GRAY > 100, 255, 0).astype(np.uint8)])
    np.testing.assert_array_equal(decode(url_of(Image.fromarray(gray_alpha, "LA"))), np.where(GRAY > 100, GRAY, 255))


def test_palettes_bits_and_sixteen_bits():
    palette = Image.fromarray(COLOUR).convert("P")
    np.testing.assert_array_equal(decode(url_of(palette)), np.asarray(palette.convert("RGB")))
    bits = Image.fromarray(GRAY > 100)
    np.testing.assert_array_equal(decode(url_of(bits)), np.where(GRAY > 100, 255, 0))
    wide = np.array([[0, 256, 257, 32_768, 65_535]], dtype=np.uint16)
    np.testing.assert_array_equal(decode(url_of(Image.fromarray(wide))), [[0, 1, 1, 128, 255]])
    cmyk = decode(url_of(Image.fromarray(np.full((8, 8, 3), (200, 30, 30), np.uint8)).convert("CMYK"), "JPEG"))
    assert cmyk.shape == (8, 8, 3) and abs(cmyk[4, 4].astype(int) - (200, 30, 30)).max() < 20


@pytest.mark.parametrize(("side_up", "turned"), [(3, lambda a: a[::-1, ::-1]), (6, np.fliplr), (1, lambda a: a)])
def test_the_camera_says_which_side_is_up(side_up, turned):
    exif = Image.Exif()
    exif[0x0112] = side_up
    found = decode(url_of(Image.fromarray(GRAY), exif=exif))
    wanted = turned(GRAY.T) if side_up == 6 else turned(GRAY)  # 6: turned clockwise
    np.testing.assert_array_equal(found, wanted)


def test_too_large_to_send_is_made_smaller_and_says_nothing_where_it_fits():
    noise = RANDOM.integers(0, 256, (300, 200, 3)).astype(np.uint8)
    assert decode(data_url(noise)).shape == (300, 200, 3)
    large = np.kron(noise, np.ones((3, 3, 1), np.uint8))
    small = data_url(large, most=50_000)
    assert decode(small).shape == (512, 341, 3)
    assert abs(decode(small).mean() - large.mean()) < 0.5
    long = np.zeros((2, MOST_SIDE + 1), np.uint8)
    assert decode(data_url(long)).shape == (1, 512)
    worst = FIELD.read(RANDOM.integers(0, 256, (900, 900, 3)).astype(np.uint8))
    assert decode(FIELD.check(worst)).shape == (512, 512, 3) and len(worst) <= 2_000_000


def test_a_very_large_one_is_divided_by_a_whole_number_at_once():
    wide = np.repeat(np.arange(0, 250, dtype=np.uint8)[None], 60, axis=0).repeat(16, axis=1)  # 60 × 4000
    assert decode(data_url(wide)).shape == (30, 2000)
    np.testing.assert_array_equal(decode(data_url(wide))[0, ::8], np.arange(250))
    assert decode(data_url(wide[:, :2048])).shape == (60, 2048)


def cut_off() -> bytes:
    whole = base64.b64decode(data_url(RANDOM.integers(0, 256, (60, 60)).astype(np.uint8)).partition(",")[2])
    return whole[: len(whole) // 2]


def bomb(width: int, height: int) -> bytes:
    """A small PNG file that says it is large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(min(width, 1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animated(kind: str) -> bytes:
    stream = io.BytesIO()
    frames = [Image.fromarray(np.full((8, 8, 3), value, np.uint8)) for value in (0, 99, 200)]
    frames[0].save(stream, kind, save_all=True, append_images=frames[1:])
    return stream.getvalue()


BAD_BYTES = {
    "cut off": (cut_off(), "broken"),
    "not a picture": (b"GIF89a and so on", "PNG, JPEG or WebP"),
    "empty": (b"", "PNG, JPEG or WebP"),
    "wide": (bomb(MOST_SIDE + 1, 1), f"{MOST_SIDE} a side"),
    "a bomb": (bomb(60_000, 60_000), "pixels"),
    "animated PNG": (animated("PNG"), "animated"),
    "animated WebP": (animated("WEBP"), "animated"),
}


@pytest.mark.parametrize("name", BAD_BYTES)
def test_a_bad_picture_is_refused_in_one_line_wherever_it_comes_from(name, tmp_path):
    data, says = BAD_BYTES[name]
    file = tmp_path / "bad.png"
    file.write_bytes(data)
    url = f"data:image/png;base64,{base64.b64encode(data).decode()}" if data else "data:image/png;base64,="
    for value, call in [(url, FIELD.check), (url, FIELD.read), (data, FIELD.read), (str(file), FIELD.read)]:
        if name == "wide" and not (isinstance(value, str) and value.startswith("data:")):
            continue  # a file of one's own may be as wide
        with pytest.raises(UserError) as error:
            call(value)
        assert says in str(error.value) or not data
        assert str(error.value).startswith("picture: ") and "\n" not in str(error.value)
        assert len(str(error.value)) < 200 + len(str(file))


def test_a_jpeg_with_more_pictures_behind_it_is_its_first():
    stream = io.BytesIO()
    first, second = (Image.fromarray(np.full((16, 16, 3), value, np.uint8)) for value in (40, 200))
    first.save(stream, "MPO", save_all=True, append_images=[second])
    assert decode(data_url(stream.getvalue())).mean() == pytest.approx(40, abs=2)


@pytest.mark.parametrize(
    "value",
    [
        "", " \n ", None, 5, ["text"], "x" * 10_001, "a\0b", "data:", "data:image/png;base64,",
        "data:image/gif;base64,AAAA",
        "data:image/png;base64,AAA\n", "data:text/html,<b>", "data:image/png;base64,%00", "\ud800", {}, object(), b"",
        np.zeros((2, 2, 4)), np.full((3, 3), 300), np.full((3, 3), -0.1), np.array([[np.nan]]), np.zeros((0, 3)),
        np.zeros(5), np.zeros((2, 2), complex), np.array([["a", "b"]]), "/", "no/such/file.png",
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_one_line(value):
    for call in (FIELD.check, FIELD.read):
        with pytest.raises(UserError) as error:
            call(value)
        assert str(error.value).startswith("picture: ") and "\n" not in str(error.value)
        assert len(str(error.value)) < 400


def test_what_http_may_send_is_never_a_path(tmp_path):
    file = tmp_path / "one.png"
    Image.fromarray(GRAY).save(file)
    assert FIELD.read(str(file)).startswith("data:image/png;base64,")
    with pytest.raises(UserError, match="data URL"):
        FIELD.check(str(file))


def test_what_is_large_or_odd_is_read_without_a_warning(tmp_path, recwarn):
    with pytest.raises(UserError, match="broken"):
        data_url(bomb(9500, 9500))  # Pillow warns from 89 million pixels on, we refuse from 100 million on
    with pytest.raises(UserError, match="has 11,000 × 11,000 pixels; make it smaller"):
        data_url(bomb(11_000, 11_000))
    assert not recwarn.list


def test_a_misspelt_file_gets_a_hint(tmp_path):
    (tmp_path / "digit.png").write_bytes(b"")
    with pytest.raises(UserError, match=r"Did you mean 'digit\.png'"):
        FIELD.read(str(tmp_path / "digt.png"))


def test_its_schema_takes_its_examples():
    import re

    field = Picture(name="picture", title=FIELD.title, examples=(data_url(GRAY),))
    assert re.search(field.schema()["pattern"], field.examples[0])
    assert field.schema()["maxLength"] == 2_000_000 and field.schema()["side"] == 96
