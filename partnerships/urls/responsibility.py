"""Ansvarskart."""

from django.urls import path

from partnerships.models.responsibility import HolderPart
from partnerships.views import handover, responsibility

urlpatterns = [
    path("ansvarskart/", responsibility.maps, name="responsibility_maps"),
    path("ansvarskart/lag/", responsibility.map_new, name="responsibility_map_new"),
    path("ansvarskart/mine/", responsibility.mine, name="my_duties"),
    path("ansvarskart/<int:pk>/", responsibility.one_map, name="responsibility_map"),
    path("ansvarskart/<int:pk>/ark/", responsibility.sheet, name="responsibility_sheet"),
    path("ansvarskart/<int:pk>/sammenlign/", responsibility.compare, name="responsibility_compare"),
    path("ansvarskart/<int:pk>/ny/", responsibility.duty_new, name="duty_new"),
    path("ansvarskart/oppgave/<int:pk>/", responsibility.duty, name="duty"),
    path("ansvarskart/oppgave/<int:pk>/endre/", responsibility.change, name="duty_change"),
    path("ansvarskart/oppgave/<int:pk>/flytt/", responsibility.move, name="duty_move"),
    path("ansvarskart/oppgave/<int:pk>/fjern/", responsibility.remove, name="duty_remove"),
    path(
        "ansvarskart/oppgave/<int:pk>/lever/",
        handover.hand_over,
        {"part": HolderPart.HOLDER},
        name="duty_hand_over",
    ),
    path(
        "ansvarskart/oppgave/<int:pk>/stedfortreder/",
        handover.hand_over,
        {"part": HolderPart.DEPUTY},
        name="duty_deputy",
    ),
    path("ansvarskart/svar/<int:pk>/", handover.answer, name="handover_answer"),
    path("ansvarskart/svar/<int:pk>/trekk/", handover.withdraw, name="handover_withdraw"),
    path("ansvarskart/ansvarlig/<int:pk>/slutter/", handover.leaves, name="holder_leaves"),
    path("ansvarskart/ansvarlig/<int:pk>/fri/", handover.deputy_let_go, name="deputy_end"),
    path("samarbeid/<int:pk>/ansvar/", responsibility.partnership_map, name="partnership_map"),
    path("samarbeid/<int:pk>/ansvar/forslag/", responsibility.partnership_duties, name="partnership_duties"),
    path("samarbeid/<int:pk>/ansvar/ny/", responsibility.partnership_duty_new, name="partnership_duty_new"),
]
