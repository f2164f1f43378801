"""Set-up: makes a fresh machine ready for a verb of the Makefile, then hands over to it.

Standard library only, since it runs before anything is installed. `__main__` and `interpreter` must
also be readable by Pythons older than the portal needs, to be able to say so.
"""
