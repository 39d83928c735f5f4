"""The addresses of matchmaking sessions and demo days."""

from django.urls import path

from khaneh.interfaces.web.meetings import demo_days, desk, mine, public

urlpatterns = [
    path("matchmaking", public.sessions, name="matchmakings"),
    path("matchmaking/<int:matchmaking_id>", public.session, name="matchmaking"),
    path("matchmaking/<int:matchmaking_id>/register", public.register, name="matchmaking-register"),
    path("account/matchmaking", mine.sessions, name="account-matchmakings"),
    path("account/matchmaking/<int:matchmaking_id>", mine.session, name="account-matchmaking"),
    path("events/<int:event_id>/pitches", demo_days.demo_day, name="demo-day"),
    path("desk/demo-days/<int:event_id>", demo_days.desk, name="desk-demo-day"),
    path("desk/matchmaking/", desk.sessions, name="desk-matchmakings"),
    path("desk/matchmaking/new", desk.new, name="desk-matchmaking-new"),
    path("desk/matchmaking/<int:matchmaking_id>", desk.session, name="desk-matchmaking"),
    path("desk/matchmaking/<int:matchmaking_id>/edit", desk.edit, name="desk-matchmaking-edit"),
    path("desk/matchmaking/<int:matchmaking_id>/now", desk.current, name="desk-matchmaking-now"),
    path("desk/matchmaking/<int:matchmaking_id>/sheet", desk.sheet, name="desk-matchmaking-sheet"),
]
