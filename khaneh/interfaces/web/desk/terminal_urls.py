"""Addresses of the machines of houses, below /desk/terminals/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import terminals

urlpatterns = [
    path("terminals/", terminals.houses, name="desk-terminals"),
    path("terminals/<str:code>/", terminals.house, name="desk-terminals-of"),
    path("terminals/<int:terminal_id>/change", terminals.change, name="desk-terminal-change"),
    path("terminals/<int:terminal_id>/password", terminals.password, name="desk-terminal-password"),
    path("terminals/<int:terminal_id>/switch", terminals.switch, name="desk-terminal-switch"),
]
