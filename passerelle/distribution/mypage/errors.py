"""Refusals of my page's API."""

from typing import ClassVar

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class TooManyPageLinks(Refusal):
    """More links for one customer than anybody needs in an hour."""

    code = "too_many_page_links"
    status = 429
    retry_after_seconds = 600
    text: ClassVar[Sentence] = {
        "en": "This customer got {limit} links within an hour. Use the last one, or wait a little.",
        "fr": "Ce client a reçu {limit} liens en une heure. Utilisez le dernier, ou attendez un peu.",
        "ar": "حصل هذا الزبون على {limit} روابط خلال ساعة. استخدم آخرها أو انتظر قليلًا.",
    }
