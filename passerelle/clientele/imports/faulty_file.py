"""The rows of a file that were not imported, as a file to be mended."""

from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

from passerelle.clientele.csv_cells import BYTE_ORDER_MARK, csv_lines
from passerelle.clientele.imports import service
from passerelle.kit.i18n import Language, Sentence
from passerelle.kit.web import Admitted

_FAULT: Final[Sentence] = {"en": "What is wrong", "fr": "Ce qui ne va pas", "ar": "الخطأ"}


async def csv_of(
    admitted: Admitted, import_id: UUID, header: Sequence[str], part_count: int, language: Language
) -> AsyncIterator[str]:
    """The file, piece by piece; its last column says what is wrong, and an import leaves it out."""
    yield BYTE_ORDER_MARK + csv_lines([[*header, _FAULT[language]]])
    for position in range(part_count):
        async with admitted.transaction() as tx:
            rows = await service.faulty_rows(tx, import_id, position, language)
        if rows:
            yield csv_lines([*_padded(cells, len(header)), " ".join(sentences)] for cells, sentences in rows)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]
