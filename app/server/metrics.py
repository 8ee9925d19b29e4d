"""Figures about the server on a port of their own, in the text format of OpenMetrics, which Prometheus reads.

Streamlit's own (/_stcore/metrics) measure all that every session holds, which takes the longer the more there are.
"""

import os
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from streamlit.runtime import get_instance
from streamlit.runtime.stats import ACTIVE_SESSIONS_FAMILY, SESSION_EVENTS_FAMILY, CounterStat, GaugeStat, Stat

from app.runs.journal import journal

PAGES_OF_MEMORY = Path("/proc/self/statm")

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def serve_metrics(port: int) -> None:
    """Answer on this port as long as the process lives. Raises OSError where the port is taken."""
    server = ThreadingHTTPServer(("", port), _Figures)
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()


class _Figures(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = written(figures()).encode()
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not a line for each look."""


def figures() -> list[Stat]:
    """Sessions, changes, runs, epochs, memory and processor time."""
    sessions = get_instance().stats_mgr.get_stats([ACTIVE_SESSIONS_FAMILY, SESSION_EVENTS_FAMILY])
    about, ended = "Runs that have ended, by what became of them.", sorted(dict(journal.ended).items())
    return [
        *(stat for family in sessions.values() for stat in family),
        CounterStat("playground_changes", journal.changes, help="Changes of data or settings that began a run."),
        *(CounterStat("playground_runs", n, {"outcome": by}, help=about) for by, n in ended),
        CounterStat("playground_epochs", journal.epochs, help="Epochs that runs have reached."),
        CounterStat("process_cpu_seconds", int(time.process_time()), unit="seconds", help="Processor time."),
        *_memory(),
    ]


def _memory() -> list[GaugeStat]:
    """What Linux says that the process holds; nothing elsewhere."""
    if not PAGES_OF_MEMORY.exists():
        return []
    held = int(PAGES_OF_MEMORY.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return [GaugeStat("process_resident_memory_bytes", held, unit="bytes", help="Memory.")]


def written(figures: Iterable[Stat]) -> str:
    lines: dict[str, list[str]] = {}
    for stat in figures:
        head = [f"# TYPE {stat.family_name} {stat.type}", f"# HELP {stat.family_name} {stat.help}"]
        lines.setdefault(stat.family_name, head).append(stat.to_metric_str())
    return "\n".join([*(line for family in lines.values() for line in family), "# EOF", ""])
