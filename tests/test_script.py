"""The run as a program: it is executed as it is shown, and its losses are those of the page."""

import ast
import contextlib
import io
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
import torch

from app.dataset import ColumnChoice, Dataset, load_sample, read_csv
from app.dataset.export import rows_csv
from app.engine import Settings
from app.engine.settings import LossName, Optimizer, Schedule
from app.explain.notebook_file import notebook
from app.explain.plain_data import data_file
from app.explain.script import script
from app.runs.run import Run
from app.runs.segments import Segment
from tests.notebook import FIGURES
from tests.scenes import finished

HOURS = ColumnChoice("test score", ("hours studied",))
GALTON = ColumnChoice("child height (in)", ("mid-parent height (in)",), scaling="standardize")
ON_SLEEP = ColumnChoice("test score", ("hours studied", "hours slept"))
NOTEBOOK = Settings(precision="float32")
BOTH = pytest.mark.parametrize("gradient", ["by_hand", "autograd"])


def executed(text: str) -> tuple[dict[str, Any], str]:
    """The program's variables and what it prints."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()) as printed, torch.random.fork_rng(devices=[]):
        exec(compile(text, "run.py", "exec"), names)
    return names, printed.getvalue()


def printed_losses(text: str) -> dict[str, float]:
    """By epoch, as the notebook's own printout is kept."""
    lines = [line for line in text.splitlines() if line.startswith("Epoch [")]
    return {line[7 : line.index("/")]: float(line.split("Loss: ")[1].split(",")[0]) for line in lines}


def assert_same(run: Run, rtol: float = 1e-9) -> None:
    """The program's losses, parameters and last held-out loss are the run's."""
    names, _ = executed(script(run))
    losses = run.history.losses.double()
    found = torch.tensor([*names["losses"], names["loss"].item()], dtype=torch.float64)
    for segment in run.segments:  # where the loss becomes another the page has the old one, and the loop the new one
        found[segment.until] = losses[segment.until]
    torch.testing.assert_close(found, losses, rtol=rtol, atol=rtol * 1e-6)
    expected = run.problem.in_file_units(run.history.parameters[-1].double())
    in_file_units = torch.cat([names["w"].reshape(-1), names["b"].reshape(1)]).detach().double()
    torch.testing.assert_close(in_file_units, expected, rtol=100 * rtol, atol=100 * rtol)
    if run.problem.held_out and run.epochs:
        held = run.history.held_out_losses[run.epochs - 1].double()
        torch.testing.assert_close(names["held_out_loss"].detach().double(), held, rtol=rtol, atol=0)


@BOTH
def test_on_the_notebooks_data_the_program_is_the_page_to_the_last_bit_and_prints_the_notebooks_figures(
    gradient: Any,
) -> None:
    run = finished(load_sample("students"), HOURS, Settings(precision="float32", gradient=gradient))
    names, printed = executed(script(run))
    assert [*names["losses"], names["loss"].item()] == run.history.losses.tolist()
    figures = FIGURES["one_feature"]
    assert printed_losses(printed) == figures["losses_by_hand" if gradient == "by_hand" else "losses_autograd"]
    assert names["w"].item() == figures["weight"]
    assert "Trained bias: 69.347" in printed


def test_the_plainest_run_is_the_notebooks_loop() -> None:
    text = script(finished(load_sample("students"), HOURS, NOTEBOOK))
    for line in (
        "x = torch.tensor([2, 4, 6, 8, 10], dtype=torch.float32)  # hours studied",
        "y_pred = x * w + b",
        "loss = torch.mean(error ** 2)",
        "dw = (2 / n) * torch.sum(x * error)",
        "w -= learning_rate * dw",
    ):
        assert line in text
    assert len([line for line in text.splitlines() if line and not line.startswith("#")]) <= 32


@BOTH
@pytest.mark.parametrize("dataset", ["students_sleep", "students_scrambled"])
def test_of_several_features_the_program_rounds_as_the_processor_multiplies(dataset: str, gradient: Any) -> None:
    """In float32 the last printed digit may be another, as it is where the notebook's own cell runs again."""
    table = load_sample(dataset)
    columns = ColumnChoice("test score", tuple(table.numeric_columns[:2])) if "sleep" not in dataset else ON_SLEEP
    run = finished(table, columns, Settings(precision="float32", gradient=gradient, epochs=5000))
    _, printed = executed(script(run))
    for epoch, loss in printed_losses(printed).items():
        assert loss == pytest.approx(run.history.losses[int(epoch) - 1].item(), rel=2e-5), epoch


