import io
import sys
from contextlib import closing

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from marketplace.leads.reading import ENCODINGS, Layout, Trouble, Unreadable, open_rows, records, sniff, trouble_words

RUSSIAN = "Имя,Телефон,Город\nИванов Пётр,+79161234509,Москва\nСидорова Анна,+79161234510,Казань\n"
POLISH = "Imię;Miasto\nŁukasz Wiśniewski;Łódź\nStanisław Dąbrowski;Gdańsk\nMałgorzata Źródlana;Poznań\n"
CZECH = "Jméno;Město\nJiří Dvořák;Plzeň\nŠárka Němcová;Ústí nad Labem\nBožena Růžičková;Třebíč\n"
WESTERN = "Nom;Ville\nJosé Núñez;Málaga\nFrançois Lefèvre;Besançon\n"


def read(data, **corrections):
    layout = sniff(data, **corrections)
    return layout, [(row.number, row.cells) for row in open_rows(io.BytesIO(data), layout)]


@pytest.mark.parametrize(
    ("text", "codec", "found"),
    [
        (WESTERN, "utf-8", "utf-8"),
        (WESTERN, "utf-8-sig", "utf-8"),
        (WESTERN, "utf-16", "utf-16-le"),
        (WESTERN, "utf-16-le", "utf-16-le"),
        (RUSSIAN, "utf-16-be", "utf-16-be"),
        (WESTERN, "cp1252", "cp1252"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8_r", "koi8_r"),
        (RUSSIAN, "cp866", "cp866"),
        (POLISH, "cp1250", "cp1250"),
        (CZECH, "iso8859_2", "iso8859_2"),
    ],
)
def test_the_encoding_is_found_and_the_letters_come_out_right(text, codec, found):
    layout, rows = read(text.encode(codec))
    assert layout.encoding == found
    assert rows[0][1] == text.splitlines()[1].split(layout.delimiter)
    assert layout.sure is codec.startswith("utf")


def test_a_guessed_encoding_offers_others_and_can_be_corrected():
    data = POLISH.encode("cp1250")
    assert "iso8859_2" in sniff(data).other_encodings
    assert sniff(data, encoding="cp1252").encoding == "cp1252"
    assert set(sniff(data).other_encodings) < set(ENCODINGS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_are_found_whatever_the_file_is_called(delimiter, end):
    lines = ["Name", "Phone", "Note"], ["Ann, the first", "1", "a"], ["Bob", "2", "b; c"], ["Cy", "3", "d"]
    data = end.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines).encode()
    layout, rows = read(data)
    assert (layout.delimiter, layout.headers) == (delimiter, ("Name", "Phone", "Note"))
    assert [cells for _number, cells in rows] == list(map(list, lines[1:]))


def test_line_ends_may_be_mixed():
    assert read(b"a,b\r\n1,2\n3,4\r5,6")[1] == [(2, ["1", "2"]), (3, ["3", "4"]), (4, ["5", "6"])]


def test_titles_above_the_header_are_skipped_and_rows_keep_their_line_numbers():
    layout, rows = read(
        b"Leads of November\n\nexported by,Ann\nName,Email,Phone\n\nMarta,m@q.com,1\n\n\nSam,s@q.com,2\n"
    )
    assert (layout.header_row, layout.headers) == (4, ("Name", "Email", "Phone"))
    assert [number for number, _cells in rows] == [6, 9]


def test_a_file_without_column_names_gets_numbered_ones():
    layout, rows = read(b"marta@quill.com,+12127365000,Marta\nsam@reyes.com,+12127365001,Sam\n")
    assert (layout.header_row, layout.headers) == (0, ("Column 1", "Column 2", "Column 3"))
    assert len(rows) == 2


def test_the_header_can_be_corrected_by_hand():
    data = b"Report,of,leads\nName,Email,Phone\nMarta,m@q.com,1\n"
    assert sniff(data, header_row=2).headers == ("Name", "Email", "Phone")
    assert len(read(data, header_row=0)[1]) == 3
    with pytest.raises(Unreadable):
        sniff(data, header_row=99)


@pytest.mark.parametrize(
    "row",
    [
        "marta@quill.com,Marta,Quill,Austin",
        "jo@@batt,Jo,Batt,Austin",
        "Jo,Batt,Jo Batt <jo@batt.com>,Austin",
        "Jo,Batt,(212) 736-5000,Austin",
        "105407458094,2026-08-31,Jo,Austin",
    ],
)
def test_a_row_of_data_never_gives_its_values_to_the_columns(row):
    data = f"{row}\nSam,Reyes,Sam Reyes,Dallas\n".encode()
    layout = sniff(data)
    assert (layout.header_row, layout.headers[0]) == (0, "Column 1")
    with pytest.raises(Unreadable, match="Line 1 looks like a lead"):
        sniff(data, header_row=1)


def test_a_wrong_delimiter_does_not_make_a_lead_the_header():
    data = b"Marta Quill|marta@quill.com|1\nSam Reyes|sam@reyes.com|2\n"
    assert sniff(data, delimiter=",").headers == ("Column 1",)
    with pytest.raises(Unreadable):
        sniff(data, delimiter=",", header_row=1)


def test_a_header_may_name_a_day_or_explain_itself():
    data = b"E-mail (name@example.com),City,2026-08-31\nmarta@quill.com,Austin,1\n"
    assert sniff(data, header_row=1).headers == ("E-mail (name@example.com)", "City", "2026-08-31")


def test_names_that_come_twice_or_not_at_all_are_made_unique():
    assert sniff(b"A,B,B,,a\n1,2,3,4,5\n").headers == ("A", "B", "B (2)", "Column 4", "a")


def test_the_hint_of_a_spreadsheet_names_the_delimiter_and_is_no_row():
    layout, rows = read(b"sep=;\nName;Phone\nMarta;1,5\n")
    assert (layout.delimiter, layout.header_row, rows) == (";", 2, [(3, ["Marta", "1,5"])])


def test_a_cell_of_several_lines_is_one_cell_and_the_next_row_knows_its_line():
    assert read(b'a,b\n1,"two\nlines"\n2,3\n')[1] == [(2, ["1", "two\nlines"]), (4, ["2", "3"])]


@pytest.mark.parametrize("rest", ["", ',"closed"'])
def test_a_quote_that_is_never_closed_costs_its_own_row_only(rest):
    data = f'a,b\n1,"5 inch\n2,x\n3,y{rest}\n'.encode()
    rows = list(open_rows(io.BytesIO(data), sniff(data)))
    assert [row.number for row in rows] == [2, 3, 4]
    assert rows[0].broken
    assert not rows[1].broken


def test_a_quote_that_swallows_hundreds_of_lines_costs_its_own_row_only():
    data = b'a,b\n"oops,1\n' + b"x,y\n" * 1000
    rows = list(open_rows(io.BytesIO(data), sniff(data)))
    assert len(rows) == 1001
    assert [row.number for row in rows if row.broken] == [2]


def lines_read(text):
    """How often a line is taken up while all records of the text are read."""
    taken_up, calls = records._Lines.read.__code__, []
    sys.setprofile(lambda frame, event, _arg: calls.append(event) if frame.f_code is taken_up else None)
    try:
        list(records.records(io.StringIO(text, newline=""), ",", 2))
    finally:
        sys.setprofile(None)
    return calls.count("call")


@settings(max_examples=25)
@given(st.lists(st.text(alphabet='ab",', min_size=1, max_size=5), min_size=1, max_size=6).map("\n".join))
@example('a"b,"c')
@example('"a\n"b')
@example('1,"2 inch')
def test_a_file_full_of_open_quotes_is_read_in_the_time_of_its_length(lines):
    text = f"{lines}\n" * (15_000 // len(lines))
    characters_a_line = len(text) / text.count("\n")
    assert lines_read(text) * characters_a_line < 100_000 + 8 * len(text)


def test_a_cell_of_several_lines_survives_a_stray_quote_before_it():
    data = b'a,b\n1,"5 inch\n2,x\n3,"two\nlines"\n4,z\n'
    assert read(data)[1][1:] == [(3, ["2", "x"]), (4, ["3", "two\nlines"]), (6, ["4", "z"])]


@pytest.mark.parametrize("line", ["ab," * 300_000, '"ab",' * 15_000])
def test_a_row_has_at_most_one_cell_more_than_the_header(line):
    first, second = open_rows(io.BytesIO(f"{line}\n1,2\n".encode()), Layout("utf-8", ",", 0, ("a", "b")))
    assert len(first.cells) == 3
    assert first.broken is (len(line) > 100_000)
    assert second.cells == ["1", "2"]


def test_a_row_of_which_the_end_was_not_read_is_broken():
    (row,) = records.records(io.StringIO("ab," * 100_000, newline=""), ",")
    assert (len(row.cells), row.troubles) == (501, (Trouble.TOO_LONG,))


def test_short_and_long_rows_come_as_they_are():
    assert read(b"id,name,age\n1,John\n2,Julie,26,Potatoes\n3,Max,30\n")[1][:2] == [
        (2, ["1", "John"]),
        (3, ["2", "Julie", "26", "Potatoes"]),
    ]


def test_leading_zeros_survive():
    assert read(b"zip\n01\n002\n")[1] == [(2, ["01"]), (3, ["002"])]


def test_a_bad_byte_is_replaced_and_noted_on_its_row():
    data = b"name,city\n" + "José,Málaga\n".encode() * 3 + b"Jos\xe9,X\n"
    layout = Layout("utf-8", ",", 1, ("name", "city"))
    rows = list(open_rows(io.BytesIO(data), layout))
    assert rows[-1].cells == ["Jos�", "X"]
    assert rows[-1].troubles == (Trouble.BAD_BYTES,)
    assert not rows[-1].broken


def test_null_bytes_are_dropped_and_noted():
    data = b"a,b\n1\x00,2\n" + b"3,4\n" * 200
    rows = list(open_rows(io.BytesIO(data), sniff(data)))
    assert (rows[0].cells, rows[0].troubles) == (["1", "2"], (Trouble.NULL_BYTES,))


@pytest.mark.parametrize("cell", ["x" * 200_000, '"' + "x" * 200_000 + '"', "y" * 2_500_000])
def test_a_cell_beyond_all_measure_breaks_its_row_and_not_the_file(cell):
    data = f"a,b\n{cell},1\n3,4\n".encode()
    rows = list(open_rows(io.BytesIO(data), sniff(b"a,b\n1,2\n")))
    assert rows[0].broken
    assert len(rows[0].cells[0]) <= 100_000
    assert rows[-1].cells == ["3", "4"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"Name,Email,Phone\n", "no rows"),
        (b"PK\x03\x04\x14\x00\x06\x00", "save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as CSV"),
        (b"%PDF-1.7\n", "not a table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a table"),
        (bytes(range(256)) * 4, "not a text"),
        (b'[{"name": "Ann"}]', "JSON"),
        (b"<?xml version='1.0'?><adf/>", "XML"),
    ],
)
def test_what_is_no_table_says_what_it_is(data, words):
    with pytest.raises(Unreadable) as refusal:
        sniff(data)
    assert words in refusal.value.message


