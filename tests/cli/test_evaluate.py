"""`fairlead evaluate` on files that anybody brings: figures by their names, and plain words about bad files."""

import csv
import json
import random

import pytest
from click.testing import CliRunner

from marketplace.cli.main import main
from marketplace.quality.measures import expit


@pytest.fixture
def run():
    return lambda *words: CliRunner().invoke(main, ["evaluate", *map(str, words)])


@pytest.fixture
def write(tmp_path):
    def _write(name, header, rows, delimiter=","):
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream, delimiter=delimiter)
            writer.writerow(header)
            writer.writerows(rows)
        return path

    return _write


def told(result):
    assert result.exit_code == 0, result.output
    out = json.loads(result.stdout.splitlines()[-1])
    assert {"figures", "targets", "ok", "machine"} <= out.keys()
    return out


def leads(count, seed=1, signal=1.0):
    source = random.Random(seed)
    for number in range(count):
        channel = source.choice(["search", "social"])
        visits = source.randrange(20)
        won = source.random() < expit(signal * ((1 if channel == "search" else -1) + 0.1 * (visits - 10)) - 0.5)
        date = f"{number % 28 + 1:02}-{number // 28 % 12 + 1:02}-{2020 + number // 336}"
        yield [number, date, channel, visits, "closed by phone" if won else "no answer", "yes" if won else "no"]


HEADER = ["id", "first seen", "channel", "visits", "Tags", "bought"]
ASKED = ("--target", "bought", "--positive", "yes", "--upload-columns", "channel,visits,Tags")


def test_conversion(run, write):
    path = write("leads.csv", HEADER, leads(800), delimiter=";")
    out = told(run("conversion", path, *ASKED, "--order", "first seen", "--json"))
    figures = out["figures"]
    assert {"auc", "log_loss", "brier", "ece", "slope", "signal"} <= figures.keys()
    assert out["leaks"] == ["Tags"]
    assert figures["auc"] > 0.7
    assert (figures["signal"], figures["rows"], figures["learned_from"]) == (1, 200, 600)


def test_conversion_on_another_file_or_a_random_part(run, write):
    path, other = write("a.csv", HEADER, leads(400)), write("b.csv", HEADER, leads(300, seed=2))
    assert told(run("conversion", path, *ASKED, "--test", other, "--json"))["figures"]["rows"] == 300
    part = told(run("conversion", path, *ASKED, "--random-split", ".6", "--seed", 3, "--json"))["figures"]
    assert (part["learned_from"], part["rows"]) == (240, 160)


def test_conversion_says_no_signal_in_words(run, write):
    path = write("noise.csv", HEADER, leads(800, signal=0))
    result = run(
        "conversion",
        path,
        "--target",
        "bought",
        "--positive",
        "yes",
        "--order",
        "id",
        "--upload-columns",
        "channel,visits",
    )
    assert result.exit_code == 0
    assert "No signal" in result.output
    assert "calibration error" in result.output


def test_open_deals_are_no_lost_ones(run, write):
    rows = [[*row[:5], "Engaging" if place % 3 == 0 else row[5]] for place, row in enumerate(leads(480))]
    path = write("open.csv", HEADER, rows)
    assert told(run("conversion", path, *ASKED, "--order", "id", "--json"))["figures"]["learned_from"] == 240


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--target", "sold", "--positive", "yes", "--upload-columns", "channel"], "no column “sold”"),
        (["--target", "bought", "--positive", "YES", "--upload-columns", "channel"], "never 'YES'"),
        (["--target", "bought", "--positive", "yes", "--upload-columns", "chanel"], "no column “chanel”"),
        (["--target", "bought", "--positive", "yes", "--upload-columns", "bought"], "leave it out"),
        (["--target", "bought", "--positive", "yes", "--upload-columns", "channel"], "needs --order"),
        (
            ["--target", "bought", "--positive", "yes", "--upload-columns", "Tags", "--order", "id"],
            "gives the outcome away",
        ),
        ([*ASKED, "--time-split", ".5", "--random-split", ".5"], "Choose one"),
    ],
)
def test_what_is_asked_wrongly_is_said(run, write, words, says):
    result = run("conversion", write("leads.csv", HEADER, leads(200)), *words)
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe\x00", b"a,b,a\n1,2,3\n", b"a,b\n", b'{"a": 1}', b"\x89PNG\r\n\x1a\n\x00\x00"]
)
@pytest.mark.parametrize("command", ["contacts", "rating", "duplicates", "disputes", "under-reporting"])
def test_no_file_breaks_a_command(run, tmp_path, command, content):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    result = run(command, path, "--json")
    assert result.exit_code == 2, result.output
    assert not isinstance(result.exception, Exception) or isinstance(result.exception, SystemExit)


