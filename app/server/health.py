"""/healthz: whether the server can do what it is for."""

import logging
import math
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.engine import Problem, Settings, run

LOG = logging.getLogger("playground")

EPOCHS = 100
TOLERANCE = 1e-9
"""Largest distance of the loss from the least one, as a fraction of that."""


def descend() -> JSONResponse:
    """The answer after training on three points."""
    began = time.perf_counter()
    try:
        problem = Problem([[0.0], [1.0], [2.0]], [0.0, 1.0, 3.0])
        history = run(problem, Settings(learning_rate=problem.best_learning_rate, epochs=EPOCHS))
        loss = float(history.losses[-1])
    except Exception:
        LOG.exception("The descent of /healthz failed.")
        return answer(math.nan, math.nan)
    return answer(loss, problem.optimum.loss, seconds=round(time.perf_counter() - began, 4))


def answer(loss: float, least: float, **further: Any) -> JSONResponse:
    """200 if a descent has come to the least loss that there is, else 503."""
    is_well = abs(loss - least) <= TOLERANCE * least
    content = {"loss": loss if math.isfinite(loss) else None, "least": least if math.isfinite(least) else None}
    return JSONResponse(content | further, 200 if is_well else 503, {"Cache-Control": "no-store"})


def health() -> list[Route]:
    """For `st.App(routes=...)`."""
    return [Route("/healthz", _serve)]


def _serve(request: Request) -> JSONResponse:
    """In a thread of Starlette's, so that nobody else waits."""
    return descend()
