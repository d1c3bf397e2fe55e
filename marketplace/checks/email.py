"""An e-mail address: well-formed, throw-away, somebody's role; and the mail server's word where one may ask.

`passed` means that the format is right and the domain is not a known throw-away one.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import email_validator
from disposable_email_domains import blocklist
from rapidfuzz.distance import OSA

from marketplace.checks.result import Code, Result, failed, passed, unknown
from marketplace.kit.text import listed

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"(?![A-Za-z0-9-]{2}--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SHORT = re.compile(rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@)({_LOCAL})@((?:{_LABEL}\.)+[A-Za-z]{{2,63}})", re.ASCII)
_SPECIAL = tuple(f".{domain}" for domain in email_validator.SPECIAL_USE_DOMAIN_NAMES)
_AT_ENDS = " \t\u00a0"
_LONGEST = 320

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_BIG = listed(
    "gmail.com|googlemail.com|yahoo.com|ymail.com|hotmail.com|outlook.com|live.com|msn.com|icloud.com|aol.com|gmx.de"
    "|gmx.net|gmx.com|web.de|yandex.ru|mail.ru|rambler.ru|inbox.ru|wp.pl|onet.pl|interia.pl|orange.fr|free.fr|laposte.net"
    "|libero.it|hotmail.co.uk|yahoo.co.uk|hotmail.fr|hotmail.es|yahoo.es|yahoo.fr|comcast.net|verizon.net|proton.me"
    "|protonmail.com|me.com|mac.com|mail.com|email.com|gmx.at|gmx.ch|o2.pl|bk.ru|list.ru|op.pl|t-online.de|att.net"
)
_BIG_SET = frozenset(_BIG)
_WORTH_GUESSING = tuple(domain for domain in _BIG if len(domain) >= len("gmail.com"))
_ROLES = frozenset(
    listed(
        "abuse|accounting|accounts|admin|administrator|billing|booking|careers|contact|enquiries|enquiry|feedback|finance"
        "|hello|help|helpdesk|hr|info|inquiries|invoices|it|jobs|mail|mailbox|marketing|media|news|newsletter|no-reply"
        "|noreply|office|orders|postmaster|press|privacy|reception|recruitment|root|sales|security|service|spam|support"
        "|team|webmaster|biuro|kontakt|sekretariat|ventas|contacto|buchhaltung|vertrieb|accueil|zakaz|reklama"
    )
)
_RESERVED = frozenset({"example.com", "example.org", "example.net"})  # RFC 2606: nobody has a mailbox there


class Resolver(Protocol):
    """Asks the domain name system, where the operator allows it."""

    def takes_mail(self, domain: str) -> bool | None:
        """Whether the domain takes mail; None when the question could not be answered."""


@dataclass(frozen=True, slots=True)
class EmailReading:
    """An address split and judged; the parts are lower case and empty when it is not well-formed."""

    valid: bool
    local: str = ""
    domain: str = ""

    @property
    def canonical(self) -> str | None:
        """The form in which two spellings of one mailbox are equal."""
        if not self.valid:
            return None
        if self.domain in _GMAIL:
            return f"{self.local.partition('+')[0].replace('.', '')}@gmail.com"
        return f"{self.local}@{self.domain}"


def canonical_email(raw: str | None) -> str | None:
    """Lower case; for Gmail also without dots and plus-tags. None when it is no address."""
    return read_email(raw or "").canonical


def check_email(raw: str | None) -> Result:
    """Format and throw-away domain; evidence names roles, and a big domain that is one letter away."""
    if not raw or not raw.strip():
        return unknown("email", rule="absent")
    return email_result(read_email(raw))


def email_result(reading: EmailReading) -> Result:
    """The result for an address that is already read."""
    if not reading.valid:
        return failed("email", Code.EMAIL_INVALID, rule="not_well_formed")
    facts = {
        "role": "yes" if reading.local.partition("+")[0] in _ROLES else "",
        "did_you_mean": near_big_domain(reading.domain) or "",
        "reserved_domain": "yes" if reading.domain in _RESERVED else "",
    }
    evidence = {name: fact for name, fact in facts.items() if fact}
    if is_disposable(reading.domain):
        return failed("email", Code.EMAIL_DISPOSABLE, method="list", rule="disposable_domain", **evidence)
    return passed("email", **evidence)


def check_mx(raw: str | None, resolver: Resolver | None) -> Result:
    """Does the domain take mail? Without a resolver nobody asks, and the answer is unknown."""
    reading = read_email(raw or "")
    answer = resolver.takes_mail(reading.domain) if resolver and reading.valid else None
    if answer is None:
        return unknown("email_mx")
    return passed("email_mx", method="dns") if answer else failed("email_mx", Code.EMAIL_NO_MX, method="dns")


def read_email(raw: str) -> EmailReading:
    """Read one address; never raises. Blanks at the ends are forgiven, nothing else is."""
    text = raw.strip(_AT_ENDS)
    found = _SHORT.fullmatch(text)
    if found:
        domain = found[2].lower()
        if not f".{domain}".endswith(_SPECIAL):
            return EmailReading(valid=True, local=found[1].lower(), domain=domain)
    return _long_way(text)


def _long_way(text: str) -> EmailReading:
    if len(text) > _LONGEST:
        return EmailReading(valid=False)
    try:
        found = email_validator.validate_email(text, check_deliverability=False, strict=True)
    except email_validator.EmailNotValidError:
        return EmailReading(valid=False)
    return EmailReading(valid=True, local=found.local_part.lower(), domain=found.ascii_domain.lower())


def is_disposable(domain: str) -> bool:
    """Is the domain, or one that it belongs to, a known throw-away one?"""
    labels = domain.split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


@lru_cache(maxsize=4096)
def near_big_domain(domain: str) -> str | None:
    """A big domain one letter away, to be offered as what was meant."""
    if domain in _BIG_SET:
        return None
    return next((big for big in _WORTH_GUESSING if OSA.distance(domain, big, score_cutoff=1) == 1), None)
