"""Rows of learning, a module a subject."""

from khaneh.domains.learning.models.certificates import Certificate, SigningKey
from khaneh.domains.learning.models.courses import Course, CourseAward, CourseRequirement, Material
from khaneh.domains.learning.models.enrolments import Attendance, Enrolment, Party, Result
from khaneh.domains.learning.models.runs import Meeting, MeetingPlace, Run, RunTeacher, Teaching
from khaneh.domains.learning.models.staff import StaffRequirement

__all__ = [
    "Attendance",
    "Certificate",
    "Course",
    "CourseAward",
    "CourseRequirement",
    "Enrolment",
    "Material",
    "Meeting",
    "MeetingPlace",
    "Party",
    "Result",
    "Run",
    "RunTeacher",
    "SigningKey",
    "StaffRequirement",
    "Teaching",
]
