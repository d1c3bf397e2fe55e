"""Stripe's search language: `metadata['order']:'7' AND status:'succeeded' AND amount>1000 -currency:'usd'`."""

import re
from collections.abc import Callable
from typing import Any

from marketplace.stripe_emulator.protocol.errors import InvalidParameter
from marketplace.stripe_emulator.protocol.params import integer, shape, text
from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

Clause = Callable[[Json], bool]

_CLAUSE = re.compile(
    r"""(?P<not>-)?(?P<field>[a-z_]+)(?:\[(?P<quote>['"])(?P<key>(?:\\.|(?!(?P=quote)).)+)(?P=quote)\])?
        (?P<sign>:|~|>=|<=|>|<)
        (?:(?P<mark>['"])(?P<text>(?:\\.|(?!(?P=mark)).)*)(?P=mark)|(?P<bare>null|[0-9]+))""",
    re.VERBOSE,
)
_READ = shape(("query",), query=text(), limit=integer(1, 100), page=text())
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ":": lambda have, want: bool(have == want),
    "~": lambda have, want: str(want).lower() in str(have).lower(),
    ">": lambda have, want: bool(have > want),
    "<": lambda have, want: bool(have < want),
    ">=": lambda have, want: bool(have >= want),
    "<=": lambda have, want: bool(have <= want),
}


def search(work: Work, kind: str, address: str, fields: frozenset[str], params: Json) -> Json:
    """One page of the objects of this kind that match `params["query"]`; only these fields and metadata are asked."""
    given = _READ(params, "")
    joined, clauses = read_query(given["query"], fields)
    visible = work.now - work.world.delays.search
    matches = [
        found for found in work.all(kind) if found["created"] <= visible and joined(clause(found) for clause in clauses)
    ]
    limit, start = given.get("limit", 10), _start(given.get("page", "0"))
    more = len(matches) > start + limit
    return {
        "object": "search_result",
        "data": public(matches[start : start + limit]),
        "has_more": more,
        "next_page": str(start + limit) if more else None,
        "url": address,
    }


def _start(mark: str) -> int:
    if not mark.isdecimal():
        raise InvalidParameter("Invalid page.", param="page")
    return int(mark)


def read_query(query: str, fields: frozenset[str]) -> tuple[Callable[..., bool], list[Clause]]:
    """`all` or `any`, and the clauses that it joins."""
    clauses: list[Clause] = []
    joints: set[str] = set()
    rest = query.strip()
    while rest:
        found = _CLAUSE.match(rest)
        if not found:
            raise InvalidParameter(f"We were unable to parse your search query near: {rest[:40]}", param="query")
        clauses.append(_clause(found, fields))
        rest = rest[found.end() :]
        joint = re.match(r"\s+(AND|OR)\s+|\s+|$", rest, re.IGNORECASE)
        if not joint:
            raise InvalidParameter(f"We were unable to parse your search query near: {rest[:40]}", param="query")
        rest = rest[joint.end() :]
        joints.add((joint[1] or ("AND" if rest else "")).upper())
    if {"AND", "OR"} <= joints:
        raise InvalidParameter("Search queries cannot mix AND and OR.", param="query")
    return (any if "OR" in joints else all), clauses


def _clause(found: re.Match[str], fields: frozenset[str]) -> Clause:
    name, key, sign, negated = found["field"], found["key"], found["sign"], bool(found["not"])
    if (name == "metadata") is not (key is not None) or (key is None and name not in fields):
        raise InvalidParameter(f"Field `{name}` is an unsupported search field.", param="query")
    want = _unescaped(found["text"]) if found["text"] is not None else found["bare"]
    is_null = found["bare"] == "null"

    def fits(body: Json) -> bool:
        have = body["metadata"].get(_unescaped(key)) if key is not None else body.get(name)
        if have is None or is_null:
            return (have is None and is_null) is not negated
        wanted: str | int = int(want) if isinstance(have, int) and want.isdecimal() else want
        return _COMPARE[sign](have, wanted) is not negated

    return fits


def _unescaped(raw: str) -> str:
    return re.sub(r"\\(.)", r"\1", raw)
