"""Text from outside: made harmless to store, and folded so that two spellings of one word compare equal."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_BREAKS = re.compile(r"\s+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_APOSTROPHES = re.compile(r"['’‘`´]")
_STROKES = str.maketrans("łøđıæœ", "lodiao", "")
_NOT_WORD = re.compile(r"[\W_]+")


def clean_text(raw: str, *, keep_breaks: bool = False) -> str:
    """The text without control characters, direction overrides and lone surrogates, white space at the ends removed.

    Without `keep_breaks` every run of white space becomes one space.
    """
    text = raw if raw.isascii() and raw.isprintable() else _CONTROL.sub("", raw)
    return text.strip() if keep_breaks else _BREAKS.sub(" ", text).strip()


def fold(text: str) -> str:
    """Lower-case words with single spaces: `FirstName`, `first_name` and `First  Name:` become `first name`.

    Accents are dropped and apostrophes close up (`Bachelor's` = `bachelors`); letters of every script are kept.
    """
    apart = _CAMEL.sub(" ", _APOSTROPHES.sub("", text))
    if apart.isascii():
        return _NOT_WORD.sub(" ", apart.lower()).strip()
    plain = unicodedata.normalize("NFKD", apart).casefold().translate(_STROKES)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _NOT_WORD.sub(" ", letters).strip()


def listed(text: str) -> tuple[str, ...]:
    """The entries of a long word list, written as one text with `|` between them."""
    return tuple(text.split("|"))
