"""The portal's settings, one topic a file. Each reads the environment strictly (samskaping/env.py)."""

from samskaping.settings.archive import *  # noqa: F403
from samskaping.settings.base import *  # noqa: F403
from samskaping.settings.files import *  # noqa: F403
from samskaping.settings.jobs import *  # noqa: F403
from samskaping.settings.logging import *  # noqa: F403
from samskaping.settings.post import *  # noqa: F403
from samskaping.settings.registers import *  # noqa: F403
from samskaping.settings.seal import *  # noqa: F403
from samskaping.settings.security import *  # noqa: F403
from samskaping.settings.sign_in import *  # noqa: F403
from samskaping.settings.sms import *  # noqa: F403
