"""`python tests/setup/audit.py` fails where a pinned package has a known hole, and says what could not be looked up.

pip-audit alone says "No known vulnerabilities found" and exits 0 where it was told nothing about any package. So it is
asked about an old release with a known hole as well: where that seems sound, the source of advisories knows none.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FILES = (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt")

HOLED = "flask==0.12"
"""Anybody may stop it by a JSON in a strange encoding: PYSEC-2018-66. None of our packages."""

OPTIONS = ("--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off", "--timeout=5")


def ask(files: Sequence[Path], source: Sequence[str]) -> tuple[list[dict[str, Any]], str]:
    """What pip-audit says of each package in the files and of HOLED; if nothing, then why.

    source: its options about where to look, if not on PyPI.
    """
    with tempfile.TemporaryDirectory() as folder:
        holed = Path(folder, "holed.txt")
        holed.write_text(HOLED)
        named = [f"--requirement={file}" for file in (*files, holed)]
        command = [sys.executable, "-m", "pip_audit", *OPTIONS, *source, *named]
        done = subprocess.run(command, capture_output=True, text=True)
    if not done.stdout.strip():
        return [], done.stderr.strip().rpartition("\n")[2]
    return json.loads(done.stdout)["dependencies"], ""


def report(files: Sequence[Path] = FILES, source: Sequence[str] = ()) -> tuple[str, list[str]]:
    """In a sentence what was audited; and a sentence for each package with a hole."""
    packages, reason = ask(files, source)
    canary = HOLED.partition("==")[0]
    if not any(package["name"] == canary and package.get("vulns") for package in packages):
        return f"NOT AUDITED: no advisories could be had{f' ({reason})' if reason else ''}.", []
    ours = [package for package in packages if package["name"] != canary]
    skipped = sorted(package["name"] for package in ours if "skip_reason" in package)
    sentence = f"{len(ours) - len(skipped)} packages were audited for known holes."
    if skipped:
        sentence += f" NOT AUDITED, since no advisory could be had: {', '.join(skipped)}."
    return sentence, [_about(package) for package in ours if package.get("vulns")]


def _about(package: dict[str, Any]) -> str:
    holes = [f"{hole['id']} (mended in {', '.join(hole['fix_versions']) or 'none yet'})" for hole in package["vulns"]]
    return f"{package['name']} {package['version']} has known holes: {'; '.join(holes)}."


if __name__ == "__main__":
    audited, holes = report()
    print(audited)
    sys.exit("\n".join(holes) or None)
