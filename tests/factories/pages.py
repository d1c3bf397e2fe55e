"""Somebody who reads pages and sends forms, as a browser without a screen does."""

import html
import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

from tests.factories.people import PASSWORD, Person
from tests.factories.reading import words_of

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Shown:
    """What came back. `words` is the page as its reader sees it: no markup, single spaces."""

    status: int
    text: str
    location: str
    headers: Any

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", self.text))).strip()

    def value_of(self, name: str) -> str:
        """What a field of this name is filled with, one line or more."""
        words = re.search(rf'<textarea[^>]*name="{name}"[^>]*>([^<]+)</textarea>', self.text)
        if words:
            return html.unescape(words[1]).strip()
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', self.text)
        assert tag, f"no field {name}"
        found = re.search(r'value="([^"]*)"', tag[0])
        return html.unescape(found[1]) if found else ""


class Reader:
    """`reader.get("/team")`, `reader.post("/team/invitations", email=..., role=...)`; forms carry their token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, headers: dict[str, str] | None = None) -> Shown:
        return shown(self.client.get(path, headers=headers))

    def post(self, path: str, *, headers: dict[str, str] | None = None, **form: Any) -> Shown:
        return shown(self.client.post(path, data={"csrf_token": self.token(), **form}, headers=headers))

    def follow(self, shown: Shown) -> Shown:
        """The page that an answer leads to."""
        assert shown.status == 303, shown.words
        return self.get(shown.location)

    def sign_in(self, person: Person | str, password: str = PASSWORD, **more: str) -> Shown:
        email = person if isinstance(person, str) else person.email
        return self.post("/sign-in", email=email, password=password, **more)

    def token(self) -> str:
        page = self.client.get("/forgot").get_data(as_text=True)
        found = _TOKEN.search(page)
        assert found
        return found[1]


def shown(response: Any) -> Shown:
    """An answer of the test client, as its reader sees it."""
    text = words_of(response.get_data())
    return Shown(response.status_code, text, response.headers.get("Location", ""), response.headers)
