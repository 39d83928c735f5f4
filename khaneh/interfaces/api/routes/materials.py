"""What courses are taught with: links, for everybody or for those who have to do with the course."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field, StrictBool, StrictStr

from khaneh.domains.learning import queries, services
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.routes.courses import MaterialOut, material_shape
from khaneh.interfaces.api.values import Body, Done, HouseInPath, IdInPath, Made, NamesIn

router = Router(tags=["learning"])


class MaterialIn(Body):
    """A link. `public`: for everybody; else for those who teach, learn and keep the course."""

    names: NamesIn
    url: Annotated[StrictStr, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]
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


@writes(router, "/materials/{material_id}/remove", answer=Done)
def course_material_remove(request: HttpRequest, material_id: IdInPath) -> Done:
    """Take it away."""
    services.remove_material(actor=actor_of(request), material_id=material_id, now=timezone.now())
    return Done()
