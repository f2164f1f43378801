"""The main menu is what the apps have registered and the visitor may see."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from samskaping.core.navigation import Menu, MenuItem


@pytest.fixture
def request_(rf: RequestFactory):
    request = rf.get("/om/")
    request.user = AnonymousUser()
    return request


def anyone(_request) -> bool:
    return True


def test_nothing_registered_is_no_menu(request_):
    assert Menu().links(request_) == []


def test_entries_come_in_order_with_badge_and_current(request_):
    menu = Menu()
    menu.register(MenuItem("Personvern", "privacy", 20, visible=anyone))
    menu.register(
        MenuItem("Om", "about", 10, visible=anyone, badge=lambda _request: 3, badge_label="ubesvarte")
    )
    links = menu.links(request_)
    assert [(link.label, link.current, link.badge) for link in links] == [
        ("Om", True, 3),
        ("Personvern", False, 0),
    ]


def test_those_who_are_not_signed_in_see_only_what_says_so(request_):
    menu = Menu()
    menu.register(MenuItem("Om", "about", 10))
    assert menu.links(request_) == []


def test_a_part_is_current_on_all_its_pages(rf: RequestFactory):
    request = rf.get("/personvern/")
    pages = Menu()
    pages.register(MenuItem("Om", "about", 10, visible=anyone))
    pages.register(MenuItem("Personvern", "privacy", 20, visible=anyone))
    menu = Menu()
    menu.register(MenuItem("Om alt", "about", 10, visible=anyone, section=pages))
    assert [link.current for link in menu.links(request)] == [True]
    assert [link.current for link in pages.links(request)] == [False, True]


def test_a_part_without_a_page_of_its_own_leads_to_the_first_one_has(rf: RequestFactory):
    request = rf.get("/personvern/")
    pages, menu = Menu(), Menu()
    menu.register(MenuItem("Om alt", "", 10, visible=pages.has_any, section=pages))
    assert menu.links(request) == []
    pages.register(MenuItem("Personvern", "privacy", 20, visible=anyone))
    pages.register(MenuItem("Om", "about", 10, visible=lambda _request: False))
    assert [(link.label, link.url, link.current) for link in menu.links(request)] == [
        ("Personvern", "/personvern/", True)
    ]
    pages.register(MenuItem("Logg inn", "account_login", 10, visible=anyone))
    assert [(link.label, link.url, link.current) for link in menu.links(request)] == [
        ("Om alt", "/logg-inn/", True)
    ]


def test_of_two_that_begin_alike_the_nearest_is_current(rf: RequestFactory):
    request = rf.get("/logg-inn/kode/")
    pages = Menu()
    pages.register(MenuItem("Logg inn", "account_login", 10, visible=anyone))
    pages.register(MenuItem("Med kode", "code_ask", 20, visible=anyone))
    assert [link.current for link in pages.links(request)] == [False, True]


def test_two_apps_cannot_take_the_same_place(request_):
    menu = Menu()
    menu.register(MenuItem("Om", "about", 10))
    with pytest.raises(ValueError, match="about"):
        menu.register(MenuItem("Om igjen", "about", 20))
