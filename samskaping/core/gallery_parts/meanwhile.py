"""Examples of components/meanwhile.html."""

from samskaping.core.gallery import Example

LONG = "Frivillighetskoordineringssamarbeidsavtaleforhandlinger"

EXAMPLES = {
    "meanwhile": [
        Example(
            "To felt er endret",
            {
                "meanwhile": [
                    {
                        "label": "Hva vi vil oppnå",
                        "typed": "Noen å snakke norsk med",
                        "stands": "Språk\nog venner",
                    },
                    {"label": "Tas opp igjen", "typed": "01.02.2027", "stands": "tomt"},
                ]
            },
        ),
        Example("Det samme", {"meanwhile": []}),
        Example("Lange ord", {"meanwhile": [{"label": LONG, "typed": f"{LONG} {LONG}", "stands": LONG}]}),
    ],
}
