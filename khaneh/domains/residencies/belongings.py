"""What of residencies somebody may have, for the menu of their account."""

from django.db.models import Q, QuerySet

from khaneh.domains.residencies.models import Mentorship, Residency
from khaneh.domains.residencies.permissions import SPEAKERS
from khaneh.infrastructure import belongings
from khaneh.kernel.actor import Actor


def register() -> None:
    """Name it."""
    belongings.register("residencies.teams", _teams)
    belongings.register("residencies.mentorships", lambda actor: Mentorship.objects.filter(mentor=actor.account_id))


def _teams(actor: Actor) -> QuerySet[Residency]:
    spoken = {grant.organisation_id for grant in actor.grants if grant.organisation_id and grant.role in SPEAKERS}
    return Residency.objects.filter(Q(founder=actor.account_id) | Q(organisation__in=spoken))
