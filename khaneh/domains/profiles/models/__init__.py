"""Rows of profiles, and what PostgreSQL itself keeps of their invariants."""

from khaneh.domains.profiles.models.imports import CompanyImport, ImportLine
from khaneh.domains.profiles.models.meanings import Meaning
from khaneh.domains.profiles.models.mentors import Mentor
from khaneh.domains.profiles.models.profiles import Product, Profile, ShownPerson
from khaneh.domains.profiles.models.signups import SignUp, SignUpDecision, SignUpDocument

__all__ = [
    "CompanyImport",
    "ImportLine",
    "Meaning",
    "Mentor",
    "Product",
    "Profile",
    "ShownPerson",
    "SignUp",
    "SignUpDecision",
    "SignUpDocument",
]
