"""The door of CalDAV: who reads, what they ask for, the answer. Nothing can be written through it."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponsePermanentRedirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from khaneh.domains.people import services as people
from khaneh.domains.people.errors import CalendarKeyUnknown, TooManyCalls
from khaneh.formats.ical import write, write_one
from khaneh.interfaces.protocols.ical import sources
from khaneh.interfaces.protocols.ical.caldav import properties, reports, resources, xml
from khaneh.interfaces.protocols.ical.caldav.filters import UnsupportedError
from khaneh.interfaces.protocols.ical.feeds import MEDIA_TYPE, is_known
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

# Class 1 and 3 of WebDAV as far as reading goes, and calendars.
CLASSES = "1, 3, calendar-access"
METHODS = "OPTIONS, GET, HEAD, PROPFIND, REPORT"
_XML = "application/xml; charset=utf-8"
# What has no name of its own in HTTP is a limit (RFC 4918, 11.5).
_TOO_MANY = "d:number-of-matches-within-limits"
sources.ready()


@csrf_exempt
def well_known(_request: HttpRequest) -> HttpResponse:
    """Where calendars are (RFC 6764, 5): programs are given the name of the site alone."""
    return HttpResponsePermanentRedirect(resources.ROOT)


@csrf_exempt
def dav(request: HttpRequest, path: str) -> HttpResponse:
    """Every address below the root."""
    response = _answered(request, path)
    response["DAV"] = CLASSES
    response["Cache-Control"] = "private, no-cache"
    return response


def _answered(request: HttpRequest, path: str) -> HttpResponse:
    if request.method == "OPTIONS":
        response = HttpResponse(status=200)
        response["Allow"] = METHODS
        return response
    try:
        actor = _reader(request)
        if request.method not in METHODS.split(", "):
            return _told(xml.error("d:need-privileges"), 403)
        found = resources.find(path, actor=actor, now=timezone.now())
        if request.method == "PROPFIND":
            return _propfind(request, found, actor)
        if request.method == "REPORT":
            return _report(request, found)
        return _get(request, found)
    except TooManyCalls as refusal:
        response = HttpResponse(status=429)
        response["Retry-After"] = str(refusal.facts["seconds"])
        return response
    except CalendarKeyUnknown:
        response = HttpResponse(status=401)
        response["WWW-Authenticate"] = 'Basic realm="Khaneh", charset="UTF-8"'
        return response
    except NotFound:
        return HttpResponse(status=404)
    except xml.MalformedError:
        return HttpResponse(status=400)
    except UnsupportedError as unsupported:
        return _told(xml.error(unsupported.condition), 507 if unsupported.condition == _TOO_MANY else 403)


def _reader(request: HttpRequest) -> Actor:
    """Who reads: the key is the password, whatever name is given with it. Raises CalendarKeyUnknown, TooManyCalls."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise CalendarKeyUnknown
    try:
        _name, _, secret = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as wrong:
        raise CalendarKeyUnknown from wrong
    return people.open_calendar_key(secret, now=timezone.now(), address=request.META.get("REMOTE_ADDR", ""))


def _propfind(request: HttpRequest, found: resources.Resource, actor: Actor) -> HttpResponse:
    depth = request.headers.get("Depth", "infinity").strip().lower()
    if depth not in ("0", "1"):
        # Nobody needs everything at once, and a server need not give it (RFC 4918, 9.1).
        return _told(xml.error("d:propfind-finite-depth"), 403)
    root = xml.read(request.body)
    if root is not None and root.tag != xml.name("d", "propfind"):
        raise xml.MalformedError
    prop = root.find(xml.name("d", "prop")) if root is not None else None
    wanted = [one.tag for one in prop if isinstance(one.tag, str)] if prop is not None else None
    names_only = root is not None and root.find(xml.name("d", "propname")) is not None
    told = [found, *resources.children(found, now=timezone.now())] if depth == "1" else [found]
    return _told(xml.multistatus(properties.answer(one, actor, wanted, names_only=names_only) for one in told), 207)


def _report(request: HttpRequest, found: resources.Resource) -> HttpResponse:
    root = xml.read(request.body)
    if root is None:
        raise xml.MalformedError
    if not isinstance(found, resources.Collection):
        raise UnsupportedError("d:supported-report")
    return _told(xml.multistatus(reports.report(root, found)), 207)


def _get(request: HttpRequest, found: resources.Resource) -> HttpResponse:
    if isinstance(found, resources.Node):
        response = HttpResponse(status=405)
        response["Allow"] = "OPTIONS, PROPFIND"
        return response
    etag = found.etag if isinstance(found, resources.Item) else f'"{found.tag}"'
    if is_known(request, etag):
        told: HttpResponse = HttpResponseNotModified()
    elif isinstance(found, resources.Item):
        told = HttpResponse(write_one(found.occurrence), content_type=properties.MEDIA_TYPE)
        # Compressed, its tag would be a weak one, and another than PROPFIND gave.
        told["Content-Encoding"] = "identity"
    else:
        told = HttpResponse(write(found.feed), content_type=MEDIA_TYPE)
    told["ETag"] = etag
    return told


def _told(body: bytes, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type=_XML)
