"""The page to show instead of an address that only takes forms: to load it again is to read."""

from flask import current_app, request

#: what answers machines: they are told the truth about their method
_MACHINES = ("/api/", "/webhooks/")


def nearest_page(path: str) -> str | None:
    """The nearest address above `path` that can be read; None where machines ask."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or path.startswith(_MACHINES):
        return None
    while path := path.rpartition("/")[0]:
        if adapter.test(path, "GET"):
            return path
    return "/"
