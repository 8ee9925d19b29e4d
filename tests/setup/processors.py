"""Run the numerical tests as other processors would round, each setting in a new process, one per core at a time. A
setting can forbid instructions on any processor, but allow only those that this one has.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SETTINGS = (
    "",
    "ATEN_CPU_CAPABILITY=default",
    "ATEN_CPU_CAPABILITY=avx2",
    "MKL_ENABLE_INSTRUCTIONS=SSE4_2",
    "MKL_ENABLE_INSTRUCTIONS=AVX2",
    "MKL_CBWR=COMPATIBLE",
)
"""The vector width of torch's own loops, and the code paths of MKL's matrix products."""

FILES = [
    "arithmetic", "error_modes", "gradients", "history", "links", "minimum", "modes", "nist", "notebook", "one_step",
    "optimizers", "problem", "rates", "script", "sweep", "training",
]  # fmt: skip
"""Tests of the engine against its oracles, and of the numbers that pages show."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""There is a process for each core already."""

OPTIONS = ("-p", "no:cacheprovider", "--hypothesis-profile=one-of-many")
TESTS = Path(__file__).parents[1]


def passes(setting: str) -> bool:
    name, _, value = setting.partition("=")
    others = {key: held for key, held in os.environ.items() if key not in {one.split("=")[0] for one in SETTINGS}}
    files = [str(TESTS / f"test_{file}.py") for file in FILES]
    began = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *files, *OPTIONS, *sys.argv[1:]],
        env=others | ONE_THREAD | ({name: value} if name else {}), cwd=TESTS.parent, capture_output=True, text=True,
    )  # fmt: skip
    lines = [line for line in run.stdout.splitlines() if line.strip()]
    told = "\n".join(lines) if run.returncode else lines[-1]
    print(f"{setting or 'nothing set'}: {told}{run.stderr if run.returncode else ''}", flush=True)
    print(f"    in {time.monotonic() - began:.0f} s", flush=True)
    return run.returncode == 0


if __name__ == "__main__":
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        sys.exit(not all(list(pool.map(passes, SETTINGS))))
