"""Commands about people: users, organisations, API keys."""

from uuid import UUID

import click

from marketplace.cli.application import application, who
from marketplace.kit.db import transaction
from marketplace.people import actions


@click.group()
def user() -> None:
    """People who sign in."""


@click.group(name="org")
def org() -> None:
    """Organisations: agencies, buyers, staff."""


@click.group(name="api-key")
def api_key() -> None:
    """Keys for scripts."""


@user.command()
@click.option("--email", required=True)
@click.option("--name", required=True, help="The person's name.")
@click.option("--org", "org_name", required=True, help="The name of a new organisation.")
@click.option("--kind", type=click.Choice(["agency", "buyer", "staff"]), required=True)
@click.option("--country", default="US", show_default=True)
@click.password_option(help="Asked for when not given.")
def create(email: str, name: str, org_name: str, kind: str, country: str, password: str) -> None:
    """Make a person with a confirmed address, the owner of a new organisation."""
    with application(), transaction():
        org_id = actions.open_organisation(kind, org_name, country).id
        actions.create_user(email=email.strip().lower(), name=name, password=password, org_id=org_id, role="owner")
    click.echo(f"{email} can sign in. Organisation {org_id}.")


@user.command(name="second-factor-off")
@click.option("--email", required=True, help="The address of the person who has lost app and recovery codes.")
@click.option("--by", required=True, help="The address of the staff member who found out who asks.")
def second_factor_off(email: str, by: str) -> None:
    """Let somebody sign in by the password alone again; a letter tells them."""
    with application(), transaction():
        actions.turn_off_for(who(by), email.strip().lower())
    click.echo(f"The second factor of {email} is off.")


@org.command()
@click.argument("org_id", type=click.UUID)
@click.option("--by", "email", required=True, help="The address of the staff member who checked it.")
def verify(org_id: UUID, email: str) -> None:
    """Mark an organisation as checked by staff."""
    with application(), transaction():
        found = actions.verify_organisation(who(email), org_id)
    click.echo(f"{found.name} is verified.")


@api_key.command(name="create")
@click.option("--email", required=True)
@click.option("--name", default="made by command", show_default=True)
@click.option("--scopes", default="", help="Comma separated; all of the person's own when empty.")
def create_key(email: str, name: str, scopes: str) -> None:
    """Make a key and print it once."""
    with application(), transaction():
        maker = who(email)
        wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()] or sorted(maker.powers)
        _, secret = actions.create_api_key(maker, name, wanted)
    click.echo(secret)
