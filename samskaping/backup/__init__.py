"""One file with everything the database holds, and the way back from it (docs/adr/0029)."""
