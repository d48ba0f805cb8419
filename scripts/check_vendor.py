"""Check vendored files against their manifest: `python scripts/check_vendor.py [--write]`.

Nothing under static/vendor may differ from what its publisher released, and every folder keeps its licence.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "src" / "kakehashi" / "kernel" / "static" / "vendor"
MANIFEST = VENDOR / "manifest.json"


def digests(vendor: Path = VENDOR) -> dict[str, str]:
    """SHA-256 of every vendored file by its path below `vendor`."""
    files = sorted(path for path in vendor.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(vendor).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def findings(vendor: Path = VENDOR) -> list[str]:
    """What is wrong, one sentence each; empty when all is well."""
    recorded = json.loads((vendor / "manifest.json").read_text())
    expected, found = recorded["files"], digests(vendor)
    wrong = [f"{name}: missing" for name in expected.keys() - found.keys()]
    wrong += [f"{name}: not in the manifest" for name in found.keys() - expected.keys()]
    wrong += [f"{name}: changed" for name in expected.keys() & found.keys() if expected[name] != found[name]]
    folders = {name.split("/")[0] for name in found}
    wrong += [f"{folder}: no LICENSE" for folder in sorted(folders) if f"{folder}/LICENSE" not in found]
    wrong += [f"{folder}: no origin in the manifest" for folder in sorted(folders - recorded["packages"].keys())]
    return sorted(wrong)


def main() -> int:
    """Report findings; with --write record the present files instead (after looking at them)."""
    if "--write" in sys.argv[1:]:
        recorded = json.loads(MANIFEST.read_text())
        recorded["files"] = digests()
        MANIFEST.write_text(json.dumps(recorded, ensure_ascii=False, indent=2) + "\n")
    wrong = findings()
    print("\n".join(wrong) or f"{len(digests())} vendored files are as released")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
