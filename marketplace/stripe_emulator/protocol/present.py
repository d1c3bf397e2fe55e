"""An object as a client sees it: without our own notes, and with the parts that it asked to have expanded."""

from collections.abc import Callable
from typing import Any

from marketplace.stripe_emulator.protocol.errors import InvalidParameter
from marketplace.stripe_emulator.protocol.form import Raw
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

_DEEPEST = 4


def public(value: Any) -> Any:
    """A copy without the names that start with `_`."""
    if isinstance(value, dict):
        return {name: public(inner) for name, inner in value.items() if not name.startswith("_")}
    if isinstance(value, list):
        return [public(inner) for inner in value]
    return value


def whole_list(address: str, items: list[Json]) -> Json:
    """A short list inside an object, all of it at once."""
    return {"object": "list", "data": public(items), "has_more": False, "url": address}


def expand(work: Work, shown: Json, paths: Raw) -> Json:
    """Replace ids by their objects, in place, along `customer` or `data.latest_charge.balance_transaction`."""
    for path in paths if isinstance(paths, list) else [paths]:
        steps = path.split(".") if isinstance(path, str) else []
        if not 0 < len(steps) <= _DEEPEST:
            message = f"You cannot expand more than {_DEEPEST} levels of a property."
            raise InvalidParameter(message, code="property_expansion_max_depth", param="expand")
        _expand(work, shown, steps, str(path))
    return shown


def _expand(work: Work, shown: Json, steps: list[str], path: str) -> None:
    step, *rest = steps
    value = _included(work, shown, step) if (shown.get("object"), step) in _INCLUDED else shown.get(step, ...)
    if isinstance(value, str) and (found := work.rows.find(value)) and not found["object"].startswith("v2."):
        value = public(found)
    elif value is not None and not isinstance(value, dict | list):
        raise InvalidParameter(f"This property cannot be expanded ({path}).", param="expand")
    shown[step] = value
    if rest and value is not None:
        for inner in value if isinstance(value, list) else [value]:
            _expand(work, inner, rest, path)


def _included(work: Work, shown: Json, step: str) -> Json:
    """A list that its object only carries on demand."""
    return _INCLUDED[shown["object"], step](work, work.known(shown["id"]))


def _line_items(_work: Work, session: Json) -> Json:
    return whole_list(f"/v1/checkout/sessions/{session['id']}/line_items", session["_line_items"])


def _refunds(work: Work, charge: Json) -> Json:
    refunds = [work.known(refund_id) for refund_id in reversed(charge["_refunds"])]
    return whole_list(f"/v1/charges/{charge['id']}/refunds", refunds)


_INCLUDED: dict[tuple[str, str], Callable[[Work, Json], Json]] = {
    ("checkout.session", "line_items"): _line_items,
    ("charge", "refunds"): _refunds,
}
