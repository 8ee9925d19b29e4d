"""The ledger of a table: every column, what it was read as, and which of its cells did not fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dataset.dataset import Account, Dataset
from app.dataset.wish import ColumnKind, ColumnWish
from app.wording import count, exact, quoted

MAX_NAMED_COLUMNS = 3

EXAMPLES = 2
"""Of each column."""


@dataclass(frozen=True)
class Entry:
    """One column."""

    name: str
    kind: str
    """What it was read as."""
    present: int
    """Cells with a value that fits."""
    account: Account
    wish: ColumnWish
    is_offered: bool
    """Whether it can be a feature."""

    @property
    def is_problem(self) -> bool:
        return not self.is_offered or self.account.odd > 0

    @property
    def kinds(self) -> tuple[ColumnKind, ...]:
        """What it can be read as. At least half of the cells of a column of numbers are numbers."""
        told = self.account
        half = bool(told.numbers) and told.numbers >= told.odd
        others: tuple[ColumnKind, ...] = ("date", "category", "text", "out")
        can_be_number = half or self.kind == "number" or self.wish.kind in ("number", "out")
        return ("", "number", *others) if can_be_number else ("", *others)


def ledger(dataset: Dataset) -> list[Entry]:
    """All columns, those with problems first, else in the file's order."""
    numbers, dates, categories = (
        set(names) for names in (dataset.numeric_columns, dataset.date_columns, dataset.category_columns)
    )
    entries = []
    for name in map(str, dataset.frame.columns):
        cells = dataset.present.get(name, dataset.n_rows)
        wish = dataset.wishes.get(name, ColumnWish())
        kind = (
            "number" if name in numbers else "date" if name in dates else "category" if name in categories else "text"
        )
        kind = "left out" if wish.kind == "out" else kind if cells or wish.kind else "no value"
        account = dataset.accounts.get(name, Account())
        entries.append(Entry(name, kind, cells, account, wish, kind in ("number", "date", "category")))
    return sorted(entries, key=lambda entry: not entry.is_problem)


def examples(dataset: Dataset, entry: Entry) -> tuple[str, ...]:
    """Two cells of a column: as they stand in the file, where that is more than their values say."""
    cells = dataset.frame[entry.name].iloc[:1000].dropna().iloc[:EXAMPLES]
    return entry.account.examples or tuple(exact(cell) if isinstance(cell, float) else str(cell) for cell in cells)


def summary(dataset: Dataset) -> str:
    """Which columns cannot be chosen, where cells did not fit, and how many rows are none of those measured.

    In a few words; "" if there is nothing.
    """
    offered = {*dataset.numeric_columns, *dataset.date_columns, *dataset.category_columns}
    names = [str(name) for name in dataset.frame.columns if str(name) not in offered]
    odd = {name: told.odd for name, told in dataset.accounts.items() if told.odd and name in offered}
    said = []
    if names:
        said.append(f"{quoted(names, MAX_NAMED_COLUMNS)} left out")
    if odd:
        where = quoted(odd, MAX_NAMED_COLUMNS)
        said.append(
            f"{count(sum(odd.values()), 'cell')} of {where} {'does' if sum(odd.values()) == 1 else 'do'} not fit"
        )
    if dataset.left_out_rows:
        said.append(f"{count(dataset.left_out_rows, 'row')} left out")
    return "; ".join(said)


def matching(entries: Sequence[Entry], words: str) -> list[Entry]:
    """Entries whose name has these words, in any case."""
    return [entry for entry in entries if words.casefold() in entry.name.casefold()]
