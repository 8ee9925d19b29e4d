"""A training that many runs may follow: the same settings are trained once, however many sessions ask for them."""

from collections.abc import Iterator
from threading import Lock

from app.engine import History


class Training:
    """The first part is trained at once, the rest by turns that any follower takes for all.

    `newest` is the history and its epochs after the last turn: up to there any thread may read.
    """

    def __init__(self, turns: Iterator[History]) -> None:
        self._turns = turns
        self._in_turn = Lock()
        self.newest = self._next()

    def follow(self) -> Iterator[tuple[History, int]]:
        """What there is after each turn, the last included, whoever takes it."""
        is_over = False
        while not is_over:
            with self._in_turn:
                if self.newest[0].outcome == "running":
                    self.newest = self._next()
                newest, is_over = self.newest, self.newest[0].outcome != "running"
            yield newest

    def _next(self) -> tuple[History, int]:
        history = next(self._turns)
        return history, history.epochs
