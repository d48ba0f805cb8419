"""The tenant guard: the first of two walls between local governments (団体).

Inside `tenant_scope` every query of a `TenantModel` carries `government_id`; outside it a query
raises. The second wall is PostgreSQL row-level security, see `kernel.row_security`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.sql.where import WhereNode

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.prepared import begin_with, set_until_the_end

SETTING = "kakehashi.government"

Row = TypeVar("Row", bound=models.Model)

_scope: ContextVar[UUID | None] = ContextVar("kakehashi_government", default=None)


class OutsideTenantScope(RuntimeError):
    """A tenant-owned row was asked for while no tenant scope was open."""


class NestedTenantScope(RuntimeError):
    """A scope of another government was opened inside an open one."""


class WrongTenant(RuntimeError):
    """A row of one government was about to be written in the scope of another."""


def current_government_id() -> UUID:
    """The government whose scope is open. Raises `OutsideTenantScope` when there is none."""
    government_id = _scope.get()
    if government_id is None:
        message = "no tenant scope is open; wrap the work in tenant_scope(government_id)"
        raise OutsideTenantScope(message)
    return government_id


def open_government_id() -> UUID | None:
    """The government whose scope is open, or None. For code that serves both sides, such as logging."""
    return _scope.get()


@contextmanager
def tenant_scope(government_id: UUID) -> Iterator[None]:
    """Open the transaction in which one government's rows can be read and written.

    The setting that row-level security reads is local to the transaction, so it can never travel
    with a pooled connection; it is told with the first statement. Opening the scope that is already open does nothing; opening another
    government's raises `NestedTenantScope`.
    """
    open_id = _scope.get()
    if open_id is not None:
        if open_id != government_id:
            message = f"scope of {open_id} is open, {government_id} was asked for"
            raise NestedTenantScope(message)
        yield
        return
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), begin_with(SETTING, str(government_id)) if is_outermost else nullcontext():
        if not is_outermost:
            set_until_the_end(SETTING, str(government_id))
        token = _scope.set(government_id)
        try:
            yield
        finally:
            _scope.reset(token)
    # Inside an outer transaction (tests) the local setting outlives the savepoint.
    if connection.in_atomic_block and not connection.needs_rollback:
        set_until_the_end(SETTING, "")


class TenantQuerySet(models.QuerySet[Row]):
    """A query set that is bound to the open scope when it is made."""

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Row]:
        rows = list(objs)
        for row in rows:
            _check_owner(row)
        return super().bulk_create(rows, *args, **kwargs)


if TYPE_CHECKING:
    _Manager = models.Manager
else:
    _Manager = models.Manager.from_queryset(TenantQuerySet)


class TenantManager(_Manager[Row]):
    """Adds `government_id` to every query, related look-ups included. Raises outside a scope."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(government_id=current_government_id())


class Owned(models.Model):
    """Marks how a table belongs; every concrete model inherits exactly one of the three below."""

    ownership: ClassVar[str] = ""

    class Meta:
        abstract = True


class TenantModel(Owned):
    """A row that one government owns.

    `government_id` is a plain column without a foreign key: the scope and row-level security
    guarantee it, and a key would lock the government's row on every insert.
    """

    ownership = "tenant"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    government_id = models.UUIDField(default=current_government_id, editable=False)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _check_owner(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _check_owner(self)
        return super().delete(*args, **kwargs)


class GlobalModel(Owned):
    """A row of the installation itself, such as a government or a user account."""

    ownership = "global"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class SharedModel(Owned):
    """A published copy with an audience: read by many governments, written by its origin only.

    `origin_id` is the government that published it. Row-level security lets every tenant read and
    only the origin write.
    """

    ownership = "shared"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    origin_id = models.UUIDField(default=current_government_id, editable=False)

    class Meta:
        abstract = True


class AddressedModel(SharedModel):
    """A published copy for one government: row-level security shows it to its origin and to `audience_id`, to nobody else.

    A model that has more readers says so in `readers`, the condition of the policy; `{open}` stands for the open government.
    """

    readers: ClassVar[str] = "origin_id = {open} OR audience_id = {open}"

    audience_id = models.UUIDField(editable=False)

    class Meta:
        abstract = True


def _check_owner(row: Any) -> None:
    if row.government_id != current_government_id():
        message = f"{type(row).__name__} belongs to {row.government_id}, the open scope is {current_government_id()}"
        raise WrongTenant(message)


if TYPE_CHECKING:
    _ForeignKey = models.ForeignKey[Any, Any]
else:
    _ForeignKey = models.ForeignKey


class TenantForeignKey(_ForeignKey):
    """A foreign key between rows of one government.

    Joins carry the equality of `government_id`, so a query can be routed to one shard and a forged
    id of the neighbour finds nothing. The constraint in the database is composite,
    (government_id, x_id) → (government_id, id), and made by `kernel.row_security` after migration;
    `composite=False` leaves it out for the few hot tables that would lock a popular parent row.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, *, composite: bool = True, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        self.composite = composite
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        if not self.composite:
            kwargs["composite"] = False
        return name, path, args, kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        """The join's second condition: both rows belong to the same government."""
        target: Any = self.related_model._meta.get_field("government_id")
        source: Any = self.model._meta.get_field("government_id")
        same: Any = Exact(Col(alias or "", target), Col(related_alias or "", source))
        return WhereNode([same])


def tenant_index(*fields: str, name: str) -> models.Index:
    """An index that leads with `government_id`, as every index of a tenant-owned table must."""
    return models.Index(fields=("government_id", *fields), name=name)


__all__ = [
    "AddressedModel",
    "GlobalModel",
    "NestedTenantScope",
    "OutsideTenantScope",
    "SharedModel",
    "TenantForeignKey",
    "TenantManager",
    "TenantModel",
    "TenantQuerySet",
    "WrongTenant",
    "current_government_id",
    "open_government_id",
    "tenant_index",
    "tenant_scope",
]
