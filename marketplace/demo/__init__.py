"""The whole product on one machine: database, web, worker and a stand-in for Stripe, with a world to look at."""

from marketplace.demo.run import run_demo, run_emulator
from marketplace.demo.settings import settings_of

__all__ = ["run_demo", "run_emulator", "settings_of"]
