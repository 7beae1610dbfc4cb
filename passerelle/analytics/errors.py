"""Refusals of analytics."""

from typing import ClassVar

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class ReportPeriodRefused(Refusal):
    """A period that is empty, reversed, or longer than a year."""

    code = "report_period_refused"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A report covers 1 to {limit_days} days: “to” is the day after the last one, and comes after “from”.",
        "fr": "Un rapport couvre de 1 à {limit_days} jours : « to » est le lendemain du dernier, après « from ».",
        "ar": "يغطي التقرير من يوم واحد إلى {limit_days} يومًا: «to» هو اليوم التالي لآخر يوم ويأتي بعد «from».",
    }


class TooManyStreams(Refusal):
    """Open streams cost memory; browsers that were left open are enough of a reason for a limit."""

    code = "too_many_streams"
    status = 429
    retry_after_seconds = 60
    text: ClassVar[Sentence] = {
        "en": "{limit} live streams are open already. Close a page that you do not look at, and try again.",
        "fr": "{limit} flux en direct sont déjà ouverts. Fermez une page inutilisée, puis réessayez.",
        "ar": "هناك {limit} من البثوث المباشرة المفتوحة. أغلق صفحة لا تحتاجها ثم أعد المحاولة.",
    }
