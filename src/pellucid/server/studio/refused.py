"""The one shape in which the studio refuses a request: a status of 4xx and problems, each naming a field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pellucid.server.studio.messages import Problem, Problems
from pellucid.server.studio.zh import in_chinese


class Refused(Exception):
    """A request that is not answered, and why. code: which sentence it is, for translation."""

    def __init__(self, status: int, field: str, message: str, code: str = "", limit: Any = None):
        super().__init__(message)
        self.status = status
        self.problems: Sequence[Problem] = [Problem(field=field, message=message, code=code, limit=limit)]

    @classmethod
    def of(cls, status: int, problems: Sequence[Problem]) -> Refused:
        """With several problems at once."""
        refused = cls(status, "", problems[0].message)
        refused.problems = problems
        return refused

    def body(self) -> dict[str, Any]:
        said = [each.model_copy(update={"zh": in_chinese(each.message)}) for each in self.problems]
        return Problems(detail=said).model_dump()
