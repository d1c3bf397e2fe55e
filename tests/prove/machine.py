"""The state machine: at each step one possible act of the table happens; then the books are compared."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from marketplace.kit.db import session
from tests.prove import acts  # noqa: F401  # fills the table
from tests.prove.scene import Scene
from tests.prove.stage import Stage
from tests.prove.table import ACTS


class Seen:
    """What a whole run has come to."""

    def __init__(self) -> None:
        self.steps = 0
        self.kinds: set[str] = set()
        self.acts = dict.fromkeys(ACTS, 0)


def machine_on(stage: Stage, seen: Seen, *, check_every: int = 25) -> type[RuleBasedStateMachine]:
    """A machine whose lives are played on this stage. Each act is as likely as its weight among those possible."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.scene = Scene(stage)
            self.steps, self.is_well = 0, True

        @initialize(order=st.permutations(sorted(ACTS)))
        def begin(self, order: list[str]) -> None:
            """Hypothesis likes what comes first: that is something else in each life."""
            self.order = order

        @rule(data=st.data())
        def step(self, data: st.DataObject) -> None:
            names = [name for name in self.order if ACTS[name].possible(self.scene)]
            possible = [name for name in names for _ in range(ACTS[name].weight)]
            self.is_well = False
            name = data.draw(st.sampled_from(possible))
            ACTS[name].do(self.scene, data.draw)
            self.steps += 1
            seen.steps += 1
            seen.acts[name] += 1

        @invariant()
        def the_books_agree(self) -> None:
            self.scene.compare()
            if self.steps % check_every == 0:
                self.scene.check()
            self.is_well = True

        def teardown(self) -> None:
            if not self.is_well:
                return
            self.scene.check()
            self.scene.look_at_pages()
            seen.kinds |= set(session().scalars(text("SELECT DISTINCT kind FROM ledger_entries")))
            session().rollback()

    return Machine
