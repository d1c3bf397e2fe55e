"""Exports that are recognised by their columns, so that the page can call them by name."""

from collections.abc import Sequence

from marketplace.kit.text import fold, listed

# Each name needs as many of its columns as stand in front of them.
_LAYOUTS = (
    (
        "Meta lead ads export",
        5,
        listed("created time|ad id|adset id|campaign id|form id|form name|is organic|platform"),
    ),
    (
        "HubSpot contacts",
        4,
        listed("record id|first name|last name|create date|lead status|original source|contact owner"),
    ),
    ("Salesforce leads", 4, listed("lead id|first name|last name|company|lead source|status|owner id")),
    ("Zoho CRM", 3, listed("lead name|lead source|lead owner|lead status|industry")),
    ("Google Ads conversions", 3, listed("google click id|conversion time|conversion value|conversion currency")),
)


def layout_name(headers: Sequence[str]) -> str | None:
    """The name of a known export, or None."""
    names = {fold(header) for header in headers}
    return next((name for name, least, columns in _LAYOUTS if len(names.intersection(columns)) >= least), None)
