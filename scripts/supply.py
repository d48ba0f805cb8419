"""What we are built from: `python scripts/supply.py hashes|licences|sbom|audit|all`.

hashes    every file of the lock carries a SHA-256, and the installer refuses one that differs (tried for real)
licences  no GPL or AGPL, nothing unknown, save what scripts/supply.toml excepts with a reason
sbom      dist/sbom.cdx.json (CycloneDX 1.6): what is shipped, vendored front-end files included
audit     known vulnerabilities by pip-audit; says NOT AUDITED, loudly, where the database cannot be reached
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "uv.lock"
RULES = ROOT / "scripts" / "supply.toml"
SBOM = ROOT / "dist" / "sbom.cdx.json"
_STRONG = re.compile(r"\b(AGPL|GPL|Affero|GNU General Public|SSPL|BUSL|Commons Clause)", re.IGNORECASE)
_WEAK = re.compile(r"\b(LGPL|Lesser General Public)", re.IGNORECASE)
# A release whose vulnerabilities have been public for years: a database that does not know them is not there.
_PROBE = "django==2.2.0\n"
# Asked in turn: where the first cannot be reached, the second may.
_SERVICES = ("pypi", "osv")


def packages() -> list[dict[str, Any]]:
    """The packages of the lock, our own left out."""
    found: list[dict[str, Any]] = tomllib.loads(LOCK.read_text())["package"]
    return [one for one in found if "registry" in one["source"]]


def without_hash(lock: Iterable[dict[str, Any]]) -> list[str]:
    """Files of the lock that carry no SHA-256."""
    return [
        f"{one['name']} {one['version']}: {file.get('url', '?').rsplit('/', 1)[-1]}"
        for one in lock
        for file in [*one.get("wheels", []), *([one["sdist"]] if "sdist" in one else [])]
        if not re.fullmatch("sha256:[0-9a-f]{64}", file.get("hash", ""))
    ]


def shipped() -> set[str]:
    """Names of what is installed with the product, development tools left out."""
    lines = _run("uv", "export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "-q").stdout
    return {normal(line.split("==")[0]) for line in lines.splitlines() if "==" in line}


def normal(name: str) -> str:
    """A package's name as the index compares it; extras dropped."""
    return re.sub(r"[-_.]+", "-", name.split("[", maxsplit=1)[0]).lower().strip()


def licence_of(about: Any) -> str:
    """What a package says of its licence, in one line."""
    classified = [
        line.split("::")[-1].strip() for line in about.get_all("Classifier") or [] if line.startswith("License")
    ]
    first = (about.get("License") or "").strip().split("\n")[0]
    return about.get("License-Expression") or "; ".join([*classified, first if first != "UNKNOWN" else ""]).strip("; ")


def licence_finding(name: str, licence: str, exceptions: dict[str, str]) -> str | None:
    """What is wrong with a licence, or None."""
    if normal(name) in exceptions:
        return None
    if not licence:
        return f"{name}: no licence is stated"
    return f"{name}: {licence}" if _STRONG.search(_WEAK.sub("", licence)) else None


def hashes() -> list[str]:
    """Findings about the lock; the installer is tried with a right and a wrong digest."""
    wrong = without_hash(packages())
    one = next(each for each in packages() if each["name"] == "sqlparse")
    digests = [file["hash"] for file in [*one["wheels"], one["sdist"]]]
    with tempfile.TemporaryDirectory() as folder:
        for given, should_pass in ((digests, True), ([f"sha256:{'0' * 64}"], False)):
            wanted = Path(folder) / "wanted.txt"
            wanted.write_text(f"sqlparse=={one['version']} " + " ".join(f"--hash={digest}" for digest in given))
            target = ["--target", f"{folder}/{should_pass}", "--no-deps", "--require-hashes", "-r", str(wanted), "-q"]
            # Outside the project: its own limits on versions are no part of what the installer is asked here.
            done = _run("uv", "pip", "install", "--python", sys.executable, *target, check=False, cwd=folder)
            if (done.returncode == 0) is not should_pass:
                wrong.append(
                    f"the installer took a digest for {'wrong' if should_pass else 'right'}: {done.stderr[-300:]}"
                )
    return wrong


def licences() -> list[str]:
    """Findings about licences of everything installed, development tools included."""
    exceptions = tomllib.loads(RULES.read_text())["licences"]
    found = {each.metadata["Name"]: licence_of(each.metadata) for each in metadata.distributions()}
    wrong = [licence_finding(name, licence, exceptions) for name, licence in sorted(found.items())]
    idle = set(exceptions) - {normal(name) for name in found}
    return [one for one in wrong if one] + [f"{name}: excepted, but not installed" for name in sorted(idle)]


