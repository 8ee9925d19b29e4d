"""nginx: find it, install Debian's if possible, and fill in its configuration."""

import os
import shutil
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from string import Template

TEMPLATE = Path(__file__).with_name("nginx.conf.template")

HOW_TO_INSTALL = (
    "make serve needs nginx, and none was found. Install it: sudo apt-get install nginx "
    "(on a Mac: brew install nginx). Without it, make run serves in one process"
)


def find() -> str | None:
    """The path of nginx, which Debian keeps where only root's shell looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/local/sbin:/usr/sbin")


def complaint() -> str | None:
    """What to do if nginx is missing and cannot be installed from here."""
    if find() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing nginx ...", flush=True)
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "nginx"]):
            subprocess.run(["apt-get", *command], env=quietly, check=False)
    return None if find() else HOW_TO_INSTALL


def configuration(port: int, replicas: Sequence[int]) -> str:
    """The template, filled in for replicas on these ports of this machine."""
    addresses = [f"127.0.0.1:{replica}" for replica in replicas]
    return Template(TEMPLATE.read_text("utf-8")).safe_substitute(
        LISTEN=f"[::]:{port} ipv6only=off" if _has_ipv6() else str(port),
        SERVERS=" ".join(f"server {address};" for address in addresses),
        ADDRESSES=" ".join(f"{i} {address};" for i, address in enumerate(addresses, 1)),
        NUMBERS=" ".join(f"{address} {i};" for i, address in enumerate(addresses, 1)),
    )


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False
