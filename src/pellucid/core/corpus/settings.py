"""The fields of a configuration that say which text to read and how: what rooms on streamed text share. No torch."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from pellucid.core.card import Words
from pellucid.core.config import Config, path_from_anywhere, setting
from pellucid.core.corpus.reading import Reading


class CorpusConfig(Config):
    """A room says of `data` what is built in (`built_in`, its file or folder); of other fields, where it differs."""

    group: ClassVar[Words] = {"en": "Data", "zh-TW": "資料"}
    built_in: ClassVar[Path]

    data: str = setting(
        "built-in",
        "built-in, or a text, CSV, TSV, JSONL or Parquet file of your own (.gz and .zst as well), or a folder",
        "built-in（內建資料），或你自己的純文字、CSV、TSV、JSONL、Parquet 檔（也可以是 .gz、.zst），或資料夾",
    )
    text_column: str = setting("text", "the table's column of texts", "表格中文字所在的欄")
    encoding: str = setting("utf-8", "the file's text encoding", "檔案的文字編碼")
    split: Literal["auto", "line", "paragraph", "file"] = setting(
        "auto",
        "what one document is in plain text; auto: a line, or a file of a folder",
        "純文字裡一份文件是什麼；auto：一行，資料夾則是一個檔案",
    )
    words: Literal["unicode", "characters", "jieba"] = setting(
        "unicode",
        "how texts are cut: runs of letters and digits; Chinese by single characters, or cut by jieba",
        "詞怎麼切：unicode（連續的字母與數字）、characters（中文逐字）、jieba（中文斷詞）",
    )
    lowercase: bool = setting(True, "read capitals as small letters", "大寫一律讀成小寫")
    stop_words: Literal["english", "none"] = setting(
        "none", "english: leave out words that say nothing alone: the, of, and …", "english：不計 the、of、and 等虛詞"
    )
    on_bad: Literal["refuse", "skip"] = setting("refuse", "what to do with what cannot be read", "讀不懂的部分怎麼辦")

    _found_from_anywhere = path_from_anywhere("data", "built-in")

    @property
    def source(self) -> Path:
        return self.built_in if self.data == "built-in" else Path(self.data)

    def reading(self) -> Reading:
        """How the text is read, as core/corpus names it."""
        return Reading(
            column=self.text_column, encoding=self.encoding, on_bad=self.on_bad, split=self.split,
            lowercase=self.lowercase, words=self.words,
            stop_words="english" if self.stop_words == "english" else (),
        )  # fmt: skip
