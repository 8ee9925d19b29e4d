"""The pins of made-up packages, since only the metadata of an installed package is read."""

from pathlib import Path

import pytest

from tests.setup import lock


def install(folder: Path, name: str, version: str, *needs: str) -> None:
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {n}" for n in needs)]
    (info / "METADATA").write_text("\n".join(lines))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with installed packages."""
    site = tmp_path / "site"
    install(site, "Tables", "2.0", "arrays>=1")
    install(site, "arrays", "1.5")
    install(site, "pip", "23.2")
    return site


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Pins that match the folder."""
    run, test = tmp_path / "requirements.txt", tmp_path / "tests.txt"
    run.write_text("# The app's.\ntables==2.0  # tables\n\n" + lock.HEADING + "\narrays==1.5\n")
    test.write_text("# The tests'.\n\n" + lock.HEADING + "\n")
    return [run, test]


def said(files: list[Path], site: Path) -> str:
    sentence = lock.complaint(files, [str(site)]) or ""
    return sentence.removeprefix("The installed packages are not the pinned ones: ").partition(". ")[0]


def test_packages_installed_as_pinned_give_no_complaint(files: list[Path], site: Path) -> None:
    assert lock.complaint(files, [str(site)]) is None


def test_every_difference_is_named_in_one_sentence_with_the_commands_that_help(files: list[Path], site: Path) -> None:
    files[1].write_text("missing==1.0\narrays==1.5.1\n")
    files[0].write_text("tables==2.0\n")
    install(site, "unknown", "3.0")
    sentence = lock.complaint(files, [str(site)]) or ""
    assert "\n" not in sentence
    for fault in ("missing==1.0 is missing", "arrays==1.5.1 is installed as 1.5", "unknown is not pinned"):
        assert fault in sentence
    assert "make clean check" in sentence
    assert "make lock" in sentence


def test_a_package_that_is_not_installed_is_missing(files: list[Path], site: Path) -> None:
    files[1].write_text("runner==3.1\n")
    assert said(files, site) == "runner==3.1 is missing"


def test_another_version_is_a_difference(files: list[Path], site: Path) -> None:
    files[1].write_text("arrays==1.5.1\n")
    assert said(files, site) == "arrays==1.5.1 is installed as 1.5"


def test_a_package_without_a_pin_is_a_difference(files: list[Path], site: Path) -> None:
    install(site, "unknown", "3.0")
    assert said(files, site) == "unknown is not pinned"


def test_a_build_for_processors_alone_is_the_version_that_is_pinned(files: list[Path], site: Path) -> None:
    files[1].write_text("torch==2.13.0\n")
    install(site, "torch", "2.13.0+cpu")
    assert said(files, site) == ""


def test_packages_that_a_cuda_build_brings_need_no_pin(files: list[Path], site: Path) -> None:
    for name in ("nvidia_cublas", "nvidia-cudnn-cu13", "cuda-bindings", "triton", "pytorch-triton-rocm"):
        install(site, name, "13.0")
    assert said(files, site) == ""


def test_a_pin_for_other_systems_need_not_be_installed_here(files: list[Path], site: Path) -> None:
    files[1].write_text('elsewhere==1.0; sys_platform == "none"\n')
    assert said(files, site) == ""


def test_the_pins_are_what_the_named_packages_need_on_any_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    install(site, "Page_Server", "1.2", "Table.Tool[fast]>2", "watcher; platform_system != 'Darwin'", "page-server")
    install(site, "table-tool", "3.0+cpu", "quick; extra == 'fast'", "slow; extra == 'small'", "nvidia-x==1")
    install(site, "quick", "0.1", "old; python_version < '3.11'", "middle; python_version < '3.13'")
    install(site, "middle", "4.0")
    install(site, "watcher", "5.0", "eyes")
    install(site, "eyes", "6.0")
    install(site, "checker", "7.0", "quick", "colours; sys_platform == 'win32'")
    install(site, "colours", "8.0")
    monkeypatch.syspath_prepend(site)
    run, test = tmp_path / "requirements.txt", tmp_path / "tests.txt"
    run.write_text("# The app's.\npage_server==1.2  # the page\n")
    test.write_text("checker==7.0  # checks\n\n" + lock.HEADING + "\nstale==1.0\n")
    lock.write([run, test])
    others = 'sys_platform == "linux" or sys_platform == "win32"'
    assert run.read_text().splitlines() == [
        "# The app's.",
        "page_server==1.2  # the page",
        "",
        lock.HEADING,
        f"eyes==6.0; {others}",
        "middle==4.0",
        "quick==0.1",
        "table-tool==3.0",
        f"watcher==5.0; {others}",
    ]
    assert test.read_text().splitlines() == [
        "checker==7.0  # checks",
        "",
        lock.HEADING,
        'colours==8.0; sys_platform == "win32"',
    ]


@pytest.mark.parametrize("file", lock.FILES, ids=["run", "test"])
def test_every_package_is_pinned_exactly_and_each_named_one_says_what_it_is_for(file: Path) -> None:
    text = file.read_text()
    for pin in lock.pins(text).values():
        (specifier,) = pin.specifier
        assert specifier.operator == "=="
        assert "*" not in specifier.version
    named, heading, needed = text.partition(lock.HEADING)
    assert heading
    assert all(line.startswith("#") or "  # " in line for line in named.strip().splitlines())
    assert "#" not in needed
