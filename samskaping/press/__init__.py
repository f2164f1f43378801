"""Typesets documents in a process of its own, which knows nothing of the portal.

`core/pdf.py` makes HTML and asks `keeper.py`, which keeps one process (`__main__.py`) with WeasyPrint, the
sheet and the fonts loaded. That one forks for each document: the fork has a time limit and a memory limit, so
that a document which explodes takes only itself along, and the next one finds everything warm. Nothing here
imports Django; the process has neither the portal's keys in its environment nor its database connections.
"""
