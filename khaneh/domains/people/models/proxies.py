"""Somebody was asked to act for somebody and has not answered yet."""

from __future__ import annotations

from django.db import models

from khaneh.domains.people.models.members import Member


class ProxyOffer(models.Model):
    """A member asks another to act for them. Accepted it becomes a Guardianship; answered either way the row goes."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    proxy = models.ForeignKey(Member, models.PROTECT, related_name="+")
    may_borrow = models.BooleanField(default=True)
    may_request = models.BooleanField(default=True)
    may_see_loans = models.BooleanField(default=False)
    may_pay = models.BooleanField(default=True)
    card_end = models.CharField(max_length=4)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "people_proxy_offer"
        constraints = (
            models.UniqueConstraint(fields=["member", "proxy"], name="people_proxy_offer_once"),
            models.CheckConstraint(
                condition=~models.Q(member=models.F("proxy")), name="people_proxy_offer_not_oneself"
            ),
        )

    def __str__(self) -> str:
        return f"proxy offer {self.pk}"
