"""A buyer tries the conversion score on an export of its CRM: sent, chosen, judged by the worker, told, forgotten."""

import io
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from marketplace import events
from marketplace.kit import files, limits
from marketplace.kit.db import session, transaction
from marketplace.leads import imports
from marketplace.quality import trials
from marketplace.quality.trials import running
from tests.factories.pages import shown
from tests.factories.people import make_person
from tests.factories.trials import export, rows

_EDGE = "edge-of-a-part"


def send(reader, content, name="crm.csv"):
    parts = [f'Content-Disposition: form-data; name="csrf_token"\r\n\r\n{reader.token()}']
    parts.append(f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
    body = "".join(f"\r\n--{_EDGE}\r\n{part}" for part in parts).lstrip().encode() + content
    kind = f"multipart/form-data; boundary={_EDGE}"
    return shown(reader.client.post("/score-trials", data=body + f"\r\n--{_EDGE}--\r\n".encode(), content_type=kind))


def choices(page):
    """The form as it stands on the page, with “Won” as what means bought."""
    won = re.search(r'value="(\d+:\d+)"[^>]*>Won \(', page.text)
    order = re.search(r'<select[^>]*name="order".*?value="(\d+)" selected', page.text, re.DOTALL)
    ticked = re.findall(r'name="column" value="(\d+)" checked', page.text)
    return {"bought": won[1], "order": order[1] if order else "", "column": ticked}


def tried():
    return session().execute(text("SELECT * FROM conversion_trials ORDER BY id")).mappings().all()


@pytest.fixture
def buyer(visit):
    return visit(make_person("buyer"))


@pytest.fixture
def trial(buyer, run_jobs):
    """The address of a trial that waits for its choice."""
    sent = send(buyer, export(rows()))
    run_jobs()
    return sent.location


def test_an_export_is_tried_told_and_forgotten(buyer, trial, run_jobs):
    page = buyer.get(trial)
    for words in (
        "crm.csv · 240 rows",
        "First Name 100 % a person never used",
        "Tags 100 % knows the future by its name",
    ):
        assert words in page.words
    form = choices(page)
    assert "6" not in form["column"]
    form["column"].append("6")  # somebody insists
    assert buyer.post(f"{trial}/run", **form).location == trial
    run_jobs()
    words = buyer.get(trial).words
    told = ("The score tells who buys", "60 leads it had not seen", "180 leads, ", "Brier score", "Log loss")
    for part in (*told, "Calibration slope", "Source: referral", "by “Created”: learned", "It has been removed"):
        assert part in words
    assert re.search(r"Ranking \(AUC\) 0\.\d+, 95 percent between", words)
    assert "1 column knows the future and was left out." in words
    assert "By its name, “Tags” is filled in after the lead came in." in words
    (row,) = tried()
    assert (row["state"], row["stored_as"], row["columns"], row["fingerprint"]) == ("done", None, None, None)
    assert "canary" not in (words + str(dict(row))).lower()
    assert "crm.csv" in buyer.get("/score-trials").words
    running.run(row["id"])  # a job that comes again
    assert tried() == [row]


def test_names_and_streets_are_recognised_by_what_the_cells_say_and_no_choice_of_a_file_thrown_away_stays(
    buyer, run_jobs
):
    header = b"Client,Signed by,Property,Source,Visits,Stage\r\n"
    who, where = ["Anna Kowalska", "Juan O'Neil", "Li Wei"], ["12 Main Street, Austin", "7 Oak Avenue", "Hauptstr. 3"]
    cells = [[who[at % 3], who[at % 2], f'"{where[at % 3]}"', *row[4:6], row[8]] for at, row in enumerate(rows())]
    sent = send(buyer, header + "\r\n".join(",".join(row) for row in cells).encode())
    run_jobs()
    page = buyer.get(sent.location)
    for name in ("Client", "Signed by", "Property"):
        assert f"{name} 100 % a person never used" in page.words
    assert not [name for name in (*who, "Main Street") if name in page.text]
    buyer.post(f"{sent.location}/run", **choices(page))
    assert tried()[0]["choice"]["positive"] == "Won"
    buyer.post(f"{sent.location}/removal")
    assert (tried()[0]["state"], tried()[0]["choice"]) == ("gone", None)


def test_nothing_but_a_column_that_knows_the_future_comes_back_to_be_chosen_anew(buyer, trial, run_jobs):
    form = choices(buyer.get(trial))
    buyer.post(f"{trial}/run", **{**form, "column": ["6"]})
    run_jobs()
    page = buyer.get(trial)
    assert "The last run failed. Every one of these columns gives the outcome away." in page.words
    assert choices(page) == {**form, "column": ["6"]}


def test_no_signal_is_said_plainly_in_any_encoding_without_open_deals(buyer, run_jobs):
    found = [[*row[:8], "In progress" if place % 4 == 0 else row[8]] for place, row in enumerate(rows(signal=False))]
    sent = send(buyer, export(found, delimiter=";", encoding="utf-16"), name="экспорт.csv")
    run_jobs()
    asked = buyer.get(sent.location)
    assert "In progress (60 rows) – an open deal" in asked.words
    buyer.post(f"{sent.location}/run", **{**choices(asked), "order": ""})
    run_jobs()
    words = buyer.get(sent.location).words
    for part in ("No signal in these columns", "We would show no score", "at random: learned from", "60 rows: open"):
        assert part in words
    assert "What speaks for" not in words


def test_a_second_click_starts_nothing_more(buyer, run_jobs):
    content = export(rows())
    first, second = send(buyer, content), send(buyer, content)
    assert first.location == second.location
    run_jobs()
    form = choices(buyer.get(first.location))
    for _click in range(2):
        assert buyer.post(f"{first.location}/run", **form).status == 303
    assert session().execute(text("SELECT count(*) FROM events WHERE name = 'trial.started'")).scalar() == 1
    assert [row["state"] for row in tried()] == ["running", "gone"]


def test_a_wrong_choice_is_said_and_kept(buyer, trial):
    page = buyer.post(f"{trial}/run", bought="99:0", order="400000000000000000000", column="2")
    assert page.status == 422
    for words in ("Choose the column and the value that mean", "Choose a time column", "Tick between 1 and 100"):
        assert words in page.words
    assert tried()[0]["state"] == "waiting"


def test_a_fortnight_of_days_is_a_column_of_time(buyer, run_jobs):
    found = [[*row[:7], f"2026-05-{1 + place * 14 // 240:02d}", row[8]] for place, row in enumerate(rows())]
    sent = send(buyer, export(found))
    run_jobs()
    assert choices(buyer.get(sent.location))["order"] == "7"


def test_a_column_of_huge_numbers_is_left_out_and_the_others_are_judged(buyer, run_jobs):
    found = [[*row[:5], f"{place % 90}e200", *row[6:]] for place, row in enumerate(rows())]
    sent = send(buyer, export(found))
    run_jobs()
    buyer.post(f"{sent.location}/run", **choices(buyer.get(sent.location)))
    run_jobs()
    assert "Visits: nearly every lead has a different value" in buyer.get(sent.location).words


def test_what_cannot_be_counted_ends_at_once_and_says_so(buyer, trial, run_jobs):
    buyer.post(f"{trial}/run", **choices(buyer.get(trial)))
    with transaction():  # a codec that raises ValueError whatever it reads
        odd = "UPDATE conversion_trials SET columns = jsonb_set(columns, '{layout,encoding}', '\"idna\"')"
        session().execute(text(odd))
    run_jobs()
    assert "We cannot calculate with what some columns hold" in buyer.get(trial).words
    assert (tried()[0]["state"], tried()[0]["stored_as"]) == ("failed", None)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.4 nothing", "We cannot read this as a table."),
        (export(rows(20)), "It has fewer than 40 rows"),
        (b"name\r\n" + b"\r\n".join(b"word%d" % place for place in range(60)), "No column can be the outcome"),
    ],
)
def test_what_cannot_be_tried_says_why(buyer, run_jobs, content, says):
    page = send(buyer, content)
    run_jobs()
    assert says in buyer.get(page.location).words
    assert tried()[0]["stored_as"] is None


