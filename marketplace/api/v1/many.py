"""Rows of a request or a file that each have a result of their own."""

from http import HTTPStatus
from typing import Any

from marketplace.api.reading import json_body
from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.orders.many import MOST_ROWS, Told


def named_rows() -> list[dict[str, Any]]:
    """The rows of a request that sends one or many. Raises Invalid."""
    body = json_body()
    sent = body if isinstance(body, list) else [body]
    if not 0 < len(sent) <= MOST_ROWS:
        raise Invalid(_("Send 1 to %(most)s rows at once.", most=MOST_ROWS))
    return [row if isinstance(row, dict) else {} for row in sent]


def row_told(told: Told, line: int | None = None, *, made: str) -> dict[str, Any]:
    """How a row came out. made: the name under which the id of what it made is told."""
    return {
        "index": told.index,
        "line": line,
        "order_id": str(told.order_id) if told.order_id else None,
        made: str(told.made_id) if told.made_id else None,
        "status": "rejected" if told.refusal else "accepted",
        "reasons": told.reasons,
    }


def rows_told(items: list[dict[str, Any]]) -> tuple[dict[str, Any], int]:
    """All of them, and the status: created, if any row was accepted."""
    is_new = any(item["status"] == "accepted" for item in items)
    return {"items": items}, HTTPStatus.CREATED if is_new else HTTPStatus.OK
