"""A wall clock that is wrong on purpose, for a whole portal: PYTHONPATH=tests/clock TEST_CLOCK=<seconds>.

Python imports this at the start of each of the portal's processes. The database's own clock goes on.
"""

import os
import time

import time_machine

if ahead := os.environ.get("TEST_CLOCK"):
    time_machine.travel(time.time() + float(ahead), tick=True).start()
    # It stands still until somebody asks, in each forked process anew: they would then be seconds apart.
    time.time()
