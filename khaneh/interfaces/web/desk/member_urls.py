"""The addresses of members, below /desk/members/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import members

urlpatterns = [
    path("members/", members.members, name="desk-members"),
    path("members/new", members.new, name="desk-member-new"),
    path("members/cards", members.cards, name="desk-member-cards"),
    path("members/<int:member_id>/", members.member, name="desk-member"),
    path("members/<int:member_id>/edit", members.edit, name="desk-member-edit"),
]
