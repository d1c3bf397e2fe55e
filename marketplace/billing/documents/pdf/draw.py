"""Drawing a sheet: quiet greys, hairlines, one accent; the look of the pages on paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.billing.documents.pdf.layout import Part, Room, paginate, wrap
from marketplace.billing.documents.pdf.pen import BOTTOM, LEFT, RIGHT, TEXT_2, TEXT_3, TOP, Pen
from marketplace.billing.documents.sheet import Row, Sheet, Side
from marketplace.kit.i18n import gettext as _

_SIDE = 56.0  # width of a party and of the facts
_GAP = 3.0
_DAY, _AMOUNT = 26.0, 29.0
_BODY, _SMALL, _NOTE = 9.0, 7.5, 7.0
_STEP, _NOTE_STEP, _PAD = 4.3, 3.3, 1.9
_HEAD, _CARRIED, _SUM = 7.0, 7.0, 6.0
_NAME_AT = 47.0  # base line of the parties' names on the first page
_FACTS_AT, _FACT_STEP = _NAME_AT - 6, 4.7
_FURTHER = 30.0  # where the table begins on further pages
_LAST = BOTTOM - 8.0  # above the foot


@dataclass(frozen=True, slots=True)
class _Set:
    """A row with its words broken into lines."""

    row: Row
    title: Sequence[str]
    note: Sequence[str]

    @property
    def height(self) -> float:
        return 2 * _PAD + len(self.title) * _STEP + len(self.note) * _NOTE_STEP


def pdf_of(sheet: Sheet) -> bytes:
    """The sheet as a PDF file."""
    title = f"{sheet.title} {sheet.number}"
    pen = Pen(title=title, language=sheet.language, made_at=sheet.issued_at)
    return _Drawing(pen, sheet).finish()


class _Drawing:
    def __init__(self, pen: Pen, sheet: Sheet) -> None:
        self.pen, self.sheet = pen, sheet
        self.words_at = LEFT + _DAY
        self.words_wide = RIGHT - self.words_at - _AMOUNT * len(sheet.heads) - _GAP
        self.sides = [self._side(side) for side in sheet.sides]
        self.notes = [line for note in sheet.notes for line in self._wrapped(note, RIGHT - LEFT, _SMALL)]
        self.facts = [line for name, value in sheet.facts for line in self._fact(name, value)]
        highest = max(len(side) for side in self.sides) * _STEP
        self.table_at = max(_NAME_AT + highest, _FACTS_AT + len(self.facts) * _FACT_STEP) + 6

    def finish(self) -> bytes:
        rows = [self._set(row) for row in self.sheet.rows]
        end = len(self.sheet.sums) * _SUM + len(self.notes) * _STEP + 12
        opening = _CARRIED if self.sheet.opening else 0
        room = Room(_LAST - self.table_at - _HEAD - opening, _LAST - _FURTHER - _HEAD, _CARRIED, end)
        parts = paginate(rows, lambda row: row.height, room)
        carry = ""
        for number, part in enumerate(parts, start=1):
            self.pen.new_page()
            carry = self._page(part, carry)
            self._foot(number, len(parts))
        return self.pen.finish()

    def _page(self, part: Part[_Set], carry: str) -> str:
        """Draw one page; return the sum that goes on to the next."""
        y = self._head() if part.is_first else self._short_head()
        y = self._table_head(y)
        if part.is_first and self.sheet.opening:
            y = self._carried(y, *self.sheet.opening)
        if not part.is_first:
            y = self._carried(y, _("Brought forward"), carry)
        for row in part.rows:
            y = self._row(y, row)
        carry = part.rows[-1].row.carry if part.rows else carry
        if part.is_last:
            self._end(y)
        else:
            self._carried(y, _("Carried forward"), carry)
        return carry

    def _head(self) -> float:
        pen, sheet = self.pen, self.sheet
        pen.mark(LEFT - 1, TOP, 6.4)
        pen.text(LEFT + 6.6, TOP + 4.7, "Fairlead", 11.5, bold=True)
        pen.right(RIGHT, TOP + 5.2, sheet.title, 17, bold=True)
        pen.rule(TOP + 13)
        for column, (side, lines) in enumerate(zip(sheet.sides, self.sides, strict=True)):
            x = LEFT + column * (_SIDE + _GAP)
            pen.text(x, _NAME_AT - 6, side.role, _SMALL, TEXT_3)
            for number, (line, is_name) in enumerate(lines):
                pen.text(x, _NAME_AT + number * _STEP, line, _BODY, bold=is_name)
        self._facts(LEFT + 2 * (_SIDE + _GAP))
        return self.table_at

    def _facts(self, x: float) -> None:
        for number, (name, value) in enumerate(self.facts):
            y = _FACTS_AT + number * _FACT_STEP
            self.pen.text(x, y, name, _SMALL, TEXT_3)
            self.pen.right(RIGHT, y, value, _SMALL, bold=number == 0)

    def _short_head(self) -> float:
        self.pen.mark(LEFT - 1, TOP - 1.2, 5)
        self.pen.text(LEFT + 5, TOP + 2.5, "Fairlead", 9, bold=True)
        self.pen.right(RIGHT, TOP + 2.5, f"{self.sheet.title} {self.sheet.number}", _SMALL, TEXT_2)
        return _FURTHER

    def _table_head(self, y: float) -> float:
        pen, base = self.pen, y + 4.2
        pen.text(LEFT, base, _("Day"), _SMALL, TEXT_3)
        pen.text(self.words_at, base, _("What"), _SMALL, TEXT_3)
        for x, head in zip(self._ends(), self.sheet.heads, strict=True):
            pen.right(x, base, head, _SMALL, TEXT_3)
        pen.rule(y + _HEAD - 0.6)
        return y + _HEAD

    def _row(self, y: float, placed: _Set) -> float:
        pen, base = self.pen, y + _PAD + 3.2
        pen.text(LEFT, base, placed.row.day, _BODY, TEXT_2)
        for number, line in enumerate(placed.title):
            pen.text(self.words_at, base + number * _STEP, line, _BODY)
        note_at = base + len(placed.title) * _STEP - 0.6
        for number, line in enumerate(placed.note):
            pen.text(self.words_at, note_at + number * _NOTE_STEP, line, _NOTE, TEXT_3)
        for x, amount in zip(self._ends(), placed.row.amounts, strict=True):
            pen.right(x, base, amount, _BODY)
        pen.rule(y + placed.height)
        return y + placed.height

    def _carried(self, y: float, words: str, amount: str) -> float:
        self.pen.text(self.words_at, y + 4.6, words, _SMALL, TEXT_3)
        self.pen.right(RIGHT, y + 4.6, amount, _BODY, TEXT_2)
        self.pen.rule(y + _CARRIED)
        return y + _CARRIED

    def _end(self, y: float) -> None:
        pen, sums = self.pen, self.sheet.sums
        base = y + 6.5
        for number, (name, amount) in enumerate(sums, start=1):
            is_last = number == len(sums)
            size, colour = (11, TEXT_2) if is_last else (_BODY, TEXT_3)
            pen.right(RIGHT - 42, base, name, _BODY, colour)
            pen.right(RIGHT, base, amount, size, bold=is_last)
            base += _SUM
        base += 4
        for note in self.notes:
            pen.text(LEFT, base, note, _SMALL, TEXT_2)
            base += _STEP

    def _foot(self, number: int, count: int) -> None:
        page = _("Page %(number)s of %(count)s", number=number, count=count)
        wide = RIGHT - LEFT - self.pen.width(page, _NOTE) - 8
        self.pen.rule(BOTTOM - 4)
        for step, line in enumerate(self._wrapped(self.sheet.issuer, wide, _NOTE)):
            self.pen.text(LEFT, BOTTOM + step * _NOTE_STEP, line, _NOTE, TEXT_3)
        self.pen.right(RIGHT, BOTTOM, page, _NOTE, TEXT_3)

    def _ends(self) -> list[float]:
        """Where the columns of amounts end."""
        count = len(self.sheet.heads)
        return [RIGHT - _AMOUNT * (count - number) for number in range(1, count + 1)]

    def _side(self, side: Side) -> list[tuple[str, bool]]:
        names = [(line, True) for line in self._wrapped(side.name, _SIDE, _BODY, bold=True)]
        more = [(line, False) for part in side.lines for line in self._wrapped(part, _SIDE, _BODY)]
        return names + more

    def _fact(self, name: str, value: str) -> list[tuple[str, str]]:
        """A fact's lines; its name stands beside the first one."""
        first, *more = self._wrapped(value, _SIDE - self.pen.width(name, _SMALL) - _GAP, _SMALL)
        return [(name, first), *(("", line) for line in more)]

    def _set(self, row: Row) -> _Set:
        title = self._wrapped(row.title, self.words_wide, _BODY)
        return _Set(row, title, self._joined(row.about))

    def _joined(self, parts: Sequence[str]) -> list[str]:
        """The parts with dots between them, as many on a line as there is room for."""
        lines: list[str] = []
        for part in parts:
            longer = f"{lines[-1]} · {part}" if lines else part
            if lines and self.pen.width(longer, _NOTE) <= self.words_wide:
                lines[-1] = longer
            else:
                lines += self._wrapped(part, self.words_wide, _NOTE)
        return lines

    def _wrapped(self, words: str, width: float, size: float, *, bold: bool = False) -> list[str]:
        return wrap(words, width, lambda text: self.pen.width(text, size, bold=bold))
