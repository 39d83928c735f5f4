"""Addresses of inventories, below /desk/inventories/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import inventories

urlpatterns = [
    path("inventories/", inventories.inventories, name="desk-inventories"),
    path("inventories/<int:inventory_id>/", inventories.inventory, name="desk-inventory"),
    path("inventories/<int:inventory_id>/report.csv", inventories.report, name="desk-inventory-report"),
]
