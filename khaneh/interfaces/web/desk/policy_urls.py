"""The addresses of rules, below /desk/policies/."""

from django.urls import path

from khaneh.interfaces.web.desk.views import policies, policy_questions

urlpatterns = [
    path("policies/", policies.sets, name="desk-policies"),
    path("policies/new", policies.new, name="desk-policy-new"),
    path("policies/ask", policy_questions.ask, name="desk-policy-ask"),
    path("policies/decisions/<int:decision_id>/", policy_questions.decision, name="desk-policy-decision"),
    path("policies/<int:set_id>/", policies.rule_set, name="desk-policy"),
    path("policies/<int:set_id>/draft", policies.draft, name="desk-policy-draft"),
    path("policies/<int:set_id>/rules/new", policies.rule, name="desk-policy-rule-new"),
    path("policies/<int:set_id>/rules/<int:rule_id>/", policies.rule, name="desk-policy-rule"),
    path("policies/<int:set_id>/publish", policies.publish, name="desk-policy-publish"),
    path("policies/<int:set_id>/discard", policies.discard, name="desk-policy-discard"),
    path("policies/<int:set_id>/history", policies.history, name="desk-policy-history"),
    path("policies/<int:set_id>/trial", policy_questions.trial, name="desk-policy-trial"),
    path("policies/<int:set_id>/trial.csv", policy_questions.trial_table, name="desk-policy-trial-csv"),
]
