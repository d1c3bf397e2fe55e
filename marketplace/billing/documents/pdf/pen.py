"""The pen: text and hairlines on A4, in our fonts; signs that the fonts do not have are written as a question mark."""

from datetime import datetime
from pathlib import Path
from typing import Any

_FONTS = Path(__file__).parents[1] / "fonts"
_REGULAR, _BOLD = _FONTS / "inter-400.ttf", _FONTS / "inter-600.ttf"

_POINT = 25.4 / 72  # millimetres
_UNITS = 1000  # the library's measure: parts of the size of the font

Colour = tuple[int, int, int]
TEXT, TEXT_2, TEXT_3 = (0x12, 0x16, 0x1D), (0x46, 0x50, 0x61), (0x5F, 0x69, 0x79)
LINE, ACCENT = (0xE5, 0xE8, 0xED), (0x23, 0x55, 0xD4)

LEFT, RIGHT, TOP, BOTTOM = 18.0, 192.0, 16.0, 279.0


class Pen:
    """Draws on the pages of one document. Places are in millimetres from the top left, sizes in points."""

    def __init__(self, *, title: str, language: str, made_at: datetime) -> None:
        from fpdf import FPDF  # heavy; only who makes a PDF needs its fonts

        self._pdf = FPDF(unit="mm", format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_title(title)
        self._pdf.set_author("Fairlead")
        self._pdf.set_creator("Fairlead")
        self._pdf.set_producer("Fairlead")
        self._pdf.set_creation_date(made_at)
        self._pdf.set_lang(language)
        self._pdf.add_font("Inter", "", _REGULAR)
        self._pdf.add_font("Inter", "B", _BOLD)
        self._widths = {bold: self._widths_of(bold=bold) for bold in (False, True)}

    def _widths_of(self, *, bold: bool) -> dict[int, float]:
        """How wide each sign of a font is, in parts of its size."""
        self._pdf.set_font("Inter", "B" if bold else "", 1)
        font: Any = self._pdf.current_font
        return {code: font.cw[code] / _UNITS for code in font.cmap}

    def printable(self, words: str) -> str:
        """The words with a question mark for each sign that the fonts do not have."""
        known = self._widths[False]
        return "".join(sign if ord(sign) in known else "?" for sign in words)

    def new_page(self) -> None:
        self._pdf.add_page()

    def finish(self) -> bytes:
        return bytes(self._pdf.output())

    def width(self, words: str, size: float, *, bold: bool = False) -> float:
        """How wide the words are, in millimetres; added up here, because a long document asks for it very often."""
        widths = self._widths[bold]
        return sum(widths[ord(sign)] for sign in self.printable(words)) * size * _POINT

    def text(self, x: float, y: float, words: str, size: float, colour: Colour = TEXT, *, bold: bool = False) -> None:
        """Words that begin at x; y is their base line."""
        self._pdf.set_font("Inter", "B" if bold else "", size)
        self._pdf.set_text_color(*colour)
        self._pdf.text(x, y, self.printable(words))

    def right(self, x: float, y: float, words: str, size: float, colour: Colour = TEXT, *, bold: bool = False) -> None:
        """Words that end at x."""
        self.text(x - self.width(words, size, bold=bold), y, words, size, colour, bold=bold)

    def rule(self, y: float, x: float = LEFT, until: float = RIGHT, colour: Colour = LINE) -> None:
        """A hairline."""
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(0.2)
        self._pdf.line(x, y, until, y)

    def mark(self, x: float, y: float, size: float) -> None:
        """Our mark, `size` high: the path of static/icons/mark.svg."""
        unit = size / 24
        with self._pdf.new_path(x, y) as path:
            path.style.fill_color = None
            path.style.stroke_color = "#{:02x}{:02x}{:02x}".format(*ACCENT)
            path.style.stroke_width = 2.5 * unit
            path.style.stroke_cap_style = "round"
            path.style.stroke_join_style = "round"
            path.move_to(x + 4 * unit, y + 12 * unit)
            path.arc_relative(8 * unit, 8 * unit, 0, True, True, 8 * unit, 8 * unit)  # noqa: FBT003  # SVG's own order
            path.move_to(x + 12 * unit, y + 16 * unit)
            path.arc_relative(4 * unit, 4 * unit, 0, True, False, -4 * unit, -4 * unit)  # noqa: FBT003
            path.line_relative(0, 9 * unit)
