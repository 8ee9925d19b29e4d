"""Least squares with an L1 penalty: which weights are 0, and what the others are."""

import torch
from torch import Tensor

MAX_PARAMETERS_WITHOUT_GUESS = 50
"""With more parameters it is faster to guess all signs first than to find them one by one."""

MAX_GUESS_STEPS = 2000
"""Steps of that guess, each a product with a [d + 1, d + 1] matrix."""


def solve_lasso(k: Tensor, target: Tensor, l1: Tensor, start: Tensor | None = None) -> Tensor:
    """θ [d + 1] that minimizes ½|Kθ − t|² + Σ λ|θ|; parameters with λ = 0 are not penalized. Zeros are exact.

    An active set method (Osborne, Presnell & Turlach, A new approach to variable selection, 2000): with the signs known
    θ solves a linear system. A parameter that would change its sign on the way there becomes 0 and leaves the active
    set; at the solution, the parameter along which the loss falls most steeply enters it.
    """
    if start is None and len(l1) > MAX_PARAMETERS_WITHOUT_GUESS:
        start = guess(k, target, l1)
    found = torch.zeros_like(l1) if start is None else start.clone()
    signs, free = found.sign(), l1 == 0
    sizes = k.norm(dim=0)
    for _ in range(20 * len(l1) + 20):
        active = ((signs != 0) | free) & (sizes > 0)
        goal = solution(k[:, active], target, (l1 * signs)[active], found[active])
        moved = found.clone()
        moved[active] = goal
        crossing = (moved * signs < 0) & ~free
        if crossing.any():
            shares = (found / (found - moved)).where(crossing, torch.full_like(found, 2.0))
            first = int(shares.argmin())
            found = found + shares[first] * (moved - found)
            found[first] = signs[first] = 0.0
            continue
        found = moved
        slopes = k.T @ (target - k @ found)
        over = (slopes.abs() - l1) / (sizes + l1)
        over[active | (sizes == 0)] = -1.0
        worst = int(over.argmax())
        if over[worst] <= 1e-13 * (target.norm() + (k @ found).norm()):
            break
        signs[worst] = slopes[worst].sign()
    return found


def guess(k: Tensor, target: Tensor, l1: Tensor) -> Tensor:
    """FISTA with adaptive restart: a starting point for the active set method.

    Beck & Teboulle, A fast iterative shrinkage-thresholding algorithm, 2009; O'Donoghue & Candès 2015.
    """
    gram, offset = k.T @ k, k.T @ target
    rate = 1 / torch.linalg.eigvalsh(gram)[-1]
    now = ahead = torch.zeros_like(offset)
    speed = 1.0
    for _ in range(MAX_GUESS_STEPS):
        down = ahead + rate * (offset - gram @ ahead)
        then = down.sign() * (down.abs() - rate * l1).clamp(min=0)
        if (then - now).norm() <= 1e-10 * then.norm():
            break
        faster = (1 + (1 + 4 * speed**2) ** 0.5) / 2
        back = ((ahead - then) @ (then - now)).item() > 0
        ahead = then if back else then + (speed - 1) / faster * (then - now)
        now, speed = then, 1.0 if back else faster
    return now


def solution(k: Tensor, target: Tensor, subgradient: Tensor, now: Tensor) -> Tensor:
    """θ with Kᵀ(t − Kθ) = subgradient; if there is none, a point far down the direction in which the loss is linear."""
    q, r = torch.linalg.qr(k)
    upright = r.diagonal().abs()
    if len(r) == r.shape[1] and (upright > 1e-4 * upright.amax()).all():  # several times faster than the SVD below
        right = (q.T @ target)[:, None] - torch.linalg.solve_triangular(r.T, subgradient[:, None], upper=False)
        quick: Tensor = torch.linalg.solve_triangular(r, right, upper=True)[:, 0]
        return quick
    u, singular, vt = torch.linalg.svd(k, full_matrices=False)
    kept = singular > 1e-13 * singular[0]
    u, singular, vt = u[:, kept], singular[kept], vt[kept]
    left = subgradient - vt.T @ (vt @ subgradient)
    if left.norm() > 1e-10 * subgradient.norm():
        far: Tensor = now - 1e30 * left
        return far
    stay = now - vt.T @ (vt @ now)
    found: Tensor = stay + vt.T @ ((u.T @ target) / singular - (vt @ subgradient) / singular.square())
    return found
