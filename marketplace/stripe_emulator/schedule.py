"""What happens by itself when the clock reaches its time: money settles, sessions expire."""

from marketplace.stripe_emulator.world import World


def run_due(world: World) -> int:
    """Do everything whose time has come, each at its own moment and in its own transaction; how many comes back."""
    done = 0
    while _run_one(world):
        done += 1
    return done


def _run_one(world: World) -> bool:
    now = world.timestamp()
    with world.store.transaction() as rows:
        found = rows.rows("SELECT id, at, action, object_id FROM due WHERE at <= ? ORDER BY at, id LIMIT 1", now)
    if not found:
        return False
    due = found[0]
    with world.work(at=due["at"]) as work:
        if work.rows.run("DELETE FROM due WHERE id = ?", due["id"]):
            owner = work.rows.owner_of(due["object_id"]) or ""
            world.actions[due["action"]](work.within(owner), due["object_id"])
    return True
