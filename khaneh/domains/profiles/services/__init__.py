"""Everything that changes sign-ups, profiles, mentors and tables of companies: one function an act."""

from khaneh.domains.profiles.services.importing import begin_import, judge_line, resume_imports, run_import
from khaneh.domains.profiles.services.mentoring import (
    publish_mentor,
    save_mentor,
)
from khaneh.domains.profiles.services.personal import (
    erase_account,
    erase_member,
    export_member,
)
from khaneh.domains.profiles.services.profiles import (
    change_profile,
    come_back,
    hide,
    open_profile,
    publish,
    withdraw,
)
from khaneh.domains.profiles.services.reading import read_competence
from khaneh.domains.profiles.services.refreshing import (
    refresh,
)
from khaneh.domains.profiles.services.showcase import (
    LARGEST_PICTURE,
    MOST_PEOPLE,
    MOST_PRODUCTS,
    answer_ask,
    ask_person,
    remove_person,
    remove_product,
    save_product,
)
from khaneh.domains.profiles.services.signing_up import (
    MOST_OPEN,
    add_document,
    begin_signup,
    change_signup,
    remove_document,
    submit,
    withdraw_signup,
)
from khaneh.domains.profiles.services.verifying import (
    decide,
)

__all__ = [
    "LARGEST_PICTURE",
    "MOST_OPEN",
    "MOST_PEOPLE",
    "MOST_PRODUCTS",
    "add_document",
    "answer_ask",
    "ask_person",
    "begin_import",
    "begin_signup",
    "change_profile",
    "change_signup",
    "come_back",
    "decide",
    "erase_account",
    "erase_member",
    "export_member",
    "hide",
    "judge_line",
    "open_profile",
    "publish",
    "publish_mentor",
    "read_competence",
    "refresh",
    "remove_document",
    "remove_person",
    "remove_product",
    "resume_imports",
    "run_import",
    "save_mentor",
    "save_product",
    "submit",
    "withdraw",
    "withdraw_signup",
]
