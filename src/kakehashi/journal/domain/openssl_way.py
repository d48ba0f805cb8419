"""The second way to verify: files and a short script for plain OpenSSL, beside our own verifier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FOLDER = "openssl"

SCRIPT = r"""#!/bin/sh
# Verifies this evidence with OpenSSL 3 and the plain tools of any UNIX, without our program: sh openssl/verify.sh
# OpenSSL 3 と、どの UNIX にもある道具だけで確かめます。展開したフォルダーで実行してください。
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 1. 署名：台帳の証明点と、ファイルの一覧
for note in checkpoint.txt manifest.txt; do
  sed '/^$/,$d' "$note" > "$work/text"
  sed -n '$p' "$note" | cut -d ' ' -f 3 | openssl base64 -d -A | tail -c +5 > "$work/signature"
  openssl pkeyutl -verify -pubin -inkey openssl/key.pem -rawin -in "$work/text" -sigfile "$work/signature" > "$work/said"
  echo "OK $note の署名"
done

# 2. ファイルが一覧のとおりか
sed -e '1d' -e '/^$/,$d' manifest.txt > "$work/list"
while read -r digest name; do
  test "$(openssl dgst -sha256 -r "$name" | cut -d ' ' -f 1)" = "$digest" || { echo "NG $name"; exit 1; }
done < "$work/list"
echo "OK ファイルは一覧のとおり"

# 3. 記録が、署名された台帳にあるか（RFC 6962）
sed -n 3p checkpoint.txt | openssl base64 -d -A > "$work/root"
for event in openssl/events/*.bin; do
  name=${event%.bin}
  openssl dgst -sha256 -binary "$event" > "$work/commitment"
  { printf '\000'; cat "$work/commitment"; } | openssl dgst -sha256 -binary > "$work/node"
  start=1
  while read -r side; do
    tail -c "+$start" "$name.path" | head -c 32 > "$work/sibling"
    if [ "$side" = L ]; then set -- sibling node; else set -- node sibling; fi
    { printf '\001'; cat "$work/$1" "$work/$2"; } | openssl dgst -sha256 -binary > "$work/next"
    mv "$work/next" "$work/node"
    start=$((start + 32))
  done < "$name.sides"
  cmp -s "$work/node" "$work/root" || { echo "NG $event"; exit 1; }
done
echo "OK 記録はすべて、署名された台帳にある"
"""


def public_pem(public: bytes) -> bytes:
    """The raw Ed25519 key as OpenSSL reads it."""
    return Ed25519PublicKey.from_public_bytes(public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def sides(index: int, size: int, length: int) -> str:
    """On which side each hash of an inclusion proof stands: one letter a line, L left or R right (RFC 9162 §2.1.3.2)."""
    found, position, last = [], index, size - 1
    for _ in range(length):
        is_left = bool(position & 1) or position == last
        found.append("L" if is_left else "R")
        if is_left:
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        position, last = position >> 1, last >> 1
    return "".join(f"{side}\n" for side in found)


def event_files(
    index: int, size: int, salt: bytes, record: bytes, proof: Sequence[bytes]
) -> Iterator[tuple[str, bytes]]:
    """What the script needs of one event: salt and record, the hashes of its path one after the other, their sides."""
    name = f"{FOLDER}/events/{index:012d}"
    yield f"{name}.bin", salt + record
    yield f"{name}.path", b"".join(proof)
    yield f"{name}.sides", sides(index, size, len(proof)).encode()
