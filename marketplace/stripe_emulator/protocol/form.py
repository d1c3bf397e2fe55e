"""Nested parameters as Stripe reads them: `a[b]=1`, `items[0][price]=2`, `expand[]=x`; JSON in API v2."""

import json
import re
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from marketplace.stripe_emulator.protocol.errors import InvalidParameter

Raw: TypeAlias = str | list[Any] | dict[str, Any]

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_MOST_FIELDS = 1000
_DEEPEST = 8


def parse(encoded: str) -> dict[str, Any]:
    """Text, lists and dicts of text. An index list may have gaps; its order is kept."""
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except (ValueError, UnicodeDecodeError) as error:
        raise InvalidParameter("The request's parameters cannot be read.") from error
    tree: dict[str, Any] = {}
    for name, value in pairs:
        _put(tree, _steps(name), value, name)
    return {name: _with_lists(branch) for name, branch in tree.items()}


def parse_json(body: bytes) -> dict[str, Any]:
    """The JSON parameters of API v2 in the same form: numbers and truth values as text, null as empty text."""
    try:
        found = json.loads(body or b"{}", parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidParameter("The request's JSON cannot be read.") from error
    if not isinstance(found, dict):
        raise InvalidParameter("The request's JSON must be an object.")
    return {name: _as_text(value, _DEEPEST) for name, value in found.items()}


def _as_text(value: Any, depth: int) -> Raw:
    if isinstance(value, dict | list) and not depth:
        raise InvalidParameter("The request's JSON is too deep.")
    if isinstance(value, dict):
        return {name: _as_text(inner, depth - 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner, depth - 1) for inner in value]
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _steps(name: str) -> list[str]:
    found = _NAME.fullmatch(name)
    steps = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])] if found else []
    if not steps or len(steps) > _DEEPEST:
        raise InvalidParameter(f"Invalid parameter name: {name}", param=name)
    return steps


def _put(tree: dict[str, Any], steps: list[str], value: str, name: str) -> None:
    """Walk down, and set the leaf. `[]` means the next free index."""
    for step in steps[:-1]:
        tree = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(tree, dict):
            raise InvalidParameter(f"Parameter used as a value and as a hash: {name}", param=name)
    leaf = steps[-1] or str(len(tree))
    if isinstance(tree.get(leaf), dict):
        raise InvalidParameter(f"Parameter used as a value and as a hash: {name}", param=name)
    tree[leaf] = value


def _with_lists(branch: Raw) -> Raw:
    """A dict whose keys are all numbers is a list."""
    if not isinstance(branch, dict):
        return branch
    inner = {name: _with_lists(value) for name, value in branch.items()}
    if all(re.fullmatch("[0-9]+", name) for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
