"""Examples of components/history.html."""

from datetime import UTC, datetime

from samskaping.core.gallery import Example

EXAMPLES = {
    "history": [
        Example(
            "Tre linjer",
            {
                "entries": [
                    {
                        "at": datetime(2026, 11, 21, 9, 5, tzinfo=UTC),
                        "about": "Kari Nes, ansatt",
                        "url": "#rolle",
                        "sentence": "Ingrid Vik endret «til» fra 1. desember 2026 til 1. mars 2027",
                    },
                    {
                        "at": datetime(2026, 11, 20, 14, 30, tzinfo=UTC),
                        "about": "Innstillingene",
                        "sentence": "En kommunalsjef endret innstillingene",
                        "changes": [
                            "«lenke til avvik» satt til https://avvik.example",
                            "«telefon» er endret",
                        ],
                    },
                    {
                        "at": datetime(2026, 11, 3, 8, 0, tzinfo=UTC),
                        "sentence": "En som ikke lenger er her ga rollen ansatt",
                    },
                ],
                "more_url": "#alle",
            },
        ),
        Example("Tom", {"entries": []}),
        Example(
            "Lange ord",
            {
                "entries": [
                    {
                        "at": datetime(2026, 11, 3, tzinfo=UTC),
                        "sentence": "En setning uten mellomrom: " + "x" * 80,
                    }
                ]
            },
        ),
    ],
}
