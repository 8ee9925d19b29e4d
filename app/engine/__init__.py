"""The training engine: a problem, the settings, and the history of the descent."""

from app.engine.history import History
from app.engine.holdout import hold_out
from app.engine.objective import Objective
from app.engine.problem import Problem
from app.engine.scores import scores
from app.engine.settings import HYPERPARAMETERS, Settings
from app.engine.training import run, source, train, warm_up_torch

__all__ = [
    "HYPERPARAMETERS",
    "History",
    "Objective",
    "Problem",
    "Settings",
    "hold_out",
    "run",
    "scores",
    "source",
    "train",
    "warm_up_torch",
]
