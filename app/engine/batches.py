"""Which rows each update sees."""

from collections.abc import Iterator
from itertools import count, repeat

import torch
from torch import Tensor

from app.engine.gradients import Rows, Table

ROWS_PER_GATHER = 20_000
"""Rows gathered at a time, so that shuffling needs no second copy of the table."""


def batches(rows: Rows | Table, size: int, seed: int, first_epoch: int) -> Iterator[Rows | Table]:
    """Endless batches of `size` rows, from the start of `first_epoch`; size 0, or more than there are, is all rows.

    Each epoch passes once over all rows, in an order that depends on seed and epoch alone, so that a run can resume at
    any epoch. The last batch of an epoch may be smaller.
    """
    if updates_per_epoch(len(rows.y), size) == 1:
        yield from repeat(rows)
    for epoch in count(first_epoch):
        yield from shuffled(rows, size, seed, epoch)


def shuffled(rows: Rows | Table, size: int, seed: int, epoch: int) -> Iterator[Rows]:
    """The batches of one epoch."""
    for some in torch.split(order(len(rows.y), seed, epoch), max(1, ROWS_PER_GATHER // size) * size):
        z, y = rows.take(some)
        yield from map(Rows, torch.split(z, size), torch.split(y, size))


def order(n: int, seed: int, epoch: int) -> Tensor:
    """Positions of the rows [n] in the order of one epoch."""
    return permutation(n, 1_000_003 * seed + epoch)


def permutation(n: int, seed: int) -> Tensor:
    """A random order of 0 … n − 1, the same on every machine."""
    return torch.randperm(n, generator=torch.Generator().manual_seed(seed))


def updates_per_epoch(n: int, size: int) -> int:
    """Batches of at most `size` of n rows; size 0 is all rows."""
    return -(-n // size) if 0 < size < n else 1
