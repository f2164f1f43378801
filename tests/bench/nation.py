"""Partnerships in a municipality with some four hundred of them, and the nation beside it."""

from collections.abc import Iterator

from tests.bench.portal import Measured
from tests.bench.results import Result
from tests.bench.rows import PAGE_RATIO, page_result, row

SEARCH_RATIO = 8.0
OVERVIEW = "/oversikt/"
OVERVIEW_RATIO = 8.0
OVERVIEW_SQL_MS = 5.0
# Who works where there are about four hundred, her cookie, and one of them she may open.
_SIGN_IN = """
from django.conf import settings
from django.db.models import Count
from django.test import Client
from partnerships.models import CodesignProcess, Offer, Partnership
from samskaping.accounts.models import User
towns = Partnership.objects.values("municipality", "municipality__number").annotate(n=Count("pk"))
town = min(towns.order_by("municipality"), key=lambda town: abs(town["n"] - 400))
client = Client()
client.force_login(User.objects.get(email=f"coordinator-{town['municipality__number']}@nasjon.example"))
pk = Partnership.objects.filter(municipality=town["municipality"], track="full").first().pk
offer = Offer.objects.filter(municipality=town["municipality"]).order_by("pk").first().pk
counted = CodesignProcess.objects.filter(municipality=town["municipality"]).annotate(n=Count("proposals"))
process = counted.order_by("-n").first().pk
key = client.cookies[settings.SESSION_COOKIE_NAME].value
print(settings.SESSION_COOKIE_NAME, key, pk, town["n"], offer, process)
"""
# What the server itself says that it planned and carried out for one visit, with its plans kept. The least of
# five: more is what else the machine did meanwhile.
_SQL_TIME = """
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
client.cookies[settings.SESSION_COOKIE_NAME] = "%(key)s"
def visit():
    with CaptureQueriesContext(connection) as captured:
        assert client.get("%(path)s", secure=True).status_code == 200
    return [query["sql"] for query in captured.captured_queries]
def took(sql):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, SUMMARY, TIMING OFF, BUFFERS OFF) " + sql)
        said = [line for line, in cursor.fetchall() if line.startswith(("Planning Time", "Execution Time"))]
    return sum(float(line.split()[-2]) for line in said)
for _ in range(8):
    asked = visit()
asked = [sql for sql in asked if sql.lstrip("( ").startswith(("SELECT", "WITH", "EXECUTE"))]
print(len(asked), sum(min(took(sql) for _ in range(5)) for sql in asked))
"""


@row
def partnerships(portal: Measured) -> Iterator[Result]:
    portal.manage("national", "--anyway")
    name, key, pk, many, offer, process = portal.manage("shell", "-v0", "-c", _SIGN_IN).split()
    cookie = {"Cookie": f"{name}={key}"}
    for what, path, at_most in (
        (f"list of {many} partnerships", "/samarbeid/", PAGE_RATIO),
        ("board of them", "/samarbeid/tavle/", PAGE_RATIO),
        ("page of one", f"/samarbeid/{pk}/", PAGE_RATIO),
        ("search among them", "/samarbeid/?q=teneste", SEARCH_RATIO),
        ("questions and answers", "/sporsmal/?vis=alle", PAGE_RATIO),
        ("organisations", "/folk/lag/", PAGE_RATIO),
        ("who works with whom", "/folk/oversikt/", PAGE_RATIO),
        ("what they have together", "/dette-har-vi-sammen/", PAGE_RATIO),
        ("map of the municipality", "/ansvarskart/", PAGE_RATIO),
        ("overview", OVERVIEW, OVERVIEW_RATIO),
        ("this week", "/denne-uka/", OVERVIEW_RATIO),
        ("offers", "/tilbud/", PAGE_RATIO),
        ("page of an offer", f"/tilbud/{offer}/", PAGE_RATIO),
        ("processes", "/prosesser/", PAGE_RATIO),
        ("page of a large process", f"/prosesser/{process}/", PAGE_RATIO),
        ("its 500 proposals", f"/prosesser/{process}/innspill/", PAGE_RATIO),
        ("its 60 participants", f"/prosesser/{process}/deltakere/", PAGE_RATIO),
        ("calendar of a month", "/kalender/", PAGE_RATIO),
        ("courses", "/kurs/", PAGE_RATIO),
        ("who comes to an offer", f"/tilbud/{offer}/frivillige/", PAGE_RATIO),
        ("who comes these days", "/pa-stedet/", PAGE_RATIO),
        ("hours of a year", "/timer/", PAGE_RATIO),
        ("driving and expenses", "/frivillige/utlegg/", PAGE_RATIO),
    ):
        yield page_result(f"{what}, p95", portal, portal.load(path, cookie), at_most)
    queries, took = portal.manage("shell", "-v0", "-c", _SQL_TIME % {"key": key, "path": OVERVIEW}).split()
    yield Result("overview, SQL", float(took), "ms", OVERVIEW_SQL_MS, detail=f"{queries} queries, one visit")


