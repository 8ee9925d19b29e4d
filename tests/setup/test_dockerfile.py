"""What can be checked about the image without building it."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, each with its arguments on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line.strip()]


def position(instruction: str, word: str) -> int:
    return next(i for i, (name, rest) in enumerate(steps()) if name == instruction and word in rest)


def test_the_base_image_can_be_chosen() -> None:
    assert steps()[:2] == [("ARG", "BASE_IMAGE=python:3.11-slim-bookworm"), ("FROM", "${BASE_IMAGE}")]


def test_packages_are_installed_before_any_source_is_copied() -> None:
    install = position("RUN", "pip install")
    assert position("ARG", "TORCH_INDEX=") < install
    assert [rest for name, rest in steps()[:install] if name == "COPY"] == ["requirements.txt ./"]


def test_the_container_does_not_run_as_root() -> None:
    user = position("USER", "")
    assert int(steps()[user][1]) > 0
    assert all(name not in ("RUN", "COPY") for name, _ in steps()[user:])


def test_the_containers_command_needs_no_shell() -> None:
    name, command = steps()[-1]
    assert name == "CMD"
    assert json.loads(command)[:5] == ["python", "-m", "streamlit", "run", "app/main.py"]


def test_the_health_check_is_valid_python_and_needs_no_shell() -> None:
    python, option, code = json.loads(steps()[position("HEALTHCHECK", "")][1].split(" CMD ")[1])
    assert (python, option) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    assert "/_stcore/health" in code


def test_only_what_is_copied_is_sent_to_the_builder() -> None:
    copied = {rest.split()[0] for name, rest in steps() if name == "COPY"}
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    assert {line[1:] for line in lines if line.startswith("!")} == copied
