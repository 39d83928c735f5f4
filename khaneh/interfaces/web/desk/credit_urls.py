"""Addresses of balances, credits and the work that earns them, below /desk/credits/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import ledgers, ledgers_units

urlpatterns = [
    path("credits/", ledgers.works, name="desk-credits"),
    path("credits/find", ledgers.find, name="desk-credits-find"),
    path("credits/taken", ledgers.taken, name="desk-credits-taken"),
    path("credits/holders/<str:token>/", ledgers.holder, name="desk-credits-holder"),
    path("credits/units", ledgers_units.units, name="desk-credits-units"),
    path("credits/units/new", ledgers_units.new, name="desk-credits-unit-new"),
    path("credits/units/<str:code>/", ledgers_units.change, name="desk-credits-unit"),
]
