"""`python deploy/serve.py PORT [REPLICAS]`: replicas of the server on ports of this machine, behind nginx.

One that dies is started again; SIGTERM or Ctrl-C ends all. supervisord would not do: it looks once a second whether it
was told to stop, and ports, secret and configuration would need this script all the same.
"""

import asyncio
import os
import random
import resource
import secrets
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from deploy import nginx  # noqa: E402

SECRET_FILE = ROOT / "deploy" / ".cookie-secret"
SECRET_VARIABLE = "STREAMLIT_SERVER_COOKIE_SECRET"
METRICS_VARIABLE = "PLAYGROUND_METRICS_PORT"

INNER_PORTS = range(20_000, 32_000)
"""Below those that the system lends to connections, so that a replica finds its own again."""

MOST_OPEN_FILES = 65_536
STOP_SECONDS = 1.2
"""After SIGTERM; what still runs then is killed."""

PAUSE_SECONDS = 1.0
"""Before something that died is started again."""


class CannotServeError(Exception):
    """What whoever started this must mend."""


@dataclass(eq=False)
class Child:
    """A process that is kept running."""

    name: str
    command: Sequence[str]
    port: int
    environment: Mapping[str, str]
    has_answered: bool = False

    async def keep(self) -> None:
        """Run it, again and again, until this is cancelled; CannotServeError if it ends before it has ever answered."""
        while True:
            # In a session of its own, so that Ctrl-C reaches it only through us.
            process = await asyncio.create_subprocess_exec(
                *self.command, cwd=ROOT, env=self.environment, start_new_session=True
            )
            try:
                code = await process.wait()
            finally:
                await _end(process)
            if not self.has_answered:
                raise CannotServeError(f"{self.name} did not start; what it said is above.")
            print(f"{self.name} ended with {code} and is started again.", flush=True)
            await asyncio.sleep(PAUSE_SECONDS)

    async def answer(self) -> None:
        """Wait until it is healthy."""
        while not await _is_healthy(self.port):
            await asyncio.sleep(0.1)
        self.has_answered = True


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _is_healthy(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        writer.write(b"GET /_stcore/health HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return b" 200 " in await reader.readline()
    except OSError:
        return False
    finally:
        writer.close()


async def serve(port: int, count: int) -> None:
    """Serve until SIGTERM or SIGINT. Visitors are let in once all replicas have answered."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, told.set)
    ports = free_ports(count)
    secret = cookie_secret()
    replicas = [Child(f"Replica {i + 1}", command(own), own, environment(secret, i)) for i, own in enumerate(ports)]
    with tempfile.TemporaryDirectory(prefix="playground-") as folder:
        Path(folder).chmod(0o711)  # for nginx's workers, which are not root
        file = Path(folder, "nginx.conf")
        file.write_text(nginx.configuration(port, ports), "utf-8")
        front = Child(
            "nginx", [nginx.find() or "nginx", "-p", folder, "-c", str(file), "-e", "stderr"], port, os.environ
        )
        serving = asyncio.create_task(_serve(replicas, front))
        ending = asyncio.create_task(told.wait())
        await asyncio.wait([serving, ending], return_when=asyncio.FIRST_COMPLETED)
        serving.cancel()
        ending.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def _serve(replicas: Sequence[Child], front: Child) -> None:
    async with asyncio.TaskGroup() as tasks:
        for replica in replicas:
            tasks.create_task(replica.keep())
        for replica in replicas:
            await replica.answer()
        tasks.create_task(front.keep())
        await front.answer()
        print(f"Ready: http://localhost:{front.port} (processes: {len(replicas)})", flush=True)


def command(port: int) -> list[str]:
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": "true",
        "client.showErrorDetails": "none",
        "logger.hideWelcomeMessage": "true",
    }
    return [sys.executable, "-m", "streamlit", "run", "app/main.py", *(f"--{key}={options[key]}" for key in options)]


def environment(secret: str, i: int) -> dict[str, str]:
    """The variables of the i-th replica, from 0."""
    own = {"PLAYGROUND_LOG_RUNS": "1", **os.environ, SECRET_VARIABLE: secret}
    if (first := own.get(METRICS_VARIABLE, "")).isdecimal():
        own[METRICS_VARIABLE] = str(int(first) + i)
    return own


def cookie_secret(file: Path = SECRET_FILE) -> str:
    """The one that signs cookies for all replicas: that of the environment, or one that is made once and kept."""
    if given := os.environ.get(SECRET_VARIABLE):
        return given
    with suppress(FileExistsError):
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_hex(32))
    return file.read_text()


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nothing listens on."""
    found: list[int] = []
    for port in random.sample(INNER_PORTS, len(INNER_PORTS)):
        if len(found) == count:
            break
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            found.append(port)
    return found


def main(port: str, replicas: str = "") -> str | None:
    """Why it cannot serve, if so."""
    if replicas and not (replicas.isascii() and replicas.isdecimal() and int(replicas)):
        return f"REPLICAS={replicas} is not a number of processes. Choose one from 1: make serve REPLICAS=2"
    if missing := nginx.complaint():
        return missing
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))  # for all that are started from here
    complaint = None
    try:
        asyncio.run(serve(int(port), int(replicas or os.cpu_count() or 1)))
    except* CannotServeError as errors:
        complaint = str(errors.exceptions[0])
    return complaint


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
