"""The addresses of the self-check. The reader sees one of them only, so that going back shows nothing of the one before."""

from django.urls import path

from khaneh.interfaces.web.selfcheck import views

urlpatterns = [
    path("", views.start, name="selfcheck"),
    path("open", views.open_machine, name="selfcheck-open"),
    path("close", views.close_machine, name="selfcheck-close"),
    path("language", views.language, name="selfcheck-language"),
    path("scan", views.scan, name="selfcheck-scan"),
    path("pin", views.pin, name="selfcheck-pin"),
    path("own", views.own_copy, name="selfcheck-own"),
    path("renew", views.renew, name="selfcheck-renew"),
    path("finish", views.finish, name="selfcheck-finish"),
    path("end", views.end, name="selfcheck-end"),
]
