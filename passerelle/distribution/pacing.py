"""How much one address may ask of the public pages in a window of ``kit.pacing``."""

from typing import Final

from passerelle.kit.pacing import WINDOW_SECONDS, Budget

__all__ = ["FORM_BUDGET", "VIEW_BUDGET", "WINDOW_SECONDS", "Budget"]

FORM_BUDGET: Final = 300
VIEW_BUDGET: Final = 3_000