@pytest.mark.parametrize(
    "wrong", [{"encoding": "rot13"}, {"encoding": "hex"}, {"delimiter": ""}, {"delimiter": '"'}, {"delimiter": ",,"}]
)
def test_a_correction_that_cannot_be_is_refused(wrong):
    with pytest.raises(Unreadable):
        sniff(b"a,b\n1,2\n", **wrong)


def test_a_sample_cut_inside_a_letter_is_still_utf_8():
    data = ("Name,City\n" + "José,Málaga\n" * 50).encode()
    cut = data[: data.rindex(b"\xc3") + 1]
    assert sniff(cut, whole=False).encoding == "utf-8"


def test_a_layout_survives_the_way_to_the_database_and_back():
    layout = sniff(POLISH.encode("cp1250"))
    assert Layout.from_json(layout.to_json()) == layout


def test_reading_stopped_half_way_leaves_the_stream_whole():
    with io.BytesIO(b"a,b\n1,2\n3,4\n") as stream, closing(open_rows(stream, sniff(b"a,b\n1,2\n"))) as rows:
        assert next(rows).cells == ["1", "2"]


def test_the_stream_is_left_open_for_its_owner():
    stream = io.BytesIO(b"a,b\n1,2\n")
    list(open_rows(stream, sniff(b"a,b\n1,2\n")))
    assert not stream.closed


