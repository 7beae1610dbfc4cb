"""Google Wallet: save links, the REST API and its rate, save and delete callbacks, and the bodies they carry.

Nouns: a *resource* is a class (what all cards of a programme share) or an object (one card); the *issuer* owns
both; a *save link* is a signed JWT behind Google's button. Nothing here touches a database: accounts, keys and
HTTP clients are passed in. What our templates look like as resources is decided elsewhere.
"""
