"""What the server lets in, how much of it, and what its answers forbid."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path

import pytest
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message
from websockets.exceptions import InvalidStatus

from app.server import ClosedInternals, Configuration
from app.server.configuration import PREFIX
from app.server.document import INLINE_SCRIPT
from components.player.routes import version
from tests.browser.harness import Server, serve
from tests.visitor import HEAD, Visitor, ask, visiting

MEGABYTE = 1024 * 1024
PLACES = 3
CONNECTIONS, FILES_OF_A_LOOP = 2, 3
MACHINE = socket.gethostname().split(".")[0]
FRIEND = "https://school.example"
TIGHT = {
    "ALLOWED_HOSTS": "playground.example, *.lab.example",
    "FRAME_ANCESTORS": "'self' https://school.example",
    "MAX_SESSIONS": str(PLACES),
    "MAX_SESSION_UPLOAD_MEGABYTES": "2",
    "MAX_TOTAL_UPLOAD_MEGABYTES": "3",
}
EVERYWHERE = ["/", "/elsewhere", "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/media/none.png",
              "/component/none/x.js", f"/player/{version()}/player.js", "/player/old/player.js"]  # fmt: skip
HTML = "text/html,*/*"


@pytest.fixture(scope="module")
def outside() -> Iterator[tuple[str, list[bytes]]]:
    """A proxy through which the server would reach the internet, and what was asked of it."""
    asked: list[bytes] = []

    def listen() -> None:
        while True:
            try:
                wire, _ = proxy.accept()
            except OSError:
                return
            with wire:
                asked.append(wire.recv(1000))

    with socket.create_server(("127.0.0.1", 0)) as proxy:
        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.getsockname()[1]}", asked
        proxy.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory, outside: tuple[str, list[bytes]]) -> Iterator[Server]:
    """A server with limits that few visitors reach."""
    proxies = dict.fromkeys(["http_proxy", "https_proxy"], outside[0])
    environment = {PREFIX + name: value for name, value in TIGHT.items()} | proxies
    options = [f"--server.corsAllowedOrigins={FRIEND}", "--server.disconnectedSessionTTL=1"]
    log = tmp_path_factory.mktemp("tight") / "log.txt"
    with serve(log, options=options, environment=environment) as running:
        yield running


@pytest.fixture(scope="module")
def tight(limited: Server) -> str:
    """Its address."""
    return limited.address


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_says_what_a_browser_may_do_with_it(tight: str, path: str) -> None:
    headers = ask(tight, path).headers
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules == {
        "default-src": "'self'",
        "script-src": "'self' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self' https://school.example",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert {"clipboard-write=(self)", "camera=()"} <= {*headers["permissions-policy"].split(", ")}


def test_the_document_has_no_inline_script_and_all_others(tight: str) -> None:
    answer = ask(tight)
    original = (Path(st.__file__).parent / "static" / "index.html").read_text()
    assert len(INLINE_SCRIPT.findall(original)) == 1
    scripts = re.findall(r"<script[^>]*>", original)
    assert re.findall(r"<script[^>]*>", answer.text) == [script for script in scripts if " src=" in script]
    assert answer.headers["cache-control"] == "no-cache"
    assert ask(tight, If_None_Match=answer.headers["etag"]).status == 304


def test_a_component_file_answers_only_under_its_own_version(tight: str) -> None:
    own, other = ask(tight, f"/player/{version()}/player.js"), ask(tight, "/player/0123456789ab/player.js")
    assert (own.status, other.status) == (200, 404)
    assert "immutable" in own.headers["cache-control"]
    assert other.headers["cache-control"] == "no-store"


def test_cookies_reach_an_embedded_page_over_https_alone(tight: str) -> None:
    for proxy, ending in {"https": "SameSite=None; Secure; Partitioned", "http": "SameSite=Lax"}.items():
        assert ask(tight, "/_stcore/health", X_Forwarded_Proto=proxy).headers["set-cookie"].endswith(ending)


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp"]
)
def test_streamlits_internals_do_not_answer(tight: str, path: str) -> None:
    assert ask(tight, path).status == 404
    assert ask(tight, path, method="POST", body="{}").status == 404


def test_metrics_answer_where_they_are_asked_for() -> None:
    assert {metrics: status(ClosedInternals(hello, metrics=metrics)) for metrics in (True, False)} == {
        True: 200,
        False: 404,
    }


hello = PlainTextResponse("hello")


def status(app: ASGIApp, path: str = "/base/_stcore/metrics") -> int:
    """What an ASGI application answers."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def answer() -> None:
        await app({"type": "http", "method": "GET", "path": path, "headers": []}, receive, send)

    asyncio.run(answer())
    answered: int = sent[0]["status"]
    return answered