def test_contacts(run, write):
    rows = [
        ["email", "ann@iana.org", "", "valid"], ["email", "ann@@iana.org", "", "invalid"],
        ["email", "ann@iana.org\r\n x", "", "invalid"], ["phone", "+1 512 867 5309", "US", "valid"],
        ["phone", "0000", "US", "invalid"], ["phone", "+1 202 555 0123", "US", "valid"],
        ["email", "ann@iana.org", "", "invalid"],
    ]  # fmt: skip
    out = told(run("contacts", write("c.csv", ["kind", "value", "country", "expected"], rows), "--json"))
    assert out["figures"] == {"wrong_accepted": 1, "wrong_refused": 1, "rows": 7}
    bad = write("d.csv", ["kind", "value", "country", "expected"], [["fax", "1", "", "valid"]])
    assert "write email or phone" in run("contacts", bad).output


def test_rating(run, write):
    header = ["agency", "buyer", "vertical", "channel", "age_days", "fault"]
    rows = [["good", f"b{n % 12}", "v", "c", 0, 0] for n in range(24)] + [
        ["bad", f"b{n % 12}", "v", "c", 0, n % 2] for n in range(24)
    ]
    ratings = told(run("rating", write("r.csv", header, rows), "--json"))["ratings"]
    assert ratings["good"]["n"] == 24
    assert ratings["good"]["score"] > 85
    assert ratings["bad"]["score"] < 70
    assert (ratings["good"]["grade"], ratings["bad"]["grade"]) == ("C", "F")
    low, high = ratings["bad"]["interval"]
    assert 0 < low < ratings["bad"]["expected_fault"] < high <= 1
    wrong = write("w.csv", header, [["a", "b", "v", "c", "old", 0]])
    result = run("rating", wrong)
    assert result.exit_code == 2
    assert "row 1: age_days is 'old'" in result.output


def test_rating_with_an_expectation_of_its_own_and_links(run, write):
    header = ["agency", "buyer", "vertical", "channel", "age_days", "fault", "e", "group"]
    rows = [["a", f"b{n}", "v", "c", 0, 0, 0.08, "one" if n < 8 else ""] for n in range(10)]
    ratings = told(run("rating", write("r.csv", header, rows), "--json"))["ratings"]
    assert (ratings["a"]["buyers"], ratings["a"]["grade"]) == (3, "D")
    rows = [[*row[:7], ""] for row in rows]
    assert told(run("rating", write("s.csv", header, rows), "--json"))["ratings"]["a"]["score"] == 81.5


def test_duplicates(run, write):
    rows = [
        ["maria", "brien", "12 oak road", "7870", "19840309", "m@x.org", 1],
        ["maria", "brein", "12 oak road", "7870", "19840309", "", 1],
        ["patrick", "brien", "12 oak road", "7870", "", "", 2],
        ["olga", "novak", "3 elm street", "1000", "19700101", "o@y.org", 3],
    ]  # fmt: skip
    header = ["given_name", "surname", "address_1", "postcode", "date_of_birth", "email", "ent"]
    path = write("p.csv", header, rows)
    figures = told(run("duplicates", path, "--json"))["figures"]
    assert (figures["precision"], figures["recall"], figures["pairs"]) == (1, 1, 1)
    assert run("duplicates", path, "--map", "fax=email").exit_code == 2
    assert "first: given_name" in run("duplicates", path, "--map", "email=").output


def test_disputes(run, write):
    header = ["upheld", "decided", "agency_rate", "phone_recheck", "buyer_reached", "amount_note", "truth"]
    rows = [
        [3, 5, 0.1, "present", "unknown", "x", "fake"], [3, 5, 0.1, "unknown", "present", "y", "real"],
        [0, 20, 0.01, "absent", "present", "y", "real"], [3, 5, 0.1, "present", "present", "y", "real"],
    ]  # fmt: skip
    figures = told(run("disputes", write("d.csv", header, rows), "--json"))["figures"]
    assert (figures["rows"], figures["upheld"], figures["rejected"]) == (4, 1, 1)
    assert (figures["auc"], figures["auto_share"], figures["auto_error"]) == (1, 0.5, 0)
    header[5], rows = "horoscope", [[*row[:5], "present", row[6]] for row in rows]
    assert told(run("disputes", write("h.csv", header, rows), "--json"))["ignored"] == ["horoscope"]
    rows[1][3] = "maybe"
    assert "row 2: phone_recheck_invalid is 'maybe'" in run("disputes", write("m.csv", header, rows)).output
    unknown = write("e.csv", ["trust", "agency_rate", "horoscope", "truth"], [[0.5, 0.1, "present", "fake"]])
    assert "there is no evidence" in run("disputes", unknown).output


def test_under_reporting(run, write):
    source, rows = random.Random(3), []
    for buyer in range(20):
        honest = buyer % 2
        for _ in range(400):
            p = source.uniform(0.2, 0.4)
            rows.append([f"b{buyer}", p, int(source.random() < p * (0.9 if honest else 0.35)), honest])
    path = write("u.csv", ["buyer", "p", "reported", "honest"], rows)
    figures = told(run("under-reporting", path, "--rho0", ".8", "--json"))["figures"]
    assert figures["false_flag_rate"] == 0
    assert 20 < figures["median_leads_to_flag"] < 150
    assert told(run("under-reporting", path, "--rho0", ".65", "--json"))["figures"]["flag_rate"] <= figures["flag_rate"]
