"""Puts the table's questions to the portal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from tests.database import rolled_back
from tests.permissions.frame import LOGIN, UNSAFE, Cell, Row

# What Django takes for a token: 32 letters in the cookie, the same in the header.
TOKEN = "a" * 32


@dataclass(frozen=True)
class Answer:
    cell: Cell
    status: int
    page: bytes
    headers: str

    def holds(self, word: str) -> bool:
        return word.encode() in self.page or word in self.headers


def ask_all(
    world: Any, actor: str, cells: Iterable[Cell], table: Mapping[str, Row], *, token: bool = True
) -> list[Answer]:
    """Each question as if it were the first one after signing in; what it changes is rolled back."""
    signed_in = world.signed_in(actor)
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answers = []
    for cell in cells:
        client.cookies = SimpleCookie(signed_in)
        with rolled_back():
            response: Any = ask(client, table[cell.name], cell, world, token=token)
            page = b"".join(response) if response.streaming else response.content
        answers.append(Answer(cell, answer(response), page, str(response.headers)))
    return answers


def ask(client: Client, row: Row, cell: Cell, world: Any, *, token: bool = True) -> HttpResponseBase:
    url = reverse(cell.name, kwargs=dict(row.path(world, cell.place)) if row.path else None)
    headers = {}
    if token and cell.method in UNSAFE:
        client.cookies["csrf"] = TOKEN
        headers["X-CSRFToken"] = TOKEN
    body = dict(row.data(world)) if cell.method in UNSAFE else None
    if cell.method == "POST":
        return client.post(url, body, headers=headers)
    if body is not None:
        return client.generic(
            cell.method, url, encode_multipart(BOUNDARY, body), MULTIPART_CONTENT, headers=headers
        )
    return client.generic(cell.method, url, headers=headers)


def answer(response: HttpResponseBase) -> int:
    to_login = response.status_code == 302 and response.headers["Location"].split("?")[0] == reverse(
        "account_login"
    )
    return LOGIN if to_login else response.status_code
