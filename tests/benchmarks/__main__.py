"""`python -m tests.benchmarks` prints the machine, then one line for each measurement."""

import os
import platform
from pathlib import Path

import torch

from tests.benchmarks import engine, exports, lessons, load, page, reading, sessions, surface, weight


def processor() -> str:
    """The processor's name according to the operating system."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def main() -> None:
    print(f"{processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, torch {torch.__version__}\n")
    engine.report()
    print()
    reading.report()
    page.report()
    lessons.report()
    weight.report()
    surface.report()
    exports.report()
    sessions.report()
    load.report()


if __name__ == "__main__":
    main()
