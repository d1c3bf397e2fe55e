"""One way of buying, and what was seen of it: rates, latencies, whose processor time a purchase takes."""

import statistics
from dataclasses import dataclass, field

from marketplace.bench.crew import Crew, Slice
from marketplace.bench.processor import spent_below

BARE, HTTP = "sql", "http"


@dataclass(frozen=True, slots=True)
class Payers:
    """Whose processor time is counted: the web server's and the database server's first processes."""

    web: int
    database: int

    def spent(self) -> tuple[float, float]:
        """Seconds so far, of web and database."""
        return spent_below(self.web), spent_below(self.database)


@dataclass
class Course:
    """Bare SQL or HTTP, by so many clients, paid from so many wallets; with the slices that it has had so far."""

    kind: str
    clients: int
    wallets: int
    crew: Crew
    slices: list[Slice] = field(default_factory=list)
    web_s: float = 0.0
    database_s: float = 0.0

    def run(self, seconds: float, payers: Payers) -> None:
        """One slice more. Raises ClientFailed."""
        web, database = payers.spent()
        self.slices.append(self.crew.work(seconds))
        web_now, database_now = payers.spent()
        self.web_s += web_now - web
        self.database_s += database_now - database

    def forget(self) -> None:
        """What was seen so far was for warming up."""
        self.slices.clear()
        self.web_s = self.database_s = 0.0

    @property
    def per_s(self) -> float:
        """Purchases a second, the median of the slices."""
        return statistics.median(each.per_s for each in self.slices)

    @property
    def bought(self) -> int:
        return sum(len(each.latencies) for each in self.slices)

    def ms(self, percent: int) -> float:
        """That percentile of all latencies, in milliseconds."""
        found = sorted(latency for each in self.slices for latency in each.latencies)
        return found[min(len(found) - 1, len(found) * percent // 100)] * 1_000 if found else 0.0

    @property
    def web_us(self) -> float:
        return self._each(self.web_s)

    @property
    def database_us(self) -> float:
        return self._each(self.database_s)

    @property
    def client_us(self) -> float:
        """What the clients themselves take: psycopg, or the generator of the load."""
        return self._each(sum(each.client_cpu_s for each in self.slices))

    def told(self) -> str:
        """A line for people; processor time in microseconds a purchase."""
        return (
            f"{self.wallets:3} wallet{'s' if self.wallets > 1 else ' '} {self.kind:4} {self.clients:2} clients"
            f" {self.per_s:8.1f}/s   p50 {self.ms(50):6.2f}   p99 {self.ms(99):6.2f} ms   processor:"
            f" web {self.web_us:5.0f}   database {self.database_us:5.0f}   client {self.client_us:4.0f} us"
        )

    def _each(self, seconds: float) -> float:
        return seconds / max(1, self.bought) * 1_000_000


def ratio(http: Course, bare: Course) -> float:
    """HTTP against bare SQL, the median over the rounds: the two slices of a round lie a moment apart."""
    return statistics.median(
        one.per_s / max(other.per_s, 1e-9) for one, other in zip(http.slices, bare.slices, strict=True)
    )
