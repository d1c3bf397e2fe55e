"""CSV for people who open it in a spreadsheet: a cell is never read there as a formula.

A cell that begins like a formula gets a leading apostrophe (OWASP, "CSV Injection"). Phones in E.164 form and plain
negative numbers begin with the same signs and cannot call anything, so they stay as they are.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

FORMULA_SIGNS = "=+-@\t\r\n＝＋－＠"
_HARMLESS = re.compile(r"\+[1-9]\d{6,14}|-\d+(?:[.,]\d+)?", re.ASCII)
_BOM = "\ufeff"


def safe_cell(value: object) -> str:
    """The value as text that no spreadsheet runs; None becomes an empty cell."""
    text = "" if value is None else str(value)
    if not text or _HARMLESS.fullmatch(text):
        return text
    risky = text[0] in FORMULA_SIGNS or text.lstrip()[:1] in FORMULA_SIGNS
    return f"'{text}" if risky else text


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[object]], *, chunk_rows: int = 1000) -> Iterator[bytes]:
    """The table as UTF-8 with the mark that Excel needs, in pieces of `chunk_rows` rows for a streamed answer.

    Every cell is quoted, so that a semicolon or a tab inside one does not begin a new cell elsewhere.
    """
    piece = io.StringIO()
    piece.write(_BOM)
    writer = csv.writer(piece, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(cell) for cell in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([safe_cell(cell) for cell in row])
        if number % chunk_rows == 0:
            yield _taken(piece)
    yield _taken(piece)


def _taken(piece: io.StringIO) -> bytes:
    text = piece.getvalue()
    piece.seek(0)
    piece.truncate()
    return text.encode("utf-8", errors="replace")
