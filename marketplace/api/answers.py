"""Answers as JSON, written by orjson: several times as fast as the standard library, with the same content."""

from typing import Any

import orjson
from flask import Response
from flask.json.provider import DefaultJSONProvider

_FORM = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


class Answers(DefaultJSONProvider):
    """What `jsonify` uses. Times come out as RFC 3339, ids as text."""

    def response(self, *args: Any, **kwargs: Any) -> Any:
        """The answer with this content."""
        content = self._prepare_response_obj(args, kwargs)
        try:
            written = orjson.dumps(content, option=_FORM, default=self.default)
        except TypeError:  # a number of more than 64 bits
            return super().response(*args, **kwargs)
        return Response(written, mimetype=self.mimetype)
