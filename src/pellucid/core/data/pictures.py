"""Pictures as data URLs, files and arrays. A picture is text wherever it travels: `data:image/png;base64,…`.

Decoded, it is an array of bytes: [H, W] where it is gray (also where three equal channels say so), else [H, W, 3].
What is transparent lies on white; a camera's note which side is up is followed; 16 bits become 8.
"""

from __future__ import annotations

import base64
import binascii
import io
import os
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core.errors import UserError, closest_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    Pixels = NDArray[np.uint8]

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
KINDS = {"PNG": "png", "JPEG": "jpeg", "MPO": "jpeg", "WEBP": "webp"}  # MPO: a JPEG with more pictures behind it
MOST_SIDE = 4096  # pixels, of what is sent
SMALLER = 512  # pixels a side, of what is made smaller to be sent; even noise then fits into 2,000,000 characters
MOST_PIXELS = 100_000_000  # of a file of one's own
MOST_KEPT = 2048  # pixels a side: what is larger is halved, or divided by 3, 4 …, as soon as it is read
_ORIENTATION = 0x0112  # Exif: which side is up
URL = re.compile(r"data:image/(png|jpeg|webp);base64,([A-Za-z0-9+/]+=*)")


def decode(url: str) -> Pixels:
    """The pixels of a data URL; UserError where it is none, is broken, or has a side above MOST_SIDE."""
    match = URL.fullmatch(url)
    if not match:
        some = url if len(url) <= 40 else f"{url[:40]}…"
        raise UserError(f"{some!r} is not a picture's data URL (data:image/png;base64,…, or jpeg or webp)")
    try:
        data = base64.b64decode(match[2], validate=True)
    except binascii.Error:
        raise UserError("the data URL is damaged: its base64 cannot be read") from None
    return pixels(_open(io.BytesIO(data), "", MOST_SIDE), "")


def open_file(path: Path) -> tuple[bytes, Pixels]:
    """The bytes and the pixels of a file; UserError names it where it cannot be read."""
    data = _bytes_of(path)
    return data, pixels(_open(io.BytesIO(data), _shown(path)), _shown(path))


def file_url(path: Path) -> str:
    """The data URL of a PNG file of our own, unchecked: a card is read before anything is loaded."""
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"


def data_url(value: Any, *, most: int | None = None) -> str:
    """The data URL of a path, the bytes of a file, an array ([H, W] or [H, W, 3], uint8, or 0 to 1) or a PIL image.

    A PNG, JPEG or WebP file stays byte for byte what it is, unless that makes more than `most` characters or a side
    above MOST_SIDE: then it is made smaller, its longest side SMALLER pixels.
    """
    if isinstance(value, str | os.PathLike):
        path = Path(value).expanduser()
        return _url_of_file(_bytes_of(path), _shown(path), most)
    if isinstance(value, bytes | bytearray | memoryview):
        return _url_of_file(bytes(value), "", most)
    return _url_of_image(_image_of(value), most)


def png_url(array: Pixels) -> str:
    """The data URL of pixels as they are: [H, W], [H, W, 1] or [H, W, 3] of bytes."""
    from PIL import Image

    return _written(Image.fromarray(array[..., 0] if array.ndim == 3 and array.shape[-1] == 1 else array))


