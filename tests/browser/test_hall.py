"""A server that has little to give says so, and takes nothing away from those who are inside."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from app.server.configuration import PREFIX
from tests.browser.harness import open_page, serve


def test_a_visitor_waits_outside_while_another_reloads_is_refused_a_file_and_leaves(
    new_page: Callable[..., Page], tmp_path: Path, complaints: list[str]
) -> None:
    limits = {f"{PREFIX}MAX_SESSIONS": "1", f"{PREFIX}MAX_SESSION_UPLOAD_MEGABYTES": "1"}
    with serve(tmp_path / "log", environment=limits) as running:
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
        few: FilePayload = {"name": "few.csv", "mimeType": "text/csv", "buffer": b"x,y\n1,2\n2,3\n3,5\n4,4.5\n"}
        inside.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(few)
        expect(inside.locator(".player-equation")).to_contain_text("y =")
        expect(refusal).to_have_count(0)

        inside.close()
        expect(outside.get_by_test_id("player")).to_be_visible(timeout=60_000)
        outside.close()
    complaints.clear()  # the browser's, of answers 413 and 503
