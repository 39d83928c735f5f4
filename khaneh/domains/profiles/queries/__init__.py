"""Everything that reads sign-ups, profiles, the catalogue, mentors and competence."""

from khaneh.domains.profiles.queries.catalogue import (
    PAGE,
    catalogue,
)
from khaneh.domains.profiles.queries.competence import (
    competence,
)
from khaneh.domains.profiles.queries.fitting import (
    every_mentor_tells,
    fits,
    mentors_tell,
    told,
)
from khaneh.domains.profiles.queries.imports import (
    company_import,
    company_imports,
    first_unsure,
    import_line,
    import_lines,
    import_of_line,
    next_unsure,
    require_import_of,
)
from khaneh.domains.profiles.queries.mentors import (
    mentor,
    mentor_ids,
    mentor_of,
    mentors,
    mentors_by_accounts,
    mentors_by_ids,
)
from khaneh.domains.profiles.queries.profiles import (
    asked_to_show,
    is_published,
    own_profiles,
    picture,
    product_row,
    profile,
    profiles_by_ids,
    published_ids,
)
from khaneh.domains.profiles.queries.signups import (
    decided_lately,
    document,
    open_signups,
    signup,
    signups_of,
    waiting,
)

__all__ = [
    "PAGE",
    "asked_to_show",
    "catalogue",
    "company_import",
    "company_imports",
    "competence",
    "decided_lately",
    "document",
    "every_mentor_tells",
    "first_unsure",
    "fits",
    "import_line",
    "import_lines",
    "import_of_line",
    "is_published",
    "mentor",
    "mentor_ids",
    "mentor_of",
    "mentors",
    "mentors_by_accounts",
    "mentors_by_ids",
    "mentors_tell",
    "next_unsure",
    "open_signups",
    "own_profiles",
    "picture",
    "product_row",
    "profile",
    "profiles_by_ids",
    "published_ids",
    "require_import_of",
    "signup",
    "signups_of",
    "told",
    "waiting",
]
