"""One configuration a room: its CLI flags, keyword arguments, form and record, all from one pydantic model.

A room subclasses `FitConfig` (or plain `Config`) and lists its own fields, each with meaning, unit and bounds.
An unknown or impossible value is one line that names the field, the value and what would do.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from pellucid.core.card import Words
from pellucid.core.errors import UserError, closest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_BOUNDS = {"ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern"}  # as pydantic names them
_SHORT = reprlib.Repr()  # a value may be a whole file, pasted
_SHORT.maxstring = _SHORT.maxother = 100


@dataclass(frozen=True)
class Complaint:
    """What is wrong with the value of one field."""

    field: str
    message: str
    """What `Config.build` says of it, without the field's name."""
    code: str
    """pydantic's type of error."""
    limit: Any
    """The bound, the pattern or the choices that it names."""


class Config(BaseModel):
    """Base of all configurations: immutable, no unknown fields, no NaN. `group`: under which its own fields stand."""

    group: ClassVar[Words] = {"en": "Model", "zh-TW": "模型"}

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_written(cls, value: Any) -> Any:
        """A configuration is recorded in a file; a name of a file on the command line may be no text."""
        if isinstance(value, str) and ("\0" in value or value != value.encode(errors="replace").decode()):
            raise ValueError("holds a NUL, or half of a surrogate pair, which is no character")
        return value

    @classmethod
    def build(cls, values: Mapping[str, Any]) -> Self:
        """The configuration from keyword arguments or CLI strings; UserError on the first thing that is wrong."""
        try:
            return cls(**values)
        except ValidationError as error:
            first = cls._complaint(error.errors(include_url=False)[0])
            raise UserError(f"{first.field}: {first.message}" if first.field else first.message) from None

    def changed(self, fields: Mapping[str, Any] | None = None, **more: Any) -> Self:
        """This configuration with other values in some fields; UserError as of `build`."""
        return self.build({**self.model_dump(), **(fields or {}), **more})

    @classmethod
    def complaints(cls, values: Mapping[str, Any]) -> list[Complaint]:
        """All that is wrong with these values; empty where a configuration can be built from them."""
        try:
            cls(**values)
        except ValidationError as error:
            return [cls._complaint(one) for one in error.errors(include_url=False)]
        return []

    @classmethod
    def _complaint(cls, error: ErrorDetails) -> Complaint:
        name, code, value = ".".join(str(part) for part in error["loc"]), error["type"], _SHORT.repr(error["input"])
        limit = next((bound for key, bound in error.get("ctx", {}).items() if key in _BOUNDS), None)
        reason = error["msg"].removeprefix("Value error, ").replace("Input should be", "it should be")
        message = f"{value}: {reason}" if name else reason
        if code == "extra_forbidden":
            message = f"no such field{closest(name, cls.model_fields) or '.'} Known: {', '.join(cls.model_fields)}"
        elif code in ("int_parsing", "int_from_float"):
            message = f"{value}: it should be a whole number"
        elif code == "float_parsing":
            message = f"{value}: it should be a number"
        elif code == "string_pattern_mismatch":
            message = f"{value} will not do; {cls.model_fields[name].description}"
        elif code == "literal_error":
            limit = choices(cls, name)
            message = f"{value} is not one of {', '.join(limit)}{closest(str(error['input']), limit)}"
        return Complaint(name, message, code, limit)


def choices(config: type[Config], name: str) -> list[str]:
    """The values that a `Literal` field takes, as text; empty for any other field."""
    annotation = config.model_fields[name].annotation
    return [str(value) for value in get_args(annotation)] if get_origin(annotation) is Literal else []


def own_first(config: type[Config]) -> list[str]:
    """The names of its fields: those of the room first, those that it shares last."""
    names = dict.fromkeys(name for base in config.__mro__ for name in getattr(base, "__annotations__", ()))
    return [name for name in names if name in config.model_fields]


def group_of(config: type[Config], name: str) -> Words:
    """The group of the class that first had this field, whoever changed it since."""
    owners = [base for base in config.__mro__ if name in getattr(base, "__annotations__", ())]
    group: Words = owners[-1].__dict__.get("group", Config.group)
    return group


