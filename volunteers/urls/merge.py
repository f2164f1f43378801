"""Two records of one human become one."""

from django.urls import path

from volunteers.views import merge

urlpatterns = [
    path("frivillige/<int:pk>/sla-sammen/", merge.choose, name="volunteer_merge"),
    path("frivillige/<int:pk>/sla-sammen/<int:other>/", merge.merge, name="volunteer_merge_with"),
]
