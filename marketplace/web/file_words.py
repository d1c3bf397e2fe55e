"""What a file of leads is made of, in words: encodings, delimiters, the fields a column can become, why rows fail."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.catalog import Vertical
from marketplace.checks import Code
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.i18n import noted as _n
from marketplace.leads.reading import IGNORE

Options = Sequence[tuple[str, str]]

_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32-le": "UTF-32 LE",
    "utf-32-be": "UTF-32 BE",
    "cp1252": _l("Windows-1252, Western"),
    "cp1250": _l("Windows-1250, Central European"),
    "iso8859_2": _l("ISO 8859-2, Central European"),
    "cp1251": _l("Windows-1251, Cyrillic"),
    "koi8_r": _l("KOI8-R, Cyrillic"),
    "cp866": _l("DOS 866, Cyrillic"),
    "cp1253": _l("Windows-1253, Greek"),
    "cp1254": _l("Windows-1254, Turkish"),
    "cp1255": _l("Windows-1255, Hebrew"),
    "cp1256": _l("Windows-1256, Arabic"),
    "shift_jis": _l("Shift JIS, Japanese"),
    "euc_jp": _l("EUC-JP, Japanese"),
    "gb18030": _l("GB 18030, Chinese"),
    "big5": _l("Big5, Chinese"),
    "euc_kr": _l("EUC-KR, Korean"),
}
_DELIMITERS = {
    ",": _l("comma"),
    ";": _l("semicolon"),
    "\t": _l("tab"),
    "|": _l("bar"),
    "^": _l("caret"),
    "~": _l("tilde"),
    "¦": _l("broken bar"),
    "\x1f": _l("unit separator"),
    ":": _l("colon"),
}
_GROUPS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        _n("The person"),
        {
            "first_name": _n("First name"),
            "last_name": _n("Last name"),
            "full_name": _n("Name"),
            "phone": _n("Phone"),
            "email": _n("E-mail"),
            "social_url": _n("Social profile"),
        },
    ),
    (
        _n("Where they live"),
        {
            "street": _n("Street"),
            "city": _n("City"),
            "region": _n("Region"),
            "postal_code": _n("Postal code"),
            "country": _n("Country"),
        },
    ),
    (
        _n("The request"),
        {
            "submitted_at": _n("Time of interest"),
            "preferred_call_time": _n("When to call"),
            "comment": _n("Comment"),
            "external_id": _n("Your own number"),
        },
    ),
    (
        _n("Consent"),
        {
            "consent.text": _n("Consent text"),
            "consent.version": _n("Consent version"),
            "consent.at": _n("Consent time"),
            "consent.method": _n("How they agreed"),
            "consent.token": _n("Consent certificate"),
        },
    ),
    (
        _n("Where it came from"),
        {
            "channel": _n("Channel"),
            "traffic_source": _n("Traffic source"),
            "campaign": _n("Campaign"),
            "sub_id": _n("Sub-ID"),
            "page_url": _n("Page address"),
            "incentive": _n("What was promised"),
            "ip": _n("IP address"),
            "user_agent": _n("Browser"),
            "fill_seconds": _n("Seconds to fill in"),
        },
    ),
)
_ANSWER = "answers."


@dataclass(frozen=True, slots=True)
class RowReason:
    """Why rows became no leads, and what their agency can do about it."""

    code: str
    title: str
    advice: str


def encoding(name: str) -> str:
    """An encoding as people call it."""
    return str(_ENCODINGS.get(name, name))


def delimiter(sign: str) -> str:
    """What stands between two cells."""
    return str(_DELIMITERS.get(sign, sign))


def fields_of(trade: Vertical) -> list[tuple[str, str] | tuple[str, Options]]:
    """Everything that a column can become, in groups, for a select."""
    answers = [(f"{_ANSWER}{field.name}", _(field.title)) for field in trade.fields]
    groups = [(_(title), [(target, _(words)) for target, words in group.items()]) for title, group in _GROUPS]
    own = (_("Answers: %(trade)s", trade=_(trade.title)), answers)
    return [(IGNORE, _("Do not import")), *groups[:3], own, *groups[3:]]


def row_reason(code: str, trade: Vertical) -> RowReason:
    """The words for one reason code, as far as they depend on the trade."""
    title, advice = _REASONS.get(code, (code, ""))
    if code == Code.TOO_OLD.value:
        words = _("%(trade)s accepts requests up to %(days)s days old", trade=_(trade.title), days=trade.max_age_days)
        return RowReason(code, str(title), words)
    return RowReason(code, str(title), str(advice))


_REASONS = {
    Code.MISSING_CONTACT.value: (_l("No name, or no way to reach them"), _l("A lead needs both: add the column")),
    Code.PHONE_INVALID.value: (_l("Phone does not exist"), _l("Choose the country of the phones, or correct them")),
    Code.PHONE_FICTITIOUS.value: (_l("Phone is fictitious"), _l("555-01xx, repeated or counting digits")),
    Code.PHONE_PREMIUM.value: (_l("Calling costs a premium"), _l("Give the person’s own number")),
    Code.EMAIL_INVALID.value: (_l("E-mail is not well-formed"), _l("Correct it, or add a phone")),
    Code.EMAIL_DISPOSABLE.value: (_l("Throw-away e-mail"), _l("Nobody reads it for long")),
    Code.EMAIL_NO_MX.value: (_l("Domain accepts no mail"), _l("Correct the e-mail, or add a phone")),
    Code.NAME_IMPLAUSIBLE.value: (_l("Not a person’s name"), _l("Send who it really was")),
    Code.DUPLICATE_OWN.value: (_l("You sent them before"), _l("Within 90 days the first one stands")),
    Code.CONSENT_MISSING.value: (_l("No consent"), _l("Declare the text for the file, or add a column with it")),
    Code.CONSENT_WITHDRAWN.value: (_l("Consent was withdrawn"), _l("They cannot be sold")),
    Code.FIELD_MISSING.value: (_l("A required answer is missing"), _l("Match the column that holds it, or fill it in")),
    Code.FIELD_INVALID.value: (_l("A value cannot be read"), _l("Each row says which, and what would fit")),
    Code.TOO_OLD.value: (_l("Too old"), ""),
    Code.BOT_SUSPECTED.value: (_l("Filled in by a program"), _l("Not a person’s request")),
    Code.VELOCITY.value: (_l("Too many at once"), _l("From the same place in a short time")),
    Code.BLOCKED_COUNTRY.value: (_l("Country cannot be sold"), _l("Leads from there are not accepted here")),
}
