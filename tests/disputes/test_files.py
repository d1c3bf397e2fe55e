"""What may be a file of evidence: told by its content; nothing that is two things at once or runs gets in."""

import io
import zlib

import pytest
from PIL import Image

from marketplace.disputes import pictures
from marketplace.disputes.file_types import safe_name, type_of

PAGE = b"<html><script>alert(1)</script></html>"


def drawn(kind="PNG", size=(40, 30), **more):
    target = io.BytesIO()
    Image.new("RGB", size, "navy").save(target, kind, **more)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (drawn(), "image/png"),
        (drawn("JPEG"), "image/jpeg"),
        (b"%PDF-1.4 a bounce", "application/pdf"),
        (b"ID3\x04 a call", "audio/mpeg"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
        ("Звонил дважды, 4 < 5".encode(), "text/plain"),
        (b"From: a@b.test\n\n<html>a letter may quote a page</html>", "text/plain"),
    ],
)
def test_what_is_taken(content, kind):
    assert type_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        PAGE,
        b"\xef\xbb\xbf  <!DOCTYPE html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?><svg/>',
        b"%PDF-1.7 " + PAGE,
        b"%PDF-1.7\n1 0 obj << /S /JavaScript /JS (app.alert(1)) >>",
        b"%PDF-1.7\n1 0 obj << /S /J#61vaScript >>",
        b"%PDF-1.7\n<< /Type /EmbeddedFile >>",
        b"\xff\xd8\xff\xfe\x00\x10%PDF-1.4 and a picture",
        b"ID3" + PAGE,
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"PK\x03\x04 an archive",
        b"GIF89a\x01\x00\x01\x00",
        b"MZ\0\0",
        b"MZ a program's head in plain letters",
        b"#!/bin/sh\nrm -rf /",
        b"calls\0hidden",
        b"",
        "Ω".encode("utf-16"),
        b"a" * 5000 + b"\xff",
    ],
)
def test_what_is_not_taken(content):
    assert type_of(content) is None


@pytest.mark.parametrize(
    ("given", "kind", "kept"),
    [
        ("calls.html", "text/plain", "calls.html.txt"),
        ("C:\\fakepath\\call.MP3", "audio/mpeg", "call.mp3"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("a\x00\u202egpj.exe\r\nSet-Cookie: x", "image/png", "agpj.exe Set-Cookie x.png"),
        (".", "application/pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "application/pdf", "x" * 120 + ".pdf"),
    ],
)
def test_a_name_says_what_the_file_is_and_nothing_else(given, kind, kept):
    assert safe_name(given, kind) == kept


def test_a_picture_is_drawn_anew_and_carries_nothing_along():
    notes = Image.Exif()
    notes[0x010E] = "made at 1 Canary Wharf"
    shown = pictures.redrawn(drawn("JPEG", (2_400, 300), exif=notes) + PAGE)
    assert b"Canary" not in shown
    assert b"script" not in shown
    assert Image.open(io.BytesIO(shown)).size == (1_600, 200)


def test_a_picture_that_unfolds_to_too_much_is_not_unfolded():
    head = drawn(size=(1, 1))
    size = (30_000).to_bytes(4) * 2 + head[24:29]
    bomb = head[:16] + size + zlib.crc32(b"IHDR" + size).to_bytes(4) + head[33:]
    for content in (bomb, drawn("JPEG")[:300], b"\x89PNG\r\n\x1a\n"):
        assert pictures.redrawn(content) is None


def test_a_picture_of_more_than_16_million_pixels_is_not_drawn():
    assert pictures.redrawn(drawn(size=(5_000, 3_300))) is None
    assert Image.open(io.BytesIO(pictures.redrawn(drawn(size=(5_000, 3_200))))).size == (1_600, 1_024)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("notes", [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff\x01\x12"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_with_notes_cut_off_is_drawn_or_not_but_breaks_nothing(kind, notes):
    shown = pictures.redrawn(drawn(kind, exif=b"Exif\0\0" + notes))
    assert shown is None or Image.open(io.BytesIO(shown)).size == (40, 30)
