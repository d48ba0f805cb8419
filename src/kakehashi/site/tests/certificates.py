"""A certificate signed by itself, for the tests of the wire."""

from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kakehashi.kernel import clock


def make_certificate(
    folder: Path, host: str, *, days: int = 30, form: PrivateFormat = PrivateFormat.PKCS8
) -> tuple[Path, Path]:
    """Write `cert.pem` and `key.pem` for a host; the key is of mode 0600."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = clock.now()
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=400)).not_valid_after(now + timedelta(days=days))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    cert_path, key_path = folder / "cert.pem", folder / "key.pem"
    cert_path.write_bytes(builder.sign(key, SHA256()).public_bytes(Encoding.PEM))
    key_path.touch(0o600)
    key_path.write_bytes(key.private_bytes(Encoding.PEM, form, NoEncryption()))
    return cert_path, key_path
