"""Volunteers: who they are, what they have, where they come, and how they are looked after."""

from volunteers.models import history  # noqa: F401 - makes the tables of what was before
from volunteers.models.assignment import Assignment, OfferCrew, Opening, VolunteerShare
from volunteers.models.care import CareNote, CareStep, Thanks
from volunteers.models.course import Course, CourseNews, CourseSeat
from volunteers.models.errand import Errand, ErrandFor, Wall
from volunteers.models.requirement import Exemption, PoliceFact, PoliceResponsible, VolunteerRequirement
from volunteers.models.shift import Expense, HourEntry, HoursMonth, Shift
from volunteers.models.sign_up import SignUp
from volunteers.models.volunteer import Guardian, Volunteer
from volunteers.models.volunteer_import import VolunteerImport

__all__ = [
    "Assignment",
    "CareNote",
    "CareStep",
    "Course",
    "CourseNews",
    "CourseSeat",
    "Errand",
    "ErrandFor",
    "Exemption",
    "Expense",
    "Guardian",
    "HourEntry",
    "HoursMonth",
    "OfferCrew",
    "Opening",
    "PoliceFact",
    "PoliceResponsible",
    "Shift",
    "SignUp",
    "Thanks",
    "Volunteer",
    "VolunteerImport",
    "VolunteerRequirement",
    "VolunteerShare",
    "Wall",
]