def test_a_long_file_is_read_without_being_held():
    class Endless(io.RawIOBase):
        left = 300_000

        def readable(self):
            return True

        def readinto(self, buffer):
            if self.left <= 0:
                return 0
            chunk = (b"Marta,1\n" * (len(buffer) // 8 + 1))[: len(buffer)]
            buffer[:] = chunk
            self.left -= len(chunk) // 8
            return len(chunk)

    layout = Layout("utf-8", ",", 0, ("Column 1", "Column 2"))
    assert sum(1 for _row in open_rows(io.BufferedReader(Endless()), layout)) >= 300_000


def test_every_trouble_has_its_words():
    assert all(trouble_words(trouble).endswith(".") for trouble in Trouble)


@settings(max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.text(alphabet='ab1,;\t|"\n\r\x00é� ', max_size=300).map(lambda text: text.encode("utf-8")),
        st.text(alphabet='ab1,;"\n\rжé', max_size=200).map(lambda text: text.encode("utf-16")),
    ),
    st.booleans(),
)
@example(b'"', True)  # noqa: FBT003
@example(b"\xff\xfea", True)  # noqa: FBT003
@example(b'a,b\n"\r\n', False)  # noqa: FBT003
def test_any_bytes_are_read_or_refused_but_never_break(data, whole):
    try:
        layout = sniff(data, whole=whole)
    except Unreadable:
        return
    assert len(set(layout.headers)) == len(layout.headers) > 0
    numbers = [row.number for row in open_rows(io.BytesIO(data), layout)]
    assert numbers == sorted(set(numbers))
    assert all(number > layout.header_row for number in numbers)


@settings(max_examples=150)
@given(
    st.binary(max_size=300),
    st.sampled_from(ENCODINGS),
    st.sampled_from([",", ";", "\t", "\x1f"]),
    st.integers(1, 4),
)
def test_a_layout_that_does_not_fit_its_file_breaks_nothing(data, encoding, delimiter, width):
    layout = Layout(encoding, delimiter, 1, tuple(f"c{i}" for i in range(width)))
    assert all(row.number > 1 for row in open_rows(io.BytesIO(data), layout))
