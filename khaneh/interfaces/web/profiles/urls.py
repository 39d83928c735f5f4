"""The addresses of profiles."""

from django.urls import path

from khaneh.interfaces.web.profiles import importing, mentoring, own, public, signing, verifying

urlpatterns = [
    path("companies", public.companies, name="companies"),
    path("companies/<str:code>", public.company, name="company"),
    path("companies/pictures/<int:product_id>/<slug:version>/<slug:size>.webp", public.picture, name="company-picture"),
    path("mentors", public.mentors, name="mentors"),
    path("mentors/<int:mentor_id>", public.mentor, name="mentor"),
    path("account/organisations", signing.overview, name="account-organisations"),
    path("account/organisations/signups/new", signing.new, name="account-signup-new"),
    path("account/organisations/signups/<int:signup_id>", signing.signup, name="account-signup"),
    path("account/organisations/signups/<int:signup_id>/edit", signing.edit, name="account-signup-edit"),
    path("account/organisations/documents/<int:document_id>", signing.document, name="signup-document"),
    path("account/organisations/shown/<int:person_id>", own.answer, name="account-shown"),
    path("account/organisations/of/<str:code>", own.profile, name="account-profile"),
    path("account/organisations/of/<str:code>/edit", own.edit, name="account-profile-edit"),
    path("account/organisations/of/<str:code>/products/new", own.product, name="account-product-new"),
    path("account/organisations/of/<str:code>/products/<int:product_id>", own.product, name="account-product"),
    path("account/mentor", mentoring.mentor, name="account-mentor"),
    path("desk/signups/", verifying.queue, name="desk-signups"),
    path("desk/signups/<int:signup_id>/", verifying.signup, name="desk-signup"),
    path("desk/companies/", importing.imports, name="desk-company-imports"),
    path("desk/companies/<int:import_id>/", importing.table, name="desk-company-import"),
    path("desk/companies/lines/<int:line_id>/", importing.line, name="desk-company-line"),
]
