"""Logs: one JSON object a line, with the request's id; tokens in addresses never reach them."""

import logging
import re
import sys
import traceback
from pathlib import PurePath
from typing import Any

import orjson
import structlog

_SECRET_PATH = re.compile(r"(/hooks/|[?&]token=)[^/&\s?]+")
_FRAMES = 25
#: libraries that would log addresses, messages of errors or a line every few seconds; we say ourselves what happened
_QUIET = {
    "httpx": logging.WARNING,
    "stripe": logging.WARNING,
    "procrastinate": logging.CRITICAL,
    "alembic": logging.WARNING,
    "fontTools": logging.WARNING,
    "fpdf": logging.WARNING,
}


def configure(level: str) -> None:
    """Set logging up once for the process."""
    logging.basicConfig(stream=sys.stderr, level=level.upper(), format="%(message)s")
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_in_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=_ToStandardError,
        cache_logger_on_first_use=False,  # tests listen in
    )


class _ToStandardError:
    """Where standard error is at that moment. A line is written in one piece, whatever other threads write."""

    def __init__(self, *_given: object) -> None:
        """Structlog hands over what its loggers were made with: nothing."""

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = msg


def _in_json(event: object, **options: Any) -> str:
    return orjson.dumps(event, default=options["default"]).decode()


def clean_path(path: str) -> str:
    """An address without the tokens that some of ours carry."""
    return _SECRET_PATH.sub(r"\1[token]", path)


def told_without_words(error: BaseException) -> dict[str, object]:
    """What happened, for a log: kinds of errors and where, the database's code and constraint.

    Never a message: it may quote what somebody sent.
    """
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and cause not in chain:  # it may be its own cause
        chain.append(cause)
    told = [getattr(each, "diag", None) for each in chain]
    found = next((diagnostics for diagnostics in told if diagnostics), None)
    return {
        "error": " < ".join(type(each).__name__ for each in chain),
        "sqlstate": getattr(found, "sqlstate", None),
        "constraint": getattr(found, "constraint_name", None),
        "at": [_place(frame) for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]],
    }


def _place(frame: traceback.FrameSummary) -> str:
    return f"{'/'.join(PurePath(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"
