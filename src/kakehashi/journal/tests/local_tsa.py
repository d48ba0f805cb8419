"""A time-stamping authority of the tests' own: a root, a certificate for time stamps, and the real openssl."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kakehashi.kernel import clock

_CONFIG = """[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
certs = {folder}/ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class LocalTsa:
    """Its folder holds `ca.pem`, which those who verify are given."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.asked = folder, 0
        root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self._certify("ca.pem", "Test Root", root.public_key(), root, is_root=True)
        self._certify("tsa.pem", "Test TSA", key.public_key(), root, is_root=False)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "tsa.key").write_bytes(pem)
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))

    def _certify(
        self,
        name: str,
        subject: str,
        public: ec.EllipticCurvePublicKey,
        root: ec.EllipticCurvePrivateKey,
        *,
        is_root: bool,
    ) -> None:
        now = clock.now()
        builder = x509.CertificateBuilder(_name("Test Root"), _name(subject), public, x509.random_serial_number())
        builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=30))
        builder = builder.add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        if not is_root:
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(usage, critical=True)
        pem = builder.sign(root, SHA256()).public_bytes(Encoding.PEM)
        (self.folder / name).write_bytes(pem)

    def answer(self, query: bytes) -> bytes:
        """The reply (DER) to a query (DER)."""
        self.asked += 1
        (self.folder / "query.tsq").write_bytes(query)
        self._run("-reply", "-queryfile", "query.tsq", "-out", "reply.tsr", "-config", "tsa.cnf")
        return (self.folder / "reply.tsr").read_bytes()

    def stamp(self, data: bytes) -> bytes:
        """The reply for some bytes."""
        (self.folder / "data.bin").write_bytes(data)
        self._run("-query", "-data", "data.bin", "-sha256", "-cert", "-out", "made.tsq")
        return self.answer((self.folder / "made.tsq").read_bytes())

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", "ts", *words], cwd=self.folder, check=True, capture_output=True, timeout=30)