def test_no_file_and_a_large_one_are_refused(buyer):
    assert "Choose a file first." in buyer.post("/score-trials").words
    large = send(buyer, b"a,b\r\n" + b"x" * (21 << 20))
    assert (large.status, "20 MiB" in large.words) == (422, True)
    assert tried()[0]["state"] == "gone"


def test_only_the_own_organisation_sees_it(buyer, trial, visit):
    for other, status in (("buyer", 404), ("agency", 403), ("staff", 403)):
        stranger = visit(make_person(other))
        assert stranger.get(trial).status == status
        assert stranger.post(f"{trial}/run").status in (status, 403)
        assert stranger.post(f"{trial}/removal").status == status


def test_what_is_left_lying_is_removed_by_the_clock(buyer, trial, later):
    name = tried()[0]["stored_as"]
    assert files.open_plain(name).read(2) == b"id"
    later(hours=25)
    with pytest.raises(FileNotFoundError):
        files.open_plain(name)
    assert tried()[0]["state"] == "gone"
    assert "Nobody came back to it for a day, so we removed the file." in buyer.get(trial).words


def test_thrown_away_while_it_runs_keeps_nothing(buyer, trial, run_jobs):
    buyer.post(f"{trial}/run", **choices(buyer.get(trial)))
    name = tried()[0]["stored_as"]
    assert "Thrown away" in buyer.follow(buyer.post(f"{trial}/removal")).words
    run_jobs()
    (row,) = tried()
    assert (row["state"], row["result"], row["stored_as"]) == ("gone", None, None)
    with pytest.raises(FileNotFoundError):
        files.open_plain(name)


