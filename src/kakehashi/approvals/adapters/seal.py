"""電子公印: a PAdES signature with the key of the government, kept as PKCS#12 in a folder of the machine.

`<folder>/<団体コード>.p12` holds key and certificates (職責証明書), `.pass` beside it the passphrase. Neither is ever in the
database. Level B-B; with the address of a time-stamping authority B-T; B-LTA also embeds what proves the certificates were
good (`<folder>/trust/*.pem`, `<folder>/crl/*.crl`), so that the signature outlives them.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakehashi.approvals.domain.seals import SealSettings
from kakehashi.kernel.outbound import NoAnswer, OutboundRefused, send

FIELD = "OfficialSeal"


class SealFailed(Exception):
    """The seal could not be put on; the message is Japanese and names no secret."""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """The signed paper, who signed it (the certificate's subject) and how far the proof goes."""

    pdf: bytes
    signer: str
    level: str


def seal_pdf(pdf: bytes, settings: SealSettings, *, reason: str, place: str) -> Sealed:
    """Sign a PDF as an incremental update: not a byte of it changes. Raises `SealFailed`.

    pyHanko runs an event loop of its own, so it works in a thread of its own.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_sign, pdf, settings, reason, place).result()


def _sign(pdf: bytes, settings: SealSettings, reason: str, place: str) -> Sealed:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

    signer = _signer(settings.key)
    wants_proof = settings.level == "b-lta"
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        reason=reason,
        location=place,
        use_pades_lta=wants_proof,
        embed_validation_info=wants_proof,
        validation_context=_proof(settings, signer) if wants_proof else None,
    )
    stamper = _stamper(settings.tsa) if settings.level != "b-b" else None
    maker = signers.PdfSigner(metadata, signer, timestamper=stamper, new_field_spec=SigFieldSpec(FIELD))
    try:
        out = maker.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    except (NoAnswer, OutboundRefused) as error:
        raise SealFailed("タイムスタンプ局から応答がありません。時間をおいて、もう一度開いてください。") from error
    except Exception as error:
        # pyHanko has many errors of its own; each of them means that nothing was signed.
        raise SealFailed(f"電子公印を付けられませんでした（{type(error).__name__}）。") from error
    return Sealed(pdf=out.getvalue(), signer=signer.signing_cert.subject.human_friendly, level=settings.level)


def _signer(key: Path) -> Any:
    from pyhanko.sign import signers

    secret = key.with_suffix(".pass")
    passphrase = secret.read_bytes().strip() if secret.exists() else None
    signer = signers.SimpleSigner.load_pkcs12(str(key), passphrase=passphrase)  # type: ignore[no-untyped-call]
    if signer is None:
        raise SealFailed("電子公印の鍵を開けません。パスフレーズを確かめてください。")
    return signer


def _proof(settings: SealSettings, signer: Any) -> Any:
    """Roots and revocation lists as files: a town's machine need not reach the authority at this moment."""
    from asn1crypto import crl
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko_certvalidator import ValidationContext

    lists = [crl.CertificateList.load(path.read_bytes()) for path in sorted((settings.folder / "crl").glob("*.crl"))]
    if not lists:
        raise SealFailed("B-LTA の署名には、失効リスト（crl フォルダー）が要ります。")
    files = sorted((settings.folder / "trust").glob("*.pem"))
    roots = list(load_certs_from_pemder(files))  # type: ignore[no-untyped-call]
    own = [cert for cert in signer.cert_registry if cert.self_signed in {"yes", "maybe"}]
    return ValidationContext(trust_roots=roots or own, crls=lists, allow_fetching=False, revocation_mode="soft-fail")


def _stamper(address: str, ask: Callable[[bytes], bytes] | None = None) -> Any:
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    asks = ask or (lambda body: _ask(address, body))

    class Door(TimeStamper):
        """Asks for the time through the house's one door for outgoing requests."""

        async def async_request_tsa_response(self, req: Any) -> Any:
            """The authority's answer to one request."""
            return tsp.TimeStampResp.load(asks(req.dump()))

    return Door()  # type: ignore[no-untyped-call]


def _ask(address: str, body: bytes) -> bytes:
    answer = send(
        address,
        method="POST",
        body=body,
        headers={"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"},
    )
    if answer.status != 200:
        raise NoAnswer(f"the time-stamping authority answered {answer.status}")
    return answer.body
