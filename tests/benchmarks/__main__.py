"""`python -m tests.benchmarks`: what it ran on, then one line a measurement."""

import importlib.util
import os
import platform
from pathlib import Path

import torch

from tests.benchmarks import engine, reading


def processor() -> str:
    """The name that the operating system gives the processor."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def main() -> None:
    print(f"{processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, torch {torch.__version__}\n")
    engine.report()
    print()
    reading.report()
    if importlib.util.find_spec("tests.benchmarks.page"):
        importlib.import_module("tests.benchmarks.page").report()
        importlib.import_module("tests.benchmarks.surface").report()
        importlib.import_module("tests.benchmarks.sessions").report()


if __name__ == "__main__":
    main()
