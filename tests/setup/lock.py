"""`python tests/setup/lock.py` says in a sentence where the installed packages differ from the pinned ones.

In the requirements files, the packages that we use are pinned by hand, each with a comment. `--write` replaces the
lines below HEADING with what those packages need in turn, on any system, in the versions installed here.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, distributions
from itertools import product
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
FILES = (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt")
HEADING = "# What these need. Written by `make lock`."
SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
"""`platform_system` by `sys_platform`."""

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
UNPINNED = re.compile(r"pip|(cuda|nvidia)-.+|(pytorch-)?triton.*")
"""pip is part of .venv; the others belong to torch's CUDA builds, which pin their versions themselves."""


def pins(text: str) -> dict[str, Requirement]:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return {canonicalize_name(pin.name): pin for pin in map(Requirement, filter(None, lines))}


def complaint(files: Iterable[Path] = FILES, path: list[str] = sys.path) -> str | None:
    """Differences between the packages installed on `path` and the pins that apply to this system."""
    text = "\n".join(file.read_text() for file in files)
    pinned = {name: pin for name, pin in pins(text).items() if pin.marker is None or pin.marker.evaluate()}
    installed: dict[str, str] = {canonicalize_name(found.name): found.version for found in distributions(path=path)}
    faults = []
    for name, pin in sorted(pinned.items()):
        if name not in installed:
            faults.append(f"{name}{pin.specifier} is missing")
        elif not pin.specifier.contains(installed[name], prereleases=True):
            faults.append(f"{name}{pin.specifier} is installed as {installed[name]}")
    for name in sorted(installed.keys() - pinned.keys()):
        if not UNPINNED.fullmatch(name):
            faults.append(f"{name} is not pinned")
    if not faults:
        return None
    return (
        f"The installed packages are not the pinned ones: {', '.join(faults)}. "
        "To install the pinned ones: make clean check. To pin again after changing a version by hand: make lock"
    )


@cache
def metadata(name: str, specifier: str) -> tuple[str, list[Requirement]]:
    """A package's version and requirements: as installed, or of the newest if it is only for other systems."""
    try:
        found = distribution(name)
        version, needs = found.version, found.requires or []
    except PackageNotFoundError:
        options = ["--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--report", "-"]
        command = [sys.executable, "-m", "pip", "install", *options, name + specifier]
        report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        newest = report["install"][0]["metadata"]
        version, needs = newest["version"], newest.get("requires_dist", [])
    # torch==2.13.0 matches 2.13.0+cpu, not the reverse.
    return Version(version).public, [Requirement(need) for need in needs]


def needed(packages: Iterable[Requirement], system: str, python: str) -> dict[str, str]:
    """The version of each of the packages and of all that they need, on one system."""
    environment = {
        "sys_platform": system,
        "platform_system": SYSTEMS[system],
        "os_name": "nt" if system == "win32" else "posix",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    versions: dict[str, str] = {}
    waiting = [(package, extra) for package in packages for extra in ("", *package.extras)]
    seen = set()
    while waiting:
        package, extra = waiting.pop()
        name = canonicalize_name(package.name)
        if UNPINNED.fullmatch(name) or (name, extra) in seen:
            continue
        seen.add((name, extra))
        versions[name], needs = metadata(name, str(package.specifier))
        waiting += [
            (need, wanted)
            for need in needs
            if need.marker is None or need.marker.evaluate(environment | {"extra": extra})
            for wanted in ("", *need.extras)
        ]
    return versions


def locked(named: Iterable[Requirement]) -> dict[str, str]:
    """The line that pins each package, for the named ones and all that they need on some system."""
    versions: dict[str, str] = {}
    systems: defaultdict[str, set[str]] = defaultdict(set)
    for system, python in product(SYSTEMS, PYTHONS):
        here = needed(named, system, python)
        versions |= here
        for name in here:
            systems[name].add(system)
    lines = {}
    for name, version in sorted(versions.items()):
        marker = " or ".join(f'sys_platform == "{system}"' for system in SYSTEMS if system in systems[name])
        lines[name] = f"{name}=={version}" + ("" if len(systems[name]) == len(SYSTEMS) else f"; {marker}")
    return lines


def write(files: Iterable[Path] = FILES) -> None:
    """Pin what the packages above each heading need, except what a file before has pinned."""
    done: set[str] = set()
    for file in files:
        head = file.read_text().partition(HEADING)[0].strip()
        named = pins(head)
        lines = locked(named.values())
        rest = [pin for name, pin in lines.items() if name not in named.keys() | done]
        file.write_text("\n".join([head, "", HEADING, *rest, ""]))
        done |= lines.keys()


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        sys.exit(complaint())
