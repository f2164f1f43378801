class StartError(Exception):
    """The portal cannot start; the message is the one sentence its owner should read."""
