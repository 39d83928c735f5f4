"""The addresses of notices, below /desk/notices/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import notice_texts, notices

urlpatterns = [
    path("notices/", notices.queue, name="desk-notices"),
    path("notices/<int:message_id>/settle", notices.settle, name="desk-notice-settle"),
    path("notices/addresses/<int:problem_id>/settle", notices.settle_address, name="desk-notice-address"),
    path("notices/texts/", notice_texts.events, name="desk-notice-texts"),
    path("notices/texts/quiet", notice_texts.quiet, name="desk-notice-quiet"),
    path("notices/texts/<str:event>/<slug:channel>/", notice_texts.text, name="desk-notice-text"),
    path("notices/texts/<str:event>/<slug:channel>/preview", notice_texts.preview, name="desk-notice-preview"),
]
