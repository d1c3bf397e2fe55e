"""The database: one declarative base, one session, and `transaction()`, the only place that commits or rolls back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, TypeVarTuple
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy import session as flask_session
from sqlalchemy import BigInteger, Connection, DateTime, Engine, MetaData, Select, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, mapped_column, registry
from sqlalchemy.types import UserDefinedType

from marketplace.kit.ids import new_id

Ts = TypeVarTuple("Ts")


class TransactionId(UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id (`xid8`)."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        return "xid8"


ischema_names["xid8"] = TransactionId


class Base(DeclarativeBase):
    """Constraints are named after their table and columns."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: DateTime(timezone=True), dict[str, Any]: JSONB, list[Any]: JSONB},
    )


Id = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]
Cents = Annotated[int, mapped_column(BigInteger)]


class NotInAct(Exception):
    """Something was changed outside `transaction()`: it would be kept at once, and not with the rest of its act."""


class _Session(flask_session.Session):
    """Outside an act each statement stands alone: no BEGIN before it and no ROLLBACK behind it.

    That spares a reader two round trips, and its connection keeps its prepared statements: the driver drops all of
    them at a ROLLBACK.
    """

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        bind = super().get_bind(*args, **kwargs)
        if self.info.get("in_act") or not isinstance(bind, Engine):
            return bind
        return _reading(bind)


@lru_cache(maxsize=8)
def _reading(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")


db = SQLAlchemy(
    model_class=Base,
    session_options={"class_": _Session, "expire_on_commit": False, "autoflush": True},
)


def need_act() -> None:
    """For what writes past the session, which would not notice. Raises NotInAct."""
    if not session().info.get("in_act"):
        raise NotInAct


@event.listens_for(_Session, "before_flush")
def _only_in_an_act(current: Session, *_: object) -> None:
    if not current.info.get("in_act"):
        raise NotInAct


@event.listens_for(_Session, "do_orm_execute")
def _nothing_changes_outside(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get("in_act"):
        raise NotInAct


def session() -> Session:
    """The session of this request, job or command."""
    return db.session()


def fresh(statement: Select[*Ts]) -> Select[*Ts]:
    """The statement with its rows locked and read anew: what this session knew of them before may be out of date."""
    return statement.with_for_update().execution_options(populate_existing=True)


class NestedTransaction(Exception):
    """`transaction()` is for edges: a route, a job, a command. Below an edge nobody opens one."""


@contextmanager
def transaction() -> Iterator[Session]:
    """One act, one transaction: commits at the end, rolls back on any exception.

    Raises:
        NestedTransaction: when one is open already.
    """
    current = session()
    if current.info.get("in_act"):
        raise NestedTransaction
    if current.in_transaction():
        current.commit()  # what was read before is over; nothing is sent
    current.info["in_act"] = True
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        current.info["in_act"] = False