def test_a_worker_that_died_before_the_file_was_removed_is_followed_by_the_clock(buyer, trial, run_jobs, later):
    row = tried()[0]
    with transaction():
        session().execute(
            text("UPDATE conversion_trials SET state = 'gone', finished_at = now(), columns = NULL, fingerprint = NULL")
        )
    later(minutes=11)
    assert tried()[0]["stored_as"] is None
    with pytest.raises(FileNotFoundError):
        files.open_plain(row["stored_as"])


def test_a_file_that_cannot_be_removed_keeps_no_other(app, buyer, run_jobs, later):
    for count in (60, 70):
        send(buyer, export(rows(count)))
    run_jobs()
    stuck, other = (row["stored_as"] for row in tried())
    path = Path(app.extensions["settings"].files_url.removeprefix("file://")) / stuck
    path.unlink()
    (path / "a folder where a file should be").mkdir(parents=True)
    with pytest.raises(ValueError, match="directory"):
        later(hours=25)
    with pytest.raises(FileNotFoundError):
        files.open_plain(other)
    assert [row["stored_as"] for row in tried()] == [stuck, None]


def test_a_file_that_arrives_after_it_was_thrown_away_does_not_stay(visit, run_jobs):
    person = make_person("buyer")
    buyer = visit(person)
    with transaction():
        row = trials.begin(person.who, file_name="crm.csv")
        trial_id, name = row.id, str(row.stored_as)
    buyer.post(f"/score-trials/{trial_id}/removal")
    run_jobs()
    with pytest.raises(trials.WrongTrialState):
        trials.take_in(person.who, trial_id, io.BytesIO(export(rows(60))), most=1 << 20)
    with pytest.raises(FileNotFoundError):
        files.open_plain(name)


def test_a_file_of_which_nobody_knows_whether_it_arrived_stays_known_for_a_day(visit, run_jobs, later):
    person = make_person("buyer")
    buyer = visit(person)
    with transaction():
        row = trials.begin(person.who, file_name="crm.csv")
        trial_id, name = row.id, str(row.stored_as)
    buyer.post(f"/score-trials/{trial_id}/removal")
    run_jobs()
    imports.store(io.BytesIO(export(rows(60))), most=1 << 20, name=name)  # and the process dies
    later(hours=25)
    with pytest.raises(FileNotFoundError):
        files.open_plain(name)
    assert tried()[0]["stored_as"] is None


