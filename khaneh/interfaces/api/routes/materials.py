"""What courses are taught with: links and files, for everybody or for those who have to do with the course."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from ninja import Router, Schema
from pydantic import Field, StrictBool, StrictStr

from khaneh.domains.learning import queries, services
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.routes.courses import MaterialOut, material_shape
from khaneh.interfaces.api.values import Body, Done, HouseInPath, IdInPath, Made, NamesIn
from khaneh.kernel.refusal import Invalid

router = Router(tags=["learning"])


class MaterialIn(Body):
    """A link. `public`: for everybody; else for those who teach, learn and keep the course."""

    names: NamesIn
    url: Annotated[StrictStr, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
    public: StrictBool = False


class MaterialFileIn(Body):
    """A file by its name and its content in base64: PDF, pictures, office documents without macros, text. Larger ones are sent from the page of the
    course. Without `names` it is called as the file is.
    """

    name: Annotated[StrictStr, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    content: Annotated[StrictStr, Field(min_length=1, max_length=4_800_000, pattern=r"^[A-Za-z0-9+/=]*$")]
    names: NamesIn = NamesIn()
    public: StrictBool = False


class MaterialsOut(Schema):
    """In the order in which they were added."""

    materials: list[MaterialOut]


@router.get("/runs/{run_id}/materials", response={200: MaterialsOut, **FAILURES}, auth=KEY)
def run_materials(request: HttpRequest, run_id: IdInPath) -> MaterialsOut:
    """The materials of a run's course: all of them for its teachers, its learners and the desk, to others what is for everybody."""
    found = queries.materials(run_id, actor=actor_of(request))
    return MaterialsOut(materials=[material_shape(one) for one in found])


@writes(router, "/courses/{code}/materials", answer=Made, status=201)
def course_material_add(request: HttpRequest, code: HouseInPath, body: MaterialIn) -> Made:
    """Add a link to what a course is taught with; for who gives it."""
    made = services.add_material(
        actor=actor_of(request),
        code=code,
        names=body.names.label(),
        url=body.url,
        public=body.public,
        now=timezone.now(),
    )
    return Made(id=made)


@writes(router, "/courses/{code}/files", answer=Made, status=201)
def course_file_add(request: HttpRequest, code: HouseInPath, body: MaterialFileIn) -> Made:
    """Add a file to what a course is taught with, if it is what its name says; for who gives or teaches it."""
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error as error:
        raise Invalid(fields={"content": "format"}) from error
    made = services.add_file(
        actor=actor_of(request), code=code, names=body.names.label(), name=body.name, content=content, public=body.public,
        now=timezone.now(),
    )  # fmt: skip
    return Made(id=made)


@router.get("/materials/{material_id}/file", response={200: None, **FAILURES}, auth=KEY)
def material_file(request: HttpRequest, material_id: IdInPath) -> HttpResponse:
    """The file itself, for whom it is for."""
    name, media_type, content = queries.material_file(material_id, actor=actor_of(request), language="en")
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@writes(router, "/materials/{material_id}/remove", answer=Done)
def course_material_remove(request: HttpRequest, material_id: IdInPath) -> Done:
    """Take it away."""
    services.remove_material(actor=actor_of(request), material_id=material_id, now=timezone.now())
    return Done()
