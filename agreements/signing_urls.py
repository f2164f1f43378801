"""Signing: by link and code, by account, and how a signing goes."""

from django.urls import path

from agreements.views import envelope, my_agreements, signing, signing_link, witness

_SIGN = "signer/dokument/<int:pk>/"
_OF = "avtaler/<int:pk>/signering/"

urlpatterns = [
    # The clean addresses first: none of these words is a token.
    path("signer/", signing.signing_documents, name="signing_documents"),
    path("signer/kode/", signing_link.signing_code, name="signing_code"),
    path("signer/ut/", signing_link.signing_out, name="signing_out"),
    path("signer/<str:token>/", signing_link.signing_open, name="signing_open"),
    path(_SIGN, signing.signing_read, name="signing_read"),
    path(f"{_SIGN}signer/", signing.signing_sign, name="signing_sign"),
    path(f"{_SIGN}kvittering/", signing.signing_done, name="signing_done"),
    path(f"{_SIGN}avtale.pdf", signing.signing_pdf, name="signing_pdf"),
    path(f"{_SIGN}nei/", signing.signing_decline, name="signing_decline"),
    path(f"{_SIGN}angre/", signing.signing_retract, name="signing_retract"),
    path(f"{_SIGN}send-videre/", signing.signing_forward, name="signing_forward"),
    path(f"{_SIGN}sporsmal/", signing.signing_ask, name="signing_ask"),
    path("mine-avtaler/", my_agreements.my_agreements, name="my_agreements"),
    path(_OF, envelope.envelope, name="envelope"),
    path(f"{_OF}hvem/", envelope.envelope_set_up, name="envelope_set_up"),
    path(f"{_OF}avtale.pdf", envelope.envelope_pdf, name="envelope_pdf"),
    path(f"{_OF}trekk-tilbake/", envelope.envelope_call_back, name="envelope_call_back"),
    path(f"{_OF}utkast/", envelope.envelope_redraft, name="envelope_redraft"),
    path(f"{_OF}<int:number>/minn/", envelope.envelope_remind, name="envelope_remind"),
    path(f"{_OF}<int:number>/papir/", witness.envelope_paper, name="envelope_paper"),
    path(f"{_OF}<int:number>/sammen/", witness.envelope_together, name="envelope_together"),
]
