"""Holds pass.json and personalization.json against their models: missing keys, wrong types, unknown values."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import ValidationError

from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.schema import AppleModel

_LIMIT: Final = 200  # findings; who has more will not read them

KEY_MISSING: Final = Rule(
    "error",
    "key_missing",
    "The key {path} is missing. Add it.",
    "La clé {path} manque. Ajoutez-la.",
    "المفتاح {path} مفقود. أضفه.",
)
NOT_TEXT: Final = Rule(
    "error",
    "wrong_type",
    "{path} must be text, in quotes.",
    "{path} doit être un texte, entre guillemets.",
    "يجب أن يكون {path} نصًا بين علامتي اقتباس.",
)
NOT_FLAG: Final = Rule(
    "error",
    "wrong_type",
    "{path} must be true or false, without quotes.",
    "{path} doit être true ou false, sans guillemets.",
    "يجب أن يكون {path} إما true أو false بلا علامات اقتباس.",
)
NOT_WHOLE_NUMBER: Final = Rule(
    "error",
    "wrong_type",
    "{path} must be a whole number, without quotes.",
    "{path} doit être un nombre entier, sans guillemets.",
    "يجب أن يكون {path} عددًا صحيحًا بلا علامات اقتباس.",
)
NOT_NUMBER: Final = Rule(
    "error",
    "wrong_type",
    "{path} must be a number without quotes; Wallet ignores a number written as text.",
    "{path} doit être un nombre sans guillemets ; Wallet ignore un nombre écrit comme du texte.",
    "يجب أن يكون {path} رقمًا بلا علامات اقتباس؛ يتجاهل Wallet الرقم المكتوب كنص.",
)
NOT_TEXT_OR_NUMBER: Final = Rule(
    "error",
    "wrong_type",
    "{path} must be text or a number.",
    "{path} doit être un texte ou un nombre.",
    "يجب أن يكون {path} نصًا أو رقمًا.",
)
NOT_LIST: Final = Rule(
    "error",
    "wrong_type",
    "{path} must be a list in square brackets.",
    "{path} doit être une liste entre crochets.",
    "يجب أن يكون {path} قائمة بين قوسين مربعين.",
)
NOT_OBJECT: Final = Rule(
    "error",
    "wrong_type",
    "{path} must be an object in curly brackets.",
    "{path} doit être un objet entre accolades.",
    "يجب أن يكون {path} كائنًا بين قوسين معقوفين.",
)
VALUE_UNKNOWN: Final = Rule(
    "error",
    "value_unknown",
    "{path} has a value that Wallet does not know. Use {expected}.",
    "{path} a une valeur inconnue de Wallet. Utilisez {expected}.",
    "قيمة {path} غير معروفة لدى Wallet. استخدم {expected}.",
)
NUMBER_RANGE: Final = Rule(
    "error",
    "number_out_of_range",
    "{path} is a number beyond its limits (0 to 65535).",
    "{path} est un nombre hors limites (0 à 65535).",
    "{path} رقم خارج حدوده (0 إلى 65535).",
)
DATE: Final = Rule(
    "error",
    "date_invalid",
    "{path} is no date with a time zone. Write it like 2026-11-22T10:00:00+01:00 or with Z for UTC.",
    "{path} n'est pas une date avec fuseau horaire. Écrivez-la comme 2026-11-22T10:00:00+01:00, ou avec Z pour UTC.",
    "{path} ليس تاريخًا بمنطقة زمنية. اكتبه مثل 2026-11-22T10:00:00+01:00 أو مع Z للتوقيت العالمي.",
)
COLOR: Final = Rule(
    "warning",
    "color_invalid",
    "{path} is no color that Wallet reads. Write it like rgb(20, 90, 200).",
    "{path} n'est pas une couleur lisible par Wallet. Écrivez-la comme rgb(20, 90, 200).",
    "{path} ليس لونًا يقرؤه Wallet. اكتبه مثل rgb(20, 90, 200).",
)
URL: Final = Rule(
    "error",
    "url_invalid",
    "{path} is no whole URL. Write it with its scheme, such as https://example.com/.",
    "{path} n'est pas une URL complète. Écrivez-la avec son schéma, comme https://example.com/.",
    "{path} ليس رابطًا كاملًا. اكتبه مع المخطط مثل https://example.com/.",
)
CURRENCY: Final = Rule(
    "error",
    "currency_invalid",
    "{path} is no ISO 4217 currency code. Write three capitals such as EUR.",
    "{path} n'est pas un code de devise ISO 4217. Écrivez trois majuscules comme EUR.",
    "{path} ليس رمز عملة ISO 4217. اكتب ثلاثة أحرف كبيرة مثل EUR.",
)
UNUSABLE: Final = Rule(
    "error",
    "value_unusable",
    "{path} has a value that cannot be used.",
    "{path} a une valeur inutilisable.",
    "قيمة {path} غير صالحة للاستعمال.",
)

_RULES: Final[dict[str, Rule]] = {
    "missing": KEY_MISSING,
    "string_type": NOT_TEXT,
    "bool_type": NOT_FLAG,
    "int_type": NOT_WHOLE_NUMBER,
    "int_from_float": NOT_WHOLE_NUMBER,
    "float_type": NOT_NUMBER,
    "list_type": NOT_LIST,
    "model_type": NOT_OBJECT,
    "dict_type": NOT_OBJECT,
    "literal_error": VALUE_UNKNOWN,
    "greater_than_equal": NUMBER_RANGE,
    "less_than_equal": NUMBER_RANGE,
    "wallet_date": DATE,
    "wallet_color": COLOR,
    "wallet_url": URL,
    "wallet_currency": CURRENCY,
}
# A value that may be one of several types fails once for each; pydantic adds the type to the place.
_UNION_RULES: Final = {
    frozenset({"int", "float"}): NOT_NUMBER,
    frozenset({"str", "int", "float"}): NOT_TEXT_OR_NUMBER,
}
_UNION_TYPES: Final = frozenset({"str", "int", "float"})


def check_types(file_name: str, document: dict[str, Any], model: type[AppleModel]) -> Iterator[Finding]:
    """One finding for each key that is missing or not of its type; unknown keys are fine."""
    try:
        model.model_validate(document, strict=True)
    except ValidationError as error:
        failures = error.errors(include_url=False, include_input=False)
    else:
        return
    unions: dict[tuple[int | str, ...], set[str]] = {}
    for failure in failures[:_LIMIT]:
        place = failure["loc"]
        if place and place[-1] in _UNION_TYPES:
            unions.setdefault(place[:-1], set()).add(str(place[-1]))
            continue
        rule = _RULES.get(failure["type"], UNUSABLE)
        expected = str(failure.get("ctx", {}).get("expected", "")).replace("'", "")
        shown = _shown(place)
        yield rule.at(f"{file_name}/{shown}", path=shown, expected=expected)
    for place, types in unions.items():
        shown = _shown(place)
        yield _UNION_RULES.get(frozenset(types), UNUSABLE).at(f"{file_name}/{shown}", path=shown)


def _shown(place: tuple[int | str, ...]) -> str:
    return "/".join(str(part) for part in place)
