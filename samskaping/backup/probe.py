"""A sign-in on a database that was just restored, of somebody who never was."""

import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.hashers import identify_hasher
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import reverse


def sign_in_trouble() -> list[str]:
    """What keeps people from signing in; empty when somebody with a password can.

    She is made, signs in through the very page, gets a session, and is rolled back with everything it wrote.
    The passwords of those who exist cannot be tried; that each can be read is looked at.
    """
    trouble = _unreadable_passwords()
    email, password = f"{secrets.token_hex(16)}@restore.invalid", secrets.token_urlsafe(24)
    site = urlsplit(settings.SITE_URL)
    with transaction.atomic():
        user = get_user_model().objects.create_user(email=email, password=password)
        visitor = Client(SERVER_NAME=site.hostname or "localhost", raise_request_exception=False)
        answer = visitor.post(
            reverse("account_login"), {"login": email, "password": password}, secure=site.scheme == "https"
        )
        session = Session.objects.filter(session_key=visitor.session.session_key).first()
        if session is None or session.get_decoded().get(SESSION_KEY) != str(user.pk):
            trouble.append(f"signing in gave no session (the page answered {answer.status_code})")
        transaction.set_rollback(True)
    return trouble


def _unreadable_passwords() -> list[str]:
    people = get_user_model().objects.filter(is_active=True)
    unreadable = 0
    for encoded in people.values_list("password", flat=True).iterator():
        if encoded.startswith("!"):
            continue  # signs in with a code
        try:
            identify_hasher(encoded)
        except ValueError:
            unreadable += 1
    return [f"{unreadable} passwords cannot be read by this version"] if unreadable else []
