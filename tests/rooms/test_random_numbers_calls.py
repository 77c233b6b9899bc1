"""Random numbers: what is typed, what is answered, and what the lesson says of other libraries."""

from __future__ import annotations

import math
from contextlib import nullcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid import api
from pellucid.core.errors import Interrupted, UserError
from pellucid.core.run import Run
from pellucid.rooms.random_numbers import system
from pellucid.rooms.random_numbers.call import read
from pellucid.rooms.random_numbers.config import Config
from pellucid.rooms.random_numbers.distributions import Distribution
from pellucid.rooms.random_numbers.fit import fit
from pellucid.rooms.random_numbers.inside import MOST
from pellucid.rooms.random_numbers.system import System
from pellucid.rooms.random_numbers.verdict import Sample, drawn, verdict

ROOM = "random_numbers"


def ask(text: str, **fields):
    return next(System(Config.build(fields)).predict([text]))


# the reader


@pytest.mark.parametrize(
    ("text", "told", "shape", "seed"),
    [
        ("randn(3, 4)", "N(0, 1)", (3, 4), None),
        ("rand()", "[0, 1)", (), None),
        ("rand(5,)", "[0, 1)", (5,), None),
        ("rand(size=(2, 3))", "[0, 1)", (2, 3), None),
        ("random(1000, seed=42)", "[0, 1)", (1000,), 42),
        ("random((2, 3))", "[0, 1)", (2, 3), None),
        ("random_sample([2, 3])", "[0, 1)", (2, 3), None),
        ("normal(5, 2, size=1000)", "N(5, 2²)", (1000,), None),
        ("normal(mean=-5, std=.5, size=3)", "N(-5, 0.5²)", (3,), None),
        ("normal(scale=2)", "N(0, 2²)", (), None),
        ("standard_normal((2, 2))", "N(0, 1)", (2, 2), None),
        ("uniform(-1, 1, size=(100,))", "[-1, 1)", (100,), None),
        ("uniform(high=4, size=2)", "[0, 4)", (2,), None),
        ("randint(0, 10, size=(2, 3))", "0 … 9", (2, 3), None),
        ("randint(10)", "0 … 9", (), None),
        ("randint(-3, 3, 5)", "-3 … 2", (5,), None),
        ("integers(1, 6, endpoint=True, size=4)", "1 … 6", (4,), None),
        ("np.random.seed(7)\nnp.random.rand(5)", "[0, 1)", (5,), 7),
        ("randn(2); seed(7)", "N(0, 1)", (2,), 7),
        ("seed = 7\nx = randn(2)  # two", "N(0, 1)", (2,), 7),
        ("import numpy as np\nnumpy.random.randn(2)", "N(0, 1)", (2,), None),
        ("rng = np.random.default_rng(7)\nrng.integers(1, 7, size=3)", "1 … 6", (3,), 7),
        ("g = np.random.default_rng()\ng.normal(5, 2, 3)", "N(5, 2²)", (3,), None),
        ("np.random.default_rng(7).normal(size=3)", "N(0, 1)", (3,), 7),
        ("old = np.random.RandomState(7); old.rand(2)", "[0, 1)", (2,), 7),
        ("torch.manual_seed(3)\ntorch.rand((2, 3))", "[0, 1)", (2, 3), 3),
        ("torch.randint(10, (2, 3))", "0 … 9", (2, 3), None),
        ("torch.normal(5., 2., (4,))", "N(5, 2²)", (4,), None),
        ("tf.random.normal([2, 3], 5, 2)", "N(5, 2²)", (2, 3), None),
        ("tf.random.uniform(shape=(2,), minval=-1, maxval=1)", "[-1, 1)", (2,), None),
        ("keras.random.randint((2, 3), 1, 7)", "1 … 6", (2, 3), None),
        ("ｒａｎｄｎ（３，４）；ｓｅｅｄ＝７", "N(0, 1)", (3, 4), 7),
        ("uniform(−1, 1e1)", "[-1, 10)", (), None),
    ],
)
def test_what_is_typed_is_read(text, told, shape, seed):
    call = read(text)
    assert (call.distribution.told, call.shape, call.seed) == (told, shape, seed)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "column 1: hello: no such function"),
        ("randm(3)", "Did you mean 'random'"),
        ("randn 3 4", r"column 7: '\(' is missing after randn; write randn\(3, 4\)"),
        ("randn(3, 4", "column 11: the bracket of column 6 is not closed"),
        ("randn(3 4)", "column 9: '4': a comma is missing"),
        ("randn(3,,4)", "column 9: ',': a number is missing"),
        ("randn(3, 4) + 1", r"column 13: '\+' behind the call"),
        ("rand(3).mean()", "column 8: '.' behind the call"),
        ("print(rand(3))", "print: no such function"),
        ("__import__('os')", "column 1: '_': not read here|column 12"),
        ("rand(2**3)", r"column 7: '\*': write the number out"),
        ("normal(mu, 2)", "column 8: mu: numbers only"),
        ("5", "a function's name is missing"),
        ("seed(7)", "call: there is none"),
        ("# nothing", "call: there is none"),
        ("randn(2)\nrandn(3)", "line 2, column 1: a second call"),
        ("seed(1)\nseed(2)\nrand(2)", "a second seed, 2, besides 1"),
        ("seed(-1); rand(2)", "a seed is a whole number"),
        ("seed(9007199254740992); rand(2)", "a seed is a whole number"),
        ("seed(1, 2); rand(2)", "one seed, please"),
        ("rand(3, seed=1.5)", "a seed is a whole number"),
        ("randint(5, 5)", r"randint\(5, 5\) is empty: the end is not included; randint\(5, 6\) gives 5 only"),
        ("randint(5, 1)", "is empty"),
        ("randint(0)", "is empty"),
        ("randint()", "from where to where"),
        ("randint(0.5, 3)", "column 9: 0.5 is no whole number"),
        ("randint(0, 10000000000)", "beyond"),
        ("torch.randint(0, 10)", "torch.randint needs a shape"),
        ("torch.randint(0, 10, 5)", r"wants the shape in brackets, \(5,\)"),
        ("normal(0, -1)", "a standard deviation of -1 is negative"),
        ("normal(0, 0)", "gives the same number every time"),
        ("normal(5, 2, 1000, 3)", "one value too many"),
        ("normal(loc=5, foo=2)", "normal has no foo="),
        ("normal(5, loc=5)", "loc is given twice"),
        ("normal(loc=5, 2)", "a value without a name behind one with a name"),
        ("np.random.normal(mean=5)", "np.random.normal has no mean="),
        ("normal(5, (2, 3))", r"\(2, 3\) is no number"),
        ("normal(1e12)", "beyond what is drawn here"),
        ("uniform(3, 1)", "runs backwards; write the lower end first: 1, 3"),
        ("uniform(1, 1)", "is empty"),
        ("uniform(1000000, 1000000.0001)", "too narrow"),
        ("random(3, 4)", r"random takes one shape: write random\(\(3, 4\)\)"),
        ("np.random.rand((3, 4))", r"takes lengths one by one: np.random.rand\(3, 4\)"),
        ("np.random.rand(size=3)", "np.random.rand has no size="),
        ("rand(3, size=3)", "a shape and more"),
        ("rand(3.0)", "3.0 is no length; lengths are whole numbers: 3"),
        ("random(1e3)", "1000.0 is no length; lengths are whole numbers: 1000"),
        ("rand(True)", "True is no length"),
        ("rand(-1)", "a length of -1"),
        ("rand(0, 3)", "a length of 0 gives no numbers"),
        ("rand(1000, 1000)", "1,000,000 numbers are more than the 100,000"),
        ("rand(" + "1, " * 9 + ")", "9 axes are more than the 8"),
        ("rand(1e999)", "too large"),
        ("rand((1, (2, 3)))", "a bracket within a bracket"),
        ("np.rand(3)", "it is in np.random"),
        ("torch.uniform(0, 1)", "torch.uniform: there is none; torch has torch.rand"),
        ("torch.random.rand(3)", "write torch.rand"),
        ("tf.random.rand(3)", "tf.random has tf.random.uniform"),
        ("random.randint(1, 6)", "Python's own"),
        ("foo.rand(3)", "foo: not known"),
        ("y" * 1_900, "1900 characters are more than the 40"),
        ("標準常態(3)", "no such function"),
    ],
)
def test_what_cannot_be_read_is_one_line_that_says_where(text, says):
    with pytest.raises(UserError, match=says) as error:
        read(text)
    assert "\n" not in str(error.value) and str(error.value).startswith("call")


