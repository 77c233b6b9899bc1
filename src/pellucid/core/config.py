"""One configuration a room: its CLI flags, keyword arguments, form and record, all from one pydantic model.

A room subclasses `FitConfig` (or plain `Config`) and lists its own fields, each with meaning, unit and bounds.
An unknown or impossible value is one line that names the field, the value and what would do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pellucid.core.errors import UserError, closest


class Config(BaseModel):
    """Base of all configurations: immutable, no unknown fields, no NaN."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)

    @classmethod
    def build(cls, values: Mapping[str, Any]) -> Self:
        """The configuration from keyword arguments or CLI strings; UserError on the first thing that is wrong."""
        try:
            return cls(**values)
        except ValidationError as error:
            raise UserError(cls._explain(error)) from None

    @classmethod
    def _explain(cls, error: ValidationError) -> str:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or cls.__name__
        if first["type"] == "extra_forbidden":
            return f"{name}: no such field{closest(name, cls.model_fields)} Known: {', '.join(cls.model_fields)}"
        if first["type"] == "literal_error":
            known = choices(cls, name)
            return f"{name}: {first['input']!r} is not one of {', '.join(known)}{closest(str(first['input']), known)}"
        reason = first["msg"].removeprefix("Value error, ").replace("Input should be", "it should be")
        return f"{name}: {first['input']!r}: {reason}" if first["loc"] else reason


def choices(config: type[Config], name: str) -> list[str]:
    """The values that a `Literal` field takes, as text; empty for any other field."""
    annotation = config.model_fields[name].annotation
    return [str(value) for value in get_args(annotation)] if get_origin(annotation) is Literal else []


class FitConfig(Config):
    """The fields that every room trained by `core.fit` shares."""

    epochs: int = Field(10, ge=1, le=100_000, description="most passes over the training set")
    batch_size: int = Field(32, ge=1, le=1_000_000, description="examples per step, over all processes")
    learning_rate: float = Field(1e-3, gt=0, le=10, description="Adam's step size")
    schedule: Literal["constant", "cosine"] = Field("constant", description="cosine: the step size falls to 0")
    weight_decay: float = Field(0.0, ge=0, le=10, description="decoupled weight decay (AdamW)")
    clip_norm: float = Field(0.0, ge=0, description="largest norm of the whole gradient; 0 leaves it as it is")
    patience: int = Field(0, ge=0, description="stop after so many epochs without a better validation score; 0 never")
    seed: int = Field(0, ge=0, lt=2**31, description="seed of initial weights, order of batches and dropout")
    device: str = Field("auto", description="auto, cpu, cuda, cuda:1, mps …", pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$")
    precision: Literal["float32", "bfloat16"] = Field("float32", description="bfloat16: autocast where it is safe")
    threads: int = Field(0, ge=0, le=1024, description="CPU threads per process; 0 lets torch choose")
    checkpoint_seconds: float = Field(30.0, ge=0, description="a checkpoint at least this often; also one an epoch")