@BOTH
@pytest.mark.parametrize("optimizer", Optimizer.__args__)  # type: ignore[attr-defined]
@pytest.mark.parametrize("columns", [HOURS, ON_SLEEP], ids=["one feature", "two"])
def test_every_optimizer_runs_as_a_program(optimizer: Any, columns: ColumnChoice, gradient: Any) -> None:
    settings = Settings(learning_rate=0.003, epochs=300, optimizer=optimizer, gradient=gradient, momentum=0.8)
    assert_same(finished(load_sample("students"), columns, settings))


@BOTH
@pytest.mark.parametrize("loss", LossName.__args__)  # type: ignore[attr-defined]
@pytest.mark.parametrize("columns", [HOURS, ON_SLEEP], ids=["one feature", "two"])
def test_every_loss_runs_as_a_program(loss: Any, columns: ColumnChoice, gradient: Any) -> None:
    settings = Settings(learning_rate=0.003, epochs=300, loss=loss, gradient=gradient, quantile=0.3, delta=4.0)
    assert_same(finished(load_sample("students"), columns, settings))


@BOTH
@pytest.mark.parametrize("schedule", Schedule.__args__)  # type: ignore[attr-defined]
def test_every_schedule_runs_as_a_program(schedule: Any, gradient: Any) -> None:
    settings = Settings(epochs=300, schedule=schedule, gradient=gradient, period=70)
    assert_same(finished(load_sample("students"), HOURS, settings))


COMBINATIONS: dict[str, dict[str, Any]] = {
    "batches": {"batch_size": 2},
    "batches of one, Adam, a schedule": {"batch_size": 1, "optimizer": "adam", "schedule": "cosine"},
    "penalties": {"l1": 0.3, "l2": 0.02},
    "penalties, batches, Huber": {"l1": 0.3, "l2": 0.02, "batch_size": 3, "loss": "huber"},
    "AdamW, warm-up, quantile loss": {"optimizer": "adamw", "schedule": "warm_up", "loss": "quantile", "period": 40},
    "held-out rows": {"held_out": 0.4},
    "held-out rows, batches, absolute errors": {"held_out": 0.3, "batch_size": 2, "loss": "mae"},
    "a start of one's own": {"start": (1.5, -0.25, 60.0)},
    "it converges": {"tolerance": 1e-4, "optimizer": "momentum", "epochs": 9000, "start": (1.8, 2.0, 60.0)},
    "it diverges": {"learning_rate": 0.02},
    "nothing cleared, Adam, batches": {"zero_grad": False, "batch_size": 2, "optimizer": "adam"},
    "float32": {"precision": "float32", "start": (0.5, 0.5, 1.0), "batch_size": 2},
}


@BOTH
@pytest.mark.parametrize("how", COMBINATIONS.values(), ids=COMBINATIONS.keys())
def test_combinations_run_as_a_program(how: dict[str, Any], gradient: Any) -> None:
    settings = Settings(**{"learning_rate": 0.005, "epochs": 200, "gradient": gradient, **how})
    assert_same(finished(load_sample("students"), ON_SLEEP, settings), 1e-4 if "precision" in how else 1e-9)


MADE = read_csv(
    b"size,colour,when,same,price\n1,red,2024-01-01,5,10\n2,blue,2024-01-05,5,14\n4,red,2024-02-01,5,12\n"
    b"3,blue,2024-02-09,5,19\n,red,2024-03-01,5,21\n6,green,2024-03-04,5,30\n7,green,2024-04-01,5,28\n",
    "made.csv",
)
CHOICES: dict[str, ColumnChoice] = {
    "standardized": ColumnChoice("price", ("size",), scaling="standardize"),
    "powers and products": ColumnChoice(
        "price", ("size", "when"), degrees=(("size", 3),), interactions=True, scaling="standardize"
    ),
    "a category": ColumnChoice("price", ("colour", "size"), missing="mean"),
    "a category of two levels alone": ColumnChoice("price", ("colour",)),
    "a column that never changes": ColumnChoice("price", ("same", "size"), scaling="standardize"),
}


