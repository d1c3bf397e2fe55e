"""Starting a row of programs, keeping them alive, and ending them cleanly. Knows nothing of what they do.

with only_one(data_dir, address):
    Supervisor([Database(postgres), Part("web", command)], logs=data_dir / "logs").run(when_ready=greet)
"""

from marketplace.demo.supervisor.only_one import AlreadyRunning, only_one
from marketplace.demo.supervisor.parts import Database, Part, answers
from marketplace.demo.supervisor.supervisor import PartFailed, Service, Supervisor

__all__ = ["AlreadyRunning", "Database", "Part", "PartFailed", "Service", "Supervisor", "answers", "only_one"]
