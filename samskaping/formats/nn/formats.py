from samskaping.formats.nb.formats import *  # noqa: F403 - nynorsk writes them as bokmål does
