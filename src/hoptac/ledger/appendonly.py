"""Rows that are written once (chỉ ghi thêm): invariant L1, first half.

The second half is the database's own triggers (``triggers.py``), for whatever does not come through these classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NoReturn, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class AppendOnlyError(TypeError):
    """Someone tried to change or delete a row that is written once. A programming error: nothing catches it."""


def refuse(model: type[models.Model], what: str) -> NoReturn:
    raise AppendOnlyError(
        f"L01 {model.__name__}: rows are never {what}; write a new row that supersedes the old one"
    )


class AppendOnlyQuerySet(models.QuerySet[M]):
    def update(self, **kwargs: Any) -> int:
        refuse(self.model, "updated")

    async def aupdate(self, **kwargs: Any) -> int:
        refuse(self.model, "updated")

    def _update(self, *args: Any, **kwargs: Any) -> int:
        refuse(self.model, "updated")

    def delete(self) -> tuple[int, dict[str, int]]:
        refuse(self.model, "deleted")

    async def adelete(self) -> tuple[int, dict[str, int]]:
        refuse(self.model, "deleted")

    def _raw_delete(self, using: str | None) -> int:
        refuse(self.model, "deleted")

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        refuse(self.model, "updated")

    def bulk_create(
        self,
        objs: Iterable[M],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Any = None,
        unique_fields: Any = None,
    ) -> list[M]:
        if update_conflicts:
            refuse(self.model, "updated")
        return super().bulk_create(objs, batch_size=batch_size, ignore_conflicts=ignore_conflicts)


class AppendOnly(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            refuse(type(self), "updated")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, using: Any = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        refuse(type(self), "deleted")


def written_once(models_: Sequence[type[models.Model]]) -> tuple[type[models.Model], ...]:
    """Those of the given models whose rows are written once."""
    return tuple(m for m in models_ if issubclass(m, AppendOnly))
