"""The addresses of founding."""

from django.urls import path

from khaneh.interfaces.web.founding import assessing, proposals, public, standards

urlpatterns = [
    path("standards", public.standards, name="standards"),
    path("standards/<str:code>", public.standard, name="standard"),
    path("standards/<str:code>/<int:version>", public.standard, name="standard-version"),
    path("houses/<str:code>/passport", public.passport, name="passport"),
    path("desk/founding/", proposals.proposals, name="desk-founding"),
    path("desk/founding/new", proposals.new, name="desk-founding-new"),
    path("desk/founding/<int:proposal_id>", proposals.proposal, name="desk-founding-proposal"),
    path("desk/founding/<int:proposal_id>/edit", proposals.edit, name="desk-founding-edit"),
    path("desk/founding/passports", proposals.passports, name="desk-passports"),
    path("desk/founding/assessments/<int:assessment_id>", assessing.assessment, name="desk-assessment"),
    path(
        "desk/founding/photos/<int:photo_id>/<slug:version>/<slug:size>.webp",
        assessing.photo,
        name="desk-founding-photo",
    ),
    path("desk/founding/standards", standards.standards, name="desk-standards"),
    path("desk/founding/standards/new", standards.new, name="desk-standard-new"),
    path("desk/founding/standards/<int:standard_id>", standards.standard, name="desk-standard"),
    path("desk/founding/standards/<int:standard_id>/items/<str:code>", standards.item, name="desk-standard-item"),
    path("desk/founding/standards/<int:standard_id>/import", standards.take_in, name="desk-standard-import"),
    path("desk/founding/standards/<int:standard_id>/checklist.<str:form>", standards.file, name="desk-standard-file"),
]