def sbom() -> list[str]:
    """Write the bill of materials: the tool looks at the environment, we keep what is shipped and add what is vendored."""
    command = [
        "environment",
        sys.executable,
        "--pyproject",
        str(ROOT / "pyproject.toml"),
        "--of",
        "JSON",
        "--sv",
        "1.6",
    ]
    bill = json.loads(
        _run(str(Path(sys.executable).with_name("cyclonedx-py")), *command, "--output-reproducible").stdout
    )
    names = shipped()
    bill["components"] = [one for one in bill["components"] if normal(one["name"]) in names] + vendored()
    kept = {one["bom-ref"] for one in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    bill["dependencies"] = [
        {**one, "dependsOn": [ref for ref in one.get("dependsOn", []) if ref in kept]}
        for one in bill["dependencies"]
        if one["ref"] in kept
    ]
    SBOM.parent.mkdir(exist_ok=True)
    SBOM.write_text(json.dumps(bill, ensure_ascii=False, indent=1) + "\n")
    missing = names - {normal(one["name"]) for one in bill["components"]}
    print(f"{SBOM.relative_to(ROOT)}: {len(bill['components'])} components")
    return [f"{name}: not in the bill" for name in sorted(missing - _elsewhere())]


def _elsewhere() -> set[str]:
    """Locked for other platforms or Pythons, so not installed here."""
    return {normal(one["name"]) for one in packages()} - {
        normal(each.metadata["Name"]) for each in metadata.distributions()
    }


def vendored() -> list[dict[str, Any]]:
    """The front-end files we carry, each folder one component with the digests of its files."""
    folder = ROOT / "src" / "kakehashi" / "kernel" / "static" / "vendor"
    recorded = json.loads((folder / "manifest.json").read_text())
    found = []
    for name in sorted(recorded["packages"]):
        files = sorted(path for path in recorded["files"] if path.startswith(f"{name}/"))
        library, _, version = name.rpartition("-")
        found.append(
            {
                "type": "library",
                "bom-ref": f"vendor/{name}",
                "name": library,
                "version": version,
                "components": [
                    {"type": "file", "name": path, "hashes": [{"alg": "SHA-256", "content": recorded["files"][path]}]}
                    for path in files
                    if hashlib.sha256((folder / path).read_bytes()).hexdigest() == recorded["files"][path]
                ],
            }
        )
    return found


def audit() -> list[str]:
    """Known vulnerabilities of what is shipped. Where the database is out of reach, say so: that is no pass."""
    reasons: dict[str, str] = {}
    for service in _SERVICES:
        reasons[service] = _why_silent(service)
        if not reasons[service]:
            break
    else:
        why = "; ".join(f"{one}: {reason}" for one, reason in reasons.items())
        _left_out["audit"] = why
        print("!! NOT AUDITED: the database of vulnerabilities cannot be reached from here.")
        print("!! 検査していません：脆弱性の情報源に届きません。届く機械で make supply を動かしてください。")
        return [f"not audited ({why})"] if "--must-audit" in sys.argv else []
    print(f"audit: by the database of {service}")
    done = _audit_of(_run("uv", "export", "--frozen", "--no-dev", "--no-emit-project", "-q").stdout, service)
    accepted = tomllib.loads(RULES.read_text())["vulnerabilities"]
    try:
        report = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [f"pip-audit failed: {done.stderr[-500:]}"]
    skipped = [f"{one['name']}: {one['skip_reason']}" for one in report if "skip_reason" in one]
    return skipped + [
        f"{one['name']} {one['version']}: {each['id']} (fixed in {', '.join(each['fix_versions']) or 'nothing yet'})"
        for one in report
        for each in one.get("vulns", [])
        if each["id"] not in accepted
    ]


def _why_silent(service: str) -> str:
    """Empty when the database knows the vulnerabilities of an old release; else, in one line, why it says nothing."""
    done = _audit_of(_PROBE, service)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return (done.stderr.strip().splitlines() or [f"pip-audit ended with {done.returncode}"])[-1][:120]
    if any(one.get("vulns") for one in found):
        return ""
    skipped = (one["skip_reason"] for one in found if "skip_reason" in one)
    return next(skipped, "it answers, but knows no vulnerability of an old release")


def _audit_of(requirements: str, service: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text(requirements)
        options = ["--no-deps", "--disable-pip", "-f", "json", "--progress-spinner", "off", "--timeout", "20"]
        options += ["--vulnerability-service", service]
        return _run(str(Path(sys.executable).with_name("pip-audit")), "-r", str(wanted), *options, check=False)


def _run(*command: str, check: bool = True, cwd: str | Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=check)


# Steps that could not be done here; the last line names them.
_left_out: dict[str, str] = {}
_STEPS = {"hashes": hashes, "licences": licences, "sbom": sbom, "audit": audit}


def main() -> int:
    """Run the named step, or all; print each finding; 1 when there is one."""
    names = [name for name in sys.argv[1:] if name in _STEPS] or list(_STEPS)
    wrong = [f"{name}: {finding}" for name in names for finding in _STEPS[name]()]
    done = [name for name in names if name not in _left_out]
    if wrong or done:
        print("\n".join(wrong) or f"{', '.join(done)}: nothing wrong was found")
    for name, why in _left_out.items():
        print(f"!! {name}: NOT DONE ({why})")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
