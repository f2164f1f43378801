"""«Kan frivillige gjøre dette?», on a partnership and before there is one."""

from django.urls import path

from partnerships.views import task_check

_HERE = "samarbeid/<int:pk>/kan-frivillige/"
urlpatterns = [
    path("kan-frivillige/", task_check.task_check_start, name="task_check_start"),
    path(_HERE, task_check.task_checks, name="task_checks"),
    path(f"{_HERE}ny/", task_check.task_check_new, name="task_check_new"),
    path(f"{_HERE}<int:check>/", task_check.task_check, name="task_check"),
    path(f"{_HERE}<int:check>/igjen/", task_check.task_check_again, name="task_check_again"),
]
