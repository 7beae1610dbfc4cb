"""A certificate authority of the same shape as Apple's: root, WWDR-like intermediate, Pass Type ID leaves.

For tests, the demo and the APNs emulator. Its names say that it is not Apple, and no device trusts it;
``PARITY.md`` lists what it copies and from where.
"""

from passerelle.emulators.apple_ca.authority import (
    Authority,
    Fault,
    IssuedCertificate,
    create_authority,
    load_authority,
)

__all__ = ["Authority", "Fault", "IssuedCertificate", "create_authority", "load_authority"]
