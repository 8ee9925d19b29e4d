"""A class on one server: what a moved learning rate takes while so many sessions each move theirs.

The visitors speak Streamlit's protocol, without browsers. One in ten has a run of 100,000 epochs with autograd. The
same is done to a page that only echoes its field, which is what Streamlit itself takes. Then a soak: what a class takes
up while it stays, and what is left of that once it has gone.

`python -m tests.benchmarks.load soak 10 60` is a short soak alone, of 10 sessions for 60 s.
"""

import asyncio
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection

from tests.benchmarks.sessions import ENDLESS, Visitor
from tests.browser.harness import ROOT, cpu_seconds, free_port, serve, wait_until_healthy

SESSIONS = (30, 100)
PERIOD_SECONDS, MEASURED_SECONDS = 5.0, 40.0
"""Each session moves its rate once in a period."""

ARRIVALS_PER_SECOND = 5
STORM_SESSIONS = 40
MOVES_ALONE = 60
SOAK_SESSIONS, SOAK_SECONDS, GONE_SECONDS = 20, 600.0, 130.0
SAMPLES = 4
EMPTY_PAGE = Path(__file__).with_name("empty_page.py")
PATIENCE_SECONDS = 30.0


class Mover(Visitor):
    """A visitor who moves the learning rate now and then; `answers` are the seconds that the page takes for that."""

    def __init__(self, address: str, query: str, number: int) -> None:
        super().__init__(address, query)
        self.draw = random.Random(number)
        self.answers: list[float] = []
        self.opened: float | None = None
        self._began = time.perf_counter()
        self._field: tuple[str, str] | None = None
        self._moved: float | None = None
        self._socket: ClientConnection | None = None

    def _receive(self, socket: ClientConnection, message: ForwardMsg) -> None:
        super()._receive(socket, message)
        self._socket, now = socket, time.perf_counter()
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.new_element.number_input.id.endswith("-learning_rate"):
            self._field = message.delta.new_element.number_input.id, message.delta.fragment_id
        elif kind == "script_finished" and self._field:
            self.opened = self.opened or now - self._began
            if self._moved is not None and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self.answers.append(now - self._moved)
                self._moved = None

    async def move(self, first: float, moves: int, period: float = PERIOD_SECONDS) -> None:
        """Move the rate so many times, once a period."""
        for k in range(moves):
            await asyncio.sleep(max(0.0, first + k * period - time.perf_counter()))
            if self._field and self._socket and self._moved is None:
                field, fragment = self._field
                state = WidgetState(id=field, double_value=float(f"{10 ** self.draw.uniform(-4, -2):.6g}"))
                self._moved = time.perf_counter()
                await self._rerun(self._socket, fragment, state)

    async def settle(self) -> bool:
        """Wait until the last move is answered; whether it was."""
        until = time.perf_counter() + PATIENCE_SECONDS
        while self._moved is not None and time.perf_counter() < until:
            await asyncio.sleep(0.05)
        return self._moved is None


def report() -> None:
    """Print the table for one process, for two, and for a page that only echoes; and how long a crowd waits."""
    with TemporaryDirectory() as folder:
        with serve(Path(folder, "app")) as app, serve(Path(folder, "empty"), EMPTY_PAGE) as empty:
            own, bare = (asyncio.run(_cost(server.address, server.process.pid)) for server in (app, empty))
        _line("a move costs, alone", 1000 * own, "ms", f"of a core, target <= 40; an empty page {1000 * bare:.1f}")
        for sessions in SESSIONS:
            print(f"{sessions} sessions, each moves the learning rate every {PERIOD_SECONDS:g} s")
            with serve(Path(folder, "app")) as app:
                _table("one process", app.address, [app.process.pid], sessions)
            with served(Path(folder, "many"), 2) as (address, pids):
                _table("two processes behind nginx", address, pids, sessions)
            with serve(Path(folder, "empty"), EMPTY_PAGE) as empty:
                _table("an empty page", empty.address, [empty.process.pid], sessions)
        print(f"{STORM_SESSIONS} sessions arrive within a second")
        with serve(Path(folder, "app")) as app:
            opened = asyncio.run(_arrive_at_once(app.address))
            _line("first picture, median", statistics.median(opened), "s", f"target <= 2; worst {max(opened):.1f} (3)")
    report_soak()


def report_soak(sessions: int = SOAK_SESSIONS, seconds: float = SOAK_SECONDS) -> None:
    """Print memory, threads and open files before a class comes, while it stays, and some time after it has left."""
    print(f"{sessions} sessions stay for {seconds:g} s, then leave")
    with TemporaryDirectory() as folder, serve(Path(folder, "app")) as app:
        asyncio.run(_soak(app.address, app.process.pid, sessions, seconds))