@row
def open_pages(portal: Measured) -> Iterator[Result]:
    """Where somebody comes from a poster, in the largest municipality; nobody is signed in."""
    asked = (
        "from samskaping.core.models import Municipality as M; print(M.objects.latest('population').number)"
    )
    number = portal.manage("shell", "-v0", "-c", asked).strip()
    for what, path in (
        ("a municipality for everybody", f"/kommune/{number}/"),
        ("where somebody is looked for", f"/bli-frivillig/?kommune={number}&tid=evening"),
        ("all of them in the country", "/bli-frivillig/"),
        ("send an idea", f"/ide/?kommune={number}"),
        ("feed of openings", f"/kommune/{number}/oppdrag.rss"),
    ):
        yield page_result(f"{what}, p95", portal, portal.load(path), PAGE_RATIO)


_KEEPER = """
from django.conf import settings
from django.db.models import Count
from django.test import Client
from partnerships.models import Person
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from volunteers.models import Assignment, HourEntry, Volunteer
town = Municipality.objects.filter(is_demo=False).latest("population")
client = Client()
client.force_login(User.objects.get(email=f"coordinator-{town.number}@nasjon.example"))
here = Volunteer.objects.filter(municipality=town)
own = here.filter(person__controller_organisation=None, assignments__isnull=False)
key = client.cookies[settings.SESSION_COOKIE_NAME].value
hours = HourEntry.objects.filter(municipality=town)
busy = hours.filter(volunteer__isnull=False).values("volunteer").annotate(n=Count("pk"))
person = Person.objects.get(volunteer=busy.order_by("-n", "volunteer").first()["volunteer"])
person.user = person.user or User.objects.create_user(email="frivillig@nasjon.example", password=None)
person.save()
herself = Client()
herself.force_login(person.user)
own_key = herself.cookies[settings.SESSION_COOKIE_NAME].value
crews = Assignment.objects.filter(municipality=town).values("offer").annotate(n=Count("pk"))
offer = crews.order_by("-n", "offer").first()["offer"]
numbers = (own.order_by("pk").first().pk, here.count(), hours.count(), offer)
print(settings.SESSION_COOKIE_NAME, key, own_key, *numbers)
"""


@row
def volunteers(portal: Measured) -> Iterator[Result]:
    """The records of the municipality that has most of them, and what they gave; then one of them herself."""
    name, key, own_key, pk, many, hours, offer = portal.manage("shell", "-v0", "-c", _KEEPER).split()
    cookie = {"Cookie": f"{name}={key}"}
    for what, path, at_most in (
        (f"list of {many} volunteers", "/frivillige/", PAGE_RATIO),
        ("search among them", "/frivillige/?q=alva", SEARCH_RATIO),
        ("those who lack something", "/frivillige/?missing=on", SEARCH_RATIO),
        ("page of one volunteer", f"/frivillige/{pk}/", PAGE_RATIO),
        ("those others keep", "/frivillige/uten-navn/", PAGE_RATIO),
        ("what ends soon", "/frivillige/krav/", PAGE_RATIO),
        (f"hours of a year among {hours}", "/timer/", PAGE_RATIO),
        ("who comes these days, of them", "/pa-stedet/", PAGE_RATIO),
        ("the largest crew", f"/tilbud/{offer}/frivillige/", PAGE_RATIO),
        ("one-to-one requests", "/en-til-en/", PAGE_RATIO),
        ("driving and expenses, of them", "/frivillige/utlegg/", PAGE_RATIO),
    ):
        yield page_result(f"{what}, p95", portal, portal.load(path, cookie), at_most)
    hers = {"Cookie": f"{name}={own_key}"}
    for what, path in (("her own shifts", "/oppdrag/"), ("her own hours", "/oppdrag/timer/")):
        yield page_result(f"{what}, p95", portal, portal.load(path, hers), PAGE_RATIO)
