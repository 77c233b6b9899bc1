"""Stationary points by search: Newton's method from many starts. It may miss some."""

from __future__ import annotations

from typing import Any

import numpy as np

from pellucid.rooms.lagrange.calculus import Array, Calculus

STARTS = 96
ROUNDS = 60
FAR, FAR_FLAT = 1e5, 1e3  # beyond that nothing is believed; the second where only rounding is left to judge by
NEAR = 1e-5  # two answers that differ by less, as a share of their size, are one


def starts(n: int, count: int = STARTS) -> Array:
    """The same each time: near 0, between 0 and 1 for shares, and ever further out."""
    random = np.random.default_rng(20)
    sizes = np.array([1.0, 3.0, 10.0, 40.0])[np.arange(count) % 4]
    found = random.normal(size=(count, n)) * sizes[:, None]
    found[::3] = random.uniform(0.05, 1.0, size=found[::3].shape) * sizes[::3, None]
    return found


@np.errstate(all="ignore")
def feasible(calculus: Calculus, points: Array, rounds: int = ROUNDS) -> Array:
    """From each point onto the constraints by Gauss-Newton steps; those that arrive, [k, n]."""
    points = points.copy()
    for turn in range(rounds):
        if turn % 8 == 7 and surely(calculus, points).all():
            break
        _, g, _, dg = calculus.first(points)
        fine = np.asarray(np.isfinite(g).all(axis=-1) & np.isfinite(dg).all(axis=(-1, -2)))
        g, dg = np.where(fine[:, None], g, 0.0), np.where(fine[:, None, None], dg, 0.0)
        points = points - _clipped(np.einsum("knm,km->kn", _pinv(dg), g), points)
    return np.asarray(points[arrived(calculus, points)])


@np.errstate(all="ignore")
def surely(calculus: Calculus, points: Array, near: float = 1e-8) -> Any:
    """Which points have a feasible one next to them, by Newton and Kantorovich's condition: not only a small g."""
    _, g, _, dg = calculus.first(points)
    _, of_g = calculus.second(points)
    least = np.linalg.svd(_finite(dg), compute_uv=False)[..., -1]
    way = np.linalg.norm(g, axis=-1) / least
    bend = np.sqrt((of_g**2).sum(axis=(-1, -2, -3)))
    apart = least > 1e-9 * np.abs(dg).max(axis=(-1, -2))
    return (
        apart
        & arrived(calculus, points, near)
        & (way <= near * (1 + np.abs(points).max(axis=-1)))
        & (bend * way <= 0.1 * least)
    )


@np.errstate(all="ignore")
def arrived(calculus: Calculus, points: Array, near: float = 1e-9) -> Any:
    """Which points lie on all constraints, to rounding."""
    f, g, df, dg = calculus.first(points)
    size = 1 + np.abs(points).max(axis=-1) * np.abs(dg).max(axis=(-1, -2))
    fine = np.isfinite(f) & np.isfinite(df).all(axis=-1) & np.isfinite(dg).all(axis=(-1, -2))
    return fine & (np.abs(g).max(axis=-1) <= near * size) & (np.abs(points).max(axis=-1) < 1e8)


@np.errstate(all="ignore")
def stationary(calculus: Calculus, begin: Array) -> Array:
    """Points with ∇f = Σ λ ∇g and g = 0, by Newton on both together: [k, n], each once."""
    n, m = calculus.n, calculus.m
    x = begin[np.isfinite(np.concatenate(_rows(calculus.first(begin)), axis=-1)).all(axis=-1)]
    multipliers = calculus.multipliers(x)
    for _ in range(ROUNDS):
        _, g, df, dg = calculus.first(x)
        left = np.concatenate([df - np.einsum("km,kmn->kn", multipliers, dg), g], axis=-1)
        matrix = np.zeros((len(x), n + m, n + m))
        matrix[:, :n, :n] = calculus.lagrangian_hessian(x, multipliers)
        matrix[:, :n, n:] = -np.swapaxes(dg, 1, 2)
        matrix[:, n:, :n] = dg
        step = np.einsum("kij,kj->ki", _pinv(_finite(matrix)), _finite(left))
        x = x - _clipped(step[:, :n], x)
        multipliers = multipliers - _clipped(step[:, n:], multipliers)
    good = surely(calculus, x)
    x, multipliers = x[good], multipliers[good]
    return distinct(x[_level(calculus, x, multipliers)])


