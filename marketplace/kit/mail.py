"""Letters leave through a transport: SMTP in production, a box in memory in tests, a page of the demo."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

import idna

_TIMEOUT_S = 20
#: no such mailbox, no such domain, a mailbox that has moved: https://www.rfc-editor.org/rfc/rfc3463#section-3.2
_NO_SUCH_ADDRESS = re.compile(r"\b5\.1\.(?:1|2|3|6|10)\b")
_PORTS = {"smtp": 587, "smtps": 465}


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


class Unsendable(Exception):
    """The letter cannot be written for the wire, now or later."""


class Bounced(Unsendable):
    """The receiver's own server says for good that there is no such mailbox or domain."""


class Transport(Protocol):
    def send(self, letter: Letter) -> None:
        """Hand the letter over. Raises `Undelivered`, `Unsendable`, `Bounced`."""


class Smtp:
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://...:465` (TLS from the start).

    Where TLS is on, the server's certificate must be good; a password is never said without it.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host, self.port = parts.hostname or "localhost", parts.port or _PORTS.get(parts.scheme, 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender

    def send(self, letter: Letter) -> None:
        message = compose(letter, self._sender)
        try:
            with self._connect() as server:
                self._come_in(server)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            raise _refusal(refused) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Undelivered(type(error).__name__) from None

    def _connect(self) -> smtplib.SMTP:
        if self._is_tls:
            return smtplib.SMTP_SSL(self._host, self.port, timeout=_TIMEOUT_S, context=ssl.create_default_context())
        return smtplib.SMTP(self._host, self.port, timeout=_TIMEOUT_S)

    def _come_in(self, server: smtplib.SMTP) -> None:
        server.ehlo()  # only then is it known what the server offers
        if not self._is_tls and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif not self._is_tls and self._user:
            raise Undelivered("no TLS for the password")
        if self._user:
            server.login(self._user, self._password)


class Box:
    """Keeps letters in memory; the tests read them."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


def _refusal(refused: smtplib.SMTPRecipientsRefused) -> Undelivered | Bounced:
    """A bounce where every answer says "no such address" (RFC 3463, 5.1.x): others may be about us, or for now."""
    answers = [bytes(words).decode(errors="replace") for _code, words in refused.recipients.values()]
    is_hard = bool(answers) and all(_NO_SUCH_ADDRESS.search(words) for words in answers)
    return Bounced("no such address") if is_hard else Undelivered(type(refused).__name__)


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a MIME message, text first, HTML beside it. Raises `Unsendable`."""
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = _ascii(sender), _ascii(letter.to), letter.subject
        message["Message-ID"] = f"<{letter.key}@fairlead>"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        message.as_bytes()
    except (ValueError, MessageError) as error:
        raise Unsendable(type(error).__name__) from None  # the error itself would repeat the address
    return message


def _ascii(mailbox: str) -> str:
    """`Ann <ann@bücher.de>` with its domain as mail servers know it."""
    name, address = parseaddr(mailbox)
    local, _at, domain = address.rpartition("@")
    if not local or not mailbox.isprintable():
        raise ValueError("no address")
    return formataddr((name, f"{local}@{idna.encode(domain, uts46=True).decode()}"))
