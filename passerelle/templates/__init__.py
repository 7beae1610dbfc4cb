"""Pass templates: what a card says and how it looks, apart from any wallet and any customer.

Nouns: a *template* belongs to an organization and has numbered, immutable *versions*; a version holds its
*content* (fields by area, texts with placeholders, translations, colours, images, barcode) and the *files* made
from it (icons, strips). *Facts* are the values of one card that fill the placeholders. An *image* is a picture
kept by its SHA-256. A *finding* is a fault in a content, with what to do about it.

Not here: the cards themselves, and what a wallet makes of a template (``passes``).
"""
