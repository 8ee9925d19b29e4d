"""The notebook that the page grew from: its printed figures and its own loops."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from app.engine import History

FIGURES: dict[str, Any] = json.loads((Path(__file__).parent / "notebook_figures.json").read_text())
HOURS: list[float] = FIGURES["one_feature"]["hours_studied"]
SCORES: list[float] = FIGURES["one_feature"]["test_score"]


def printed(history: History, table: dict[str, float]) -> dict[str, float]:
    """Losses rounded as the notebook prints them, by epoch; each is the loss before that epoch's update."""
    return {epoch: float(f"{history.losses[int(epoch) - 1].item():.4f}") for epoch in table}


def notebook_by_hand(x: Tensor, y: Tensor, epochs: int) -> list[float]:
    """The losses of the notebook's loop, copied verbatim without its prints."""
    torch.manual_seed(42)
    w = torch.randn(1, dtype=torch.float32)
    b = torch.randn(1, dtype=torch.float32)
    learning_rate = 0.01
    n = len(x)
    loss_history = []
    for _ in range(epochs):
        y_pred = x * w + b
        loss = torch.mean((y_pred - y) ** 2)
        loss_history.append(loss.item())
        error = y_pred - y
        dw = (2 / n) * torch.sum(x * error)
        db = (2 / n) * torch.sum(error)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return loss_history


def notebook_autograd(x: Tensor, y: Tensor, epochs: int) -> list[float]:
    """The losses of its loop with autograd, copied verbatim without its prints."""
    torch.manual_seed(42)
    w_auto = torch.randn(1, dtype=torch.float32, requires_grad=True)
    b_auto = torch.randn(1, dtype=torch.float32, requires_grad=True)
    learning_rate = 0.01
    loss_history_auto = []
    for _ in range(epochs):
        y_pred = x * w_auto + b_auto
        loss = torch.mean((y_pred - y) ** 2)
        loss_history_auto.append(loss.item())
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            assert w_auto.grad is not None
            assert b_auto.grad is not None
            w_auto -= learning_rate * w_auto.grad
            b_auto -= learning_rate * b_auto.grad
            w_auto.grad.zero_()
            b_auto.grad.zero_()
    return loss_history_auto


def notebook_many_features(x: Tensor, y: Tensor, epochs: int) -> list[float]:
    """The loop by hand for several features: `x @ w` for `x * w`, and Xᵀ error for the sum of products."""
    torch.manual_seed(42)
    w = torch.randn(x.shape[1], dtype=x.dtype)
    b = torch.randn(1, dtype=x.dtype)
    learning_rate = 0.01
    n = len(x)
    loss_history = []
    for _ in range(epochs):
        y_pred = x @ w + b
        loss = torch.mean((y_pred - y) ** 2)
        loss_history.append(loss.item())
        error = y_pred - y
        dw = (2 / n) * (x.T @ error)
        db = (2 / n) * torch.sum(error)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return loss_history
