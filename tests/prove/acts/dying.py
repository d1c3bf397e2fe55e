"""Any other act, in which the database's session ends just before the first COMMIT that has written money."""

from hypothesis import strategies as st

from tests.prove.scene import Scene
from tests.prove.table import ACTS, Draw, act


@act(weight=4)
def die_before_commit(scene: Scene, draw: Draw) -> None:
    """The request that it happens to finds everything as it was before, and is sent again; a job is done again."""
    names = [name for name in sorted(ACTS) if name != die_before_commit.__name__ and ACTS[name].possible(scene)]
    with scene.stage.death.called():
        ACTS[draw(st.sampled_from(names))].do(scene, draw)
