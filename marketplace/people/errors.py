"""How this part says no."""

from marketplace.kit.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, Unauthorized
from marketplace.kit.i18n import lazy_gettext as _l


class WrongPassword(Unauthorized):
    """Said alike for an unknown address and for a wrong password."""

    code = "wrong_credentials"
    sentence = _l("This address and this password do not go together.")


class WrongCode(Invalid):
    """Said alike for a code that is wrong, too old or used."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__(fields={"code": _l("This code is not right, or it was used before. Type another one.")})


class SecondFactorIsOn(Conflict):
    code = "second_factor_is_on"
    sentence = _l("Your authenticator app is set up already.")


class SecondFactorIsOff(Conflict):
    code = "second_factor_is_off"
    sentence = _l("No authenticator app is set up.")


class PasskeyRefused(Unauthorized):
    """Said alike for a passkey that is unknown, removed or does not sign what it was asked to."""

    code = "passkey_refused"
    sentence = _l("This passkey does not work here. It may have been removed.")


class PasskeyTaken(Conflict):
    code = "passkey_taken"
    sentence = _l("This passkey was added before.")


class ChallengeOver(Conflict):
    code = "challenge_over"
    sentence = _l("That took too long, or it was sent twice. Begin once more.")


class TooManyPasskeys(Conflict):
    code = "too_many_passkeys"
    sentence = _l("You have too many passkeys. Remove one before you add another.")


class UnknownKey(Unauthorized):
    code = "unknown_key"
    sentence = _l("This API key does not exist, was revoked, or its maker has left the organisation.")


class NoOrganisation(Forbidden):
    code = "no_organisation"
    sentence = _l("You are not a member of any organisation. Ask its owner for an invitation.")


class EmailNotConfirmed(Forbidden):
    code = "email_not_confirmed"
    sentence = _l("Confirm your e-mail address first. We sent you an e-mail with a link.")


class TooManyKeys(Conflict):
    code = "too_many_keys"
    sentence = _l("You have too many keys here. Revoke one before you make another.")


class TooNear(Forbidden):
    code = "too_near"
    sentence = _l("You belong or once belonged to this organisation. Someone else must decide this.")


class NotVerified(Forbidden):
    code = "not_verified"
    sentence = _l("This becomes available when we have checked your organisation.")


class OldTerms(Conflict):
    code = "old_terms"
    sentence = _l("The terms have changed in the meantime. Read the new version and accept it.")


class TokenInvalid(NotFound):
    code = "token_invalid"
    sentence = _l("This link is not one of ours, or part of it is missing. Copy the whole link from the e-mail.")


class TokenExpired(Refusal):
    code = "token_expired"
    status = 410
    sentence = _l("This link has expired. Ask for a new one.")


class TokenUsed(Refusal):
    code = "token_used"
    status = 410
    sentence = _l("This link has been used or withdrawn. Ask for a new one if you still need it.")


class OtherAddress(Forbidden):
    """A signed-in person opened an invitation that was sent to another address."""

    code = "other_address"
    sentence = _l("This invitation was sent to another address. Sign in with that address to accept it.")


class WeakPassword(Invalid):
    code = "weak_password"
    sentence = _l("Choose another password.")


class AddressTaken(Conflict):
    """Only for staff and commands: the public sign-up never says this."""

    code = "address_taken"
    sentence = _l("Someone already has this address.")


class AlreadyMember(Conflict):
    code = "already_member"
    sentence = _l("This person is already a member.")


class LastOwner(Conflict):
    code = "last_owner"
    sentence = _l("An organisation needs an owner. Make someone else an owner first.")


class AlreadyVerified(Conflict):
    code = "already_verified"
    sentence = _l("We have checked these details. Write to us to change them.")
