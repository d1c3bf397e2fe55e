"""The rules of the house that no linter knows, held on the code itself."""

import ast
import inspect
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from alembic import command

from marketplace import billing, reactions
from marketplace.billing import payouts
from marketplace.billing.calls import perform_by_itself
from marketplace.kit.db import transaction

pytestmark = pytest.mark.xdist_group("architecture")  # one worker reads all files, once

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "marketplace").rglob("*.py"))
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")])
FACES = ("marketplace.web", "marketplace.api", "marketplace.admin")
EMULATOR = ROOT / "marketplace/stripe_emulator"  # a program of its own

MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 40
#: longer than that, and why
LONG_FUNCTIONS = {
    "stripe_emulator/paying/sessions.py:_build": "one object of Stripe's, field by field",
}
#: the only places that may end a transaction
COMMITTERS = {"kit/db.py"}
#: who else than routes, jobs and commands opens transactions, since it must commit between its steps
STEPWISE = {
    "billing/calls/cards.py": "row, call to Stripe, row",
    "billing/calls/engine.py": "row, call to Stripe, row",
    "billing/calls/payout_accounts.py": "row, call to Stripe, row",
    "billing/calls/payout_rounds.py": "each payout for itself",
    "billing/calls/reconcile.py": "each object of Stripe's for itself",
    "billing/calls/top_ups.py": "row, call to Stripe, row",
    "billing/calls/treasury.py": "row, call to Stripe, row",
    "billing/inbox.py": "an event is kept before it is handled",
    "billing/restoring.py": "each object of Stripe's for itself",
    "insights/nightly.py": "what was checked, the check, what it found",
    "jobs/housekeeping.py": "a job",
    "leads/imports/running.py": "each chunk with its progress",
    "leads/placing.py": "some leads at a time",
    "notices/sending.py": "row, call to the mail server, row",
    "orders/invoicing/run.py": "each document for itself",
    "quality/agencies/night.py": "each agency for itself",
    "quality/trials/running.py": "each step for itself",
    "quality/trials/sending.py": "row, file, row",
}
#: imports inside functions, and why
LATE_IMPORTS = {
    "billing/documents/pdf/pen.py:__init__": "heavy; only who makes a PDF needs its fonts",
    "quality/solvers.py:ridge_logistic": "heavy; only the worker learns",
    "quality/solvers.py:isotonic": "heavy; only the worker learns",
    "quality/solvers.py:gamma_quantile": "heavy; only the worker rates",
}
#: what knows Flask: faces, edges and the few adapters
FLASK = (
    "web/",
    "api/",
    "admin/",
    "cli/",
    "demo/",
    "bench/",
    "stripe_emulator/",
    "app.py",
    "kit/db.py",
    "kit/i18n.py",
    "kit/once.py",
    "kit/own.py",
    "kit/render.py",
)
#: catches of everything: each at an edge, or it raises again
CATCHES = {
    "bench/crew.py:_serve",
    "kit/db.py:transaction",
    "kit/embedded_postgres/embedded.py:start",
    "billing/inbox.py:handle",
    "billing/inbox.py:take_in",
    "disputes/jobs.py:_try_each",
    "jobs/app.py:run",
    "jobs/worker.py:_pass_on",
    "people/ceremonies.py:_read",
    "orders/jobs.py:settle_intents",
    "quality/training/jobs.py:_learn_each",
    "quality/trials/attempts.py:tried",
    "quality/trials/running.py:forget_old",
    "stripe_emulator/webhooks/sender.py:_run",
}
#: acts of a route that open their own transactions around a call to the outside
EDGES: dict[Callable[..., Any], str] = {
    billing.open_checkout: "row, call to Stripe, row",
    perform_by_itself: "row, call to Stripe, row",
    payouts.onboarding_link: "row, call to Stripe, row",
}
#: routes that are only looked at and open a transaction, and why they may come twice or from a program that looks ahead
LOOKS = {
    "api.corrections.one": "who reads a contact is logged",
    "api.orders.one_order": "who reads a contact is logged",
    "api.reports.contact": "who reads a contact is logged",
    "disputes.show": "who reads a contact is logged",
    "listings.edit": "the advice is of one moment; nothing is written",
    "listings.new": "the advice is of one moment; nothing is written",
    "orders.show": "who reads a contact is logged",
    "payout_account.again": "Stripe leads there with a GET, for a fresh link",
    "persons.show": "tries are counted",
    # the payer pressed the button that pays and buys, and Stripe leads back with a GET: it does what webhook and
    # sweep do, once, at the price that was agreed to, and nothing before Stripe itself says that it is paid
    "wallet.paid": "where a payer comes back to",
}


