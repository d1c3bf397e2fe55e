"""The rules that an organisation accepts: versioned documents in plain words.

A change of words that changes a duty is a new version; who accepted which version stays on record.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.people.errors import OldTerms


@dataclass(frozen=True, slots=True)
class Section:
    heading: LazyText
    paragraphs: tuple[LazyText, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document in its current version."""

    key: str
    title: LazyText
    version: str
    sections: tuple[Section, ...]


TERMS = Document(
    "terms",
    _l("Terms for agencies and buyers"),
    "2",
    (
        Section(
            _l("What is sold"),
            (
                _l(
                    "A lead is the interest of a person in a product, with a name and at least one way to reach that "
                    "person. An agency offers leads in a listing; the listing states the trade, the price, to how "
                    "many buyers a lead may be sold, and how long a buyer may dispute it."
                ),
                _l(
                    "Before the purchase a buyer sees what was checked and what was not, and nothing that identifies "
                    "the person. What we could not check is shown as unknown, never as passed. With the purchase the "
                    "buyer gets the contact data for its own sales, and not the right to sell them on."
                ),
                _l(
                    "The terms of the listing as they stand at the moment of purchase are frozen on the order. Later "
                    "changes of price, fee or rules do not touch it."
                ),
            ),
        ),
        Section(
            _l("How money moves"),
            (
                _l(
                    "Everything is bought from the wallet of the buyer. The price of a lead is held by Fairlead from "
                    "the purchase until the dispute window of the order has closed. The window is printed on the "
                    "listing and on the order: 7 days unless the listing says otherwise, never fewer than 3 nor more "
                    "than 14."
                ),
                _l(
                    "When the window closes without an open dispute, the price goes to the agency, less the fee and "
                    "the reserve that stand on the order. Money in a wallet that was not spent does not expire and "
                    "can go back to the card it came from."
                ),
                _l(
                    "Every balance can be explained entry by entry, and every entry can be seen by the side it "
                    "concerns."
                ),
            ),
        ),
        Section(
            _l("When a lead is not payable"),
            (
                _l(
                    "A pseudo-lead is not payable: wrong contact data, a program instead of a person, somebody paid "
                    "to fill in forms, a competitor or an auditor, a prank, a person who never asked. Nor is a lead "
                    "without consent, one that the same agency had sold before within 90 days, or one outside the "
                    "stated terms."
                ),
                _l(
                    "That a real person decides not to buy is the risk of the buyer and no reason for a dispute. "
                    "Where proof is needed the dispute form says which."
                ),
                _l(
                    "The agency has 72 hours to answer a dispute; silence counts as agreement. Staff who have no part"
                    " in the deal decide where the facts do not decide by themselves, and every rule and fact they "
                    "used is shown. Each side may appeal once within 72 hours; somebody else decides the appeal."
                ),
            ),
        ),
        Section(
            _l("If you sell leads"),
            (
                _l(
                    "You offer only leads that you got lawfully, with the consent of the person to be contacted about"
                    " this kind of product, and you keep the proof. You state where each lead came from and what, if "
                    "anything, was promised for filling in the form."
                ),
                _l(
                    "A lead sold as exclusive is sold once, here and elsewhere. You do not buy your own leads, "
                    "neither yourself nor through somebody else. A proven batch of paid fillers voids the whole "
                    "batch."
                ),
                _l(
                    "You agree that Fairlead makes out the invoices for what you sell here, in your name and once a "
                    "month (self-billing), and you make out none of your own for the same sales. You find them with "
                    "your documents. If one is wrong, write to us: it is set right by a credit note. Keep your "
                    "details up to date, and tell us at once when your VAT number changes or ends."
                ),
            ),
        ),
        Section(
            _l("If you buy leads"),
            (
                _l(
                    "You contact a person about what they asked for, at decent hours, and you stop when they ask you "
                    "to. You report outcomes and, where a lead is paid per sale, every sale, truthfully and in time."
                ),
                _l(
                    "Until we have checked your organisation you may buy a few leads a day, and none in sensitive "
                    "trades."
                ),
            ),
        ),
        Section(
            _l("When rules are broken"),
            (
                _l(
                    "We may pause listings, purchases or payouts while we look into a well-founded suspicion, and we "
                    "say why. You can answer, and what was yours stays yours: money is moved only by the rules above."
                ),
            ),
        ),
    ),
)

DATA_PROCESSING = Document(
    "data_processing",
    _l("Data-processing terms"),
    "1",
    (
        Section(
            _l("Who answers for the data"),
            (
                _l(
                    "The agency answers for collecting the data and for the consent. From the moment of purchase the "
                    "buyer answers for its own use of the data as a controller of its own. Fairlead stores the data, "
                    "encrypted, checks them and hands them over, and writes down each time that they are read."
                ),
            ),
        ),
        Section(
            _l("Duties of the buyer"),
            (
                _l(
                    "Use the data only to contact the person about the product they asked for. Do not sell, rent or "
                    "show them to anybody else, and do not build lists for other purposes from them."
                ),
                _l(
                    "Let only those people in your organisation read them who need to. Keep them safe, delete them "
                    "when the purpose has ended, and at once when the person or we tell you that consent was "
                    "withdrawn."
                ),
                _l(
                    "Answer the person who asks what you hold and where it came from. Tell us within 24 hours when "
                    "data from here have been lost or seen by somebody who should not have seen them."
                ),
            ),
        ),
        Section(
            _l("Duties of the agency"),
            (
                _l(
                    "Tell each person, before they send a form, who may get their data and for what. Keep the text, "
                    "the time and the page of each consent, and give them to us when somebody asks for the proof."
                ),
                _l("Pass on to us at once when a person withdraws consent; we tell every buyer who holds the data."),
            ),
        ),
        Section(
            _l("Rights of the person"),
            (
                _l(
                    "The person in a lead may ask here who holds their data, withdraw consent, have the data erased, "
                    "or say that it was not them. We act on it and both sides follow."
                ),
            ),
        ),
    ),
)

DOCUMENTS: Mapping[str, Document] = {document.key: document for document in (TERMS, DATA_PROCESSING)}


def current() -> dict[str, str]:
    """The version of each document that is in force: {key: version}."""
    return {key: document.version for key, document in DOCUMENTS.items()}


def require_current(accepted: Mapping[str, str]) -> None:
    """Check that the current version of every document was accepted. accepted: {key: version}.

    Raises:
        OldTerms: another version was read, or a document is missing.
    """
    if dict(accepted) != current():
        raise OldTerms
