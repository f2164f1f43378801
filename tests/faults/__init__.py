"""What happens to promises when something is killed, filled, cut or late. The processes are the real ones.

place.py     PostgreSQL, Redis and a mail server of their own, and the portal's processes on them
sink.py      the mail server: says yes, later, no, nothing; hangs up; kills whoever is talking to it
worker_app.py, web_app.py, hand.py  what those processes run: the portal, and test kinds of message
reconcile.py what was promised, what the database says, what arrived: they must agree

A scenario takes a place and its numbers and counts in a Tally. Tests run it small, tests/proof/jobs.py full.
"""
