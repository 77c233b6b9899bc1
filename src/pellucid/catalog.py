"""The systems of the course in its order, built and not yet built. The one list; rooms load when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pellucid.core.card import Card, Day, Words
from pellucid.core.errors import UserError, closest

if TYPE_CHECKING:
    from pellucid.core.config import Config
    from pellucid.core.contract import Codec, System
    from pellucid.core.data.download import Remote
    from pellucid.core.data.page import DataPage
    from pellucid.core.phrases import Pairs
    from pellucid.learn.homework import Exercise


@dataclass(frozen=True)
class Entry:
    """A place on the course's map. `built`: there is a folder `rooms/<name>` behind it."""

    name: str
    day: Day
    title: Words
    built: bool = False
    verb: str = ""
    """A command line of its own for asking it: `pellucid VERB RUN QUERY`."""


CATALOG: tuple[Entry, ...] = (
    Entry("linear_equations", 1, {"en": "Linear equations", "zh-TW": "聯立方程式"}, built=True),
    Entry("losses", 1, {"en": "Losses", "zh-TW": "損失函數"}, built=True),
    Entry("optimizers", 1, {"en": "Optimizers", "zh-TW": "優化器"}, built=True),
    Entry("frameworks", 1, {"en": "Frameworks", "zh-TW": "深度學習框架"}, built=True),
    Entry("linear_regression", 2, {"en": "Linear regression", "zh-TW": "線性迴歸"}, built=True),
    Entry("lagrange", 2, {"en": "Lagrange multipliers", "zh-TW": "拉格朗日乘數"}, built=True),
    Entry("image_classifier", 2, {"en": "Image classifier", "zh-TW": "影像分類器"}, built=True),
    Entry("random_numbers", 2, {"en": "Random numbers", "zh-TW": "亂數"}, built=True),
    Entry("region_detector", 3, {"en": "Region detector", "zh-TW": "區域物件偵測"}),
    Entry("object_detector", 3, {"en": "Object detector", "zh-TW": "物件偵測器"}),
    Entry("word_vectors", 3, {"en": "Word vectors", "zh-TW": "詞向量"}, built=True, verb="similar"),
    Entry("document_search", 3, {"en": "Document search", "zh-TW": "文件搜尋"}, verb="search", built=True),
    Entry("spam_detector", 4, {"en": "Spam detector", "zh-TW": "垃圾簡訊偵測器"}, built=True),
    Entry("translator", 4, {"en": "Translator", "zh-TW": "機器翻譯"}),
    Entry("dimension_reducer", 4, {"en": "Dimension reducer", "zh-TW": "降維"}),
    Entry("autoencoder", 4, {"en": "Autoencoder", "zh-TW": "自編碼器"}),
    Entry("caption_generator", 4, {"en": "Caption generator", "zh-TW": "圖說產生器"}),
    Entry("style_transfer", 4, {"en": "Style transfer", "zh-TW": "風格遷移"}),
    Entry("image_translator", 5, {"en": "Image translator", "zh-TW": "影像轉換"}),
    Entry("game_player", 5, {"en": "Game player", "zh-TW": "遊戲玩家"}),
    Entry("language_encoder", 5, {"en": "Language encoder", "zh-TW": "語言編碼器"}),
    Entry("recommender", "bonus", {"en": "Recommender", "zh-TW": "推薦系統"}),
)

BUILT = tuple(entry.name for entry in CATALOG if entry.built)


def find(name: str) -> Entry:
    """The entry of a built room; UserError for any other name."""
    for entry in CATALOG:
        if entry.name == name:
            if not entry.built:
                raise UserError(f"{name}: not built yet. Built so far: {', '.join(BUILT)}")
            return entry
    raise UserError(f"{name}: no such system{closest(name, BUILT) or '.'} Built so far: {', '.join(BUILT)}")


def card(name: str) -> Card:
    """A built room's card. Imports no torch."""
    card: Card = _part(name, "").CARD
    return card


def config(name: str) -> type[Config]:
    """A built room's configuration: its fields, and their JSON schema for forms. Imports no torch."""
    config: type[Config] = _part(name, ".config").Config
    return config


def codec(name: str) -> type[Codec]:
    """A built room's codec class, where it ships anything. Imports no torch."""
    codec: type[Codec] = _part(name, ".data").Codec
    return codec


def load(name: str) -> type[System[Any]]:
    """A built room's system class. Imports torch."""
    system: type[System[Any]] = _part(name, ".system").System
    return system


def remotes(name: str) -> tuple[Remote, ...]:
    """The data sets that a built room can download by name. Imports no torch."""
    found: tuple[Remote, ...] = _offered(name, "data", "REMOTES") or ()
    return found


def phrases() -> tuple[Pairs, ...]:
    """The phrase books of all built rooms: what their errors say in Traditional Chinese. Imports no torch."""
    return tuple(book for name in BUILT if (book := _offered(name, "zh", "PHRASES")))


def peek(name: str, config: Config) -> None:
    """UserError where a file that the configuration names cannot be used: asked before a run begins. No torch."""
    if ask := _offered(name, "data", "peek"):
        ask(config)


def data_page(name: str, config: Config, each: int) -> DataPage:
    """What there is to see of the data that a built room would learn from; UserError where it learns from none."""
    show = _offered(name, "data", "show")
    if show is None:
        raise UserError(f"{name}: has no data set of classes to show")
    page: DataPage = show(config, each)
    return page


def shown() -> tuple[str, ...]:
    """The built rooms whose data there is a page of. Imports no torch."""
    return tuple(
        name for name in BUILT if (folder(name) / "data.py").is_file() and hasattr(_part(name, ".data"), "show")
    )


def homework(name: str) -> tuple[Exercise, ...]:
    """The exercises of a built room, none where it has no homework. Imports no torch."""
    exercises: tuple[Exercise, ...] = _offered(name, "homework", "EXERCISES") or ()
    return exercises


def folder(name: str) -> Path:
    """Where a built room's files lie: lesson, expected.json, the bundled run."""
    return Path(__file__).parent / "rooms" / find(name).name


def _part(name: str, part: str) -> Any:
    return import_module(f"pellucid.rooms.{find(name).name}{part}")


def _offered(name: str, file: str, what: str) -> Any:
    """What a room may offer in one of its files, and need not; None where it does not."""
    return getattr(_part(name, f".{file}"), what, None) if (folder(name) / f"{file}.py").is_file() else None
