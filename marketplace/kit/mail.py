"""Letters leave through a transport: SMTP in production, a box in memory in tests, a page of the demo."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

_TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail. `key` is the same for every try, so that a receiver can drop a second copy."""

    key: str
    to: str
    subject: str
    text: str
    html: str


class Undelivered(Exception):
    """The transport did not take the letter; try again later."""


class Transport(Protocol):
    def send(self, letter: Letter) -> None:
        """Hand the letter over. Raises `Undelivered`."""


class Smtp:
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://...` (TLS from the start)."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    def send(self, letter: Letter) -> None:
        try:
            with self._connect() as server:
                server.send_message(compose(letter, self._sender))
        except (OSError, smtplib.SMTPException) as error:
            raise Undelivered(type(error).__name__) from None

    def _connect(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "localhost", self._url.port or 587
        kind: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL if self._url.scheme == "smtps" else smtplib.SMTP
        server = kind(host, port, timeout=_TIMEOUT_S)
        if self._url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server


class Box:
    """Keeps letters in memory; the tests read them."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a MIME message, text first, HTML beside it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Message-ID"] = f"<{letter.key}@fairlead>"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