def changed(**values):
    with transaction():
        for name, value in values.items():
            session().execute(text(f"UPDATE conversion_trials SET {name} = :value"), {"value": value})


def test_more_cells_than_a_worker_can_hold_are_refused_in_words(buyer, trial):
    changed(rows=750_000)
    form = {**choices(buyer.get(trial)), "column": ["4", "5", "7"]}
    page = buyer.post(f"{trial}/run", **form)
    assert (page.status, tried()[0]["state"]) == (422, "waiting")
    assert "750,000 rows with 3 columns are too much at once. Tick at most 2, or send fewer rows." in page.words
    buyer.post(f"{trial}/run", **{**form, "column": ["4", "5"]})
    assert tried()[0]["state"] == "running"


def test_one_runs_after_the_other(buyer, run_jobs):
    addresses = [send(buyer, export(rows(count))).location for count in (60, 70)]
    run_jobs()
    for address in addresses:
        buyer.post(f"{address}/run", **choices(buyer.get(address)))
    with transaction():
        events.drain()
    queued = text("SELECT lock FROM procrastinate_jobs WHERE task_name = 'trials.run'")
    assert session().execute(queued).scalars().all() == ["trials.run"] * 2


def test_what_killed_its_worker_again_and_again_is_too_large_for_now(buyer, trial, run_jobs):
    buyer.post(f"{trial}/run", **choices(buyer.get(trial)))
    changed(attempts=3)
    run_jobs()
    assert "too large for us for now" in buyer.get(trial).words
    assert (tried()[0]["state"], tried()[0]["stored_as"]) == ("failed", None)


def test_what_breaks_each_time_ends(buyer, trial):
    buyer.post(f"{trial}/run", **choices(buyer.get(trial)))
    with transaction():
        odd = "UPDATE conversion_trials SET columns = jsonb_set(columns, '{layout,encoding}', '\"none such\"')"
        session().execute(text(odd))
    trial_id = tried()[0]["id"]
    for _attempt in range(2):
        with pytest.raises(LookupError):
            running.run(trial_id)
    running.run(trial_id)
    assert tried()[0]["state"] == "failed"
    assert "We could not run it." in buyer.get(trial).words


def test_runs_of_one_organisation_leave_the_lane_to_others(buyer, trial):
    form = choices(buyer.get(trial))
    with transaction():
        for _run in range(20):
            limits.spend(limits.Limit("trial_runs", 20, 3600), str(tried()[0]["org_id"]))
    page = buyer.post(f"{trial}/run", **{**form, "column": ["5"]})
    assert (page.status, 0 < int(page.headers["Retry-After"]) <= 3600) == (429, True)
    assert "Too many attempts" in page.words
    assert choices(page) == {**form, "column": ["5"]}
    assert tried()[0]["state"] == "waiting"


def test_a_form_that_is_refused_is_no_run(buyer, trial):
    for _form in range(20):
        assert buyer.post(f"{trial}/run", bought="99:0").status == 422
    assert buyer.post(f"{trial}/run", **choices(buyer.get(trial))).location == trial
    for _again in range(20):
        assert buyer.post(f"{trial}/run").status == 303  # it runs already
    assert tried()[0]["state"] == "running"


def test_things_and_what_people_have_are_no_persons_and_can_be_the_outcome(buyer, run_jobs):
    header = b"Campaign Name,Contact Type,Visits,Customer Status\r\n"
    course = {"referral": "Data Science", "search": "Web Design", "social": "Art History"}
    cells = [[course[row[4]], "New Business", row[5], f"Closed {row[8]}"] for row in rows()]
    sent = send(buyer, header + "\r\n".join(",".join(row) for row in cells).encode())
    run_jobs()
    page = buyer.get(sent.location)
    assert "never used" not in page.words
    assert "Closed Won (" in page.words
    assert re.findall(r'name="column" value="(\d+)"', page.text) == ["0", "1", "2", "3"]
