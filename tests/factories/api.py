"""A script that speaks to the API with somebody's key, as scripts outside do."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from tests.factories.reading import words_of

FRESH = "a new one"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: Any
    data: bytes

    @property
    def text(self) -> str:
        return words_of(self.data)

    @property
    def code(self) -> str | None:
        """The error's code, None where there is no error."""
        error = self.body.get("error") if isinstance(self.body, dict) else None
        return error["code"] if isinstance(error, dict) else None

    def __getitem__(self, name: Any) -> Any:
        return self.body[name]


@dataclass(frozen=True)
class Api:
    """`api.post("/orders", {...})`; every POST has a fresh Idempotency-Key unless a test gives one (or None)."""

    send: Callable[..., Answer]
    key: str | None

    def get(self, path: str, **query: Any) -> Answer:
        return self.send("GET", path, self.key, query=query)

    def post(self, path: str, json: Any = None, *, idem: str | None = FRESH, form: Any = None, **query: Any) -> Answer:
        """`form` is sent as multipart: texts, and files as (stream, name)."""
        idem = str(uuid.uuid4()) if idem is FRESH else idem
        return self.send("POST", path, self.key, json=json, idem=idem, form=form, query=query)

    def put(self, path: str, json: Any) -> Answer:
        return self.send("PUT", path, self.key, json=json)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path, self.key)

    def patch(self, path: str, json: Any) -> Answer:
        return self.send("PATCH", path, self.key, json=json)


def sender(client: FlaskClient) -> Callable[..., Answer]:
    """Requests through the test client."""

    def send(method, path, key, *, json=None, idem=None, form=None, query=None):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if idem is not None:
            headers["Idempotency-Key"] = idem
        content = {"data": form, "content_type": "multipart/form-data"} if form is not None else {"json": json}
        if json is None and form is None:
            content = {}
        found = client.open(f"/api/v1{path}", method=method, headers=headers, query_string=query, **content)
        return Answer(found.status_code, found.get_json(silent=True), found.headers, found.get_data())

    return send
