"""The properties of what there is, as far as calendar programs ask for them (RFC 4918, 3744, 4791, 6578 and getctag)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC
from email.utils import format_datetime

from lxml import etree

from khaneh.formats.ical import write_one
from khaneh.interfaces.protocols.ical.caldav import resources, sync
from khaneh.interfaces.protocols.ical.caldav.xml import Element, href, name, node
from khaneh.kernel.actor import Actor

MEDIA_TYPE = "text/calendar; charset=utf-8; component=VEVENT"
COLLATIONS = ("i;ascii-casemap", "i;unicode-casemap", "i;octet")
REPORTS = ("c:calendar-query", "c:calendar-multiget", "d:sync-collection")
Maker = Callable[[], Element]


def of(resource: resources.Resource, actor: Actor) -> Mapping[str, Maker]:
    """Every property of a resource by its name; made only where it is asked for."""
    found: dict[str, Maker] = {
        name("d", "current-user-principal"): lambda: node("d:current-user-principal", href(resources.principal(actor))),
        name("d", "principal-collection-set"): lambda: node(
            "d:principal-collection-set", href(f"{resources.ROOT}principals/")
        ),
        name("d", "owner"): lambda: node("d:owner", href(resources.principal(actor))),
        name("d", "current-user-privilege-set"): lambda: node(
            "d:current-user-privilege-set",
            node("d:privilege", node("d:read")),
            node("d:privilege", node("d:read-current-user-privilege-set")),
        ),
    }
    if isinstance(resource, resources.Node):
        return found | _of_node(resource, actor)
    if isinstance(resource, resources.Collection):
        return found | _of_collection(resource)
    return found | _of_item(resource)


def answer(
    resource: resources.Resource, actor: Actor, wanted: Collection[str] | None, *, names_only: bool = False
) -> Element:
    """`<d:response>` with the properties that were asked for, all that are not costly where none was named."""
    known = of(resource, actor)
    there = [one for one in (known if wanted is None else wanted) if one in known]
    if wanted is None:
        there = [one for one in there if one != name("c", "calendar-data")]
    missing = [one for one in wanted if one not in known] if wanted is not None else []
    made = node("d:response", href(resource.address))
    if there or not missing:
        props = [_bare(one) if names_only else known[one]() for one in there]
        made.append(node("d:propstat", node("d:prop", *props), node("d:status", "HTTP/1.1 200 OK")))
    if missing:
        made.append(
            node(
                "d:propstat",
                node("d:prop", *(_bare(one) for one in missing)),
                node("d:status", "HTTP/1.1 404 Not Found"),
            )
        )
    return made


def gone(address: str) -> Element:
    """`<d:response>` for what is not there, or not any more."""
    return node("d:response", href(address), node("d:status", "HTTP/1.1 404 Not Found"))


def _of_node(resource: resources.Node, actor: Actor) -> dict[str, Maker]:
    types = [node("d:collection")]
    if resource.kind == "principal":
        types.append(node("d:principal"))
    found: dict[str, Maker] = {
        name("d", "resourcetype"): lambda: node("d:resourcetype", *types),
        name("d", "displayname"): lambda: node("d:displayname", actor.name),
        name("d", "supported-report-set"): lambda: node("d:supported-report-set"),
    }
    if resource.kind == "principal":
        own, at = resources.principal(actor), resources.home(actor)
        found |= {
            name("d", "principal-URL"): lambda: node("d:principal-URL", href(own)),
            name("c", "calendar-home-set"): lambda: node("c:calendar-home-set", href(at)),
            name("c", "calendar-user-address-set"): lambda: node("c:calendar-user-address-set", href(own)),
        }
    return found


def _of_collection(resource: resources.Collection) -> dict[str, Maker]:
    head = resource.head
    return {
        name("d", "resourcetype"): lambda: node("d:resourcetype", node("d:collection"), node("c:calendar")),
        name("d", "displayname"): lambda: node("d:displayname", head.name),
        name("d", "getcontenttype"): lambda: node("d:getcontenttype", "text/calendar; charset=utf-8"),
        name("d", "supported-report-set"): lambda: node(
            "d:supported-report-set",
            *(node("d:supported-report", node("d:report", node(one))) for one in REPORTS),
        ),
        name("d", "sync-token"): lambda: node("d:sync-token", sync.token(resource)),
        name("cs", "getctag"): lambda: node("cs:getctag", resource.tag),
        name("d", "getetag"): lambda: node("d:getetag", f'"{resource.tag}"'),
        name("c", "calendar-description"): lambda: node("c:calendar-description", head.description),
        name("c", "supported-calendar-component-set"): lambda: node(
            "c:supported-calendar-component-set", node("c:comp", name="VEVENT")
        ),
        name("c", "supported-calendar-data"): lambda: node(
            "c:supported-calendar-data",
            node("c:calendar-data", **{"content-type": "text/calendar", "version": "2.0"}),
        ),
        name("c", "supported-collation-set"): lambda: node(
            "c:supported-collation-set", *(node("c:supported-collation", one) for one in COLLATIONS)
        ),
        name("c", "schedule-calendar-transp"): lambda: node("c:schedule-calendar-transp", node("c:opaque")),
    }


def _of_item(resource: resources.Item) -> dict[str, Maker]:
    found: dict[str, Maker] = {
        name("d", "resourcetype"): lambda: node("d:resourcetype"),
        name("d", "getetag"): lambda: node("d:getetag", resource.etag),
        name("d", "getcontenttype"): lambda: node("d:getcontenttype", MEDIA_TYPE),
        name("d", "getcontentlength"): lambda: node("d:getcontentlength", str(len(write_one(resource.occurrence)))),
        name("c", "calendar-data"): lambda: node("c:calendar-data", write_one(resource.occurrence).decode()),
    }
    changed = resource.occurrence.changed_at
    if changed is not None:
        found[name("d", "getlastmodified")] = lambda: node(
            "d:getlastmodified", format_datetime(changed.astimezone(UTC), usegmt=True)
        )
    return found


def _bare(tag: str) -> Element:
    return etree.Element(tag)
