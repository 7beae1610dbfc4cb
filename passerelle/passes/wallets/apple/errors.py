"""Refusals of Apple Wallet's packages; those of its certificates are findings (``findings.py``)."""

from typing import ClassVar

from passerelle.kit.errors import InvalidInput
from passerelle.kit.i18n import Sentence


class FileNameRefused(InvalidInput):
    """A path that a pass cannot hold: absolute, with ``..``, backslash or colon, too long, or made per pass."""

    code = "apple_file_name_refused"
    text: ClassVar[Sentence] = {
        "en": "{name} cannot be a file of a pass. Use a relative path such as icon@2x.png or fr.lproj/pass.strings.",
        "fr": "{name} ne peut pas être un fichier d'une carte. Utilisez un chemin relatif comme icon@2x.png"
        " ou fr.lproj/pass.strings.",
        "ar": "لا يمكن أن يكون {name} ملفًا في البطاقة. استخدم مسارًا نسبيًا مثل icon@2x.png أو fr.lproj/pass.strings.",
    }


class FileTwiceInPackage(InvalidInput):
    """Two files of one pass have the same path."""

    code = "apple_file_twice"
    text: ClassVar[Sentence] = {
        "en": "The file {name} is given twice for one pass. Keep one of them.",
        "fr": "Le fichier {name} est fourni deux fois pour une même carte. N'en gardez qu'un.",
        "ar": "الملف {name} مُعطى مرتين للبطاقة نفسها. احتفظ بواحد منهما.",
    }


class TooManyFiles(InvalidInput):
    """A pass has more files than any reader should open."""

    code = "apple_too_many_files"
    text: ClassVar[Sentence] = {
        "en": "A pass holds at most {limit} files, not {count}. Remove images or languages.",
        "fr": "Une carte contient au plus {limit} fichiers, pas {count}. Retirez des images ou des langues.",
        "ar": "تحتوي البطاقة على {limit} ملف كحد أقصى، وليس {count}. أزل صورًا أو لغات.",
    }


class FilesTooLarge(InvalidInput):
    """The files of a pass are too large for a download over a mobile network."""

    code = "apple_files_too_large"
    text: ClassVar[Sentence] = {
        "en": "The files of a pass have {size_bytes} bytes; the limit is {limit_bytes}. Use smaller images.",
        "fr": "Les fichiers d'une carte font {size_bytes} octets ; la limite est {limit_bytes}."
        " Utilisez des images plus petites.",
        "ar": "حجم ملفات البطاقة {size_bytes} بايت والحد الأقصى {limit_bytes}. استخدم صورًا أصغر.",
    }


class BundleSizeRefused(InvalidInput):
    """A ``.pkpasses`` bundle is empty or beyond Apple's limits."""

    code = "apple_bundle_size_refused"
    text: ClassVar[Sentence] = {
        "en": "A bundle holds 1 to {limit} passes and {limit_bytes} bytes, not {count} passes and {size_bytes} bytes."
        " Split it.",
        "fr": "Un lot contient de 1 à {limit} cartes et {limit_bytes} octets, pas {count} cartes et {size_bytes}"
        " octets. Scindez-le.",
        "ar": "تحتوي الحزمة على 1 إلى {limit} بطاقات و{limit_bytes} بايت، وليس {count} بطاقات و{size_bytes} بايت."
        " قسّمها.",
    }
