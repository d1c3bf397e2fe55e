"""The command that imports a file: the same path as the page's upload, with a progress bar."""

from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import select

from marketplace import leads
from marketplace.catalog import Listing
from marketplace.cli.application import application
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import NotFound
from marketplace.leads import Import, ImportState, imports
from marketplace.people import Membership, User, Who, queries

_MOST = 4 << 30


@click.command(name="import")
@click.argument("listing_id", metavar="LISTING", type=click.UUID)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "layout", type=click.Choice(["auto"]), default="auto", show_default=True)
@click.option("--consent", "text", default="", help="The text that everybody without a consent of their own agreed to.")
def import_file(listing_id: UUID, file: Path, layout: str, text: str) -> None:
    """Import FILE into LISTING as its agency's owner; the columns are matched automatically."""
    del layout  # the only one so far
    with application():
        with transaction():
            who = _owner_of(listing_id)
        with file.open("rb") as stream:
            stored = imports.store(stream, most=_MOST)
        consent = {"text": text, "method": "declared"} if text else None
        with transaction():
            row = imports.create(who, listing_id, stored, file_name=file.name, consent=consent)
        _run(who, row.id)


def _run(who: Who, import_id: UUID) -> None:
    with transaction():
        imports.guess(import_id)
    with transaction():
        row = leads.import_for(who, import_id)
        if row.state == ImportState.WAITING:
            imports.start(who, import_id, {})
        total = row.rows or 0
    with click.progressbar(length=total, label=row.file_name) as bar:
        imports.run(import_id, told=bar.update)
    with transaction():
        done: Import = leads.import_for(who, import_id)
    click.echo(f"{done.state}: {done.accepted} accepted, {done.rejected} rejected of {done.done}. {done.failure or ''}")


def _owner_of(listing_id: UUID) -> Who:
    owner = (
        select(User.email, Membership.org_id)
        .join(Membership, Membership.user_id == User.id)
        .join(Listing, Listing.agency_id == Membership.org_id)
        .where(Listing.id == listing_id, Membership.role == "owner")
        .order_by(Membership.created_at)
        .limit(1)
    )
    found = session().execute(owner).first()
    if found is None:
        raise NotFound
    return queries.who_of_address(found.email, org_id=found.org_id)