def _level(calculus: Calculus, x: Array, multipliers: Array) -> Any:
    """Whether Newton's next step along the constraint is nothing beside x, or all that is left to step on is rounding.

    A small slope alone says little: where f tends to a limit far out, it is small as well.
    """
    _, _, df, dg = calculus.first(x)
    _, _, turned = np.linalg.svd(dg)
    across = turned[:, calculus.m :]
    slope = np.einsum("kdn,kn->kd", across, df)
    bent = across @ calculus.lagrangian_hessian(x, multipliers) @ np.swapaxes(across, 1, 2)
    step = np.linalg.norm(np.einsum("kde,ke->kd", np.linalg.pinv(_finite(bent), rcond=1e-15), slope), axis=-1)
    far = np.abs(x).max(axis=-1)
    steepest = np.linalg.norm(df, axis=-1)
    rounding = (np.linalg.norm(slope, axis=-1) <= 1e-14 * steepest) & ((steepest == 0) | (steepest > 1e-60))
    steep = np.linalg.norm(slope, axis=-1) <= 1e-7 * (
        np.abs(df).max(axis=-1) + np.abs(bent).max(axis=(-1, -2), initial=0)
    )
    return (steep & (step <= 1e-6 * (1 + far)) & (far <= FAR)) | (rounding & (far <= FAR_FLAT))


@np.errstate(all="ignore")
def singular(calculus: Calculus, begin: Array) -> Array:
    """Points with g = 0 where the constraints' gradients depend on each other: wᵀ∇g = 0 with a w of length 1."""
    n, m = calculus.n, calculus.m
    if all(each == 0 for hessian in calculus.hessians[1:] for row in hessian for each in row):
        begin = begin[:1]  # linear constraints: they depend on each other everywhere or nowhere
    x, w = begin.copy(), np.full((len(begin), m), m**-0.5)
    for _ in range(2 * ROUNDS):  # such points attract slowly
        _, g, _, dg = calculus.first(x)
        _, of_g = calculus.second(x)
        mixed = np.einsum("km,kmn->kn", w, dg)
        left = np.concatenate([g, mixed, (w**2).sum(axis=1, keepdims=True) - 1], axis=-1)
        matrix = np.zeros((len(x), m + n + 1, n + m))
        matrix[:, :m, :n] = dg
        matrix[:, m : m + n, :n] = np.einsum("km,kmij->kij", w, of_g)
        matrix[:, m : m + n, n:] = np.swapaxes(dg, 1, 2)
        matrix[:, m + n, n:] = 2 * w
        step = np.einsum("kij,kj->ki", _pinv(_finite(matrix)), _finite(left))
        x, w = x - _clipped(step[:, :n], x), w - _clipped(step[:, n:], w)
    _, g, _, dg = calculus.first(x)
    rest = np.abs(np.einsum("km,kmn->kn", w, dg)).max(axis=-1)
    good = arrived(calculus, x) & (rest <= 1e-7) & (np.abs((w**2).sum(axis=1) - 1) < 1e-6)
    return distinct(x[good], 1e-3)


def distinct(points: Array, near: float = NEAR) -> Array:
    """Each once, in order."""
    kept: list[Array] = []
    for point in points:
        if not any(np.abs(point - other).max() <= near * (1 + np.abs(other).max()) for other in kept):
            kept.append(point)
    return np.array(kept).reshape(len(kept), points.shape[-1])


def _rows(values: tuple[Array, ...]) -> list[Array]:
    return [each.reshape(len(values[0]), int(np.prod(each.shape[1:]))) for each in values]


def _clipped(step: Array, at: Array) -> Array:
    """No step longer than what is there already, and one."""
    step, at = (np.clip(_finite(each), -1e100, 1e100) for each in (step, at))
    most = 1 + np.linalg.norm(at, axis=-1, keepdims=True)
    length = np.linalg.norm(step, axis=-1, keepdims=True)
    return np.asarray(step * np.minimum(1.0, most / np.maximum(length, 1e-100)))


def _finite(values: Array) -> Array:
    """Zeros for the whole of an entry that is not finite: it stays where it is, and is not counted in the end."""
    good = np.isfinite(values).all(axis=tuple(range(1, values.ndim)))
    return np.where(good.reshape(-1, *[1] * (values.ndim - 1)), values, 0.0)


def _pinv(matrices: Array) -> Array:
    return np.asarray(np.linalg.pinv(np.clip(matrices, -1e100, 1e100), rcond=1e-13))
