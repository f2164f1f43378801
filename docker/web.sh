#!/bin/sh
# The web container: makes the database ready for this version, then serves it.
# The one service that does; worker and beat wait until web is healthy.
set -eu
# The image brings its collected static files, and cannot be written.
python manage.py release --no-static
exec python -m gunicorn -c samskaping/gunicorn.py samskaping.wsgi
