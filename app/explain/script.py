"""The whole run as a program in plain PyTorch: data, start, loop and result, with only the lines that it needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine import Settings
from app.engine.batches import updates_per_epoch
from app.engine.holdout import held_out_rows
from app.explain.plain_data import data_file, has_made_terms, listed, plain_data, printable, text
from app.explain.plain_step import (
    hyperparameters,
    indented,
    loss,
    loss_function,
    memory,
    needs_math,
    plain_epoch,
    prediction,
)  # fmt: skip
from app.runs.run import Recording
from app.runs.segments import Segment


@dataclass(frozen=True)
class Cell:
    """A part of the program, as a notebook divides it."""

    title: str
    code: str


def cells(run: Recording) -> list[Cell]:
    """The parts of the program whose losses are those of a run, up to where that ended."""
    return [Cell(title, "\n".join(lines)) for title, lines in _Program(run).parts]


def script(run: Recording) -> str:
    """The same as one file."""
    titled = [f"# --- {cell.title} ---\n\n{cell.code}" for cell in cells(run)]
    head = "\n".join(f"# {line}" for line in origin(run).split("\n"))
    return "\n\n".join([head, *titled]) + "\n"


def origin(run: Recording) -> str:
    """Where the program comes from, and what it cannot promise."""
    sentence = f"Gradient descent on {printable(run.selection.dataset.name)}, from the Gradient Descent Playground."
    if rounds_by_processor(run):
        sentence += "\nProcessors add in orders of their own: in float32 the last digits may differ from the page's."
    return sentence


def rounds_by_processor(run: Recording) -> bool:
    """Whether the last digits that the program prints can differ from one processor to another.

    They cannot for the notebook's own loop: torch's sums of up to five numbers have one order everywhere.
    """
    few = len(run.selection.terms) == 1 and len(run.selection.rows) <= 5
    for settings in [run.settings, *(segment.settings for segment in run.segments)]:
        is_plain = few and (settings.optimizer, settings.loss, settings.batch_size) == ("gradient_descent", "mse", 0)
        if settings.precision == "float32" and not is_plain:
            return True
    return False


class _Program:
    def __init__(self, run: Recording) -> None:
        self.run, self.selection, self.problem = run, run.selection, run.problem
        self.has_ended = run.outcome not in ("running", "stopped")
        self.epochs = run.history.epochs if self.has_ended else run.settings.epochs
        self.several = len(self.selection.terms) > 1
        self.is_scaled = self.problem.scaling == "standardize"
        self.data = ["x", "y", *(["x_held", "y_held"] if self.problem.held_out else [])]
        before = [segment for segment in run.segments if segment.until < self.epochs]
        self.segments = [*before, Segment(self.epochs, run.settings)]
        self.first = self.segments[0].settings

    @property
    def parts(self) -> Iterator[tuple[str, list[str]]]:
        yield "Prepare the data", self._data()
        if self.problem.held_out:
            yield "Hold rows out", self._hold_out()
        if self.is_scaled:
            yield "Scale the features", self._scale()
        yield "Initialize the parameters", self._start()
        before, began = None, 0
        for segment in self.segments:
            span = f" from epoch {began}" if began else ""
            yield f"Hyperparameters{span}", self._settings(segment.settings, before)
            until = "epochs" if segment is self.segments[-1] else str(segment.until)
            span += "" if until == "epochs" else f" up to epoch {until}"
            yield f"Gradient descent{span}", self._loop(segment.settings, f"{began}, {until}" if began else until)
            before, began = segment.settings, segment.until
        yield "Check the final parameters", self._result()

    def _data(self) -> list[str]:
        imports = ["import math", ""] if any(needs_math(segment.settings) for segment in self.segments) else []
        imports += ["import pandas as pd"] if data_file(self.selection) else []
        made = has_made_terms(self.selection)  # in float64, as on the page
        dtype = "float64" if self.is_scaled or made else self.first.precision
        lines = [*imports, "import torch", "", *plain_data(self.selection, dtype)]
        if made and not self.is_scaled and self.first.precision == "float32":
            lines += ["x, y = x.float(), y.float()"]
        return lines

    def _hold_out(self) -> list[str]:
        count = held_out_rows(len(self.selection.rows), self.first.held_out)
        return [
            f"torch.manual_seed({self.first.seed})",
            "order = torch.randperm(len(y))",
            f"held, kept = order[:{count}].sort().values, order[{count}:].sort().values",
            "x_held, y_held = x[held], y[held]",
            "x, y = x[kept], y[kept]",
        ]

    def _scale(self) -> list[str]:
        lines = ["mean, std = x.mean(0), x.std(0, correction=0)"]
        constant = [j for j, column in enumerate(self.problem.features.T) if not column.any()]
        if constant:
            which = constant if self.several else "..."
            lines += [f"std[{which}] = 1  # the same in every row: nothing to scale"]
        lines += ["x = (x - mean) / std"]
        if self.problem.held_out:
            lines += ["x_held = (x_held - mean) / std  # by the rows that it learns from"]
        return lines + (self._cast("float32") if self.first.precision == "float32" else [])

    def _cast(self, precision: str) -> list[str]:
        cast = ".double()" if precision == "float64" else ".float()"
        return [f"{', '.join(self.data)} = {', '.join(f'{name}{cast}' for name in self.data)}"]

    def _start(self) -> list[str]:
        first = self.first
        learns = first.gradient == "autograd"
        if first.start:
            *weights, bias = map(repr, first.start)
            made = [f"torch.tensor([{', '.join(each)}], dtype=torch.{first.precision}" for each in (weights, [bias])]
            lines, end = [], ", requires_grad=True)" if learns else ")"
        else:
            made = [f"torch.randn({size}, dtype=torch.float32" for size in (len(self.selection.terms), 1)]
            lines, end = [f"torch.manual_seed({first.seed})"], ", requires_grad=True)" if learns else ")"
            if first.precision == "float64":
                end = ").double().requires_grad_()" if learns else ").double()"
        what = "weights" if self.several else "weight"
        return [*lines, f"w = {made[0]}{end}  # {what}", f"b = {made[1]}{end}  # bias"]

    def _settings(self, settings: Settings, before: Settings | None) -> list[str]:
        """What the loop names, as far as the segment before had it otherwise."""
        numbers = hyperparameters(settings, batches=self._has_batches(settings))
        held = hyperparameters(before, batches=self._has_batches(before)) if before else {}
        lines = [f"{name} = {value!r}" for name, value in numbers.items() if held.get(name) != value]
        if before is None:
            lines += [f"epochs = {self.epochs}{self._why_so_many()}"]
            by_hand = any(segment.settings.gradient == "by_hand" for segment in self.segments)
            batches = any(self._has_batches(segment.settings) for segment in self.segments)
            lines += ["n = len(y)"] if by_hand or batches else []
        else:
            lines += self._converted(settings, before)
        lines += memory(settings) if before is None or before.optimizer != settings.optimizer else []
        function = [] if before and before.loss == settings.loss else loss_function(settings)
        return [*lines, *([""] if lines and function else []), *function]

    def _why_so_many(self) -> str:
        if not self.has_ended or self.epochs == self.run.settings.epochs:
            return ""
        return f"  # where the page's run {'converged' if self.run.outcome == 'converged' else 'ended'}"

    def _has_batches(self, settings: Settings) -> bool:
        return updates_per_epoch(self.problem.n_rows, settings.batch_size) > 1

    def _converted(self, settings: Settings, before: Settings) -> list[str]:
        """Data and parameters in the precision, and with the gradients, of the next segment."""
        if (settings.precision, settings.gradient) == (before.precision, before.gradient):
            is_cleared = before.accumulates and not settings.accumulates
            return ["w.grad.zero_()", "b.grad.zero_()"] if is_cleared else []
        cast = "" if settings.precision == before.precision else f".to(torch.{settings.precision})"
        learns = ".requires_grad_()" if settings.gradient == "autograd" else ""
        lines = self._cast(settings.precision) if cast else []
        return [*lines, f"w, b = w.detach(){cast}{learns}, b.detach(){cast}{learns}"]

    def _loop(self, settings: Settings, span: str) -> list[str]:
        held_out = self.problem.held_out is not None
        body = plain_epoch(settings, several=self.several, batches=self._has_batches(settings), held_out=held_out)
        every, digits = 10 ** max(0, len(str(self.epochs)) - 2), self._digits
        held = f", held out: {{held_out_loss.item():{digits}}}" if held_out else ""
        progress = [f'print(f"Epoch [{{epoch + 1}}/{{epochs}}], Loss: {{loss.item():{digits}}}{held}")']
        if every > 1:
            progress = [f"if (epoch + 1) % {every} == 0:", *indented(progress)]
        first = [] if "," in span else ["losses = []", ""]
        return [*first, f"for epoch in range({span}):", *indented([*body, "", *progress])]

    @property
    def _digits(self) -> str:
        """The notebook's four decimals where they suit the losses."""
        losses = self.run.history.losses
        return ".4f" if losses[0] < 1e6 and losses[-1] >= 0.1 else ".6g"

    def _result(self) -> list[str]:
        settings = self.run.settings
        lines = ["w, b = w.detach(), b.detach()"] if settings.gradient == "autograd" else []
        error = f"{prediction('x', several=self.several)} - y"
        lines += [f"loss = {loss(error, settings)}"]
        if self.is_scaled:
            lines += ["w = w / std  # in the units of the data", "b = b - torch.sum(w * mean)"]
        if self.several:
            lines += listed("names = ", [text(term.name) for term in self.selection.terms], "")
            lines += ["for name, weight in zip(names, w):", '    print(f"Weight of {name}: {weight.item():.6g}")']
        else:
            lines += ['print(f"Trained weight: {w.item():.6g}")']
        return [*lines, 'print(f"Trained bias: {b.item():.6g}")', 'print(f"Loss: {loss.item():.6g}")']
