"""Lists as API v2 pages them: newest first, each page with the address of the next."""

from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from marketplace.stripe_emulator.protocol.lists import Filter
from marketplace.stripe_emulator.protocol.params import Reader, integer, shape, text
from marketplace.stripe_emulator.protocol.present import public
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work


def page_params(**filters: Reader) -> Reader:
    return shape(limit=integer(1, 100), page=text(), **filters)


def page(
    work: Work, kind: str, address: str, given: dict[str, Any], fits: Filter, shown: Callable[[Json], Json]
) -> Json:
    """The objects that `fits`, as `shown` shows them. A page is named by the id at the edge of the one before."""
    after = work.get(kind, given["page"], param="page")["id"] if "page" in given else None
    limit = given.get("limit", 10)
    found = list(islice(filter(fits, work.rows.newest_first(kind, work.account, before=after)), limit + 1))
    more = given | {"page": found[limit - 1]["id"]} if len(found) > limit else None
    return {
        "data": [public(shown(item)) for item in found[:limit]],
        "next_page_url": f"{address}?{urlencode(_flat(more))}" if more else None,
        "previous_page_url": None,
    }


def _flat(given: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = []
    for name, value in given.items():
        if isinstance(value, list):
            pairs += [(f"{name}[{place}]", inner) for place, inner in enumerate(value)]
        else:
            pairs.append((name, str(value)))
    return pairs
