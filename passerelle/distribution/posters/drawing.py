"""Draws posters: ``python -m passerelle.distribution.posters.drawing`` reads one as JSON, writes a PDF or an SVG."""

import base64
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from passerelle.distribution.posters.layouts import (
    BUSINESS_CARD,
    SQUARE_WIDTH,
    TENT,
    UPRIGHT_WIDTH,
    Layout,
    lying,
    small,
    square,
    upright,
)
from passerelle.distribution.posters.parts import Poster
from passerelle.distribution.posters.schemas import PosterFormat, PosterSize
from passerelle.distribution.posters.sheets import Paint, PdfSheet, Sheet, SvgSheet

BLEED: Final = 3.0
_MARKS: Final = 12.0  # around the paper, for the marks
_MARK: Final = 5.0
_AWAY: Final = 4.0  # marks begin outside the bleed
_FOLD: Final = Paint(stroke="#868c96", width=0.2, dash=1)


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper, and which layout in which width is drawn on it; ``folded`` has it twice, head to head."""

    width: float
    height: float
    layout: Layout
    layout_width: float
    folded: bool = False


PAPERS: Final[dict[PosterSize, Paper]] = {
    "a4": Paper(210, 297, upright, UPRIGHT_WIDTH),
    "a5": Paper(148, 210, upright, UPRIGHT_WIDTH),
    "tent": Paper(210, 297, lying, TENT.width, folded=True),
    "sticker": Paper(100, 100, square, SQUARE_WIDTH),
    "card": Paper(85, 55, small, BUSINESS_CARD.width),
}


def draw(poster: Poster, size: PosterSize, kind: PosterFormat, *, crop_marks: bool = False) -> bytes:
    """The file; the preview shows the paper alone, without marks."""
    paper = PAPERS[size]
    margin = _MARKS if crop_marks and kind == "pdf" else 0.0
    make = PdfSheet if kind == "pdf" else SvgSheet
    title = f"{poster.headline} - {poster.organization}"
    sheet = make(paper.width + 2 * margin, paper.height + 2 * margin, title, poster.language)
    bleed = BLEED if margin else 0.0
    with sheet.placed(margin, margin, 1):
        _draw_faces(sheet, poster, paper, bleed)
    if margin:
        _draw_marks(sheet, paper, margin)
    return sheet.output()


def _draw_faces(sheet: Sheet, poster: Poster, paper: Paper, bleed: float) -> None:
    scale = paper.width / paper.layout_width
    height = paper.height / 2 if paper.folded else paper.height
    area = (-bleed, -bleed, paper.width + 2 * bleed, paper.height + 2 * bleed)
    with sheet.clipped(*area):
        if not paper.folded:
            with sheet.placed(0, 0, scale):
                paper.layout(sheet, poster, height / scale, bleed / scale)
            return
        # Each face may only bleed outwards: at the fold it would run into the other.
        with sheet.clipped(area[0], height, area[2], height + bleed), sheet.placed(0, height, scale):
            paper.layout(sheet, poster, height / scale, bleed / scale)
        with (
            sheet.clipped(area[0], -bleed, area[2], height + bleed),
            sheet.placed(paper.width, height, scale, turned=True),
        ):
            paper.layout(sheet, poster, height / scale, bleed / scale)
    for start in (0.0, paper.width - 4):
        sheet.line(start, height, start + 4, height, _FOLD)


def _draw_marks(sheet: Sheet, paper: Paper, margin: float) -> None:
    """Where to cut, at the four corners, and where to fold."""
    mark = Paint(stroke="#000000", width=0.15)
    for x in (margin, margin + paper.width):
        for y, outwards in ((margin, -1), (margin + paper.height, 1)):
            sheet.line(x, y + outwards * _AWAY, x, y + outwards * (_AWAY + _MARK), mark)
    for y in (margin, margin + paper.height):
        for x, outwards in ((margin, -1), (margin + paper.width, 1)):
            sheet.line(x + outwards * _AWAY, y, x + outwards * (_AWAY + _MARK), y, mark)
    if paper.folded:
        y = margin + paper.height / 2
        for x, outwards in ((margin, -1), (margin + paper.width, 1)):
            sheet.line(x + outwards * _AWAY, y, x + outwards * (_AWAY + _MARK), y, _FOLD)


def read(content: dict[str, Any]) -> bytes:
    """Draw what the server asked for."""
    fields: dict[str, Any] = content["poster"]
    steps: Sequence[str] = tuple(fields["steps"])
    logo = base64.b64decode(fields["logo"]) if fields["logo"] else None
    poster = Poster(**fields | {"steps": steps, "logo": logo})
    return draw(poster, content["size"], content["kind"], crop_marks=content["crop_marks"])


def main() -> None:
    """From standard input to standard output."""
    sys.stdout.buffer.write(read(json.load(sys.stdin)))


if __name__ == "__main__":
    main()
