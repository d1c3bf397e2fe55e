"""The life of a version of a model, as one table."""

from collections.abc import Mapping

from marketplace.quality.scores.models import ModelState

_M = ModelState
#: what a version may become; one that was retired or passed over never comes back
MODEL_ALLOWED: Mapping[ModelState, frozenset[ModelState]] = {
    _M.CANDIDATE: frozenset({_M.SERVING}),
    _M.SERVING: frozenset({_M.RETIRED}),
    _M.RETIRED: frozenset(),
}