def short(path: Path) -> str:
    return path.relative_to(ROOT / "marketplace").as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, without the functions inside it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
            yield from own_nodes(node)


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call by the last word of what is called."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def test_what_belongs_to_a_group_is_one_workers(request):
    """Groups are names behind those of the tests, and may get lost without a word: then each worker does all anew."""
    assert request.node.nodeid.endswith("@architecture") or not getattr(request.config.option, "loadgroup", False)


def test_only_transaction_commits_or_rolls_back():
    found = {
        short(path)
        for path in SOURCES
        if EMULATOR not in path.parents
        for name, call in calls(path)
        if name in {"commit", "rollback"} and isinstance(call.func, ast.Attribute)
    }
    assert found == COMMITTERS


def test_transactions_are_opened_at_edges():
    edges = ("web/", "api/", "admin/", "cli/", "demo/", "bench/", "stripe_emulator/", "kit/")
    found = {short(path) for path in SOURCES for name, _ in calls(path) if name == "transaction"}
    assert {path for path in found if not path.startswith(edges) and not path.endswith("jobs.py")} == set(STEPWISE)


def test_no_import_stands_inside_a_function():
    found = {
        f"{short(path)}:{function.name}"
        for path in SOURCES
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert found == set(LATE_IMPORTS)


def test_the_heavy_libraries_are_loaded_late():
    """The web process never loads them: they are imported inside functions, and in one file alone."""
    heavy = {"sklearn", "scipy", "numpy"}
    found = {
        short(path)
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        for name in imported(node)
        if name.split(".")[0] in heavy
    }
    assert found == {"quality/solvers.py"}
    heavy |= {"fpdf", "fontTools"}
    loading = f"import sys, marketplace.app, marketplace.quality; print({heavy} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.strip() == "set()"


def test_flask_is_known_to_the_faces_and_a_few_adapters():
    found = {
        short(path)
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        for name in imported(node)
        if name.split(".")[0] in {"flask", "flask_login", "flask_wtf", "flask_smorest"}
    }
    assert [path for path in found if not path.startswith(FLASK)] == []


def test_the_products_clock_is_the_only_one():
    found = {
        f"{short(path)}:{call.lineno}"
        for path in SOURCES
        for name, call in calls(path)
        if name in {"utcnow", "utcfromtimestamp", "today"} or (name == "now" and "datetime" in ast.unparse(call.func))
    }
    assert {place.split(":")[0] for place in found} <= {"kit/clock.py"}, found


def test_nothing_is_caught_wholesale_below_an_edge():
    found = {
        f"{short(path)}:{function.name}"
        for path in SOURCES
        for function in functions(path)
        for node in own_nodes(function)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    }
    assert found <= CATCHES


def test_no_helper_of_tests_is_taken_for_a_test():
    """What gives something back is asked by others; alone it asserts nothing."""
    found = {
        f"{path.relative_to(ROOT)}:{function.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for function in functions(path)
        if function.name.startswith("test_")
        and any(isinstance(node, ast.Return) and node.value for node in own_nodes(function))
    }
    assert found == set()


def test_files_are_small():
    long = {short(path): lines for path in SOURCES if (lines := len(path.read_text().splitlines())) > MOST_LINES}
    assert long == {}


def test_functions_are_small_but_for_a_handful():
    found = {
        f"{short(path)}:{function.name}"
        for path in SOURCES
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= MOST_LINES_OF_A_FUNCTION
    }
    assert found == set(LONG_FUNCTIONS)
    assert len(found) <= 5


def test_every_package_says_what_it_is():
    silent = [short(path) for path in SOURCES if path.name == "__init__.py" and not ast.get_docstring(tree_of(path))]
    assert silent == []


def test_nothing_is_left_to_do_and_every_ignored_type_has_its_reason():
    for path in SOURCES:
        text = path.read_text()
        assert not re.search(r"#.*\b(TODO|FIXME|XXX|HACK)\b", text), path
        for line in re.findall(r"# type: ignore.*", text):
            assert re.fullmatch(r"# type: ignore\[[\w, -]+\]  # \S.*", line), f"{path}: {line}"


def event_names() -> set[str]:
    """Everything that any part records, by its own name."""
    names = set()
    for path in SOURCES:
        if EMULATOR in path.parents:
            continue
        for name, call in calls(path):
            if name in {"record", "_record"}:
                texts = [node.value for arg in call.args for node in ast.walk(arg) if isinstance(node, ast.Constant)]
                names |= {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}
    for path in (ROOT / "migrations/sql").glob("*.sql"):
        for insert in re.findall(r"INSERT INTO events \(.*?\);", path.read_text(), re.DOTALL):
            names |= set(re.findall(r"'([a-z_]+\.[a-z_]+)'", insert))
    return names


def test_every_event_has_a_reaction_or_is_listed_as_silent():
    known = set(reactions.REACTIONS) | reactions.SILENT
    assert event_names() - known == set()
    assert known - event_names() == set(), "nobody records these"
    assert not set(reactions.REACTIONS) & reactions.SILENT


def routes(app, *, change):
    """Views by their endpoints: of the routes that are there to change something, or of all others."""
    changing = {"POST", "PUT", "PATCH", "DELETE"}
    return {
        rule.endpoint: inspect.unwrap(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if bool(changing & (rule.methods or set())) == change
    }


def test_every_route_that_changes_something_opens_a_transaction(app):
    found = routes(app, change=True)
    assert len(found) > 20
    assert [endpoint for endpoint, view in found.items() if not opens_one(view)] == []


def test_no_page_that_is_only_looked_at_changes_anything_but_for_a_few(app):
    found = routes(app, change=False)
    assert {endpoint for endpoint, view in found.items() if opens_one(view)} == set(LOOKS)


def opens_one(view: Callable[..., Any], depth: int = 4) -> bool:
    """Whether a function of a face, or one of a face that it calls, opens a transaction or calls a known edge."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(view)))
    known = {**view.__globals__, **inspect.getclosurevars(view).nonlocals}
    called = [resolve(node.func, known) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    if any(each is transaction or each in EDGES for each in called if isinstance(each, FunctionType)):
        return True
    ours = [each for each in called if isinstance(each, FunctionType) and each.__module__.startswith(FACES)]
    return depth > 0 and any(opens_one(each, depth - 1) for each in ours if each is not view)


def resolve(node: ast.expr, known: dict[str, Any]) -> Any:
    """What a name, or a name inside a module, stands for."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = resolve(node.value, known)
        return getattr(owner, node.attr, None) if inspect.ismodule(owner) else None
    return None


def test_the_migrations_make_what_the_models_say(app):
    command.check(app.extensions["migrate"].migrate.get_config(str(ROOT / "migrations")))


#: what stands in templates and is the same in every language
NAMES = {"Fairlead", "Authorization", "Bearer", "flk_", "https"}
SPOKEN = r'\s(?:aria-label|placeholder|title|alt)="([^"]*)"'
BLOCKS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
#: code, keys, tags; then attributes and names of classes that a macro or a block gives to a tag elsewhere
MARKUP = re.compile(r"""<(script|style|kbd)\b.*?</\1>|<("[^"]*"|'[^']*'|[^>"'])*>""", re.DOTALL)
LOOSE = re.compile(r"""[\w:-]+=("[^"]*"|'[^']*')|\b[a-z]+(-[a-z]+)+\b""")


def test_every_word_of_a_template_can_be_translated():
    loose = {path.relative_to(ROOT).as_posix(): words for path in TEMPLATES if (words := words_of(path) - NAMES)}
    assert loose == {}


def words_of(path: Path) -> set[str]:
    """What stands in a template and goes through no translation."""
    text = BLOCKS.sub(" ", path.read_text())
    said = [LOOSE.sub(" ", MARKUP.sub(" ", text)), *re.findall(SPOKEN, text)]
    return set(re.findall(r"(?<![&#])\b[^\W\d_][\w]+\b", " ".join(said)))
