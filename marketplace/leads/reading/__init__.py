"""A file of leads, from its bytes to leads in the contract's form: layout, rows, mapping, one lead a row. No tables."""

from marketplace.leads.reading.dates import DateOrder, decide_order, parse_moment
from marketplace.leads.reading.encoding import ENCODINGS
from marketplace.leads.reading.errors import Unreadable
from marketplace.leads.reading.layout import DELIMITERS, SAMPLE_BYTES, Layout, open_rows, sniff
from marketplace.leads.reading.leads import Note, NoteCode, RowReader, note_words
from marketplace.leads.reading.mapping import AMBER, ColumnGuess, MappingGuess, guess_mapping
from marketplace.leads.reading.records import Row, Trouble, some, trouble_words
from marketplace.leads.reading.targets import IGNORE, FitCounter, mapping_problems, targets
from marketplace.leads.reading.values import may_reach_somebody

__all__ = [
    "AMBER",
    "DELIMITERS",
    "ENCODINGS",
    "IGNORE",
    "SAMPLE_BYTES",
    "ColumnGuess",
    "DateOrder",
    "FitCounter",
    "Layout",
    "MappingGuess",
    "Note",
    "NoteCode",
    "Row",
    "RowReader",
    "Trouble",
    "Unreadable",
    "decide_order",
    "guess_mapping",
    "mapping_problems",
    "may_reach_somebody",
    "note_words",
    "open_rows",
    "parse_moment",
    "sniff",
    "some",
    "targets",
    "trouble_words",
]
