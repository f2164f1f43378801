"""Examples of components/word_diff.html."""

from samskaping.core.gallery import Example
from samskaping.core.worddiff import worddiff

EXAMPLES = {
    "word_diff": [
        Example(
            "Noen ord er andre",
            {
                "pieces": worddiff(
                    "Vi møtes hver torsdag.\nAlle hilser.", "Vi møtes annenhver onsdag.\nAlle hilser."
                )
            },
        ),
        Example("Alt er nytt", {"pieces": worddiff("", "Vi ringer dagen før.")}),
        Example("Lange ord", {"pieces": worddiff("y" * 80, "x" * 120)}),
    ],
}