async def _soak(address: str, pid: int, sessions: int, seconds: float) -> None:
    await _class([Mover(address, "", 0)], [pid], PERIOD_SECONDS)  # What a first visitor has loaded stays.
    await asyncio.sleep(GONE_SECONDS)
    before = _held(pid)
    _line("before", before[0], "MB", f"{before[1]} threads, {before[2]} open files")

    async def look() -> None:
        for k in range(1, SAMPLES + 1):
            await asyncio.sleep(seconds / SAMPLES)
            memory, threads, files = _held(pid)
            _line(f"after {k * seconds / SAMPLES:g} s", memory, "MB", f"{threads} threads, {files} open files")

    looking = asyncio.create_task(look())
    visitors = [Mover(address, "" if i % 10 != 5 else ENDLESS, i) for i in range(sessions)]
    _, unanswered = await _class(visitors, [pid], seconds)
    await looking
    await asyncio.sleep(GONE_SECONDS)
    after = _held(pid)
    beside = f"target <= {1.1 * before[0]:.0f}; {after[1]} threads, {after[2]} open files; {unanswered} not answered"
    _line(f"{GONE_SECONDS:g} s after all have left", after[0], "MB", beside)


def _held(pid: int) -> tuple[float, int, int]:
    """Memory in MB, threads and open files of a process; on Linux only."""
    of = Path(f"/proc/{pid}")
    pages = int((of / "statm").read_text().split()[1])
    return (
        pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        len(list((of / "task").iterdir())),
        len(list((of / "fd").iterdir())),
    )


def _table(name: str, address: str, pids: list[int], sessions: int) -> None:
    """One line: half and 95 % of the moves are answered within, the processor's time for each, and what was lost."""
    visitors = [Mover(address, "" if i % 10 != 5 else ENDLESS, i) for i in range(sessions)]
    cpu, unanswered = asyncio.run(_class(visitors, pids))
    answers = sorted(answer for visitor in visitors for answer in visitor.answers)
    if not answers:
        print(f"  {name:<40} no answers")
        return
    p50, p95 = (answers[min(int(share * len(answers)), len(answers) - 1)] * 1000 for share in (0.5, 0.95))
    beside = f"p95 {p95:.0f} ms (1000); {cpu / MEASURED_SECONDS:.2f} cores; {unanswered} of {len(answers)} not answered"
    _line(f"{name}, p50", p50, "ms", f"target <= 200; {beside}")


async def _class(visitors: list[Mover], pids: list[int], seconds: float = MEASURED_SECONDS) -> tuple[float, int]:
    """The processor's seconds while all move, and how many moves were not answered."""
    staying = []
    for visitor in visitors:
        staying.append(asyncio.create_task(visitor.stay()))
        await asyncio.sleep(1 / ARRIVALS_PER_SECOND)
    await asyncio.sleep(5)
    before, began = sum(map(cpu_seconds, pids)), time.perf_counter()
    moves = int(seconds / PERIOD_SECONDS)
    await asyncio.gather(*(v.move(began + PERIOD_SECONDS * (i * 0.618034 % 1), moves) for i, v in enumerate(visitors)))
    lost = sum(not answered for answered in await asyncio.gather(*(visitor.settle() for visitor in visitors)))
    cpu = sum(map(cpu_seconds, pids)) - before
    for task in staying:
        task.cancel()
    left = await asyncio.gather(*staying, return_exceptions=True)
    return cpu, lost + sum(isinstance(end, Exception) for end in left)


async def _cost(address: str, pid: int) -> float:
    """The processor's seconds that one move takes, of a visitor who is alone."""
    visitor = Mover(address, "", 0)
    staying = asyncio.create_task(visitor.stay())
    await asyncio.sleep(5)
    before = cpu_seconds(pid)
    await visitor.move(time.perf_counter(), MOVES_ALONE, 0.3)
    await visitor.settle()
    cpu = cpu_seconds(pid) - before
    staying.cancel()
    await asyncio.gather(staying, return_exceptions=True)
    return cpu / len(visitor.answers)


async def _arrive_at_once(address: str) -> list[float]:
    """Seconds until each of a crowd has its first picture."""
    visitors = [Mover(address, "", i) for i in range(STORM_SESSIONS)]
    staying = []
    for visitor in visitors:
        visitor._began = time.perf_counter()
        staying.append(asyncio.create_task(visitor.stay()))
        await asyncio.sleep(1 / STORM_SESSIONS)
    until = time.perf_counter() + PATIENCE_SECONDS
    while any(visitor.opened is None for visitor in visitors) and time.perf_counter() < until:
        await asyncio.sleep(0.05)
    for task in staying:
        task.cancel()
    await asyncio.gather(*staying, return_exceptions=True)
    return [visitor.opened or PATIENCE_SECONDS for visitor in visitors]


@contextmanager
def served(log: Path, replicas: int) -> Iterator[tuple[str, list[int]]]:
    """`make serve`: its address and all its processes."""
    port = free_port()
    command = [sys.executable, str(ROOT / "deploy" / "serve.py"), str(port), str(replicas)]
    with log.open("w") as output, subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(address, process)
            yield address, _family(process.pid)
        finally:
            process.terminate()


def _family(pid: int) -> list[int]:
    """The process and all that it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _line(name: str, value: float, unit: str, beside: str) -> None:
    print(f"  {name:<40}{value:8.2f} {unit:<10}{beside}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["soak", sessions, seconds]:
            report_soak(int(sessions), float(seconds))
        case _:
            report()
