"""The register of agreements, and drafts."""

from django.urls import include, path

from agreements.views import (
    agreement,
    agreement_export,
    batch,
    draft,
    life,
    section,
    signing_rule,
    suggestion,
    text,
)

_DRAFT = "avtaler/<int:pk>/utkast/"

urlpatterns = [
    path("", include("agreements.locking_urls")),
    path("", include("agreements.signing_urls")),
    path("avtaler/", agreement.agreements, name="agreements"),
    path("avtaler/registrer/", agreement.register, name="agreement_register"),
    path("avtaler/lag/", draft.start, name="agreement_start"),
    path("avtaler/krav/", signing_rule.signing_rules, name="signing_rules"),
    path("avtaler/tekster/", text.texts, name="agreement_texts"),
    path("avtaler/tekster/<slug:key>/", text.text, name="agreement_text"),
    path("avtaler/tekster/<slug:key>/tilpass/", text.adapt, name="agreement_text_adapt"),
    path("avtaler/tekster/<slug:key>/<slug:language>/", text.edit, name="agreement_text_edit"),
    path("avtaler/liste.xlsx", agreement_export.as_file, {"kind": "xlsx"}, name="agreements_xlsx"),
    path("avtaler/liste.csv", agreement_export.as_file, {"kind": "csv"}, name="agreements_csv"),
    path("avtaler/bunke/", batch.batches, name="batches"),
    path("avtaler/bunke/ny/", batch.new, name="batch_new"),
    path("avtaler/bunke/<int:pk>/", batch.batch, name="batch"),
    path("avtaler/bunke/<int:pk>/stopp/", batch.pause, name="batch_pause"),
    path("avtaler/bunke/<int:pk>/videre/", batch.resume, name="batch_resume"),
    path("avtaler/<int:pk>/", agreement.agreement, name="agreement"),
    path("avtaler/<int:pk>/minn-om-en-uke/", life.put_off, name="agreement_put_off"),
    path("avtaler/<int:pk>/forny/", life.renew, name="agreement_renew"),
    path("avtaler/<int:pk>/trekk-tilbake/", life.withdraw, name="agreement_withdraw"),
    path("avtaler/<int:pk>/arkiv/", life.archive, name="agreement_archive"),
    path("avtaler/<int:pk>/arkiv/pakke.zip", life.archive_file, name="agreement_archive_file"),
    path("avtaler/<int:pk>/endre/", agreement.edit, name="agreement_edit"),
    path("avtaler/<int:pk>/pdf/", agreement.file, name="agreement_file"),
    path("avtaler/<int:pk>/avslutt/", agreement.end, name="agreement_end"),
    path("avtaler/<int:pk>/angre-avslutning/", agreement.resume, name="agreement_resume"),
    path(_DRAFT, draft.draft, name="agreement_draft"),
    path(f"{_DRAFT}utkast.pdf", draft.preview, name="agreement_preview"),
    path(f"{_DRAFT}versjoner/", draft.versions, name="draft_versions"),
    path(f"{_DRAFT}del/", draft.share, name="draft_share"),
    path(f"{_DRAFT}punkt/nytt/", section.section_new, name="draft_section_new"),
    path(f"{_DRAFT}punkt/<int:section>/", section.section, name="draft_section"),
    path(f"{_DRAFT}punkt/<int:section>/ta-ut/", section.section_out, name="draft_section_out"),
    path(f"{_DRAFT}punkt/<int:section>/ta-inn/", section.section_back, name="draft_section_back"),
    path(f"{_DRAFT}tomt/<slug:name>/", section.gap, name="draft_gap"),
    path(f"{_DRAFT}tomt/<slug:name>/fyll-ut/", section.gap_back, name="draft_gap_back"),
    path("avtaler/forslag/<int:pk>/", suggestion.suggestion, name="suggestion"),
    path("avtaler/forslag/<int:pk>/trekk/", suggestion.suggestion_back, name="suggestion_back"),
]
