"""Refusals of templates and images."""

from collections.abc import Sequence
from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Language, Sentence
from passerelle.templates.findings import Finding

_TOLD = 3


class TemplateNotFound(NotFound):
    code = "template_not_found"


class VersionNotFound(NotFound):
    code = "template_version_not_found"


class ImageNotFound(NotFound):
    code = "image_not_found"


class NotPublished(Refusal):
    """No version of the template has been published."""

    code = "template_not_published"
    text: ClassVar[Sentence] = {
        "en": "No version of this template is published. Publish one first.",
        "fr": "Aucune version de ce modèle n'est publiée. Publiez-en une d'abord.",
        "ar": "لم تُنشر أي نسخة من هذا القالب. انشر نسخة أولًا.",
    }


class TemplateInvalid(Refusal):
    """A content with errors; the sentence tells the first ones, ``/templates/check`` tells all."""

    code = "template_invalid"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The template cannot be saved: {detail}",
        "fr": "Le modèle ne peut pas être enregistré : {detail}",
        "ar": "لا يمكن حفظ القالب: {detail}",
    }

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(count=len(findings), first=findings[0].code, path=findings[0].path)
        self.findings = tuple(findings)

    def sentence(self, language: Language = "en") -> str:
        """The first faults, each with its own sentence in the reader's language."""
        told = " ".join(f"[{each.path}] {each.sentence[language]}" for each in self.findings[:_TOLD])
        return self.text[language].format(detail=told)


class TemplateChanged(Refusal):
    """Somebody saved a version after the one that this change began with."""

    code = "template_changed"
    text: ClassVar[Sentence] = {
        "en": "Somebody has saved version {latest_version} meanwhile. Look at it, put both together and save again.",
        "fr": "Quelqu'un a enregistré la version {latest_version} entre-temps. Réunissez les deux et enregistrez.",
        "ar": "حفظ شخص آخر النسخة {latest_version} في هذه الأثناء. ادمج النسختين ثم احفظ من جديد.",
    }


class KindFixed(Refusal):
    """Wallets keep a card under its kind; another kind would be another card."""

    code = "template_kind_fixed"
    text: ClassVar[Sentence] = {
        "en": "This template is for cards of the kind {kind}, and cards in wallets cannot change theirs to {wanted}."
        " Make a new template.",
        "fr": "Ce modèle est fait pour des cartes de type {kind}, et une carte installée ne devient pas {wanted}."
        " Créez un nouveau modèle.",
        "ar": "هذا القالب لبطاقات من نوع {kind}، ولا يمكن لبطاقة محفوظة أن تصبح {wanted}. أنشئ قالبًا جديدًا.",
    }


class ImageTooLarge(Refusal):
    """A file with too many bytes."""

    code = "image_too_large"
    status = 413
    text: ClassVar[Sentence] = {
        "en": "The image has {size_bytes} bytes; the limit is {limit_bytes}. Save it smaller.",
        "fr": "L'image fait {size_bytes} octets ; la limite est {limit_bytes}. Enregistrez-la en plus petit.",
        "ar": "حجم الصورة {size_bytes} بايت والحد الأقصى {limit_bytes}. احفظها بحجم أصغر.",
    }


class ImageTooManyPixels(Refusal):
    """A picture whose header announces more pixels than we would decode."""

    code = "image_too_many_pixels"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The image is {width} x {height} pixels; the limit is {limit_megapixels} megapixels. Scale it down.",
        "fr": "L'image fait {width} x {height} pixels ; la limite est {limit_megapixels} mégapixels. Réduisez-la.",
        "ar": "أبعاد الصورة {width} x {height} بكسل والحد الأقصى {limit_megapixels} ميغابكسل. صغّرها.",
    }


class ImageUnreadable(Refusal):
    """A file that is no whole PNG, JPEG or WebP."""

    code = "image_unreadable"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This is not a whole PNG, JPEG or WebP image. Export it again.",
        "fr": "Ce n'est pas une image PNG, JPEG ou WebP complète. Exportez-la de nouveau.",
        "ar": "هذا الملف ليس صورة PNG أو JPEG أو WebP كاملة. صدّرها من جديد.",
    }


class TooManyTemplates(Refusal):
    """The organization keeps as many as it may."""

    code = "too_many_templates"
    text: ClassVar[Sentence] = {
        "en": "There are {limit} templates already, which is the limit. Save a new version of one of them.",
        "fr": "Il y a déjà {limit} modèles, c'est la limite. Enregistrez une nouvelle version de l'un d'eux.",
        "ar": "يوجد {limit} قالب بالفعل، وهو الحد الأقصى. احفظ نسخة جديدة من أحدها.",
    }


class TooManyImages(Refusal):
    """The organization keeps as many as it may."""

    code = "too_many_images"
    text: ClassVar[Sentence] = {
        "en": "There are {limit} images already, which is the limit. Use one of them.",
        "fr": "Il y a déjà {limit} images, c'est la limite. Utilisez l'une d'elles.",
        "ar": "توجد {limit} صورة بالفعل، وهو الحد الأقصى. استخدم إحداها.",
    }
