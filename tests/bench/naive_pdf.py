"""What documents would cost with WeasyPrint as its manual begins: no press, no tags, nothing kept loaded.
It steps back behind others as the press does: on a busy machine the two would not be alike else.

    python -m tests.bench.naive_pdf < document.html      (in build/pdf, with its fonts.conf)

Prints the fastest of some documents in milliseconds.
"""

import logging
import sys
import time

import weasyprint

from samskaping.press.__main__ import step_back


def main() -> None:
    logging.disable(logging.CRITICAL)
    step_back()
    html = sys.stdin.read()
    times = []
    for _ in range(5):
        began = time.perf_counter()
        weasyprint.HTML(string=html).write_pdf(stylesheets=["document.css"])
        times.append(time.perf_counter() - began)
    print(min(times) * 1000)


if __name__ == "__main__":
    main()
