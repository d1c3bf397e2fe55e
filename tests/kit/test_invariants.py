from marketplace.kit.invariants import Invariant, run


def test_a_check_that_cannot_run_does_not_hold_and_silences_no_other(app):
    queries = {
        "X1": "SELECT 1 AS id WHERE false",
        "X2": "SELECT 1 / 0 AS id",
        "X3": "SELECT id FROM no_such_table",
        "X4": "SELECT 7 AS id",
    }
    findings = run(Invariant(code, "Whatever it says", query) for code, query in queries.items())
    assert {each.code: each.rows for each in findings} == {
        "X1": [],
        "X2": [{"cannot_be_checked": "22012"}],
        "X3": [{"cannot_be_checked": "42P01"}],
        "X4": [{"id": "7"}],
    }
