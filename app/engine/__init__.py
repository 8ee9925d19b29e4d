"""The training engine: a problem, the settings, and the history of the descent."""

from app.engine.history import History
from app.engine.problem import Optimum, Problem
from app.engine.settings import Settings
from app.engine.training import run, source, train, warm_up

__all__ = ["History", "Optimum", "Problem", "Settings", "run", "source", "train", "warm_up"]
