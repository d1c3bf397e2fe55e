"""How fast leads are bought over HTTP, against the same SQL called by bare psycopg, in one run and interleaved."""

from marketplace.bench.purchase.measuring import purchase

__all__ = ["purchase"]
