class BackupError(Exception):
    """A backup or a restore cannot go on; the message is the one sentence its operator should read."""