WORDS = "rand randn randint random normal uniform np.random. torch. seed( size= ( ) , = ; 3 -1 2.5 1e9 (2,3) \n"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split(" ")), max_size=12).map("".join) | st.text(max_size=40))
def test_any_text_is_a_call_or_one_clear_line(text):
    try:
        call = read(text)
    except UserError as error:
        assert str(error).startswith("call") and len(str(error).splitlines()) == 1
    else:
        assert 1 <= call.count <= 100_000 and math.isfinite(call.distribution.std)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"call": "randint(5, 5)"}, "call: .*is empty"),
        ({"call": "rand(seed=3)"}, "a seed belongs into the field seed"),
        ({"call": "randint(5, 6)"}, "only one value is possible"),
        ({"n": 4}, "n: "),
        ({"repeats": 1}, "repeats: "),
        ({"seed": -1}, "seed: "),
    ],
)
def test_a_wrong_configuration_is_refused(fields, says):
    with pytest.raises(UserError, match=says) as error:
        Config.build(fields)
    assert "\n" not in str(error.value)


# answers


def test_the_same_seed_gives_the_same_numbers_and_the_text_goes_before_the_configuration():
    first = ask("rand(4)", seed=1)
    assert first == ask("rand(4)", seed=1) == ask("rand(4, seed=1)", seed=2) == ask("seed(1)\nrand(4)")
    assert first["numbers"] != ask("rand(4)", seed=2)["numbers"]