@BOTH
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("columns", CHOICES.values(), ids=CHOICES.keys())
def test_columns_are_made_in_the_program(columns: ColumnChoice, precision: Any, gradient: Any) -> None:
    settings = Settings(learning_rate=0.02, epochs=150, precision=precision, gradient=gradient)
    for held_out in (0.0, 0.3):
        run = finished(MADE, columns, Settings(**{**vars(settings), "held_out": held_out}))
        assert_same(run, 1e-9 if precision == "float64" else 1e-4)


@BOTH
def test_the_notebook_file_runs_cell_by_cell_and_is_the_same_each_time(gradient: Any) -> None:
    run = finished(load_sample("students"), HOURS, Settings(precision="float32", gradient=gradient))
    text = notebook(run)
    assert text == notebook(run)
    made = nbformat.reads(text, as_version=4)
    nbformat.validate(made)
    assert len({cell.id for cell in made.cells}) == len(made.cells)
    names, printed = executed("\n".join(cell.source for cell in made.cells if cell.cell_type == "code"))
    assert [*names["losses"], names["loss"].item()] == run.history.losses.tolist()
    assert printed == executed(script(run))[1]


@BOTH
def test_a_branch_goes_on_in_the_program_with_what_its_optimizer_remembers(gradient: Any) -> None:
    first = Settings(learning_rate=0.003, epochs=300, optimizer="adam", gradient=gradient)
    chosen = vars(first)
    then = Settings(**{**chosen, "learning_rate": 0.1, "batch_size": 2, "loss": "huber", "delta": 3.0})
    last = Settings(**{**chosen, "optimizer": "momentum", "momentum": 0.5, "l2": 0.01, "schedule": "step"})
    assert_same(finished(load_sample("students"), ON_SLEEP, last, Segment(50, first), Segment(120, then)))


@BOTH
def test_a_large_table_is_read_from_the_file_beside_the_program(
    gradient: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{i % 7},{'007' if i % 3 else 'NA'},{i % 5 + i / 100},{i % 11 - 3}\n" for i in range(120))
    own = read_csv(f"=a,agent,-b,y\n{rows}".encode(), "../all of it.csv")
    columns = ColumnChoice("y", ("=a", "agent", "-b"), degrees=(("=a", 2),), scaling="standardize")
    for dataset, chosen in ((load_sample("galton"), GALTON), (own, columns)):
        run = finished(dataset, chosen, Settings(learning_rate=0.05, epochs=60, gradient=gradient))
        Path(data_file(run.selection)).write_bytes(rows_csv(run.selection))
        assert_same(run)
    assert {path.name for path in tmp_path.iterdir()} == {"galton_rows.csv", "all_of_it_rows.csv"}


@pytest.mark.parametrize("degree", [1, 2])
def test_no_name_in_a_file_becomes_code(degree: int) -> None:
    feature, target = "x\rprint(1)#\u2028\u202e\"'\\", "y\nprint(2)'"
    dataset = Dataset("a\nprint(3)\n.csv", pd.DataFrame({feature: [1.0, 2, 3], target: [1.0, 2, 4]}))
    columns = ColumnChoice(target, (feature,), degrees=((feature, degree),))
    run = finished(dataset, columns, Settings(epochs=2, learning_rate=0.001))
    lines = script(run).split("\n")
    assert all(line.isprintable() for line in lines)
    printed = [node for node in ast.walk(ast.parse(script(run))) if isinstance(node, ast.Name) and node.id == "print"]
    assert len(printed) == 4
    assert_same(run)


def test_a_branch_can_stop_clearing_gradients_and_begin_again() -> None:
    cleared = Settings(learning_rate=0.0005, epochs=60, gradient="autograd", optimizer="momentum")
    not_cleared = Settings(learning_rate=0.0005, epochs=60, gradient="autograd", zero_grad=False)
    segments = Segment(20, cleared), Segment(30, not_cleared)
    assert_same(finished(load_sample("students"), ON_SLEEP, cleared, *segments))


def test_a_branch_can_change_the_precision_and_how_gradients_are_made() -> None:
    first = Settings(learning_rate=0.003, epochs=200, gradient="autograd", precision="float32")
    last = Settings(learning_rate=0.003, epochs=200)
    assert_same(finished(load_sample("students"), ON_SLEEP, last, Segment(50, first)), 1e-4)
    assert_same(finished(load_sample("students"), HOURS, first, Segment(50, last)), 1e-4)
