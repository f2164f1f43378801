"""The information letter: our text or the municipality's own, with the process's words in it."""

import re

from partnerships.models import CodesignProcess
from partnerships.models.participant import has_contact
from partnerships.selectors.participant import phone_of, place_of
from samskaping.core.models import ContentTemplate
from samskaping.core.selectors.content_template import content_template_current

LETTER = "invitasjon-til-gruppe"
_FIELD = re.compile(r"\{(\w+)\}")


def letter_now(process: CodesignProcess) -> ContentTemplate:
    return content_template_current(LETTER, municipality=process.municipality)


def paragraphs(body: str, process: CodesignProcess) -> list[str]:
    """One for each paragraph of the text. One whose words the process has not is left out."""
    words = {
        "sted": place_of(process),
        "gruppe": process.title,
        "problem": process.problem,
        "bestemme": process.mandate,
        "lover": process.promises,
        "telefon": phone_of(process),
        "kontakt": process.convener.name if process.convener and has_contact(process) else "",
    }
    found = []
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        if all(words.get(name) for name in _FIELD.findall(paragraph)):
            found.append(_FIELD.sub(lambda match: words[match[1]], " ".join(paragraph.split())))
    return found
