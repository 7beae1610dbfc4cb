"""Apple Wallet: pass.json, the signed ``.pkpass`` archive, certificates and their check, and pushes.

Pure of database and web framework: values in, bytes and findings out. Which card gets which values, and when
a device is told, is decided in ``passerelle.passes``.
"""