@pytest.mark.parametrize(
    "name",
    ["127.0.0.1", "192.168.7.20", "[::1]", "localhost", "LOCALHOST", "app.localhost", "teacher-pc", MACHINE,
     f"{MACHINE}.local", "playground.example", "playground.example.", "a.b.lab.example"],
)  # fmt: skip
def test_the_server_answers_to_numbers_to_its_own_names_and_to_those_it_was_told(tight: str, name: str) -> None:
    assert ask(tight, Host=f"{name}:8501").status == 200
    with visiting(tight, host=f"{name.lower()}:8501") as visitor:
        visitor.run()
        assert visitor.session


@pytest.mark.parametrize("name", ["evil.example", "lab.example.evil.example", "127.0.0.1.evil.example", "lab.example"])
def test_a_foreign_name_is_refused_with_what_to_set(tight: str, name: str) -> None:
    answer = ask(tight, Host=f"{name}:8501")
    assert answer.status == 403
    assert f"PLAYGROUND_ALLOWED_HOSTS={name}" in answer.text
    with pytest.raises(InvalidStatus), visiting(tight, host=name):
        pass


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "https://school.example.evil"]
)
def test_a_foreign_page_may_not_speak_to_the_server(tight: str, origin: str, outside: tuple[str, list[bytes]]) -> None:
    with pytest.raises(InvalidStatus), visiting(tight, Origin=origin):
        pass
    assert outside[1] == []


def test_a_page_that_was_named_may_and_nobody_outside_is_asked(tight: str, outside: tuple[str, list[bytes]]) -> None:
    with visiting(tight, Origin=FRIEND) as visitor:
        visitor.run()
        assert visitor.session
    assert outside[1] == []


def test_one_visitor_may_send_so_much_and_the_page_says_so(tight: str) -> None:
    with visiting(tight) as visitor:
        visitor.run()
        assert visitor.upload(MEGABYTE).status == 204
        answer = visitor.announce(3 * MEGABYTE)
        assert (answer.status, answer.text) == (413, "The file was refused: one visitor may send 2 MB at a time.")
        visitor.wait()
        assert answer.text in visitor.texts


