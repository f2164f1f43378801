"""Courses that volunteers and staff share."""

from django.urls import path

from volunteers.views import course

urlpatterns = [
    path("kurs/", course.courses, name="courses"),
    path("kurs/ny/", course.new, name="course_new"),
    path("kurs/<int:pk>/", course.course, name="course"),
    path("kurs/<int:pk>/endre/", course.edit, name="course_edit"),
    path("kurs/<int:pk>/avlys/", course.cancel, name="course_cancel"),
    path("kurs/<int:pk>/meld-pa/", course.sign_up, name="course_sign_up"),
    path("kurs/<int:pk>/meld-pa/noen/", course.sign_up_for, name="course_sign_up_for"),
    path("kurs/<int:pk>/oppmote/", course.attendance, name="course_attendance"),
    path("kurs/plass/<int:pk>/meld-av/", course.leave, name="course_leave"),
    path("kurs/plass/<int:pk>/bevis.pdf", course.proof, name="course_proof"),
    path("kurs/<str:token>.ics", course.file, name="course_file"),
]
