"""`make serve`: several processes behind nginx that visitors take for one server."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from deploy import nginx
from deploy.serve import SECRET_VARIABLE, cookie_secret, free_ports, main
from tests.setup.port import refusal
from tests.visitor import Visitor, ask, visiting

ROOT = Path(__file__).parents[1]
HTML = "text/html,*/*"
MEGABYTE = 1024 * 1024
PATIENCE_SECONDS = 60
STOP_SECONDS = 2
REPLICAS = 3
LONG = "epochs=100000&gradient=autograd&learning_rate=0.0001"


@dataclass(frozen=True)
class Served:
    address: str
    make: subprocess.Popen[bytes]
    log: Path
    metrics: int
    """The first replica's port of figures; the others have the next."""

    def family(self) -> dict[int, str]:
        """The commands of all processes that make has started, directly or not."""
        parents = {}
        for file in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(file.parent.name)] = int(file.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # It has just ended.
        family, young = {self.make.pid}, {self.make.pid}
        while young:
            young = {child for child, parent in parents.items() if parent in young}
            family |= young
        return {pid: Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() for pid in family}

    def ports(self) -> dict[str, str]:
        """Where each replica answers, by its number."""
        front = next(command for command in self.family().values() if "nginx.conf" in command)
        configuration = Path(front.partition(" -c ")[2].partition(" ")[0]).read_text()
        return dict(re.findall(r"(\d+) 127\.0\.0\.1:(\d+);", configuration))

    def replicas(self) -> dict[str, int]:
        """The process of each, by its port."""
        ports = {
            pid: command.partition("--server.port=")[2].partition(" ")[0] for pid, command in self.family().items()
        }
        return {port: pid for pid, port in ports.items() if port}


def eventually(fact: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    if not Path("/proc/self/stat").exists():
        pytest.skip("The processes can be seen on Linux only.")
    if nginx.find() is None and (os.geteuid() or not shutil.which("apt-get")):
        pytest.skip(nginx.HOW_TO_INSTALL)
    port, *others = free_ports(20)
    metrics = next(other for other in others if refusal(other + 1) is None and refusal(other + 2) is None)
    log = tmp_path / "log.txt"
    shell = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    # What runs the tests is taken as installed.
    shell["PLAYGROUND_METRICS_PORT"] = str(metrics)
    command = ["make", "-o", ".venv/ready-to-run", "serve", f"PORT={port}", f"REPLICAS={REPLICAS}"]
    with log.open("w") as output:
        make = subprocess.Popen(command, cwd=ROOT, env=shell, stdout=output, stderr=output)
    try:
        eventually(lambda: make.poll() is not None or "Ready: http" in log.read_text())
        assert make.poll() is None, log.read_text()
        yield Served(f"http://127.0.0.1:{port}", make, log, metrics)
    finally:
        make.terminate()
        make.wait()


def arrive(served: Served) -> dict[str, str]:
    """The cookies of somebody who has opened the page."""
    return dict(ask(served.address, Accept=HTML).cookies)


def written(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def visitors_are_spread_evenly_and_keep_their_replica(served: Served) -> None:
    visitors = [arrive(served) for _ in range(2 * REPLICAS)]
    assert sorted(cookies["replica"] for cookies in visitors) == ["1", "1", "2", "2", "3", "3"]
    for cookies in visitors:
        for path in ("/", "/_stcore/health", "/media/none.png"):
            assert "replica" not in ask(served.address, path, Cookie=written(cookies)).cookies


def the_number_of_a_replica_reaches_an_embedded_page_over_https_alone(served: Served) -> None:
    for proxy, ending in {"https": "SameSite=None; Secure; Partitioned", "http": "SameSite=Lax"}.items():
        cookie = ask(served.address, "/healthz", X_Forwarded_Proto=proxy).headers["set-cookie"]
        assert cookie.startswith("replica=")
        assert cookie.endswith(ending)


def uploads_reach_the_session_that_they_are_for(served: Served) -> None:
    for known_by in ("replica", "replica", "visitor", "visitor"):
        cookies = arrive(served)
        with visiting(served.address, Cookie=f"{known_by}={cookies[known_by]}") as visitor:
            visitor.run("epochs=20")
            assert "player" in visitor.components
            assert visitor.upload(2 * MEGABYTE).status == 204


def an_upload_that_is_too_large_is_refused_at_once_and_the_page_says_why(served: Served) -> None:
    with visiting(served.address, Cookie=written(arrive(served))) as visitor:
        visitor.run("epochs=20")
        answer = visitor.announce(501 * MEGABYTE)
        assert (answer.status, answer.text) == (413, "The file was refused: one visitor may send 500 MB at a time.")
        visitor.wait()
        assert answer.text in visitor.texts


def scripts_are_compressed_and_stay_cached(served: Served) -> None:
    script = next(part for part in ask(served.address).text.split('"') if part.endswith(".js") and "/static/" in part)
    path = "/" + script.lstrip("./")
    plain, packed = ask(served.address, path), ask(served.address, path, Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "immutable" in packed.headers["cache-control"]
    tag = ask(served.address).headers["etag"]
    assert ask(served.address, If_None_Match=f"W/{tag}").status == 304


def foreign_names_and_foreign_pages_are_refused_through_nginx_too(served: Served) -> None:
    assert ask(served.address, Host="evil.example").status == 403
    for origin in ("https://evil.example", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus), visiting(served.address, Origin=origin):
            pass
    with visiting(served.address, host="teacher-pc:8501", **{"X-Forwarded-Proto": "https"}) as visitor:
        visitor.run("epochs=20")
        assert "player" in visitor.components


def every_run_leaves_a_line_in_the_log(served: Served) -> None:
    with visiting(served.address) as visitor:
        visitor.run("epochs=23")
    line = "run: 5x1 learning_rate=0.01 epochs=23 precision=float32; finished at epoch 23 after "
    eventually(lambda: line in served.log.read_text())


def each_replica_has_figures_on_a_port_of_its_own_and_trains_for_its_health(served: Served) -> None:
    changes, seen = 0, set[str]()
    for i in range(REPLICAS):
        figures = ask(f"http://127.0.0.1:{served.metrics + i}", "/metrics").text
        names = {line.partition(" ")[0].partition("{")[0] for line in figures.splitlines()}
        assert {"active_sessions", "session_events_total", "process_resident_memory_bytes"} <= names
        seen |= names
        changes += int(figures.partition("\nplayground_changes_total ")[2].split()[0])
    assert "playground_runs_total" in seen  # only where one has ended
    assert changes == served.log.read_text().count("run: 5x1")
    assert ask(served.address, "/healthz").status == 200
    assert ask(served.address, "/_stcore/metrics").status == 404


def a_link_that_holds_a_table_arrives(served: Served) -> None:
    assert ask(served.address, f"/?table={'a' * 30_000}").status == 200


def a_killed_replica_takes_only_its_own_connections_and_these_come_back_whole(served: Served) -> Callable[[], None]:
    """What is left to be seen: that it is replaced."""
    cookies: dict[str, dict[str, str]] = {}
    while len(cookies) < REPLICAS:
        new = arrive(served)
        cookies[new["replica"]] = new
    before = served.replicas()
    with ExitStack() as hall:
        visitors = [hall.enter_context(visiting(served.address, Cookie=written(own))) for own in cookies.values()]
        for visitor in visitors:
            visitor.run("epochs=20&learning_rate=0.005")
        theirs, *others = visitors
        number = next(iter(cookies))
        lost = served.ports()[number]
        os.kill(before[lost], signal.SIGKILL)
        with pytest.raises(ConnectionClosed):
            theirs.wait()
        for other in others:
            other.tell("learning_rate_slider", "moved", 0.004)
            assert "learning rate 0.004" in picture(other)["title"]
        with visiting(served.address, Cookie=theirs.cookie) as again:
            again.run("epochs=20&learning_rate=0.005")
            assert picture(again) == picture(theirs)
            again.cookie = written(cookies[number] | again.cookies)
            assert again.upload(MEGABYTE).status == 204

    def it_is_replaced() -> None:
        eventually(lambda: is_up(lost))
        after = served.replicas()
        assert after.keys() == before.keys()
        assert [port for port in after if after[port] != before[port]] == [lost]

    return it_is_replaced


def picture(visitor: Visitor) -> dict[str, Any]:
    """What the player is given, but for what is another's in every session."""
    sent: dict[str, Any] = json.loads(visitor.components["player"][1])
    return {name: value for name, value in sent.items() if name not in ("origin", "frames")}


def is_up(port: str) -> bool:
    try:
        return ask(f"http://127.0.0.1:{port}", "/_stcore/health").status == 200
    except OSError:
        return False


def sigterm_to_make_ends_all_while_visitors_train(served: Served) -> None:
    family = served.family()
    assert sum("streamlit" in command for command in family.values()) == REPLICAS
    assert sum("nginx" in command for command in family.values()) >= 2
    with visiting(served.address) as first, visiting(served.address) as second:
        first.run(LONG)
        second.run(LONG)
        served.make.terminate()
        served.make.wait(STOP_SECONDS)
        assert [command for pid, command in family.items() if Path(f"/proc/{pid}").exists()] == []
    with pytest.raises(ConnectionRefusedError):
        ask(served.address)


def test_replicas_behind_nginx_are_one_server_for_visitors(served: Served) -> None:
    """In one test: every process that runs tests would start a server of its own."""
    visitors_are_spread_evenly_and_keep_their_replica(served)
    every_run_leaves_a_line_in_the_log(served)
    each_replica_has_figures_on_a_port_of_its_own_and_trains_for_its_health(served)
    it_is_replaced = a_killed_replica_takes_only_its_own_connections_and_these_come_back_whole(served)
    # While it starts again the others serve on.
    the_number_of_a_replica_reaches_an_embedded_page_over_https_alone(served)
    an_upload_that_is_too_large_is_refused_at_once_and_the_page_says_why(served)
    scripts_are_compressed_and_stay_cached(served)
    foreign_names_and_foreign_pages_are_refused_through_nginx_too(served)
    a_link_that_holds_a_table_arrives(served)
    it_is_replaced()
    uploads_reach_the_session_that_they_are_for(served)
    sigterm_to_make_ends_all_while_visitors_train(served)


def test_the_secret_is_the_one_that_was_given_or_made_once_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)
    file = tmp_path / "secret"
    made = cookie_secret(file)
    assert len(bytes.fromhex(made)) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert cookie_secret(file) == made != cookie_secret(tmp_path / "another")
    monkeypatch.setenv(SECRET_VARIABLE, "given")
    assert cookie_secret(file) == "given"


@pytest.mark.parametrize("text", ["0", "-1", "two", "٢"])
def test_a_number_of_replicas_that_is_none_is_refused_in_a_sentence(text: str) -> None:
    assert str(main("8501", text)).startswith(f"REPLICAS={text} is not a number of processes.")


def test_without_nginx_a_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nginx, "find", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "sudo apt-get install nginx" in str(main("8501"))
