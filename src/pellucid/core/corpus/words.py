"""What a word is: runs of letters, digits and marks, with apostrophes inside ("don't"), the same for every script.

One table says for each Unicode character whether it belongs to a word; whole blocks of text go through it at once.
What differs from word to word (apostrophes at the ends, stop words, short words) is decided once a distinct word.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from pellucid.core.corpus.reading import Reading
from pellucid.core.errors import UserError

END = "\0"  # stands between two documents in a block; no document holds it
APOSTROPHE = "'"
JOINERS = "\u200c\u200d"  # without a width, within words of Persian and of the scripts of India
TABLE = 0x33480  # characters above are no letters
# Han characters and Japanese kana: scripts that write no space between words
IDEOGRAPHS = (
    (0x3005, 0x3007), (0x3041, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, TABLE - 2),
)  # fmt: skip
UNCUT_ADVICE = (
    "Chinese or Japanese is cut only at spaces and punctuation here, so that a phrase counts as one word: "
    "have it cut by jieba (words=jieba) or into characters (words=characters)"
)
ASCII = bytes(c if chr(c).isalnum() or chr(c) in APOSTROPHE + END else ord(" ") for c in range(128)).ljust(256)
LOWER_ASCII = bytes(ASCII[ord(chr(c).lower())] if c < 128 else ord(" ") for c in range(256))
OUT, PART, ALONE = 0, 1, 2  # a character's kind: between words, part of a word, a word by itself


def words(text: str, reading: Reading) -> list[str]:
    """The words of one text, in order, without those that the reading leaves out."""
    spell = speller(reading)
    return [word for found in runs(text.replace(END, " "), reading) if (word := spell(found))]


def speller(reading: Reading) -> Callable[[str], str]:
    """A function from a run to the word that it counts as; empty where it is left out."""
    left_out, least = reading.left_out, reading.min_letters

    def spell(run: str) -> str:
        word = run if run.isalnum() else run.strip(APOSTROPHE)
        if len(word) < least or word in left_out or not (word.isalnum() or any(map(str.isalnum, word))):
            return ""
        return word

    return spell


def runs(text: str, reading: Reading) -> list[str]:
    """The pieces between spaces once everything that belongs to no word is a space; END is a piece by itself."""
    return spaced(text, reading).decode().split()


def spaced(text: str, reading: Reading) -> bytes:
    """The text in UTF-8 with its words, and END, between spaces."""
    if text.isascii():
        found = text.encode("ascii").translate(LOWER_ASCII if reading.lowercase else ASCII)
    else:
        found = _spaced(_tidied(text, reading.lowercase), reading.words == "characters").encode()
    if b"''" in found:
        found = found.replace(b"''", b"  ")
    return _cut_by_jieba(found) if reading.words == "jieba" and not found.isascii() else found


def _tidied(text: str, lowercase: bool) -> str:
    """One spelling for what looks the same: composed characters, straight apostrophes, no soft hyphens."""
    text = unicodedata.normalize("NFC", text).replace("\u2019", APOSTROPHE).replace("\xad", "")
    return text.lower() if lowercase else text


def _spaced(text: str, characters: bool) -> str:
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    kinds = _kinds(characters)[np.minimum(codes, TABLE - 1)]
    spaced = np.where(kinds == OUT, np.uint32(ord(" ")), codes)
    if characters and (alone := kinds == ALONE).any():
        places = np.arange(len(codes)) + 2 * np.cumsum(alone) - alone  # each of them gets a space before and behind
        wide = np.full(len(codes) + 2 * int(alone.sum()), ord(" "), np.uint32)
        wide[places] = spaced
        spaced = wide
    return spaced.tobytes().decode("utf-32-le")


@functools.cache
def _kinds(characters: bool) -> NDArray[np.uint8]:
    """[TABLE] the kind of every character."""
    letters = (unicodedata.category(chr(code))[0] in "LNM" for code in range(TABLE))
    kinds = np.fromiter(letters, np.uint8, TABLE) * np.uint8(PART)
    kinds[[ord(character) for character in APOSTROPHE + END + JOINERS]] = PART
    kinds[TABLE - 1] = OUT
    if characters:
        kinds[[code for code in _ideographs() if kinds[code] == PART]] = ALONE
    return kinds


def _ideographs() -> Iterable[int]:
    for first, last in IDEOGRAPHS:
        yield from range(first, last + 1)


def ideographic(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in IDEOGRAPHS)


def _cut_by_jieba(found: bytes) -> bytes:
    cut = _jieba()
    return " ".join(" ".join(cut(run)) if not run.isascii() else run for run in found.decode().split()).encode()


@functools.cache
def _jieba() -> Callable[[str], list[str]]:
    try:
        import jieba
    except ImportError:
        raise UserError("words: jieba is not installed: pip install 'pellucid[zh]', or take words=characters") from None
    jieba.setLogLevel(60)
    return functools.lru_cache(1 << 16)(jieba.lcut)
