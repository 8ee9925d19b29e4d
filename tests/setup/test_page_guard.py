"""The browser fixtures notice what a page does wrong; otherwise no browser test that passes means anything."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

pytest_plugins = ["pytester"]


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>A quiet page</title><link rel=icon href=data:,>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def quiet_site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_quiet_page_is_left_alone(page: Page, complaints: list[str], quiet_site: str) -> None:
    page.goto(quiet_site)
    page.evaluate("console.warn('a warning'); fetch('data:,x'); fetch(URL.createObjectURL(new Blob(['x'])))")
    page.wait_for_timeout(100)
    assert complaints == []


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("console.error('oh')", "console error: oh"),
        ("setTimeout(() => { throw new Error('oh') })", "uncaught error: Error: oh"),
        ("void Promise.reject(new Error('oh'))", "uncaught error: Error: oh"),
        ("new Image().src = 'http://there.invalid/x'", "request to another host: http://there.invalid/x"),
        ("void new WebSocket('ws://there.invalid/')", "request to another host: ws://there.invalid/"),
    ],
)
def test_errors_and_requests_to_other_hosts_are_noted(
    page: Page, complaints: list[str], quiet_site: str, script: str, complaint: str
) -> None:
    page.goto(quiet_site)
    page.evaluate(script)
    page.wait_for_timeout(200)
    assert any(seen.startswith(complaint) for seen in complaints), complaints
    page.close()  # On a busy machine the browser may complain of the failed request much later.
    complaints.clear()


def test_a_complaint_fails_the_test(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    pytester.makeconftest("from tests.conftest import complaints")
    pytester.makepyfile("def test_page(complaints):\n    complaints.append('oh')")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*no page should*", "oh"])
