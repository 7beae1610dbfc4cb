"""What a push costs: CPU of the product's APNs client per push, and pushes per second.

The emulator runs in a process of its own, so that its CPU is not counted.
``python -m bench.push`` prints the figures; ``run()`` returns them.
"""

import asyncio
import datetime as dt
import json
import multiprocessing
import resource
import secrets
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from passerelle.emulators.apns import ApnsEmulator
from passerelle.passes.wallets.apple.apns import ApnsCertificate, ApnsClient, Outcome, Push

_TOPIC: Final = "pass.example.bench"
_WARM_UP: Final = 1_000
_PUSHES: Final = 20_000
_BATCH: Final = 1_000


def run() -> dict[str, float]:
    """CPU microseconds per push of the client, of the emulator, and pushes per second."""
    certificate, key = _self_signed()
    here, there = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, certificate, key), daemon=True)
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            ca_file = Path(folder, "ca.pem")
            ca_file.write_bytes(certificate)
            client = ApnsClient(here.recv(), ApnsCertificate(certificate, key), ca_file=ca_file)
            figures = uvloop.run(_measure(client))
        here.send("stop")
        figures["apns_emulator_cpu_us"] = here.recv() / (_PUSHES + _WARM_UP) * 1e6
    finally:
        server.join(5)
        server.kill()
    return figures


async def _measure(client: ApnsClient) -> dict[str, float]:
    tokens = [secrets.token_hex(32) for _ in range(_BATCH)]
    pushes = [Push(token, _TOPIC) for token in tokens]
    for _ in range(_WARM_UP // _BATCH):
        await client.push(pushes)
    cpu, wall = _cpu_seconds(), time.perf_counter()
    for _ in range(_PUSHES // _BATCH):
        results = await client.push(pushes)
        if any(result.outcome is not Outcome.DELIVERED for result in results):
            raise RuntimeError("A push was not delivered, the figures would be wrong.")
    cpu, wall = _cpu_seconds() - cpu, time.perf_counter() - wall
    await client.close()
    return {"push_cpu_us": cpu / _PUSHES * 1e6, "pushes_per_s": _PUSHES / wall}


def _serve(pipe: Connection, certificate: bytes, key: bytes) -> None:
    async def serve() -> None:
        emulator = ApnsEmulator(certificate_pem=certificate, key_pem=key, client_ca_pem=certificate)
        pipe.send(await emulator.start())
        started = _cpu_seconds()
        await asyncio.get_running_loop().run_in_executor(None, pipe.recv)
        pipe.send(_cpu_seconds() - started)
        await emulator.close()

    uvloop.run(serve())


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _self_signed() -> tuple[bytes, bytes]:
    """One certificate that serves both ends: server name ``localhost``, pass type as UID."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.USER_ID, _TOPIC), x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
