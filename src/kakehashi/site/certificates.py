"""A look at the TLS certificate before anybody depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from kakehashi.kernel import clock
from kakehashi.site.config import Config


@dataclass(frozen=True)
class Certificate:
    """Until when a certificate is valid, for which names, and what is wrong with it (Japanese, English), if anything."""

    until: datetime
    wrong: tuple[str, str] | None = None
    names: tuple[str, ...] = ()

    def covers(self, host: str) -> bool:
        """Whether a browser takes it for this name or address; a star stands for one part of a name (RFC 9525)."""
        _, _, parent = host.partition(".")
        return host in self.names or f"*.{parent}" in self.names


def look_at(config: Config) -> Certificate:
    """Read certificate and key of the settings and compare them."""
    try:
        certificate = x509.load_pem_x509_certificates(Path(config.tls_cert).read_bytes())[0]
        data = Path(config.tls_key).read_bytes()
        key = load_pem_private_key(data, password=None)
    except (OSError, ValueError, TypeError) as error:
        return _wrong("証明書か鍵が読めません", f"The certificate or its key cannot be read ({error})")
    if b"-----BEGIN PRIVATE KEY-----" not in data:
        return _wrong(
            "鍵を PKCS#8 に変えてください： openssl pkcs8 -topk8 -nocrypt -in 鍵 -out 新しい鍵",
            "The key must be PKCS#8: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW",
        )
    if Path(config.tls_key).stat().st_mode & 0o007:
        return _wrong("鍵をほかの利用者が読めます： chmod 600", "Others can read the key: chmod 600")
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
        return _wrong("鍵が証明書のものではありません", "The key is not that of the certificate")
    until = certificate.not_valid_after_utc
    if until < clock.now():
        return _wrong(f"証明書の期限が {until:%Y-%m-%d} に切れています", f"The certificate expired on {until:%Y-%m-%d}")
    return Certificate(until, names=_names(certificate))


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = [str(one) for one in found.get_values_for_type(x509.IPAddress)]
    return (*(one.lower() for one in found.get_values_for_type(x509.DNSName)), *addresses)


def _wrong(ja: str, en: str) -> Certificate:
    return Certificate(datetime.fromtimestamp(0, UTC), (ja, en))
