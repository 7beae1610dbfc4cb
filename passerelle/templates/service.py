from passerelle.templates.compiled import CompiledTemplate, LocalText, compile_template, overlaid
from passerelle.templates.content import earlier
from passerelle.templates.facts import Facts

__all__ = ["CompiledTemplate", "Facts", "LocalText", "compile_template", "earlier", "overlaid"]
