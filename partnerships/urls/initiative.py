"""Ideas, from anyone; and what is answered."""

from django.urls import path

from partnerships.views import initiative, initiative_answer

urlpatterns = [
    path("ide/", initiative.idea, name="idea"),
    path("ide/takk/<str:token>/", initiative.thanks, name="idea_thanks"),
    path("ideer/", initiative_answer.ideas, name="ideas"),
    path("ideer/<int:pk>/", initiative_answer.initiative, name="initiative"),
    path("ideer/<int:pk>/ja/", initiative_answer.yes, name="initiative_yes"),
    path("ideer/<int:pk>/svar/", initiative_answer.answer, name="initiative_answer"),
    path("ideer/<int:pk>/gi-videre/", initiative_answer.hand_over, name="initiative_hand_over"),
    path("ideer/<int:pk>/samarbeid/", initiative_answer.to_partnership, name="initiative_to_partnership"),
    path("ideer/<int:pk>/prosess/", initiative_answer.to_process, name="initiative_to_process"),
]
