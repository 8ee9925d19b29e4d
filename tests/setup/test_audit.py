"""pip-audit itself, with a source of advisories on this machine."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.setup.audit import FILES, HOLED, report
from tests.setup.lock import pins as pins_of

KNOWN = {"flask": "PYSEC-2018-66", "holed": "PYSEC-2026-1"}


@contextmanager
def advisories(known: dict[str, str]) -> Iterator[list[str]]:
    """Where pip-audit is to look: a server that speaks OSV's protocol."""

    class Source(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            package = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]
            fixed = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9"}]}
            hole = {
                "id": known.get(package["name"]),
                "summary": "A hole.",
                "published": "2026-01-01T00:00:00Z",
                "affected": [{"package": package, "ranges": [fixed]}],
            }
            body = json.dumps({"vulns": [hole]} if package["name"] in known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Source) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield ["--vulnerability-service=osv", f"--osv-url=http://127.0.0.1:{server.server_port}/"]
        server.shutdown()


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text('holed==1.0  # for the test\nsound==2.0\nelsewhere==3.0; sys_platform == "none"\n')
    return file


def test_a_package_with_a_known_hole_is_named_with_the_version_that_mends_it(pins: Path) -> None:
    with advisories(KNOWN) as source:
        audited, holes = report([pins], source)
    assert audited == "2 packages were audited for known holes."
    assert holes == ["holed 1.0 has known holes: PYSEC-2026-1 (mended in 9.9)."]


def test_a_source_that_knows_of_no_holes_counts_as_none(pins: Path) -> None:
    with advisories({}) as source:
        assert report([pins], source) == ("NOT AUDITED: no advisories could be had.", [])


def test_without_network_nothing_counts_as_audited(pins: Path) -> None:
    audited, holes = report([pins], ["--vulnerability-service=osv", "--osv-url=http://127.0.0.1:9/"])
    assert audited.startswith("NOT AUDITED: no advisories could be had (")
    assert "\n" not in audited
    assert holes == []


def test_the_release_with_the_known_hole_is_none_of_ours() -> None:
    named = Requirement(HOLED)
    assert named.name not in {name for file in FILES for name in pins_of(file.read_text())}