def pixels(image: Image.Image, name: str) -> Pixels:
    """An opened image as an array; UserError where the file turns out to be broken."""
    import numpy as np
    from PIL import ImageOps

    try:
        turned = image.getexif().get(_ORIENTATION, 1) != 1
        plain = _in_bytes(ImageOps.exif_transpose(image) if turned else image)
        factor = -(-max(plain.size) // MOST_KEPT)
        array = np.asarray(plain.reduce(factor) if factor > 1 else plain)
    except MemoryError:
        raise
    except Exception as error:  # decoders raise whatever they like on broken files
        raise UserError(f"{_of(name)}is broken: {_reason(error)}") from None
    if array.shape[-1] in (2, 4) and array.ndim == 3:
        opacity = array[..., -1:] / 255
        array = np.floor(array[..., :-1] * opacity + 255 * (1 - opacity) + 0.5).astype(np.uint8)
        array = array[..., 0] if array.shape[-1] == 1 else array
    if array.ndim == 3 and (array[..., 0] == array[..., 1]).all() and (array[..., 0] == array[..., 2]).all():
        array = array[..., 0]
    return np.ascontiguousarray(array)


def _in_bytes(image: Image.Image) -> Image.Image:
    """In a mode of one, two, three or four bytes a pixel: gray or colour, with or without opacity."""
    import numpy as np
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":  # 16 bits a channel
        wide = np.asarray(image).astype(np.float64)
        return Image.fromarray(np.clip(wide // 256, 0, 255).astype(np.uint8))
    if "transparency" in image.info or image.mode in ("PA", "RGBa", "La"):
        return image.convert("LA" if image.mode in ("1", "L", "La") else "RGBA")
    if image.mode in ("L", "LA", "RGB", "RGBA"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _open(stream: Any, name: str, most_side: int | None = None) -> Image.Image:
    """An image whose header is read and whose size is bearable; its pixels are not decoded yet."""
    from PIL import Image, UnidentifiedImageError

    # of what is large (checked below) or odd but readable; for good, because threads share the list of filters
    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        image = Image.open(stream, formats=("PNG", "JPEG", "WEBP"))
    except UnidentifiedImageError:
        raise UserError(f"{_of(name)}is not a PNG, JPEG or WebP picture, or is broken") from None
    except Image.DecompressionBombError:
        raise UserError(f"{_of(name)}has more than {MOST_PIXELS:,} pixels; make it smaller") from None
    except Exception as error:
        raise UserError(f"{_of(name)}is broken: {_reason(error)}") from None
    if most_side and max(image.size) > most_side:
        raise UserError(f"{_of(name)}has {image.width} × {image.height} pixels, at most {most_side} a side are taken")
    if image.width * image.height > MOST_PIXELS:
        raise UserError(f"{_of(name)}has {image.width:,} × {image.height:,} pixels; make it smaller")
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise UserError(f"{_of(name)}is animated; save one picture of it")
    return image


def _bytes_of(path: Path) -> bytes:
    name = _shown(path)
    try:
        if not path.exists():
            raise UserError(f"{name}: there is no such file{closest_file(path)}")
        if not path.is_file():
            raise UserError(f"{name}: is not a file; name one picture")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise UserError(f"{name}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _shown(path: Path) -> str:
    """A file's name on one line, whatever somebody took for one."""
    name = str(path) if str(path).isprintable() else repr(str(path))
    return name if len(name) <= 300 else f"{name[:300]}…"


def _url_of_file(data: bytes, name: str, most: int | None) -> str:
    image = _open(io.BytesIO(data), name)
    array = pixels(image, name)  # a broken file is found here, and not where the picture is used
    url = f"data:image/{KINDS[image.format or 'PNG']};base64,{base64.b64encode(data).decode()}"
    if max(image.size) <= MOST_SIDE and (most is None or len(url) <= most):
        return url
    return _url_of_image(_image_of(array), most)


def _url_of_image(image: Image.Image, most: int | None) -> str:
    url = _written(image) if max(image.size) <= MOST_SIDE else None
    if url is None or (most is not None and len(url) > most):
        from PIL import Image

        image.thumbnail((SMALLER, SMALLER), Image.Resampling.BOX)
        url = _written(image)
    return url


def _image_of(value: Any) -> Image.Image:
    """A PIL image, in a mode that PNG has, of an array or an image."""
    import numpy as np
    from PIL import Image

    if isinstance(value, Image.Image):
        return Image.fromarray(pixels(value, ""))
    array = np.asarray(value)
    if array.dtype == object or array.ndim not in (2, 3) or 0 in array.shape:
        what = type(value).__name__ if array.dtype == object or not array.ndim else f"an array {list(array.shape)}"
        raise UserError(f"{what} is not a picture: give a file, its bytes, a data URL, or an array [H, W] or [H, W, 3]")
    if array.ndim == 3 and array.shape[-1] not in (1, 3):
        raise UserError(f"an array {list(array.shape)} is not a picture: [H, W] is gray, [H, W, 3] is in colour")
    if array.dtype != np.uint8:
        array = _to_bytes(array)
    return Image.fromarray(array[..., 0] if array.ndim == 3 and array.shape[-1] == 1 else array)


def _to_bytes(array: Any) -> Any:
    """0 to 1 as 0 to 255; whole numbers are bytes already."""
    import numpy as np

    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise UserError(f"an array of {array.dtype} that are not all numbers is not a picture")
    most = 255 if array.dtype.kind in "iu" else 1
    if array.min() < 0 or array.max() > most:
        raise UserError(
            f"the array's numbers go from {array.min():g} to {array.max():g}: give bytes (0 to 255), or fractions from "
            "0 to 1"
        )
    return array.astype(np.uint8) if most == 255 else np.floor(array * 255.0 + 0.5).astype(np.uint8)


def _written(image: Image.Image) -> str:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


def _of(name: str) -> str:
    return f"{name}: " if name else "the picture "


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:100] or type(error).__name__
