"""What a file of evidence is, by its content alone: never by its name or by what its sender calls it."""

import re
from collections.abc import Mapping

from marketplace.kit.text import clean_text

PNG, JPEG, PDF, TEXT = "image/png", "image/jpeg", "application/pdf", "text/plain"
PICTURES = frozenset({PNG, JPEG})

#: how a name ends, by kind: what a file is called is what a desktop opens it with
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    PDF: (".pdf",),
    "audio/mpeg": (".mp3",),
    "audio/wav": (".wav",),
    "audio/ogg": (".ogg",),
    TEXT: (".txt", ".csv", ".eml", ".log"),
}
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"%PDF-", PDF),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
)
_RIFF, _WAVE = b"RIFF", slice(8, 12)
#: where readers of PDF and browsers that guess look for their marks
_HEAD = 1024
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|svg|\?php)|%PDF-|PK\x03\x04", re.IGNORECASE)
#: a text that is a page, a drawing or a script of another program, whatever it is called
_RUNS = re.compile(r"\s*(?:<[!?a-z]|#!|\{\\rtf|%!PS|MZ)", re.IGNORECASE)
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z])")
_HEX = re.compile(rb"#([0-9a-fA-F]{2})")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NOT_IN_NAMES = re.compile(r'[/\\:*?"|]+')
_LONGEST_NAME = 120


def type_of(content: bytes) -> str | None:
    """The kind of a file; None for what is none of ours, is two things at once, or does something when opened."""
    kind = _by_mark(content)
    if kind is None:
        return TEXT if _is_plain(content) else None
    if _PAGE.search(content, 1, _HEAD) or (kind == PDF and _is_active(content)):
        return None
    return kind


def safe_name(name: str, kind: str) -> str:
    """The last part of a name without anything that hides or steers, with an ending that is true of its content."""
    last = re.split(r"[/\\]", clean_text(name))[-1]
    bare = clean_text(_NOT_IN_NAMES.sub(" ", last)).strip(" .")
    ending = next((each for each in _ENDINGS[kind] if bare.lower().endswith(each)), "")
    stem = bare[: len(bare) - len(ending)] if ending else bare
    return f"{stem[:_LONGEST_NAME] or 'file'}{ending or _ENDINGS[kind][0]}"


def _by_mark(content: bytes) -> str | None:
    if content.startswith(_RIFF):
        return "audio/wav" if content[_WAVE] == b"WAVE" else None
    return next((kind for mark, kind in _MARKS if content.startswith(mark)), None)


def _is_plain(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text) and not _UNSEEN.search(text) and not _RUNS.match(text)


def _is_active(content: bytes) -> bool:
    """Whether a PDF says that it runs or carries something; a name may be written with codes for its letters."""
    plain = _HEX.sub(lambda found: bytes([int(found[1], 16)]), content) if b"#" in content else content
    return _ACTIVE.search(plain) is not None
