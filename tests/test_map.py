"""app/README.md names only files and folders that exist."""

import re
from pathlib import Path

APP = Path(__file__).parents[1] / "app"
MAP = (APP / "README.md").read_text("utf-8")


def test_every_file_and_folder_on_the_map_exists() -> None:
    named = {name for name in re.findall(r"`([\w./]+)`", MAP) if name.endswith(("/", ".py", ".js", ".css"))}
    known = [path.as_posix() for path in APP.parent.rglob("*") if not path.is_relative_to(APP.parent / ".venv")]
    assert len(named) > 50
    assert [
        name for name in sorted(named) if not any(f"{path}/".endswith(f"/{name.strip('./')}/") for path in known)
    ] == []


def test_every_room_and_every_component_is_on_the_map() -> None:
    folders = [*APP.iterdir(), *APP.with_name("components").iterdir()]
    rooms = {path.name for path in folders if path.is_dir() and not path.name.startswith(("_", "."))}
    assert [room for room in sorted(rooms) if f"`{room}/`" not in MAP] == []


def test_what_the_map_says_is_in_a_file_is_there() -> None:
    said = re.findall(r"`([\w./]+\.(?:py|js))` \(([^)]*)\)", MAP)
    pairs = [(file, name) for file, words in said for name in re.findall(r"`(\w+)`", words)]
    files = [path for path in APP.parent.rglob("*.[pj][ys]") if not path.is_relative_to(APP.parent / ".venv")]
    assert len(pairs) > 10
    assert [
        (file, name)
        for file, name in pairs
        if not any(name in path.read_text("utf-8") for path in files if path.as_posix().endswith(f"/{file}"))
    ] == []
