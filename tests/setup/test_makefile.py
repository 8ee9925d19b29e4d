import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.setup import chromium, port

ROOT = Path(__file__).parents[2]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a new shell, not from within the `make test` that runs this."""
    shell = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PORT"))}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=shell, capture_output=True, text=True, timeout=60)


@pytest.fixture(params=["127.0.0.1", "0.0.0.0"])
def taken(request: pytest.FixtureRequest) -> Iterator[int]:
    with socket.create_server((request.param, 0)) as server:
        yield server.getsockname()[1]


def test_make_alone_names_every_job() -> None:
    shown = make().stdout
    for job in ("run", "serve", "test", "check", "bench", "screenshots", "lock"):
        assert f"make {job} " in shown


@pytest.mark.parametrize("job", ["run", "serve"])
def test_a_taken_port_is_one_sentence_and_a_command_that_works(taken: int, job: str) -> None:
    answer = make(job, f"PORT={taken}")
    assert answer.returncode != 0
    sentence, command = answer.stderr.splitlines()[0].split(". Choose another: ")
    assert sentence == f"Port {taken} is taken"
    free = re.fullmatch(rf"make {job} PORT=(\d+)", command)
    assert free
    assert port.complaint(free[1]) is None
    assert "streamlit" not in answer.stdout + answer.stderr


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "8501a", "eight", "٨٥٠١"])
def test_an_invalid_port_is_refused_in_a_sentence(text: str) -> None:
    assert str(port.complaint(text)).startswith(f"PORT={text} is not a port.")


def test_a_port_that_a_server_has_just_left_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        with socket.create_connection(server.getsockname()), server.accept()[0] as connection:
            connection.shutdown(socket.SHUT_RDWR)
    assert port.complaint(str(number)) is None


def test_an_old_python_is_told_what_is_needed(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\ncase $2 in *version_info*) exit 1;; *) echo 3.9.2;; esac\n")
    old.chmod(0o755)
    answer = make("run", f"PYTHON={old}")
    assert answer.returncode != 0
    assert f"Python 3.11 or newer is needed, and {old} is 3.9.2." in answer.stderr


def test_a_missing_python_is_named() -> None:
    answer = make("run", "PYTHON=python3-that-is-not-here")
    assert answer.returncode != 0
    assert "There is no python3-that-is-not-here here. Install Python 3.11 or newer" in answer.stderr


def test_a_named_browser_is_the_one_that_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "chrome"))
    assert str(chromium.complaint()).startswith(f"CHROMIUM={tmp_path}/chrome is not a program.")
    shutil.copy("/bin/sh", tmp_path / "chrome")
    assert chromium.find() == str(tmp_path / "chrome")
    assert chromium.complaint() is None


def test_a_missing_browser_is_answered_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "NAMES", ["no-such-browser"])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "sudo apt-get install chromium" in str(chromium.complaint())
