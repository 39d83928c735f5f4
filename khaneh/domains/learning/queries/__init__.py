"""Everything that reads learning, as frozen rows. Each function says how many statements it costs, whatever the number of rows."""

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
from khaneh.domains.learning.queries.courses import (
    course,
    courses,
    courses_by_ids,
    material,
    materials,
    next_runs_awarding,
    public_course_ids,
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
from khaneh.domains.learning.queries.staff import requirements, staff_training

__all__ = [
    "badge",
    "badge_achievement",
    "badge_issuer",
    "badge_key",
    "certificate",
    "certificates_of",
    "certificates_of_run",
    "check",
    "course",
    "courses",
    "courses_by_ids",
    "enrolment",
    "enrolments_of",
    "finished",
    "material",
    "materials",
    "next_runs_awarding",
    "party",
    "public_course_ids",
    "requests_of",
    "requirements",
    "roster",
    "run",
    "runs_by_ids",
    "runs_of",
    "runs_taught_by",
    "staff_training",
]
