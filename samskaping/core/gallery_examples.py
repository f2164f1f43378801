"""What the components look like with contents: normal, empty, long compound words, many.

Invented, from the demo's Fjordvik. Texts stay in bokmål: only those who build the portal see them.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator

from samskaping.core.gallery import Example
from samskaping.core.gallery_form import ExampleForm, ExampleFormSet
from samskaping.core.listing import Chip
from samskaping.core.navigation import MenuLink
from samskaping.core.parts import parts_of

LONG = "Frivillighetskoordineringssamarbeidsavtaleforhandlinger"
LONG_TITLE = "Arbeidsinkluderingsvirksomhetenes besøksvennordningskoordinatorforum"

# Components that would break a rule of the page when shown twice on it.
ALONE = {"breadcrumbs", "confirm", "error_summary", "filter_bar", "meanwhile", "page_heading", "pagination"}

FRAMED = {"line", "person_chip", "share_bar", "timeline", "work_list", "work_row"}


class FilterForm(forms.Form):
    q = forms.CharField(label="Søk", required=False)
    area = forms.ChoiceField(
        label="Område",
        required=False,
        choices=[("", "Alle"), ("elderly", "Eldre"), ("inclusion", "Inkludering")],
    )
    mine = forms.BooleanField(label="Bare mine", required=False)


def _messages(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"messages": [SimpleNamespace(level_tag=level, message=text) for level, text in pairs]}


def _pages(*labels: str) -> list[MenuLink]:
    return [MenuLink(label, "#side", nth == 2, 3 * (nth == 2), "venter") for nth, label in enumerate(labels)]


def _line(**changes: Any) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [
        {
            "title": "1 Forankring",
            "done": True,
            "facts": ["Punkt 4 i frivilligstrategien"],
            "notes": ["Kan frivillige gjøre dette? Ja"],
            "between": {"text": "svart", "both": True},
        },
        {
            "title": "2 Samskaping",
            "done": True,
            "facts": ["3 møter · 7 innbyggere, 4 ansatte"],
            "notes": ["18 innspill, alle besvart"],
            "between": {"text": "1 åpen", "open": 1, "both": True},
        },
        {
            "title": "3 Drift",
            "url": "#tilbud",
            "facts": ["Torsdager kl. 17.00, biblioteket"],
            "notes": ["12 frivillige · 25–30 kommer"],
        },
        {
            "title": "Slik opplever de det",
            "facts": ["13 av 14: som lovet eller bedre"],
            "notes": ["Lovet: «noen å snakke norsk med hver uke»"],
        },
    ]
    return {"steps": [{**step, **changes.get(f"step_{number}", {})} for number, step in enumerate(steps, 1)]}


TABLE: dict[str, Any] = {
    "caption": "Hvem gjør hva",
    "columns": [{"label": "Rolle"}, {"label": "Ansvarlig"}, {"label": "Stedfortreder"}],
    "rows": [
        [{"text": "Leder"}, {"text": "Biblioteksjef"}, {"text": "Fagleder"}],
        [
            {"text": "Koordinator"},
            {"text": "Frivilligsentral", "url": "#sentral"},
            {"note": "ikke valgt", "text": ""},
        ],
        [{"text": "Ansatte"}, {"text": "Skranken"}, {"text": "–"}],
        [{"text": "Frivillige"}, {"text": "12 personer"}, {"text": "–"}],
    ],
}

AGREEMENTS: dict[str, Any] = {
    "caption": "Avtaler",
    "columns": [
        {"label": "Avtale", "sort_url": "?sort=-navn", "sorted": "ascending"},
        {"label": "Part"},
        {"label": "Status"},
        {"label": "Timer i uka", "numeric": True},
    ],
    "rows": [
        [
            {"text": "Samarbeidsavtale om språkkafé", "url": "#1", "note": "Fornyes innen 1. mars"},
            {"text": "Fjordvik bygdekvinnelag"},
            {"tag": "Signert av alle", "color": "success"},
            {"text": "6"},
        ],
        [
            {"text": LONG_TITLE, "url": "#2"},
            {"text": LONG},
            {"tag": "Venter på deg", "color": "warning"},
            {"text": "1\xa0284"},
        ],
    ],
}

WORK: list[dict[str, Any]] = [
    {
        "tag": "Spørsmål",
        "color": "danger",
        "title": "Kjøretjenesten trenger en avklaring om skyss til legen",
        "url": "#1",
        "note": "Fra nivå 2 · Fjordvik frivilligsentral",
        "due": "i dag",
    },
    {
        "tag": "Signer",
        "color": "warning",
        "title": "Samarbeidsavtale om språkkafé",
        "url": "#2",
        "note": "De andre partene har signert",
        "due": "12.12.",
    },
    {
        "tag": "Årsprat",
        "color": "info",
        "title": "Årsprat om språkkafeen",
        "url": "#3",
        "note": "Fristen var 11.10.",
        "due": "over tiden",
        "late": True,
    },
]

SHARES = [
    {"label": "Gir mening", "part": 38, "whole": 41},
    {"label": "Får nok støtte", "part": 28, "whole": 41},
    {"label": "Vil fortsette", "part": 35, "whole": 41},
]

EVENTS: list[dict[str, Any]] = [
    {
        "when": "18. november 2026",
        "title": "Avtalen er signert av alle og låst",
        "url": "#avtale",
        "color": "success",
    },
    {
        "when": "2. oktober 2026",
        "who": "Fjordvik bygdekvinnelag",
        "title": "Innspill besvart",
        "text": "Kafeen får te.",
    },
    {"when": "14. juni 2026", "title": "Første møte: 7 innbyggere og 4 ansatte"},
]

EXAMPLES: dict[str, list[Example]] = {
    "breadcrumbs": [
        Example("To nivåer", {"crumbs": [("Samarbeid", "#samarbeid"), ("Språkkafé", "")]}),
        Example("Lange navn", {"crumbs": [("Folk og lag", "#f"), (LONG, "#l"), (LONG_TITLE, "")]}),
        Example("Ett nivå viser ingenting", {"crumbs": [("Samarbeid", "")]}),
    ],
    "section_nav": [
        Example(
            "Fire sider, den tredje vises",
            {"label": "Folk og lag", "links": _pages("Roller", "Meldinger", "Brev", "Ringeliste")},
        ),
        Example("Lange navn", {"label": "Lange navn", "links": _pages(LONG, LONG_TITLE, "Brev")}),
    ],
    "messages": [
        Example("Det gikk bra", _messages(("success", "Avtalen er sendt til signering."))),
        Example(
            "Flere",
            _messages(
                ("info", "Du ser dette på vegne av Kari Nordmann."),
                ("warning", "Avtalen går ut om 30 dager."),
                ("error", f"{LONG} kunne ikke lagres. Det du skrev, står fortsatt her."),
            ),
        ),
    ],
    "empty": [
        Example(
            "Med noe å gjøre",
            {
                "title": "Ingen samarbeid ennå",
                "text": "Begynn gjerne med noe som alt er i gang, som turgruppa. Ingenting blir rødt.",
                "url": "#nytt",
                "action": "Vi har noe i gang",
                "second_url": "#ide",
                "second_action": "Eller start fra en idé",
            },
        ),
        Example(
            "Uten noe å gjøre",
            {"title": "Ingenting venter på deg", "text": "Du får beskjed når noe gjør det."},
        ),
        Example("Langt", {"title": LONG_TITLE, "url": "#x", "action": LONG}),
    ],
    "confirm": [
        Example(
            "Noe går tapt",
            {
                "title": "Slette møtet 12. mars?",
                "consequences": ["De sju som er invitert, får beskjed.", "Referatet blir borte for godt."],
                "action": "Slett møtet",
                "cancel_url": "#tilbake",
                "danger": True,
            },
        ),
        Example(
            "Vanlig",
            {
                "title": "Sende avtalen til signering?",
                "text": "Etterpå kan teksten ikke endres. Tre parter får e-post, én får brev.",
                "action": "Send til signering",
                "cancel_url": "#tilbake",
                "cancel": "Ikke ennå",
                "fields": [("version", "3")],
            },
        ),
    ],
    "table": [
        Example("Vanlig", TABLE),
        Example("Sortert, med merker, tall og lange ord", AGREEMENTS),
        Example("Mange rader", {**TABLE, "rows": TABLE["rows"] * 4, "caption": "Mange"}),
    ],
    "filter_bar": [
        Example(
            "Med to valg",
            {
                "filter_form": lambda: FilterForm({"q": "språk", "area": "inclusion"}),
                "chips": [Chip("Søk: språk", "?area=inclusion"), Chip("Inkludering", "?q=språk")],
                "count": "3 samarbeid",
                "clear_url": "?",
            },
        ),
        Example("Uten valg", {"filter_form": FilterForm, "count": "14 samarbeid", "clear_url": "?"}),
        Example(
            "Langt valg",
            {
                "filter_form": lambda: FilterForm({"q": LONG}),
                "chips": [Chip(f"Søk: {LONG}", "?")],
                "count": "Ingen samarbeid",
                "clear_url": "?",
            },
        ),
    ],
    "pagination": [
        Example("Midt i mange sider", {"page_obj": Paginator(range(400), 20).page(7)}),
        Example("Første av to", {"page_obj": Paginator(range(30), 20).page(1)}),
        Example("Én side viser ingenting", {"page_obj": Paginator(range(3), 20).page(1)}),
    ],
    "status_tag": [
        Example("I drift", {"text": "I drift", "color": "success"}),
        Example("Kladd", {"text": "Kladd"}),
        Example("Egenskap", {"text": "Utviklet sammen", "outline": True}),
        Example("Noen må gjøre noe", {"text": "Ingen ansvarlig", "color": "danger"}),
        Example("Langt", {"text": LONG, "color": "info"}),
    ],
    "timeline": [
        Example("Tre hendelser", {"events": EVENTS}),
        Example("Lange ord", {"events": [{"when": "i dag", "title": LONG_TITLE, "text": LONG}, *EVENTS]}),
    ],
    "person_chip": [
        Example(
            "Med rolle",
            {"name": "Åse Fjordheim", "note": "Daglig leder, Fjordvik frivilligsentral", "url": "#p"},
        ),
        Example("Bare navn", {"name": "Kari Nordmann"}),
        Example(
            "Langt navn", {"name": "Maximiliane Elisabeth von Hohenzollern-Sigmaringendal", "note": LONG}
        ),
    ],
    "number_card": [
        Example(
            "Andel",
            {
                "label": "Slik opplever mottakerne det",
                "number": "34",
                "of": "38",
                "note": "som lovet eller bedre, siste halvår",
                "url": "#svar",
                "link": "Se svarene",
            },
        ),
        Example(
            "Noe venter", {"label": "Spørsmål som venter på svar", "number": "3", "tag": "1 venter på deg"}
        ),
        Example(
            "Ingenting ennå",
            {
                "label": f"Oppgaver uten ansvarlig i {LONG}",
                "number": "–",
                "url": "#kart",
                "link": "Se ansvarskartet",
            },
        ),
    ],
    "share_bar": [
        Example("Frivillig innsats, med deres egne ord", {"shares": SHARES}),
        Example(
            "Ingen, alle og ingen svar",
            {
                "shares": [
                    {"label": "Ingen", "part": 0, "whole": 12},
                    {"label": "Alle", "part": 1284, "whole": 1284},
                    {"label": LONG, "part": 0, "whole": 0},
                ],
                "color": "success",
            },
        ),
    ],
    "work_row": [
        Example("Én rad", {"item": WORK[0]}),
        Example("Lange ord", {"item": {**WORK[1], "title": LONG_TITLE}}),
    ],
    "work_list": [
        Example("Tre ting", {"items": WORK}),
        Example(
            "Lange ord", {"items": [{**WORK[2], "tag": "Ansvarskart", "title": LONG_TITLE, "note": LONG}]}
        ),
    ],
    "line": [
        Example("Språkkafeen", _line()),
        Example(
            "Bare i drift: ingenting er rødt",
            {
                "steps": [
                    {"title": "1 Forankring", "notes": ["Startet nedenfra"]},
                    {"title": "2 Samskaping", "notes": ["Ikke utviklet sammen ennå"]},
                    {"title": "3 Drift", "facts": ["Onsdager kl. 11.00 siden 2019"], "url": "#tilbud"},
                    {"title": "Slik opplever de det", "notes": ["2 svar. 3 til før de kan vises"]},
                ]
            },
        ),
        Example(
            "Lange ord",
            _line(step_2={"facts": [LONG], "between": {"text": "12 åpne", "open": 12, "both": True}}),
        ),
    ],
    "page_heading": [
        Example(
            "Med alt",
            {
                "title": "Språkkafé",
                "kicker": "Samarbeid",
                "tags": [
                    {"text": "I drift", "color": "success"},
                    {"text": "Utviklet sammen", "outline": True},
                ],
                "meta": "Biblioteket · Fjordvik bygdekvinnelag · frivilligsentralen",
                "actions": [
                    {"label": "Still et spørsmål", "url": "#sporsmal", "variant": "secondary"},
                    {"label": "Lag avtale", "url": "#avtale"},
                ],
            },
        ),
        Example("Bare tittel", {"title": "Kalender"}),
        Example("Lang tittel", {"title": LONG_TITLE, "lead": "En setning som sier hva siden er god for."}),
    ],
    "error_summary": [
        Example(
            "To feil",
            {"errors": [("Navn: Fyll ut dette.", "id_name"), ("E-post: Ser ikke riktig ut.", "id_e")]},
        ),
        Example("Én, for hele skjemaet", {"errors": [("Noen andre har endret avtalen mens du skrev.", "")]}),
        Example("Ingen viser ingenting", {"errors": []}),
    ],
    "language_switch": [Example("Vanlig", {})],
    "theme_switch": [Example("Vanlig", {})],
    "skjema": [
        Example("Tomt", {"form": ExampleForm}),
        Example("Med feil", {"form": ExampleForm.with_errors}),
        Example("Fylt ut", {"form": ExampleForm.filled}),
        Example("Flere like", {"form": ExampleFormSet}),
    ],
}
for _part in parts_of("samskaping.core.gallery_parts"):
    EXAMPLES |= _part.EXAMPLES
