"""An iPhone, as a pass server sees it: what ``passd`` does with passes, pushes and the web service.

Written from Apple's web service specification, and stricter than most servers expect: what the real device
refuses or complains about is refused here, or recorded as a ``Violation`` with the rule that was broken.
Its nouns: device, held pass, package (the ``.pkpass`` file), lock-screen notification. It draws nothing.
``PARITY.md`` says where each behaviour comes from and which ones nobody has verified.
"""

from passerelle.emulators.apple_device.calls import Retry
from passerelle.emulators.apple_device.device import AppleDevice, HeldPass, Inspection, Notification
from passerelle.emulators.apple_device.fleet import Fleet, Stopwatch
from passerelle.emulators.apple_device.http1 import HttpClient
from passerelle.emulators.apple_device.package import PassPackage, PassRefused, open_package
from passerelle.emulators.apple_device.rules import Rule, Violation
from passerelle.emulators.apple_device.signature import Trust

__all__ = [
    "AppleDevice",
    "Fleet",
    "HeldPass",
    "HttpClient",
    "Inspection",
    "Notification",
    "PassPackage",
    "PassRefused",
    "Retry",
    "Rule",
    "Stopwatch",
    "Trust",
    "Violation",
    "open_package",
]