def test_an_answer_is_numpys_of_the_same_numbers():
    found = ask("uniform(-1, 3, size=(5, 40))")
    numbers = Distribution("uniform", -1, 3).draw(7, 200).reshape(5, 40)
    sample = found["sample"]
    assert sample == pytest.approx(
        {"mean": numbers.mean(), "std": numbers.std(ddof=1), "min": numbers.min(), "max": numbers.max()}
    )
    assert found["expected"] == pytest.approx({"mean": 1, "std": 4 / 12**0.5, "from": -1, "below": 3})
    assert found["numbers"] == {f"[0, {i}]": numbers[0, i] for i in range(6)}
    assert found["shape"] == "(5, 40)"
    assert ask("rand()")["sample"]["std"] is None and ask("rand()")["shape"] == "()"
    assert ask("randint(5, 6, size=9)")["numbers"]["[0]"] == 5


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("normal(5, 2, 1000)", ["1,000 numbers of N(5, 2²), from seed 7", "should be", "no reason"], ["正常", "懷疑"]),
        ("rand(100)", ["All of them are in [0, 1), as promised"], ["一如約定"]),
        ("randint(1, 7, size=600)", ["All of them are in 1 … 6", "Chi-square test: χ² ="], ["卡方檢定"]),
        ("rand()", ["1 number of", "One number alone says nothing", "Too few"], ["單獨一個數字", "數量太少"]),
        ("randint(5, 6, size=3)", ["3 numbers of 5,", "Only one value is possible."], ["只可能有一個值"]),
        ("randint(0, 2, size=50)", ["50 numbers of 0 … 1"], ["0 … 1"]),
    ],
)  # fmt: skip
def test_the_verdict_says_what_it_is(text, en, zh):
    found = ask(text)["verdict"]
    assert all(part in found["en"] for part in en), found["en"]
    assert all(part in found["zh-TW"] for part in zh), found["zh-TW"]


def test_the_verdict_is_alarmed_by_what_is_wrong():
    true = drawn(read("normal(5, 2, size=1000)"), 7)
    moved, wide = (Sample(true.call, 7, numbers) for numbers in (true.numbers + 0.3, true.numbers * 1.2 - 1))
    for sample in (moved, wide):
        assert "more than 3" in verdict(sample)["en"] and "換個種子" in verdict(sample)["zh-TW"]
    assert "only" in verdict(moved)["en"].split("Kolmogorov")[1]
    assert abs(moved.mean_off) > 3 and abs(wide.std_off) > 3 and abs(true.std_off) < 3
    assert "rounding" in verdict(Sample(read("rand(9)"), 7, np.linspace(0, 1, 9)))["en"]


def test_a_standard_error_of_the_spread_is_what_repeats_show():
    for each in (Distribution("normal", 5, 2), Distribution("uniform", 0, 1), Distribution("integers", 1, 7)):
        seen = each.draws(1, 400, range(500)).std(axis=1, ddof=1)
        assert seen.std() == pytest.approx(each.std_error(400), rel=4.5 / 1_000**0.5 + 0.01)


# training, looking


def test_evaluation_draws_from_other_streams(tmp_path):
    system = System(Config.build({"n": 256, "repeats": 50}))
    found = system.evaluate()
    assert found.keys() == {"slope", "mean_error", "std_error", "distance", "within_1", "within_2"}
    (tmp_path / "call.txt").write_text("randn(3)", encoding="utf-8")
    assert system.evaluate(file=str(tmp_path / "call.txt"))["mean_error"] != found["mean_error"]
    with pytest.raises(UserError, match="cannot be read"):
        system.evaluate(file=str(tmp_path / "none.txt"))


