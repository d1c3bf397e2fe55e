"""Which characters do the bytes of a file mean? A mark says it, else the bytes themselves, else it is a guess."""

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from marketplace.kit.i18n import gettext as _
from marketplace.leads.reading.errors import Unreadable
from marketplace.leads.reading.letters import ALPHABETS, likeness

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHER_KINDS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf",
    b"Rar!",
    b"RIFF",
    b"\x7fELF",
    b"MZ\x90",
    b"SQLite format 3",
    b"\xfd7zXZ",
)
_LIKE_A_LANGUAGE = 0.8
_ENOUGH_FOR_STATISTICS = 30  # bytes
_EAST = ("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr")
_GUESS_BYTES = 16_384
_NULLS_OF_UTF16 = 0.05  # share of zero bytes that a table in UTF-16 has at least: its tabs, digits and line ends
_NOISE_OF_TEXT = 0.01  # share of null and control bytes: more than this and it is no text
_CONTROL = bytes({*range(0x20)} - {0x09, 0x0A, 0x0C, 0x0D, 0x1A, 0x1F})
_ONE_SIDED = 0.98
_HIGH_BYTES = 0.7  # share of upper bytes that are no printable ASCII: in text of one byte a letter they all are
_PRINTABLE = bytes(range(0x20, 0x7F))


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name, whether it is certain, and what else fits when it is not."""

    name: str
    sure: bool
    others: tuple[str, ...] = ()


# What a person may choose from; the mark at the beginning of a file belongs to no cell and is dropped with each.
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", *ALPHABETS, *_EAST)


def chosen(name: str) -> Encoding:
    """An encoding that a person has picked.

    Raises:
        Unreadable: it is none that we offer.
    """
    if name not in (*ENCODINGS, *(codec for _mark, codec in _MARKS)):
        raise Unreadable(_("The encoding %(name)s is not known.", name=name))
    return Encoding(name, sure=True)


def detect(sample: bytes, *, whole: bool) -> Encoding:
    """The encoding of a file from its beginning.

    Raises:
        Unreadable: an archive, a spreadsheet, a picture: no text at all.
    """
    _refuse_other_kinds(sample)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return Encoding(name, sure=True)
    if b"\x00" in sample:
        return _with_nulls(sample)
    _refuse_noise(sample)
    if _is_utf8(sample, whole=whole):
        return Encoding("utf-8", sure=True)
    return _guess(sample)


def _refuse_other_kinds(sample: bytes) -> None:
    if sample.startswith(_SPREADSHEETS):
        raise Unreadable(_("This is a spreadsheet or an archive. Open it, save it as CSV and upload that file."))
    if sample.startswith(_OTHER_KINDS):
        raise Unreadable(_("This is not a table. Upload a CSV or TSV file."))


def _with_nulls(sample: bytes) -> Encoding:
    """UTF-16 without a mark has its zero bytes on one side of each pair; a few strays are dropped later as noise."""
    pairs = sample[: len(sample) // 2 * 2]
    even, odd = pairs[::2].count(0), pairs[1::2].count(0)
    total = even + odd
    if total >= _NULLS_OF_UTF16 * len(pairs) and max(even, odd) >= _ONE_SIDED * total:
        high = pairs[1::2] if odd > even else pairs[::2]
        if len(high.translate(None, delete=_PRINTABLE)) >= _HIGH_BYTES * len(high):
            return Encoding("utf-16-le" if odd > even else "utf-16-be", sure=True)
    _refuse_noise(sample)
    bare = sample.replace(b"\x00", b"")
    return Encoding("utf-8", sure=True) if _is_utf8(bare, whole=False) else _guess(bare)


def _refuse_noise(sample: bytes) -> None:
    if len(sample) - len(sample.translate(None, delete=_CONTROL)) > _NOISE_OF_TEXT * len(sample) + 1:
        raise Unreadable(_("This is not a text file. Upload a CSV or TSV file."))


def _is_utf8(sample: bytes, *, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(sample, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _guess(sample: bytes) -> Encoding:
    """Lines with foreign bytes, judged by their letters, and where these fit no alphabet by the statistics of texts."""
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:_GUESS_BYTES]
    ranked = sorted(ALPHABETS, key=lambda codec: -likeness(telling, codec))
    best = ranked[0]
    if likeness(telling, best) < _LIKE_A_LANGUAGE and len(telling) >= _ENOUGH_FOR_STATISTICS:
        found = from_bytes(telling, cp_isolation=[*ALPHABETS, *_EAST]).best()
        best = found.encoding if found else best
    return Encoding(best, sure=False, others=tuple(codec for codec in ranked if codec != best))
