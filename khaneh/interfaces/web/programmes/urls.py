"""The addresses of programmes."""

from django.urls import path

from khaneh.interfaces.web.programmes import applying, builder, desk, desk_forms, inviting, public, writing

urlpatterns = [
    path("programmes", public.calls, name="calls"),
    path("programmes/<int:call_id>", public.call, name="call"),
    path("programmes/<int:call_id>/questions", public.ask, name="call-ask"),
    path("programmes/<int:call_id>/apply", public.apply, name="call-apply"),
    path("invitations/<str:token>", inviting.invitation, name="invitation"),
    path("account/applications", applying.applications, name="account-applications"),
    path("account/applications/<int:application_id>", applying.application, name="account-application"),
    path("account/applications/<int:application_id>/write", writing.write, name="account-application-write"),
    path(
        "account/applications/<int:application_id>/documents/<str:digest>",
        applying.document,
        name="application-document",
    ),
    path("desk/programmes/", desk.programmes, name="desk-programmes"),
    path("desk/programmes/new", desk_forms.new_programme, name="desk-programme-new"),
    path("desk/programmes/of/<str:code>/edit", desk_forms.edit_programme, name="desk-programme-edit"),
    path("desk/programmes/of/<str:code>/calls/new", desk_forms.new_call, name="desk-call-new"),
    path("desk/programmes/calls/<int:call_id>", desk.call, name="desk-call"),
    path("desk/programmes/calls/<int:call_id>/applications.csv", desk.table, name="desk-call-table"),
    path("desk/programmes/calls/<int:call_id>/edit", desk_forms.edit_call, name="desk-call-edit"),
    path("desk/programmes/calls/<int:call_id>/form", builder.form, name="desk-call-form"),
    path("desk/programmes/calls/<int:call_id>/form/question", builder.question, name="desk-call-question"),
    path("desk/programmes/applications/<int:application_id>", desk.application, name="desk-application"),
]
