"""A certificate authority of the tests: a root, a town's seal, a time-stamping authority, and the list of the revoked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kakehashi.kernel import clock


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """Makes certificates under one root, all valid from yesterday for a year."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.root = self._certificate("Test Root", self.key.public_key(), is_root=True)

    def _certificate(self, name: str, key: object, *, is_root: bool = False, stamps: bool = False) -> x509.Certificate:
        now = clock.now()
        builder = x509.CertificateBuilder().subject_name(_name(name)).issuer_name(_name("Test Root"))
        builder = builder.public_key(key).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=365))
        builder = builder.add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        usage = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
        )
        builder = builder.add_extension(
            x509.KeyUsage(
                digital_signature=not is_root, content_commitment=not is_root, key_cert_sign=is_root,
                crl_sign=is_root, **usage,
            ),
            critical=True,
        )  # fmt: skip
        if stamps:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        return builder.sign(self.key, SHA256())

    def issue(self, name: str, *, stamps: bool = False) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        """A key and its certificate."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return key, self._certificate(name, key.public_key(), stamps=stamps)

    def fill(self, folder: Path, code: str) -> None:
        """The folder as an operator fills it: the town's key with its passphrase, the root, an empty revocation list."""
        key, certificate = self.issue("Hibari Mayor")
        secret = b"seal of the tests"
        packed = pkcs12.serialize_key_and_certificates(
            b"seal", key, certificate, [self.root], BestAvailableEncryption(secret)
        )
        (folder / f"{code}.p12").write_bytes(packed)
        (folder / f"{code}.pass").write_bytes(secret + b"\n")
        for name in ("trust", "crl"):
            (folder / name).mkdir()
        (folder / "trust" / "root.pem").write_bytes(self.root.public_bytes(Encoding.PEM))
        now = clock.now()
        revoked = x509.CertificateRevocationListBuilder().issuer_name(self.root.subject)
        revoked = revoked.last_update(now - timedelta(hours=1)).next_update(now + timedelta(days=7))
        (folder / "crl" / "root.crl").write_bytes(revoked.sign(self.key, SHA256()).public_bytes(Encoding.DER))


def plain_key(key: rsa.RSAPrivateKey) -> bytes:
    """A key as pyHanko's own test authority takes it."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
