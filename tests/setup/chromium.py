"""Find a Chromium or Chrome for the browser tests; `python tests/setup/chromium.py` installs Debian's if it can.

It runs before anything is installed, so it uses only the standard library.
"""

import ctypes
import os
import shutil
import subprocess
import sys

NAMES = [
    "/usr/bin/chromium",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
]

HOW_TO_INSTALL = (
    "The browser tests need Chromium or Chrome, and none was found. Install one: sudo apt-get install chromium "
    "(on a Mac: brew install --cask google-chrome). If you have one elsewhere: make test CHROMIUM=/path/to/chrome"
)


def find() -> str | None:
    """The path of the browser: the one in $CHROMIUM, or else the first that is installed."""
    named = os.environ.get("CHROMIUM")
    return next((path for name in ([named] if named else NAMES) if (path := shutil.which(name))), None)


def lacking() -> list[str]:
    """The Debian packages that are missing: the browser, a font, and the libraries that Playwright needs."""
    packages = [] if find() else ["chromium", "fonts-liberation"]
    if sys.platform == "linux":
        try:
            ctypes.CDLL("libatomic.so.1")
        except OSError:
            packages.append("libatomic1")
    return packages


def install(packages: list[str]) -> None:
    print(f"Installing {', '.join(packages)} for the browser tests ...", flush=True)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=quietly, check=False)
    subprocess.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], env=quietly, check=False)


def complaint() -> str | None:
    """What to do about something missing that cannot be installed from here."""
    named = os.environ.get("CHROMIUM")
    if named and not find():
        return f"CHROMIUM={named} is not a program. Name the browser's own file, or leave it out."
    if (packages := lacking()) and os.geteuid() == 0 and shutil.which("apt-get"):
        install(packages)
    if not find():
        return HOW_TO_INSTALL
    return f"The browser tests need libatomic. Install it: sudo apt-get install {lacking()[0]}" if lacking() else None


if __name__ == "__main__":
    sys.exit(complaint())
