"""Inside linear regression: its few parameters as a table, the trace of its descent and of one answer, its story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pellucid.core.contract import Layer, Table
from pellucid.core.progress import one_line
from pellucid.look import Trace
from pellucid.look.tape import Tape
from pellucid.rooms.linear_regression.captions import AXIS_TITLES, SHORT, STORY, SYMBOLS, TITLES
from pellucid.rooms.linear_regression.config import Config, split_names
from pellucid.rooms.linear_regression.descent import STEPS, Line, answer, descent, regularization

if TYPE_CHECKING:
    from pellucid.rooms.linear_regression.solve import Floats
    from pellucid.rooms.linear_regression.system import Model

SHOWN = 200  # training rows that a trace shows; beyond that it says that they are some of many


def layers(config: Config) -> list[Table]:
    """One coefficient a feature, and an intercept."""
    d = len(split_names(config.features))
    rows = [
        Layer("features", "input", f"[N, {d}]", 0, ""),
        Layer("coefficients", "weighted sum", "[N]", d, f"d = {d}"),
        Layer("intercept", "added", "[N]", 1, "1"),
    ]
    if config.task == "classification":
        rows.append(Layer("probability", "sigmoid", "[N]", 0, ""))
    return [Table("linear_regression", tuple(rows))]


def look(config: Config, model: Model, features: list[str], labels: list[str], x: Floats) -> Trace:
    """One line found step by step, all coefficients found step by step, the path, and the answer to one input."""
    tape = Tape()
    first = Line(tape, config, model, logistic=bool(labels))
    first.descend()
    plane = first.plane()
    descent(tape, config, model, first)
    whole = bool(len(model.rows) == int(model.all_rows))
    regularization(tape, config, model, first, whole)
    answer(tape, model, x, logistic=bool(labels))
    trace = tape.trace()
    told = {
        "feature": features[0],
        "rows": f"{len(model.rows):,}" if whole else f"{len(model.rows):,} / {int(model.all_rows):,}",
        "steps": str(STEPS),
    }
    everything = {"en": "all training rows at once (their Gram matrix)", "zh-TW": "全部訓練資料（它們的 Gram 矩陣）"}
    if labels:
        everything = {"en": f"{told['rows']} training rows", "zh-TW": f"{told['rows']} 筆訓練資料"}
    present = {node.variable for node in trace.nodes}
    trace.storyline = []
    for name, words in STORY.items():
        if name in present:
            caption = {
                language: text.format(**told, all=everything[language])
                for language, text in words.items()
                if isinstance(text, str)
            }
            trace.caption(name, caption)
            node = trace.steps(name)[0]
            trace.storyline.append({"node": node.name, "caption": caption})
    trace.axis_labels.update(
        feature=features, parameter=["b", *features], **{"line parameter": ["b", features[0]]},
        step=[str(step) for step in range(1, STEPS + 1)],
    )  # fmt: skip
    trace.meta.update(
        room="linear_regression",
        picture="weights",
        titles=TITLES
        | {name: dict.fromkeys(("en", "zh-TW"), features[0]) for name in ("x_rows", "grid")}
        | {name: dict.fromkeys(("en", "zh-TW"), config.target) for name in ("y_rows", "fitted")}
        | {f"path_{j}": dict.fromkeys(("en", "zh-TW"), name) for j, name in enumerate(features, start=1)},
        short=SHORT,
        symbols=SYMBOLS,
        axis_titles=AXIS_TITLES,
        steps={"": {"axis": "step", "labels": [str(step) for step in range(1, STEPS + 1)]}},
        plots=plots(config, features, plane),
        features=features,
        labels=labels,
        epochs=config.epochs,
        penalty=config.penalty,
        rows=[len(model.rows), int(model.all_rows)],
    )
    return trace


def plots(config: Config, features: list[str], plane: bool) -> list[dict[str, Any]]:
    """What a view may draw; a node without its step is the series over the steps."""
    first, target = features[0], config.target
    penalty = {"l1": "Lasso", "none": "Lasso", "l2": "Ridge", "elastic_net": "Elastic net"}[config.penalty]
    found: list[dict[str, Any]] = [
        {
            "kind": "line", "node": "fitted", "x": "grid",
            "points": [{"x": "x_rows", "y": "y_rows", "label": {"en": "training rows", "zh-TW": "訓練資料"}}],
            "lines": [], "paths": [],
            "title": {"en": f"{target} over {first}, step by step", "zh-TW": f"{first} 與 {target}：直線一步一步移動"},
        },
        {
            "kind": "line", "node": "losses", "x": "steps", "points": [], "lines": [], "paths": [],
            "title": {"en": "Loss by step, all features", "zh-TW": "每一步的損失（所有特徵）"},
        },
        {
            "kind": "line", "node": "path_1", "x": "log_alphas", "points": [], "paths": [],
            "label": dict.fromkeys(("en", "zh-TW"), first),
            "lines": [
                {"node": f"path_{j}", "label": dict.fromkeys(("en", "zh-TW"), name)}
                for j, name in enumerate(features[1:], start=2)
            ],
            "title": {
                "en": f"{penalty}: coefficients over log10(alpha)",
                "zh-TW": f"{penalty}：係數隨 log10(alpha) 的變化",
            },
        },
    ]  # fmt: skip
    if plane:
        found.insert(1, {
            "kind": "plane", "node": "loss_plane", "x": "plane_intercept", "y": "plane_slope",
            "paths": [{"node": "line", "start": "line_start", "label": {"en": "the descent", "zh-TW": "下降的路線"}}],
            "points": [], "lines": [],
            "title": {"en": "Loss over intercept and slope", "zh-TW": "截距與斜率上的損失"},
        })  # fmt: skip
    return found


# the story in the terminal


def tell(trace: Trace) -> Iterator[str]:
    """The line's way, the coefficients' way, the path and the sum of the answer."""
    meta: Mapping[str, Any] = trace.meta
    features, target = meta["features"], meta["target"]
    shown, rows = meta["rows"]
    yield f"input        {one_line(meta['text'])}"
    yield f"{target} from {', '.join(features)}; {rows:,} training rows"
    yield ""
    some = "" if shown == rows else f" ({shown:,} of the rows)"
    yield f"one line, {target} over {features[0]} scaled{some}, by gradient descent"
    yield "step      loss   intercept       slope"
    b, w, loss = (trace.series(name) for name in ("intercept", "slope", "line_loss"))
    for step in (0, 1, 2, 4, 9, 19, STEPS - 1):
        yield f"{step + 1:4} {loss[step]:9.5g} {b[step]:11.5g} {w[step]:11.5g}"
    yield ""
    yield f"all features, the first {STEPS} of {meta['epochs']:,} steps, penalty {meta['penalty']}"
    columns = ["intercept", *features][:8]
    yield "step      loss " + " ".join(f"{one_line(name)[:11]:>11}" for name in columns)
    weights, losses = trace.series("weights"), trace.array("losses")
    for step in (0, 1, 2, 4, 9, 19, STEPS - 1):
        yield f"{step + 1:4} {losses[step]:9.5g} " + " ".join(f"{value + 0.0:11.5g}" for value in weights[step][:8])
    for name in ("trained", "exact"):
        yield f"{name:14} " + " ".join(f"{value:11.5g}" for value in trace.array(name)[:8])
    yield f"largest difference between trained and exact: {float(trace.array('distance')):.2g}"
    yield ""
    yield f"answer       {meta['formula']['en']}"