def setting(default: Any, en: str, zh: str, *, flag: str = "", **bounds: Any) -> Any:
    """A field of a configuration: meaning and unit in both languages; bounds are those of pydantic's Field.

    flag: what it is called on the command line as well, where that is a word that Python keeps for itself.
    """
    extra: dict[str, Any] = {"zh-TW": zh} | ({"flag": flag} if flag else {})
    return Field(default, description=en, json_schema_extra=extra, **bounds)


# what rooms ask of their own fields


def readable(field: str, read: Callable[[str], Any]) -> Any:
    """A validator for a configuration's body: the text of that field is what `read` takes; its UserError is told
    without the field's name, which whoever shows it adds."""

    def check(text: str) -> str:
        try:
            read(text)
        except UserError as error:
            raise ValueError(str(error).removeprefix(f"{field}, ").removeprefix(f"{field}: ")) from None
        return text

    return field_validator(field, mode="after")(check)


def path_from_anywhere(field: str, *names: str) -> Any:
    """A validator for a configuration's body: the path in that field becomes absolute, because a run is used from
    other folders than the one it was started in. `names`: values that are no path."""

    def absolute(text: str) -> str:
        return text if text in names else str(Path(text).expanduser().absolute())

    return field_validator(field, mode="after")(absolute)


LARGEST_RATE = 1e6


def _as_text(value: Any) -> Any:
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _auto_or_rate(text: str) -> str:
    if text != "auto" and not (math.isfinite(float(text)) and 0 < float(text) <= LARGEST_RATE):
        raise ValueError(f"it should be auto, or a number above 0 and at most {LARGEST_RATE:,.0f}")
    return text


AutoOrRate = Annotated[
    str,
    BeforeValidator(_as_text),
    Field(pattern=r"^(auto|\+?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)$", max_length=40),
    AfterValidator(_auto_or_rate),
]
"""A step size that the room chooses where it is `auto`; a number stays the text that was given."""


class FitConfig(Config):
    """The fields that every room trained by `core.fit` shares."""

    group: ClassVar[Words] = {"en": "Training", "zh-TW": "訓練"}

    epochs: int = setting(10, "most passes over the training set", "訓練集最多跑幾遍（epoch）", ge=1, le=100_000)
    batch_size: int = setting(
        32, "examples per step, over all processes", "每一步的樣本數，所有行程合計", ge=1, le=1_000_000
    )
    learning_rate: float = setting(1e-3, "Adam's step size", "Adam 的步長（學習率）", gt=0, le=10)
    schedule: Literal["constant", "cosine"] = setting(
        "constant", "cosine: the step size falls to 0", "cosine：步長逐漸降到 0"
    )
    weight_decay: float = setting(0.0, "decoupled weight decay (AdamW)", "與梯度分開的權重衰減（AdamW）", ge=0, le=10)
    clip_norm: float = setting(
        0.0, "largest norm of the whole gradient; 0 leaves it as it is", "整個梯度的最大長度；0 表示不限制", ge=0
    )
    patience: int = setting(
        0,
        "stop after so many epochs without a better validation score; 0 never",
        "驗證分數連續幾個 epoch 沒有進步就停止；0 表示不提早停止",
        ge=0,
    )
    seed: int = setting(
        0,
        "seed of initial weights, order of batches and dropout",
        "初始權重、批次順序與 dropout 的亂數種子",
        ge=0,
        lt=2**31,
    )
    device: str = setting(
        "auto",
        "where to compute: auto, cpu, cuda, cuda:1, mps …",
        "在哪裡計算：auto、cpu、cuda、cuda:1、mps …",
        pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$",
    )
    precision: Literal["float32", "bfloat16"] = setting(
        "float32", "bfloat16: autocast where it is safe", "bfloat16：在安全之處使用 autocast"
    )
    threads: int = setting(
        0, "CPU threads per process; 0 lets torch choose", "每個行程的 CPU 執行緒數；0 由 torch 決定", ge=0, le=1024
    )
    checkpoint_seconds: float = setting(
        30.0,
        "a checkpoint at least this often; also one an epoch",
        "至少每隔幾秒存一次檢查點；每個 epoch 也存一次",
        ge=0,
    )
