"""Reading files: how many test files are read correctly, and speed and memory beside `pandas.read_csv`."""

import contextlib
import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from app.dataset import read_csv
from tests.benchmarks.engine import interleaved, line
from tests.browser.harness import ROOT
from tests.corpus import CASES, complaint


def table(rows: int) -> bytes:
    """A table of `rows` × 10 numbers of 17 digits; a million rows are about 200 MB."""
    numbers = 100 * np.random.default_rng(0).normal(size=(rows, 10))
    frame = pd.DataFrame(numbers, columns=[f"x{i}" for i in range(10)])
    return frame.to_csv(index=False, lineterminator="\n").encode()


def with_pyarrow(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), engine="pyarrow")


def milliseconds(read: Callable[[], object]) -> float:
    """How long `read` takes, whether or not it succeeds."""
    began = time.perf_counter()
    with contextlib.suppress(Exception):
        read()
    return 1000 * (time.perf_counter() - began)


def peak(read: Callable[[], object]) -> float:
    """Peak memory above the start in megabytes; NaN except on Linux."""
    if sys.platform != "linux":
        return float("nan")
    Path("/proc/self/clear_refs").write_text("5")
    before = resident("VmRSS")
    kept = read()
    after = resident("VmHWM")
    del kept
    return after - before


def resident(which: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(text.split()[1]) / 1000 for text in lines if text.startswith(which))


def report() -> None:
    """Print a line for each measurement: name, value, target, and what it is compared with."""
    line("reading", "measured", "target", "pandas.read_csv")
    right = sum(not complaint(case) for case in CASES.values())
    line("cases read as their manifest says", f"{right} of {len(CASES)}", "all", "")
    ours: list[float] = []
    theirs: list[float] = []
    for case in CASES.values():
        content = case["path"].read_bytes()
        ours.append(milliseconds(partial(read_csv, content, "class.csv")))
        theirs.append(milliseconds(partial(pd.read_csv, io.BytesIO(content))))
    measured = f"{statistics.median(ours):.0f} ms median, {max(ours):.0f} ms longest"
    line("time per file", measured, "≤ 5 s", f"{statistics.median(theirs):.1f} ms median")
    for name, rows, rounds in (("1 KB", 5, 21), ("1 MB", 5_200, 9), ("200 MB", 1_000_000, 3)):
        content = table(rows)
        read = partial(read_csv, content, "class.csv")
        times = interleaved(partial(with_pyarrow, content), read, rounds)
        seconds, peer = statistics.median(times[1]), statistics.median(times[0])
        memory = peak(read) / (8e-5 * rows)
        more = f", peak {memory:.1f} × the frame" if rows > 100_000 else ""
        line(
            f"{name}, {rows:,} × 10", f"{1000 * seconds:.0f} ms{more}", "≤ 2x" if more else "", f"{1000 * peer:.1f} ms"
        )
    for name, (took, held) in hard().items():
        line(f"10 MB, {name}", f"{took:.1f} s, peak {held:.1f} × the file", "≤ 5 s, ≤ 10 ×", "")


HARD: dict[str, Callable[[int], list[str]]] = {
    "different words": lambda i: [f"w{i:07d} and more", f"{i % 97}"],
    "amounts in euros": lambda i: [f"{i}.234,56 EUR", f"{i % 97}"],
    "2,000 columns of euros": lambda i: [f"{j}.{i % 1000:03},56 €" for j in range(2000)],
    "16,000 columns of words and numbers": lambda i: [f"w{i}", f"{i}"] * 8000,
}
"""Rows of files that take much time or memory."""


def hard() -> dict[str, tuple[float, float]]:
    """Seconds, and peak memory as a multiple of the file's size, for 10 MB of each, in new processes."""
    found = {}
    for name in HARD:
        code = f"from tests.benchmarks.reading import read_hard; read_hard({name!r})"
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
        seconds, memory = map(float, said.split())
        found[name] = seconds, memory
    return found


def read_hard(name: str) -> None:
    read_csv(b"name,x,y\n" + b"some words,1,2.5\n" * 40, "warm.csv")  # loads the libraries
    rows, size = [[f"column {i}" for i in range(len(HARD[name](0)))]], 0
    while size < 10_000_000:
        rows.append(HARD[name](len(rows)))
        size += sum(map(len, rows[-1])) + len(rows[-1])
    content = "\n".join(map(";".join, rows)).encode()
    del rows
    times: list[float] = []
    memory = peak(lambda: times.append(milliseconds(partial(read_csv, content, "class.csv"))))
    print(times[0] / 1000, memory * 1e6 / len(content))
