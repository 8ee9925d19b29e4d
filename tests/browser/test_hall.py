"""A server that has little to give says so, and takes nothing away from those who are inside."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import FilePayload, Page, expect

from app.server.configuration import PREFIX
from tests.browser.harness import open_page, serve

EMBEDDER = "http://localhost:*"
"""For a browser that is another site than 127.0.0.1."""

FEW: FilePayload = {"name": "few.csv", "mimeType": "text/csv", "buffer": b"x,y\n1,2\n2,3\n3,5\n4,4.5\n"}


BY_HTTPS = {"X-Forwarded-Proto": "https"}
"""What a server in front of this one says; Chromium takes cookies for HTTPS from this machine itself without it."""


def test_a_visitor_waits_outside_while_another_reloads_is_refused_a_file_and_leaves(
    new_page: Callable[..., Page], tmp_path: Path, complaints: list[str]
) -> None:
    limits = {"MAX_SESSIONS": "2", "MAX_SESSION_UPLOAD_MEGABYTES": "1", "FRAME_ANCESTORS": EMBEDDER}
    with serve(tmp_path / "log", environment={PREFIX + name: value for name, value in limits.items()}) as running:
        a_page_that_embeds_this_one_takes_a_file(new_page(extra_http_headers=BY_HTTPS), running.address)
        inside, outside = new_page(reduced_motion="reduce"), new_page(locale="en-GB")
        open_page(inside, running.address, "/?epochs=50")
        expect(inside.get_by_test_id("player")).to_be_visible()
        outside.goto(running.address + "/?epochs=20")
        expect(outside.get_by_role("heading", name="The hall is full")).to_be_visible()

        inside.reload()
        expect(inside.get_by_test_id("player")).to_be_visible()
        much: FilePayload = {"name": "much.csv", "mimeType": "text/csv", "buffer": b"x,y\n" + b"1,2\n" * 600_000}
        inside.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(much)
        refusal = inside.get_by_text("The file was refused: one visitor may send 1 MB at a time.")
        expect(refusal).to_be_visible()
        inside.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(FEW)
        expect(inside.locator(".player-equation")).to_contain_text("y =")
        expect(refusal).to_have_count(0)

        inside.close()
        expect(outside.get_by_test_id("player")).to_be_visible(timeout=60_000)
        outside.close()
    complaints.clear()  # the browser's, of answers 413 and 503


def a_page_that_embeds_this_one_takes_a_file(page: Page, server: str) -> None:
    class Embedder(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f'<iframe src="{server}/?epochs=20" width="1300" height="800"></iframe>'.encode())

    with HTTPServer(("127.0.0.1", 0), Embedder) as embedder:
        Thread(target=embedder.handle_request, daemon=True).start()
        page.goto(f"http://localhost:{embedder.server_port}/")
    inside = page.frame_locator("iframe")
    expect(inside.get_by_test_id("player")).to_be_visible()
    inside.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(FEW)
    expect(inside.locator(".player-equation")).to_contain_text("y =")
    assert {cookie["name"] for cookie in page.context.cookies(server)} == {"_streamlit_xsrf", "visitor"}
