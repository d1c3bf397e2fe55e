"""Logs: one JSON object a line, with the request's id; tokens in addresses never reach them."""

import logging
import re
import sys

import structlog

_SECRET_PATH = re.compile(r"(/hooks/|[?&]token=)[^/&\s?]+")


def configure(level: str) -> None:
    """Set logging up once for the process."""
    logging.basicConfig(stream=sys.stderr, level=level.upper(), format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def clean_path(path: str) -> str:
    """An address without the tokens that some of ours carry."""
    return _SECRET_PATH.sub(r"\1[token]", path)
