"""The database: one declarative base, one session, and `transaction()`, the only place that commits or rolls back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, TypeVarTuple
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, MetaData, Select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry
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
    """Constraints have names that can be told from their table and columns."""

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

db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False, "autoflush": True},
)


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
    current.info["in_act"] = True
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise
    finally:
        current.info["in_act"] = False
