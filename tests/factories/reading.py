"""What came back as words, whatever it came in."""

import io

import pypdf


def words_of(content: bytes) -> str:
    """Text as it stands; of a PDF what its reader reads, with what it says about itself."""
    if not content.startswith(b"%PDF-"):
        return content.decode(errors="replace")
    file = pypdf.PdfReader(io.BytesIO(content))
    return "\n".join([*(page.extract_text() for page in file.pages), str(file.metadata)])
