"""f, the constraints g, and their first and second derivatives, as one function of many points at once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from pellucid.core.errors import UserError
from pellucid.rooms.lagrange.problem import Problem

Array = np.ndarray[Any, Any]


class Calculus:
    """Values and derivatives of one problem. Points are [..., variable]."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.n, self.m = len(problem.names), len(problem.constraints)
        self.formulas = (problem.objective, *problem.constraints)
        _ = self.hessians  # UserError where a formula is nowhere real, or its derivatives become too long

    @cached_property
    def gradients(self) -> tuple[tuple[Any, ...], ...]:
        """Of f, then of each g; SymPy's expressions."""
        return tuple(_told(each, "gradient") for each in self.formulas)

    @cached_property
    def hessians(self) -> tuple[tuple[tuple[Any, ...], ...], ...]:
        return tuple(_told(each, "hessian") for each in self.formulas)

    @cached_property
    def _first(self) -> Any:
        found = [each.sympy for each in self.formulas] + [part for row in self.gradients for part in row]
        return self.problem.objective.compiled(found)

    @cached_property
    def _second(self) -> Any:
        return self.problem.objective.compiled([part for each in self.hessians for row in each for part in row])

    def first(self, points: Array) -> tuple[Array, Array, Array, Array]:
        """f [...], g [..., m], ∇f [..., n], ∇g [..., m, n]"""
        found = np.moveaxis(self._first(*np.moveaxis(points, -1, 0)), 0, -1)
        k = 1 + self.m
        slopes = found[..., k:].reshape(*points.shape[:-1], k, self.n)
        return found[..., 0], found[..., 1:k], slopes[..., 0, :], slopes[..., 1:, :]

    def second(self, points: Array) -> tuple[Array, Array]:
        """Hessians of f [..., n, n] and of g [..., m, n, n]"""
        found = np.moveaxis(self._second(*np.moveaxis(points, -1, 0)), 0, -1)
        found = found.reshape(*points.shape[:-1], 1 + self.m, self.n, self.n)
        return found[..., 0, :, :], found[..., 1:, :, :]

    def multipliers(self, points: Array) -> Array:
        """The best λ of ∇f = λ ∇g at each point, by least squares: [..., m]"""
        _, _, df, dg = self.first(points)
        return np.asarray(np.einsum("...nm,...n->...m", np.linalg.pinv(dg), df))

    def lagrangian_hessian(self, points: Array, multipliers: Array) -> Array:
        """H_f - Σ λ_i H_gi: [..., n, n]"""
        of_f, of_g = self.second(points)
        return np.asarray(of_f - np.einsum("...m,...mij->...ij", multipliers, of_g))


def _told(formula: Any, what: str) -> Any:
    """A derivative; an error that names the problem."""
    try:
        return getattr(formula, what)()
    except UserError as error:
        raise UserError(f"problem: {error}") from None