def test_a_length_that_is_not_announced_is_counted_while_it_comes(tight: str) -> None:
    def endless() -> Iterator[bytes]:
        yield HEAD
        while True:
            sent.append(1)
            yield bytes(MEGABYTE // 4)

    sent: list[int] = []
    with visiting(tight) as visitor:
        visitor.run()
        with pytest.raises(ConnectionError):
            visitor.put(endless())
    assert len(sent) < 1000


def test_what_no_script_reads_gives_way_to_the_sessions_next_file(tight: str) -> None:
    with visiting(tight) as visitor:
        visitor.run()
        for i in range(10):
            assert visitor.upload(int(1.5 * MEGABYTE), file=str(i)).status == 204
        visitor.withdraw("9")


def test_all_visitors_together_may_send_so_much(tight: str) -> None:
    with visiting(tight) as first, visiting(tight) as second:
        first.run()
        second.run()
        assert first.upload(int(1.9 * MEGABYTE)).status == 204
        answer = second.announce(int(1.9 * MEGABYTE))
        assert answer.status == 413
        assert "holds 3 MB of files of all visitors together" in answer.text
        first.withdraw()
        assert second.upload(int(1.9 * MEGABYTE)).status == 204
        second.withdraw()


def enter(hall: ExitStack, server: str) -> Visitor:
    """Visit a server as soon as those who have just left make room."""
    for _ in range(100):
        try:
            return hall.enter_context(visiting(server))
        except InvalidStatus:
            time.sleep(0.1)
    pytest.fail("There is no place.")


def test_beyond_its_places_the_server_says_that_the_hall_is_full_and_those_inside_notice_nothing(tight: str) -> None:
    with ExitStack() as hall:
        inside = [enter(hall, tight) for _ in range(PLACES)]
        answer = ask(tight, Accept=HTML)
        assert answer.status == 503
        assert "The hall is full" in answer.text
        assert f'<meta http-equiv="refresh" content="{answer.headers["retry-after"]}">' in answer.text
        assert "<script" not in answer.text
        assert ask(tight, "/_stcore/health").text == "ok"
        with pytest.raises(InvalidStatus), visiting(tight):
            pass
        for visitor in inside:
            visitor.run("epochs=20")
            assert "player" in visitor.components


def test_a_reload_and_a_broken_connection_do_not_lose_their_place(tight: str) -> None:
    welcome = ask(tight, Accept=HTML)
    cookie = welcome.headers["set-cookie"].split(";")[0]
    with ExitStack() as hall:
        with visiting(tight, Cookie=cookie):
            for _ in range(PLACES - 1):
                enter(hall, tight)
            assert ask(tight, Accept=HTML).status == 503
            assert ask(tight, Accept=HTML, Cookie=cookie).status == 200
        assert ask(tight, Accept=HTML, Cookie=cookie).status == 200
        with pytest.raises(InvalidStatus), visiting(tight):
            pass
        with visiting(tight, Cookie=cookie) as visitor:
            visitor.run()
            assert visitor.session


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="Open files can be counted on Linux only.")
def test_a_session_that_was_left_gives_back_what_it_held(limited: Server) -> None:
    files = Path(f"/proc/{limited.process.pid}/fd")
    at_rest(files)  # What other tests left behind is gone.
    with visiting(limited.address) as one, visiting(limited.address) as other:
        one.run("epochs=20")
        other.run("epochs=20")
        inside = len(list(files.iterdir()))
    # The scripts of each have an event loop; Streamlit still names the session that it served last.
    assert at_rest(files) <= inside - CONNECTIONS - FILES_OF_A_LOOP


def at_rest(files: Path) -> int:
    """The number of files once it has been the same for longer than a session is kept."""
    seen = [len(list(files.iterdir()))]
    while len(seen) < 30 or len(set(seen[-30:])) > 1:
        time.sleep(0.1)
        seen.append(len(list(files.iterdir())))
    return seen[-1]


def test_variables_set_the_limits_and_nonsense_is_refused() -> None:
    assert Configuration.of({}) == Configuration()
    given = {PREFIX + "MAX_SESSIONS": "7", PREFIX + "ALLOWED_HOSTS": "A.example b.example", PREFIX + "METRICS": "1"}
    told = Configuration.of(given)
    assert (told.max_sessions, told.allowed_hosts, told.metrics) == (7, ("a.example", "b.example"), True)
    for name, text in [("MAX_SESSIONS", "0"), ("MAX_SESSIONS", "-1"), ("MAX_SESSIONS", "many"), ("METRICS", "yes"),
                       ("FRAME_ANCESTORS", "*; script-src *"), ("FRAME_ANCESTORS", "a\nb")]:  # fmt: skip
        with pytest.raises(ValueError, match=PREFIX + name):
            Configuration.of({PREFIX + name: text})


def test_the_readme_names_every_variable() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    assert [field.name for field in fields(Configuration) if f"`{PREFIX}{field.name.upper()}`" not in readme] == []


FAILING = """
import sys
from pathlib import Path
import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route
sys.path.insert(0, {root!r})
from app import server

def fail(request):
    raise RuntimeError("secret of the request")

app = st.App(Path(__file__).with_name("page.py"), routes=[Route("/fail", fail)],
    middleware=[Middleware(server.ErrorsWithAnId)], on_script_error=server.report)
"""


def test_an_error_shows_an_id_that_the_log_has_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(FAILING.format(root=str(Path(__file__).parents[1])))
    (tmp_path / "page.py").write_text("raise RuntimeError('secret of the page')")
    log = tmp_path / "log.txt"
    with serve(log, tmp_path / "main.py", options=["--client.showErrorDetails=none"]) as running:
        answer = ask(running.address, "/fail")
        with visiting(running.address) as visitor:
            visitor.run()
    assert answer.status == 500
    for text, secret in [(answer.text, "secret of the request"), (visitor.texts, "secret of the page")]:
        found = re.search(r"error ([0-9a-f]{8})\.", text)
        assert found
        assert "secret" not in text
        assert found[1] in log.read_text()
        assert secret in log.read_text()
