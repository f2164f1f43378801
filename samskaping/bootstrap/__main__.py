"""python3 samskaping/bootstrap <verb> [arguments]"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - this file runs on any Python 3
# Run as a folder, Python looks for modules in the folder itself; the package is two levels up.
sys.path[0] = os.path.dirname(os.path.dirname(HERE))  # noqa: PTH120

from samskaping.bootstrap import interpreter  # noqa: E402

interpreter.require(HERE, sys.argv[1:])  # type: ignore[no-untyped-call]  # it runs on Python 2 too

from samskaping.bootstrap import verbs  # noqa: E402

sys.exit(verbs.main(sys.argv[1:]))
