"""Refusals of imports: what is wrong with a file as a whole. What is wrong with a row is in faults.py."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class ImportNotFound(NotFound):
    code = "import_not_found"


class FileIsNotText(Refusal):
    """A workbook, an archive or a picture instead of a CSV file; ``kind`` says what it looks like."""

    code = "import_not_text"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This is not a CSV file but {kind}. In your spreadsheet choose “Save as”, then “CSV UTF-8”.",
        "fr": "Ce n'est pas un fichier CSV mais {kind}. Dans votre tableur : « Enregistrer sous », « CSV UTF-8 ».",
        "ar": "هذا ليس ملف CSV بل {kind}. اختر في برنامج الجداول «حفظ باسم» ثم «CSV UTF-8».",
    }


class EncodingRefused(Refusal):
    """The file cannot be read in the encoding that was asked for."""

    code = "import_encoding_refused"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This file cannot be read as {encoding}. Leave the encoding out to have it found, or save as UTF-8.",
        "fr": "Ce fichier ne se lit pas en {encoding}. N'indiquez pas d'encodage, ou enregistrez-le en UTF-8.",
        "ar": "لا يمكن قراءة هذا الملف بترميز {encoding}. اترك الترميز ليُكتشف تلقائيًا أو احفظ الملف بترميز UTF-8.",
    }


class QuoteNotClosed(Refusal):
    """A quotation mark swallows the rest of the file."""

    code = "import_quote_not_closed"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A quotation mark in row {row} is never closed, so the rows after it run together. Fix that row.",
        "fr": "Un guillemet de la ligne {row} n'est jamais fermé : les lignes suivantes se confondent. Corrigez-la.",
        "ar": "علامة اقتباس في السطر {row} لم تُغلق، فلا يمكن تمييز الأسطر التي بعدها. صحّح هذا السطر.",
    }


class FileTooWide(Refusal):
    """More columns than a file of people has."""

    code = "import_too_many_columns"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This file has {columns} columns; at most {limit} are read. Remove those that you do not need.",
        "fr": "Ce fichier a {columns} colonnes, {limit} au plus sont lues. Supprimez celles qui sont inutiles.",
        "ar": "في هذا الملف {columns} عمودًا، والحد الأقصى {limit}. احذف ما لا تحتاج إليه.",
    }


class FileTooLong(Refusal):
    """More rows than one import takes."""

    code = "import_too_many_rows"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This file has more than {limit} rows. Split it: the same customer in two files is recognised.",
        "fr": "Ce fichier a plus de {limit} lignes. Découpez-le : un client présent deux fois est reconnu.",
        "ar": "في هذا الملف أكثر من {limit} سطر. قسّمه: الزبون المكرر في ملفين يُتعرَّف عليه.",
    }


class FileEmpty(Refusal):
    """No row below the header."""

    code = "import_empty"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "There is no row below the header. The first row names the columns, each further one is a customer.",
        "fr": "Aucune ligne sous l'en-tête. La première ligne nomme les colonnes, chaque suivante est un client.",
        "ar": "لا يوجد سطر تحت العناوين. السطر الأول يسمّي الأعمدة، وكل سطر بعده زبون.",
    }


class ImportStateRefused(Refusal):
    """What was asked does not go with the state of the import."""

    code = "import_state_refused"
    text: ClassVar[Sentence] = {
        "en": "This import is “{state}”; that cannot be done now. Check a file before it is imported.",
        "fr": "Cet import est « {state} » : impossible maintenant. Vérifiez un fichier avant de l'importer.",
        "ar": "حالة هذا الاستيراد «{state}»، ولا يمكن ذلك الآن. افحص الملف قبل استيراده.",
    }


class TooManyImports(Refusal):
    """Files that wait take room."""

    code = "too_many_imports"
    text: ClassVar[Sentence] = {
        "en": "{limit} files wait already. Run or delete some of them first.",
        "fr": "{limit} fichiers attendent déjà. Importez-en ou supprimez-en d'abord.",
        "ar": "هناك {limit} ملفًا في الانتظار. استورد بعضها أو احذفه أولًا.",
    }
