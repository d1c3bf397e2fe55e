"""The few solvers that learning needs, all by others. Loaded on first use: the web process never needs them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from threadpoolctl import ThreadpoolController

_FREE = 1e6  # so large an inverse penalty is none


@dataclass
class Sparse:
    """A matrix of few numbers, row after row.

    Attributes:
        width: the number of columns.
        columns, values: what stands where, of all rows.
        ends: where each row ends in them, with a 0 in front.
    """

    width: int
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])

    def end_row(self) -> None:
        self.ends.append(len(self.columns))


def ridge_logistic(
    matrix: Sparse, outcomes: Sequence[int], weights: Sequence[float] | None = None, *, c: float = 1.0
) -> tuple[list[float], float]:
    """Coefficients and intercept of a logistic regression; the intercept is not pulled to zero.

    outcomes: 0 or 1, both present. weights: one a row. c: the inverse of the penalty.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    shape = (len(outcomes), matrix.width)
    found = csr_matrix((matrix.values, matrix.columns, matrix.ends), shape=shape)
    model = LogisticRegression(C=c, max_iter=2000, tol=1e-5)
    with _threads().limit(limits=1, user_api="blas"):
        model.fit(found, list(outcomes), sample_weight=None if weights is None else list(weights))
    return [float(w) for w in model.coef_[0]], float(model.intercept_[0])


@cache
def _threads() -> ThreadpoolController:
    """Of the linear algebra. On matrices so small they only wait for each other, at the price of whole cores."""
    return ThreadpoolController()


def straight_line(
    logits: Sequence[float], outcomes: Sequence[int], weights: Sequence[float] | None = None
) -> tuple[float, float]:
    """Slope and intercept of the outcome's log-odds over `logits`: 1 and 0 when they are right."""
    matrix = Sparse(1, [0] * len(logits), list(logits), list(range(len(logits) + 1)))
    (slope,), intercept = ridge_logistic(matrix, outcomes, weights, c=_FREE)
    return slope, intercept


def isotonic(
    logits: Sequence[float], outcomes: Sequence[int], weights: Sequence[float] | None = None
) -> tuple[list[float], list[float]]:
    """The best never-falling steps from logits to probabilities, as the corners between which to go straight."""
    from sklearn.isotonic import IsotonicRegression

    steps = IsotonicRegression(out_of_bounds="clip").fit(
        list(logits), list(outcomes), sample_weight=None if weights is None else list(weights)
    )
    return [float(x) for x in steps.X_thresholds_], [float(y) for y in steps.y_thresholds_]


def gamma_quantile(share: float, shape: float, rate: float) -> float:
    """The value below which this share (0..1) of a Gamma(shape, rate) lies."""
    from scipy.special import gammaincinv

    return float(gammaincinv(shape, share)) / rate
