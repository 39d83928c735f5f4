"""Pages that are text: about, privacy, accessibility, and the one that is shown without a network."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the network is and how its catalogue is made."""
    return render(request, "web/pages/about.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about a reader, and what is not."""
    return render(request, "web/pages/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "web/pages/accessibility.html")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What an installed app shows when nothing can be fetched."""
    return render(request, "web/pages/offline.html")
