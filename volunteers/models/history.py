"""The tables of ours whose changes are kept. Never a person's words, and never the police certificate."""

from samskaping.core.history import keep_history
from volunteers.models.assignment import Assignment, OfferCrew, Opening
from volunteers.models.course import Course
from volunteers.models.volunteer import Volunteer

keep_history(
    Volunteer,
    *("municipality", "person", "unit", "centre", "organisation", "state", "paused_until", "ended_on"),
    "followed_by",
)
keep_history(Assignment, "municipality", "volunteer", "offer", "state", "starts_on", "ended_on")
keep_history(OfferCrew, "municipality", "offer", "needed", "places", "asks_day_before", "counts_hours")
keep_history(Opening, "municipality", "offer", "title", "wanted", "at_once", "closes_on", "closed_at")
keep_history(Course, "municipality", "title", "starts_at", "ends_at", "places", "cancelled_at")
