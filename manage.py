#!/usr/bin/env python
"""The one command line of the portal: manage.py <command>."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samskaping.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed for this Python. Type `make run`: it installs what is needed.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
