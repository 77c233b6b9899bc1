"""The recorded arithmetic: one line's descent, all coefficients' descent, the regularization path, one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.look.tape import Tape
from pellucid.look.trace import Value
from pellucid.rooms.linear_regression.config import Config
from pellucid.rooms.linear_regression.solve import Floats, penalty_of

if TYPE_CHECKING:
    from pellucid.rooms.linear_regression.system import Model

STEPS = 30  # of the descent in a trace
GRID = 21  # points of the line, and of each side of the plane


class Line:
    """The descent of one line: the target over the first feature alone, on the rows that are shown."""

    def __init__(self, tape: Tape, config: Config, model: Model, *, logistic: bool):
        self.tape, self.rate, self.logistic = tape, config.learning_rate, logistic
        self.x = tape.value(model.rows[:, 0], "x_rows", ("row",))
        self.y = tape.value(model.y_rows, "y_rows", ("row",))
        self.mean, self.deviation = float(model.mean[0]), float(model.deviation[0])
        self.n = len(model.rows)
        self.design = self.designed(self.x, "z_rows", "line_design", "row")
        grid = np.linspace(model.rows[:, 0].min(), model.rows[:, 0].max(), GRID)
        self.grid = self.designed(tape.value(grid, "grid", ("grid",)), "grid_z", "grid_design", "grid")
        self.across = tape("t", self.design, name="line_design_across", axes=("line parameter", "row"))

    def designed(self, values: Value, scaled: str, design: str, axis: str) -> Value:
        """[n, 2]: a one and the scaled feature."""
        tape = self.tape
        z = tape("div", tape("sub", values, self.mean), self.deviation, name=scaled, axes=(axis,))
        return tape("stack", [tape("ones_like", z), z], 1, name=design, axes=(axis, "line parameter"))

    def descend(self) -> None:
        tape = self.tape
        line = tape.value(np.zeros(2), "line_start", ("line parameter",))
        for step in range(STEPS):
            z = tape("mv", self.design, line, name="logit" if self.logistic else "predicted", step=step, axes=("row",))
            if self.logistic:
                predicted = tape("sigmoid", z, name="predicted", step=step, axes=("row",))
                each = tape("sub", tape("softplus", z, step=step), tape("mul", self.y, z, step=step), step=step)
                tape("mean", each, name="line_loss", step=step)
            else:
                predicted = z
            error = tape("sub", predicted, self.y, name="error", step=step, axes=("row",))
            if not self.logistic:
                squares = tape("mean", tape("square", error, step=step), step=step)
                tape("mul", squares, 0.5, name="line_loss", step=step)
            total = tape("mv", self.across, error, step=step, axes=("line parameter",))
            gradient = tape("div", total, self.n, name="line_gradient", step=step, axes=("line parameter",))
            move = tape("mul", gradient, self.rate, step=step, axes=("line parameter",))
            line = tape("sub", line, move, name="line", step=step, axes=("line parameter",))
            tape("select", line, 0, 0, name="intercept", step=step)
            tape("select", line, 0, 1, name="slope", step=step)
            drawn = tape("mv", self.grid, line, name="fitted_logit" if self.logistic else "fitted", step=step,
                         axes=("grid",))  # fmt: skip
            if self.logistic:
                tape("sigmoid", drawn, name="fitted", step=step, axes=("grid",))
        self.end = tape.array(line)

    def plane(self) -> bool:
        """The loss of every line around the one that was found. (The logistic one would take too many numbers.)"""
        if self.logistic:
            return False
        tape, n = self.tape, self.n
        wide = 1.1 * max(float(np.abs(self.end).max()), 1e-9)
        b, w = (
            tape.value(np.linspace(self.end[0] - wide, self.end[0] + wide, GRID), "plane_intercept", ("intercept",)),
            tape.value(np.linspace(self.end[1] - wide, self.end[1] + wide, GRID), "plane_slope", ("slope",)),
        )
        one = tape("ones_like", b)
        # for each pair: J = (g00 b² + 2 g01 b w + g11 w²) / 2 - c0 b - c1 w + mean(y²) / 2, by outer products
        gram = tape("div", tape("mm", self.across, self.design), n, name="line_gram",
                    axes=("line parameter", "line parameter"))  # fmt: skip
        moment = tape("div", tape("mv", self.across, self.y), n, name="line_moment", axes=("line parameter",))
        g00, g01, g11 = (tape("select", tape("select", gram, 0, i), 0, j) for i, j in ((0, 0), (0, 1), (1, 1)))
        c0, c1 = (tape("select", moment, 0, i) for i in (0, 1))
        along_b = tape("sub", tape("mul", tape("mul", tape("square", b), g00), 0.5), tape("mul", b, c0))
        along_w = tape("sub", tape("mul", tape("mul", tape("square", w), g11), 0.5), tape("mul", w, c1))
        both = tape("mul", tape("outer", w, b), g01)
        bowl = tape("add", tape("add", tape("outer", one, along_b), tape("outer", along_w, one)), both)
        height = tape("mul", tape("mean", tape("square", self.y)), 0.5)
        tape("add", bowl, height, name="loss_plane", axes=("slope", "intercept"))
        return True


def descent(tape: Tape, config: Config, model: Model, line: Line) -> None:
    """All coefficients at once. Regression uses the Gram matrix of all training rows, two classes the rows shown."""
    penalty, rate, names = penalty_of(config), config.learning_rate, ("parameter",)
    free = np.append(0.0, np.ones(len(model.mean)))
    weights = tape.value(np.zeros(len(free)), "weights_start", names)
    if line.logistic:
        scaled = np.column_stack([np.ones(len(model.rows)), (model.rows - model.mean) / model.deviation])
        design = tape.value(scaled, "design", ("row", "parameter"))
        across = tape("t", design, name="design_across", axes=("parameter", "row"))
    else:
        gram = tape.value(model.gram, "gram", ("parameter", "parameter"))
        moment = tape.value(model.moment, "moment", names)
        half = tape.value(model.square, "half_mean_square")
    pull = tape.value(penalty.l2 * free, "ridge", names)
    cut = tape.value(rate * penalty.l1 * free, "cut", names)
    losses = []
    for step in range(STEPS):
        if line.logistic:
            z = tape("mv", design, weights, step=step, axes=("row",))
            gap = tape("sub", tape("sigmoid", z, step=step), line.y, step=step, axes=("row",))
            gradient = tape("div", tape("mv", across, gap, step=step), line.n, name="gradient", step=step, axes=names)
            each = tape("sub", tape("softplus", z, step=step), tape("mul", line.y, z, step=step), step=step)
            losses.append(tape("mean", each, name="loss", step=step))
        else:
            curved = tape("mv", gram, weights, step=step, axes=names)
            gradient = tape("sub", curved, moment, name="gradient", step=step, axes=names)
            inner = tape("sub", tape("mul", curved, 0.5, step=step), moment, step=step)
            losses.append(tape("add", tape("dot", weights, inner, step=step), half, name="loss", step=step))
        if penalty.l2:
            pulled = tape("mul", weights, pull, step=step, axes=names)
            gradient = tape("add", gradient, pulled, name="penalised", step=step, axes=names)
        move = tape("mul", gradient, rate, step=step, axes=names)
        if penalty.l1:
            moved = tape("sub", weights, move, name="moved", step=step, axes=names)
            weights = soft(tape, moved, cut, names, step)
        else:
            weights = tape("sub", weights, move, name="weights", step=step, axes=names)
    tape.value(np.arange(1, STEPS + 1, dtype=np.float64), "steps", ("step",))
    tape("stack", losses, 0, name="losses", axes=("step",))


def soft(tape: Tape, moved: Value, cut: Value, axes: tuple[str, ...], step: int | None, name: str = "weights") -> Value:
    """The soft threshold, operation by operation."""
    size = tape("sub", tape("abs", moved, step=step, axes=axes), cut, step=step, axes=axes)
    left = tape("clamp_min", size, 0.0, step=step, axes=axes)
    return tape("mul", tape("sign", moved, step=step, axes=axes), left, name=name, step=step, axes=axes)


def regularization(tape: Tape, config: Config, model: Model, line: Line, whole: bool) -> None:
    """The path, feature by feature; and, where all rows are at hand, the proof that its columns are solutions."""
    names = ("parameter", "penalty")
    alphas = tape.value(model.alphas, "alphas", ("penalty",), "weight")
    tape("log10", alphas, name="log_alphas", axes=("penalty",))
    path = tape.value(model.path.T, "path", names, "weight")
    for j in range(1, len(model.theta)):
        tape("select", path, 0, j, name=f"path_{j}", axes=("penalty",))
    if line.logistic:
        if not whole:
            return
        design = tape.value(
            np.column_stack([np.ones(line.n), (model.rows - model.mean) / model.deviation]), "path_design"
        )
        gap = tape("sub", tape("sigmoid", tape("mm", design, path)), tape("unsqueeze", line.y, 1))
        gradient = tape("div", tape("mm", tape("t", design), gap), line.n, name="path_gradient", axes=names)
    else:
        moment = tape("unsqueeze", tape.value(model.moment, "path_moment"), 1)
        gradient = tape("sub", tape("mm", tape.value(model.gram, "path_gram"), path), moment, name="path_gradient",
                        axes=names)  # fmt: skip
    ratio = 1.0 if config.penalty == "none" else penalty_of(config).l1_ratio
    free = np.append(0.0, np.ones(len(model.mean)))
    if ratio < 1:
        pull = tape.value(np.outer(free, (1 - ratio) * model.alphas), "path_ridge", names)
        gradient = tape("add", gradient, tape("mul", path, pull), name="path_penalised", axes=names)
    rate = 1 / (float(np.linalg.eigvalsh(model.gram)[-1]) + (1 - ratio) * float(model.alphas.max()))
    moved = tape("sub", path, tape("mul", gradient, rate), name="path_moved", axes=names)
    if ratio:
        cut = tape.value(np.outer(free, rate * ratio * model.alphas), "path_cut", names)
        moved = soft(tape, moved, cut, names, None, name="path_again")
    tape("amax", tape("abs", tape("sub", moved, path)), name="path_change")


def answer(tape: Tape, model: Model, x: Floats, *, logistic: bool) -> None:
    """The input times the trained coefficients, in its own units; and how far these are from the exact ones."""
    trained = tape.value(model.theta, "trained", ("parameter",), "weight")
    gap = tape("abs", tape("sub", trained, tape.value(model.exact, "exact", ("parameter",), "weight")))
    tape("amax", gap, name="distance")
    value = tape.value(x, "x", ("feature",), "input")
    scaled = tape("slice", trained, 0, 1, len(model.theta), axes=("feature",))
    deviation = tape.value(model.deviation, "deviation", ("feature",), "weight")
    mean = tape.value(model.mean, "mean", ("feature",), "weight")
    coefficients = tape("div", scaled, deviation, name="coefficients", axes=("feature",))
    shift = tape("sum", tape("mul", coefficients, mean, axes=("feature",)))
    intercept = tape("sub", tape("select", trained, 0, 0), shift, name="own_intercept")
    products = tape("mul", coefficients, value, name="products", axes=("feature",))
    total = tape("sum", products, name="sum")
    score = tape("add", total, intercept, name="score" if logistic else "prediction")
    if logistic:
        tape("sigmoid", score, name="prediction")
