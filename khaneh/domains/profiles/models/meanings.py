"""What the model makes of the texts that tell of competence."""

from __future__ import annotations

from django.db import models


class Meaning(models.Model):
    """The vector of one text, found by the text's digest; neither the text nor whose it is stands here. Derived: losing the table loses nothing.

    `vector` is float16[384] as bytes, of the model `version`.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    version = models.TextField()
    vector = models.BinaryField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="profiles_meaning_digest"),
        )
