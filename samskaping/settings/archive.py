"""Where signed agreements are handed to the municipality's archive: a folder, an address, or nowhere.

Without either, staff fetch the package and put it into the archive themselves.
"""

from pathlib import Path

from samskaping import env

# A folder the archive empties, such as a share that is mounted here.
ARCHIVE_FOLDER = env.text("ARCHIVE_FOLDER", "")
# An address that takes the package by POST, and answers with a receipt.
ARCHIVE_URL = env.guarded_url("ARCHIVE_URL") if env.is_set("ARCHIVE_URL") else ""
# Headers of that request, such as the key: {"Authorization": "Bearer …"}.
ARCHIVE_HEADERS = {name: str(value) for name, value in env.json_object("ARCHIVE_HEADERS").items()}

if ARCHIVE_FOLDER and not Path(ARCHIVE_FOLDER).is_absolute():
    raise env.BadEnvironment("ARCHIVE_FOLDER must be a whole path, from the root: /srv/archive.")
if ARCHIVE_FOLDER and ARCHIVE_URL:
    raise env.BadEnvironment("Both ARCHIVE_FOLDER and ARCHIVE_URL are set. Keep one of them.")
if ARCHIVE_HEADERS and not ARCHIVE_URL:
    raise env.BadEnvironment("ARCHIVE_HEADERS is set without ARCHIVE_URL. Set the address it belongs to.")