def test_a_training_logs_every_size_and_ends_with_the_last(tiny_runs):
    run = tiny_runs(ROOM).run
    lines = list(run.metrics("epoch"))
    assert [line["step"] for line in lines] == [2, 4, 8, 16, 32, 64, 128, 256]
    numbers = Distribution("integers", 1, 7).draw(7, 256)
    assert lines[-1]["mean"] == numbers.mean() and lines[2]["std"] == numbers[:8].std(ddof=1)
    assert lines[-1]["mean_error"] < lines[0]["mean_error"] / 4


def test_a_stopped_training_says_how_far_it_came_and_goes_on(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("pellucid.rooms.random_numbers.law.AT_ONCE", 64)
        patch.setattr(system, "asked_to_stop", lambda run, world: nullcontext(lambda: True))
        with pytest.raises(Interrupted):
            api.train(ROOM, runs=tmp_path, n=64, repeats=5)
    (run,) = Run.all(tmp_path, ROOM)
    assert run.state == "interrupted"
    assert len(api.resume(run.path).run.load_weights()["means"]) == 5


@pytest.mark.parametrize(
    "text", ["rand()", "randn(2)", "randint(5, 6, size=9)", "randn(2, 2, 2)", "randint(0, 1000000, 999)"]
)
def test_any_call_can_be_looked_into(text):
    trace = System(Config()).look(text)
    report = trace.check()
    assert report.checked == report.total > 10
    call = read(text)
    flat = call.distribution.draw(7, call.count)
    np.testing.assert_allclose(trace.array("numbers"), flat.reshape(call.shape), rtol=1e-13, atol=1e-13)
    assert list(System(Config()).story(trace))


def test_of_many_numbers_the_first_are_looked_into():
    trace = System(Config()).look("normal(5, 2, size=100000)")
    assert trace.array("numbers").shape == (MOST,) and "100,000" in trace.meta["notes"][0]["en"]
    assert "100,000 numbers" in trace.meta["verdict"]["en"] and len(trace.nodes) < 600
    found = fit(Distribution("normal", 5, 2), Distribution("normal", 5, 2).draw(7, MOST))
    assert float(trace.array("largest_gap")) == pytest.approx(found.statistic)


def test_the_statistic_of_whole_numbers_and_the_batches_are_numpys():
    trace = System(Config()).look("randint(1, 7, size=600)")
    numbers = Distribution("integers", 1, 7).draw(7, 600)
    assert float(trace.array("chi_square")) == pytest.approx(fit(Distribution("integers", 1, 7), numbers).statistic)
    for step, size in enumerate((2, 4, 8, 16, 32, 64, 128, 256, 512, 600)):
        counts = np.bincount(numbers[:size].astype(int), minlength=7)[1:]
        assert trace.array(f"counts[{step}]").tolist() == counts.tolist()
        assert float(trace.array(f"mean[{step}]")) == pytest.approx(numbers[:size].mean())
        assert float(trace.array(f"off[{step}]")) == pytest.approx(
            (numbers[:size].mean() - 3.5) / (35 / 12 / size) ** 0.5
        )
    plot = trace.meta["plots"][0]
    outline, x = trace.array("outline[9]"), trace.array(plot["x"])
    assert len(outline) == len(x) == 14 and outline[0] == outline[-1] == 0
    assert np.trapezoid(outline, x) == pytest.approx(1)
    assert trace.meta["steps"]["philox"]["labels"] == [str(i) for i in range(1, 11)]


def test_means_of_groups_are_numpys_and_become_a_bell():
    trace = System(Config()).look("random(1000)")
    numbers = Distribution("uniform", 0, 1).draw(7, 1_000)
    for step, size in enumerate((1, 2, 4, 8, 16)):
        groups = 1_000 // size
        means = numbers[: groups * size].reshape(groups, size).mean(axis=1)
        off = (means - 0.5) / (1 / (12 * size)) ** 0.5
        np.testing.assert_allclose(trace.array(f"groups.in_errors[{step}]"), off, atol=1e-12)
        counts = np.histogram(off, np.linspace(-3.5, 3.5, 15))[0]
        assert trace.array(f"groups.counts[{step}]").tolist() == counts.tolist()
        assert np.trapezoid(trace.array(f"groups.outline[{step}]"), trace.array("group_x")) == pytest.approx(
            1, abs=0.02
        )
    flat, tent = trace.array("groups.density[0]"), trace.array("groups.density[1]")
    assert flat.max() < 0.36 < 0.39 < tent.max() and (flat[:3] == 0).all()
    for without in ("normal(5, 2, size=1000)", "rand(63)", "randint(5, 6, size=100)"):
        trace = System(Config()).look(without)
        assert len(trace.meta["plots"]) == 2 and "groups.density[0]" not in trace
