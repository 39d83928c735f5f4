"""The addresses of placements."""

from django.urls import path

from khaneh.interfaces.web.placements import employing, figures, public, seeking, skills, stating

urlpatterns = [
    path("placements", public.vacancies, name="vacancies"),
    path("placements/<int:vacancy_id>", public.vacancy, name="vacancy"),
    path("placements/<int:vacancy_id>/interest", public.interest, name="vacancy-interest"),
    path("account/work", seeking.work, name="account-work"),
    path("account/work/profile", seeking.profile, name="account-work-profile"),
    path("account/work/consent", seeking.consent, name="account-work-consent"),
    path("account/work/offers/<int:placement_id>", seeking.answer, name="account-work-answer"),
    path("account/employers", employing.employers, name="employers"),
    path("account/employers/<str:code>", employing.employer, name="employer"),
    path("account/employers/<str:code>/vacancies/new", employing.new, name="employer-vacancy-new"),
    path("account/employers/<str:code>/vacancies/<int:vacancy_id>", employing.vacancy, name="employer-vacancy"),
    path("account/employers/<str:code>/vacancies/<int:vacancy_id>/edit", employing.edit, name="employer-vacancy-edit"),
    path("account/employers/<str:code>/placements/<int:placement_id>", employing.act, name="employer-placement"),
    path("desk/placements/", figures.figures, name="desk-placements"),
    path("account/work/outcome", stating.own, name="account-work-outcome"),
    path("desk/placements/people", stating.graduates, name="desk-graduates"),
    path("desk/placements/people/<int:account_id>", stating.graduate, name="desk-graduate"),
    path("desk/placements/skills", skills.skills, name="desk-skills"),
    path("desk/placements/skills/new", skills.new, name="desk-skill-new"),
    path("desk/placements/skills/esco", skills.esco, name="desk-skills-esco"),
    path("desk/placements/skills/of/<str:code>", skills.skill, name="desk-skill"),
    path("desk/placements/table.csv", figures.table, name="desk-placements-table"),
]
