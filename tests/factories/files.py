"""Files of leads as agencies send them, and the forms of the pages that take them."""

import html
import re
from typing import Any

from tests.factories.leads import make_lead
from tests.factories.pages import Reader, Shown, shown

HEADER = ("Lead ID", "Created At", "First Name", "Last Name", "Phone", "Email", "City", "Notes")
_PARTS = ("external_id", "submitted_at", "first_name", "last_name", "phone", "email", "city")
_EDGE = "edge-of-a-part"
CONSENT = {"consent_text": "I agree to be called about courses.", "consent_version": "v4", "declared": "1"}


def row_of(**more: Any) -> list[str]:
    """The cells of a lead that is accepted once its consent is declared."""
    lead = make_lead(**more)
    return [*(str(lead[part]) for part in _PARTS), str(more.get("comment", "wants to start soon"))]


def csv_of(*rows: list[str], header: tuple[str, ...] = HEADER, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A file with these rows."""
    return "\r\n".join(delimiter.join(cells) for cells in (list(header), *rows)).encode(encoding)


def send(reader: Reader, listing: str, content: bytes, name: str = "leads.csv") -> Shown:
    """Upload a file through the page."""
    fields = {"csrf_token": reader.token(), "listing": listing}
    parts = [f'Content-Disposition: form-data; name="{field}"\r\n\r\n{text}' for field, text in fields.items()]
    parts.append(f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
    body = "".join(f"\r\n--{_EDGE}\r\n{part}" for part in parts).lstrip().encode() + content
    kind = f"multipart/form-data; boundary={_EDGE}"
    return shown(reader.client.post("/imports", data=body + f"\r\n--{_EDGE}--\r\n".encode(), content_type=kind))


def columns_of(page: Shown) -> dict[str, str]:
    """What the form of the mapping page holds: each column's field, and the mark of the columns."""
    selects = re.findall(r'<select[^>]*name="(column-\d+)"[^>]*>(.*?)</select>', page.text, re.DOTALL)
    chosen = {name: re.search(r'value="([^"]*)" selected', options) for name, options in selects}
    fields = {name: html.unescape(found[1]) if found else "ignore" for name, found in chosen.items()}
    return {"seen": page.value_of("seen"), **fields}


def name_of(page: Shown, header: str) -> str:
    """The name of the field that says what a column becomes."""
    for name, label in re.findall(r'name="(column-\d+)" aria-label="Field for ([^"]*)"', page.text):
        if html.unescape(label) == header:
            return str(name)
    raise AssertionError(f"no column {header}")
