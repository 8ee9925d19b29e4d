"""Reading files: the collection of cases, and speed and memory beside `pandas.read_csv`."""

import contextlib
import io
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from app.dataset import read_csv
from tests.benchmarks.engine import interleaved, line
from tests.test_reading_corpus import FOLDER, cases, complaint


def table(rows: int) -> bytes:
    """Rows × 10 numbers of 17 digits: a million are about 200 MB."""
    numbers = 100 * np.random.default_rng(0).normal(size=(rows, 10))
    frame = pd.DataFrame(numbers, columns=[f"x{i}" for i in range(10)])
    return frame.to_csv(index=False, lineterminator="\n").encode()


def with_pyarrow(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), engine="pyarrow")


def milliseconds(read: Callable[[], object]) -> float:
    """How long a file takes, whatever becomes of it."""
    began = time.perf_counter()
    with contextlib.suppress(Exception):
        read()
    return 1000 * (time.perf_counter() - began)


def peak(read: Callable[[], object]) -> float:
    """Megabytes above the start, at most; of Linux alone, NaN elsewhere."""
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
    """Print one line a measurement: name, measured, target, the peer."""
    line("reading", "measured", "target", "pandas.read_csv")
    for strictness, target in (("must", "all"), ("should", "all")):
        found = cases(FOLDER, strictness)
        right = sum(not complaint(case) for case in found)
        line(f"cases that {strictness} be right", f"{right} of {len(found)}", target, "")
    ours: list[float] = []
    theirs: list[float] = []
    for case in cases(FOLDER, "must") + cases(FOLDER, "should"):
        content = (FOLDER / case["file"]).read_bytes()
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
