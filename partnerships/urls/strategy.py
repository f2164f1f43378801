"""Strategies."""

from django.urls import path

from partnerships.views import strategy, strategy_step

urlpatterns = [
    path("strategi/", strategy.strategy_list, name="strategies"),
    path("strategi/ny/", strategy.new, name="strategy_new"),
    path("strategi/<int:pk>/", strategy.strategy, name="strategy"),
    path("strategi/<int:pk>/endre/", strategy.edit, name="strategy_edit"),
    path("strategi/<int:pk>/sammenlign/", strategy.compared, name="strategy_compare"),
    path("strategi/<int:pk>/dokument/", strategy_step.document, name="strategy_document"),
    path("strategi/<int:pk>/dokument/fjern/", strategy_step.document_remove, name="strategy_document_remove"),
    path("strategi/<int:pk>/send/", strategy_step.send, name="strategy_send"),
    path("strategi/<int:pk>/svar/", strategy_step.answer, name="strategy_answer"),
    path("strategi/<int:pk>/gjelder/", strategy_step.in_force, name="strategy_in_force"),
    path("strategi/<int:pk>/ny-versjon/", strategy_step.new_version, name="strategy_new_version"),
    path("strategi/<int:pk>/avslutt/", strategy_step.end, name="strategy_end"),
]
