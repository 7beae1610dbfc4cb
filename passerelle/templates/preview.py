"""A card as neutral JSON: for the editor and for readers without a wallet."""

import base64
from collections.abc import Mapping

from passerelle.kit.i18n import direction
from passerelle.templates.compiled import CompiledTemplate
from passerelle.templates.content import Area, FieldContent
from passerelle.templates.facts import Facts
from passerelle.templates.files import stamp_style
from passerelle.templates.keeping import image_path
from passerelle.templates.schemas import PreviewField, PreviewOut
from passerelle.templates.strips import draw_strip


def previewed(
    compiled: CompiledTemplate, facts: Facts, language: str | None, images: Mapping[str, str]
) -> PreviewOut:
    """What the card says in one language; unknown languages show the template's own."""
    content = compiled.content
    shown_in = language if language in compiled.languages else content.language

    def text(source: str) -> str:
        return _in(compiled.text(source).every(facts), shown_in)

    def field(area: Area, each: FieldContent) -> PreviewField:
        return PreviewField(
            area=area,
            key=each.key,
            label=text(each.label),
            value=_in(compiled.field_text(each, facts), shown_in),
            change_message=text(each.change_message) if each.change_message else None,
            alignment=each.alignment,
            link=each.link,
        )

    fields = [field(area, each) for area, _, each in content.placed_fields()]
    barcode = content.barcode
    return PreviewOut(
        kind=content.kind,
        language=shown_in,
        direction=direction(shown_in),
        organization_name=text(content.organization_name),
        title=text(content.title),
        description=text(content.description),
        logo_text=text(content.logo_text),
        fields=[each for each in fields if each.value],
        colours=content.colours,
        barcode=None
        if barcode is None
        else {"format": barcode.format, "message": text(barcode.message), "alt_text": text(barcode.alt_text)},
        images=dict(images),
        links=[{"label": text(link.label), "url": link.url} for link in content.links],
    )


def shown_pictures(compiled: CompiledTemplate, facts: Facts) -> dict[str, str]:
    """The addresses of a kept version's pictures by their place, in the size for good screens.

    The strip of a stamp card is there only when the shop's own pictures are its stamps: others can be drawn.
    """
    names = {place: f"{place}@2x.png" for place in ("logo", "strip", "thumbnail")}
    stamps = compiled.content.stamps
    if stamps is not None and stamps.shape == "image":
        names["strip"] = f"strip-{facts.get('stamps.count', 0)}@2x.png"
    return {
        place: image_path(compiled.organization_id, compiled.digests[name])
        for place, name in names.items()
        if name in compiled.digests
    }


def drawn_strip(compiled: CompiledTemplate, facts: Facts, sources: Mapping[str, bytes]) -> str | None:
    """The strip of a stamp card for these facts as a ``data:`` address, None for other cards."""
    stamps = compiled.content.stamps
    if stamps is None:
        return None
    count = facts.get("stamps.count")
    style = stamp_style(compiled.content.colours, stamps, sources)
    png = draw_strip(count if isinstance(count, int) else 0, stamps.goal, style, 2)
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language, next(iter(texts.values())))
