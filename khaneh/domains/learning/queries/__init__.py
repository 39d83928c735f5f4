"""Everything that reads learning, as frozen rows. Each function says how many statements it costs, whatever the number of rows."""

from khaneh.domains.learning.queries.busy import busy
from khaneh.domains.learning.queries.certificates import (
    badge,
    badge_achievement,
    badge_issuer,
    badge_key,
    certificate,
    certificates_of,
    certificates_of_run,
    check,
)
from khaneh.domains.learning.queries.clashes import clashes
from khaneh.domains.learning.queries.courses import (
    course,
    course_ids_of_house,
    courses,
    courses_by_ids,
    held_in,
    material,
    materials,
    next_runs,
    next_runs_awarding,
    public_course_ids,
    rooms_instead,
    run,
    runs_by_ids,
    runs_of,
    runs_taught_by,
)
from khaneh.domains.learning.queries.enrolments import (
    enrolment,
    enrolments_of,
    finished,
    party,
    requests_of,
    roster,
)
from khaneh.domains.learning.queries.files import material_file
from khaneh.domains.learning.queries.staff import requirements, staff_training

__all__ = [
    "badge",
    "badge_achievement",
    "badge_issuer",
    "badge_key",
    "busy",
    "certificate",
    "certificates_of",
    "certificates_of_run",
    "check",
    "clashes",
    "course",
    "course_ids_of_house",
    "courses",
    "courses_by_ids",
    "enrolment",
    "enrolments_of",
    "finished",
    "held_in",
    "material",
    "material_file",
    "materials",
    "next_runs",
    "next_runs_awarding",
    "party",
    "public_course_ids",
    "requests_of",
    "requirements",
    "rooms_instead",
    "roster",
    "run",
    "runs_by_ids",
    "runs_of",
    "runs_taught_by",
    "staff_training",
]
