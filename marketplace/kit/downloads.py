"""What goes with a stranger's file, so that no browser runs it in our name."""

from collections.abc import Mapping

#: for files that people gave us: shown or saved, never run, never guessed at, never kept by anybody between
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
