"""Everything that changes programmes, calls, forms and applications: one function an act."""

from functools import partial

from khaneh.domains.policies import services as policies
from khaneh.domains.programmes.rules.forms import LARGEST_FILE
from khaneh.domains.programmes.services.answering import answer_question, ask
from khaneh.domains.programmes.services.applying import (
    begin,
    save,
    submit,
    take_new_form,
    wanting,
    withdraw,
    withdraw_organisation,
    would_be,
)
from khaneh.domains.programmes.services.closing import advance, check_conditions, sweep
from khaneh.domains.programmes.services.forming import publish_form, save_form
from khaneh.domains.programmes.services.inviting import send_invitation
from khaneh.domains.programmes.services.keeping import (
    add_call,
    add_programme,
    cancel_call,
    change_call,
    change_programme,
    decide_call,
    draft_of,
    publish_call,
)
from khaneh.domains.programmes.services.personal import erase_account, erase_member, export_member
from khaneh.domains.programmes.services.teaming import invite, join, join_by_letter, leave
from khaneh.domains.programmes.services.uploading import add_file, forget_documents, remove_file, tidy_documents

# The act and the rules that ship, put in force where nobody published others. Done after migrations.
ensure_policies = partial(policies.ensure_shipped, "khaneh.domains.programmes")

__all__ = [
    "LARGEST_FILE",
    "add_call",
    "add_file",
    "add_programme",
    "advance",
    "answer_question",
    "ask",
    "begin",
    "cancel_call",
    "change_call",
    "change_programme",
    "check_conditions",
    "decide_call",
    "draft_of",
    "ensure_policies",
    "erase_account",
    "erase_member",
    "export_member",
    "forget_documents",
    "invite",
    "join",
    "join_by_letter",
    "leave",
    "publish_call",
    "publish_form",
    "remove_file",
    "save",
    "save_form",
    "send_invitation",
    "submit",
    "sweep",
    "take_new_form",
    "tidy_documents",
    "wanting",
    "withdraw",
    "withdraw_organisation",
    "would_be",
]
