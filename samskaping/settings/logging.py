"""One JSON object per line (readable lines in debug), with a request id and nothing personal."""

from samskaping import env
from samskaping.settings.base import DEBUG

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", among=("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.choice("LOG_FORMAT", "text" if DEBUG else "json", among=("json", "text"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "samskaping.core.logs.JsonFormatter"},
        "text": {"()": "samskaping.core.logs.TextFormatter"},
    },
    "filters": {
        "request_id": {"()": "samskaping.core.logs.RequestIdFilter"},
        "task_failure": {"()": "samskaping.core.logs.TaskFailureFilter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["request_id", "task_failure"],
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django would write the path, and paths can hold a secret; core.middleware writes the route instead.
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.server": {"handlers": ["nowhere"], "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        "django": {"level": "INFO"},
        "celery": {"level": "WARNING" if LOG_LEVEL == "INFO" else LOG_LEVEL},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
