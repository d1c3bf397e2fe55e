"""The verbs of people."""

from marketplace.people.actions.grades import end_by_hand, follow_record, grade_organisation, set_grade
from marketplace.people.actions.keys import create_api_key, revoke_api_key, throttle_access
from marketplace.people.actions.members import change_role, leave, remove
from marketplace.people.actions.organisations import (
    accept_terms,
    create_user,
    describe_organisation,
    open_organisation,
    verify_organisation,
)
from marketplace.people.actions.passwords import change_password, reset_password, start_password_reset
from marketplace.people.actions.second_factor import (
    SetUp,
    begin_set_up,
    make_recovery_codes,
    set_up_of,
    turn_off,
    turn_off_for,
    turn_on,
)
from marketplace.people.actions.sign_in import (
    HalfWay,
    finish_sign_in,
    sign_in,
    switch,
    throttle_code,
    throttle_letters,
    throttle_own_code,
    throttle_password_change,
    throttle_sign_in,
)
from marketplace.people.actions.sign_ins import (
    forget_sign_ins,
    mark_seen,
    open_sign_in,
    sign_out,
    sign_out_elsewhere,
    sign_out_of,
)
from marketplace.people.actions.sign_up import confirm_email, send_confirmation_again, sign_up
from marketplace.people.actions.team import invite, join, join_as, withdraw_invitation

__all__ = [
    "HalfWay",
    "SetUp",
    "accept_terms",
    "begin_set_up",
    "change_password",
    "change_role",
    "confirm_email",
    "create_api_key",
    "create_user",
    "describe_organisation",
    "end_by_hand",
    "finish_sign_in",
    "follow_record",
    "forget_sign_ins",
    "grade_organisation",
    "invite",
    "join",
    "join_as",
    "leave",
    "make_recovery_codes",
    "mark_seen",
    "open_organisation",
    "open_sign_in",
    "remove",
    "reset_password",
    "revoke_api_key",
    "send_confirmation_again",
    "set_grade",
    "set_up_of",
    "sign_in",
    "sign_out",
    "sign_out_elsewhere",
    "sign_out_of",
    "sign_up",
    "start_password_reset",
    "switch",
    "throttle_access",
    "throttle_code",
    "throttle_letters",
    "throttle_own_code",
    "throttle_password_change",
    "throttle_sign_in",
    "turn_off",
    "turn_off_for",
    "turn_on",
    "verify_organisation",
    "withdraw_invitation",
]
