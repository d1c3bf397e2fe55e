"""Lists as Stripe pages them: newest first, by the id at the edge of the page before."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from marketplace.stripe_emulator.protocol.errors import InvalidParameter
from marketplace.stripe_emulator.protocol.params import Reader, either, integer, shape, text
from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

Filter = Callable[[Json], bool]

_PAGING = {"limit", "starting_after", "ending_before", "created"}
_TIMES = shape(gt=integer(), gte=integer(), lt=integer(), lte=integer())


def list_params(**filters: Reader) -> Reader:
    """The parameters that most lists take, and the filters of this one."""
    return paging_params(created=either(integer(), _TIMES), **filters)


def paging_params(**filters: Reader) -> Reader:
    """The parameters that every list takes, and the filters of this one."""
    return shape(limit=integer(1, 100), starting_after=text(), ending_before=text(), **filters)


def page(work: Work, kind: str, address: str, given: Mapping[str, Any], fits: Filter = lambda _found: True) -> Json:
    """One page of the objects of this kind that `fits` and whose fields equal the filters that were given."""
    equal = {name: value for name, value in given.items() if name not in _PAGING}
    wanted = (
        found
        for found in _from_edge(work, kind, given)
        if all(found.get(name) == value for name, value in equal.items())
        and _in_time(found, given.get("created"))
        and fits(found)
    )
    limit = given.get("limit", 10)
    items = list(islice(wanted, limit + 1))
    shown = items[:limit]
    if "ending_before" in given:
        shown.reverse()
    return {"object": "list", "data": public(shown), "has_more": len(items) > limit, "url": address}


def _from_edge(work: Work, kind: str, given: Mapping[str, Any]) -> Iterator[Json]:
    after, before = given.get("starting_after"), given.get("ending_before")
    if after and before:
        raise InvalidParameter("You can only specify one of these parameters: starting_after, ending_before.")
    if before:
        work.get(kind, before, param="ending_before")
        return work.rows.newer_than(kind, work.account, before)
    if after:
        work.get(kind, after, param="starting_after")
    return work.rows.newest_first(kind, work.account, before=after)


def _in_time(found: Json, wanted: int | Mapping[str, int] | None) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return bool(found["created"] == wanted)
    return all(_COMPARE[name](found["created"], edge) for name, edge in wanted.items())


_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda created, edge: created > edge,
    "gte": lambda created, edge: created >= edge,
    "lt": lambda created, edge: created < edge,
    "lte": lambda created, edge: created <= edge,
}
