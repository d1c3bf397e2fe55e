"""The commands that run the product's own models on a labelled file that anybody brings."""

import click

from marketplace.cli.evaluate.contacts import contacts
from marketplace.cli.evaluate.conversion import conversion
from marketplace.cli.evaluate.disputes import disputes
from marketplace.cli.evaluate.duplicates import duplicates
from marketplace.cli.evaluate.rating import rating
from marketplace.cli.evaluate.under_reporting import under_reporting


@click.group()
def evaluate() -> None:
    """Run the product's own models on a labelled file of yours; with --json the last line is one JSON object."""


for command in (conversion, duplicates, contacts, rating, disputes, under_reporting):
    evaluate.add_command(command)
