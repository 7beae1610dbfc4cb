"""How much one address may ask of the public pages in a window of ``kit.pacing``."""

from typing import Final

from passerelle.kit.pacing import WINDOW_SECONDS, Budget

__all__ = ["ASK_BUDGET", "FORM_BUDGET", "LOOK_BUDGET", "VIEW_BUDGET", "WINDOW_SECONDS", "Budget"]

ASK_BUDGET: Final = 30
FORM_BUDGET: Final = 300
VIEW_BUDGET: Final = 3_000
LOOK_BUDGET: Final = 30_000  # an open card looks every four seconds, and a whole shop may share one address
