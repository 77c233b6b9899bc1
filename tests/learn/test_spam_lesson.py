"""The spam detector's lesson: every number and every claim in its prose is computed here, from code, data, weights."""

from __future__ import annotations

import inspect
import math
import re
from collections import Counter
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.profiler import ProfilerActivity, profile

from conftest import expected
from pellucid import api, catalog
from pellucid.learn.lesson import LANGUAGES, nodes, read_file
from pellucid.nn.recurrent import GATES, Direction
from pellucid.rooms.spam_detector.config import Config
from pellucid.rooms.spam_detector.data import DataConfig, prepare, words
from pellucid.rooms.spam_detector.inside import weight_sharing
from pellucid.rooms.spam_detector.system import build

WINNER = "WINNER!! Claim your free prize now, call 09061701461"
FRIENDLY = "Love you, see you at home"
SEE_YOU = "see you at five, my number is 09061701461"
CELL = "recurrent.forward_direction."
COMMA, NUMBER = 7, 9  # steps of WINNER


class World:
    """What the lesson talks about: the bundled run, its data, its traces, the studies."""

    def __init__(self) -> None:
        self.trained = api.open(api.bundled("spam_detector"))
        self.codec = self.trained.system.codec
        self.config = self.trained.system.config
        self.studies = [study["variants"] for study in expected("spam_detector")["studies"]]
        self.sizes = {name: value.default for name, value in inspect.signature(weight_sharing).parameters.items()}
        self._traces: dict = {}

    @cached_property
    def data(self):
        return prepare(DataConfig())

    @cached_property
    def scores(self):
        return self.trained.evaluate()

    @cached_property
    def counts(self) -> Counter:
        return Counter(word for text in self.data.parts["train"].texts for word in words(text)[: self.config.length])

    @cached_property
    def lengths(self) -> np.ndarray:
        return np.array([len(self.codec.ids(text)) for text in self.data.parts["train"].texts])

    @property
    def confusion(self) -> list[int]:
        """tn, fp, fn, tp"""
        return [each for row in self.scores["confusion"] for each in row]

    def trace(self, text: str = WINNER):
        if text not in self._traces:
            self._traces[text] = self.trained.look(text, backward=True)
        return self._traces[text]

    def probability(self, text: str = WINNER) -> float:
        return float(self.trace(text).array("probability")[0])

    def logit(self, text: str = WINNER) -> float:
        return float(self.trace(text).array("logit")[0])

    def series(self, name: str, text: str = WINNER) -> np.ndarray:
        return self.trace(text).series(CELL + name)[:, 0]

    def gradients(self, name: str) -> np.ndarray:
        """The length of each word's gradient."""
        trace = self.trace()
        return np.array([np.linalg.norm(trace.gradient(f"{CELL}{name}[{step}]")) for step in range(10)])

    def fades(self, name: str) -> float:
        """How many times shorter the gradient is at `!!` than at the comma."""
        lengths = self.gradients(name)
        return float(lengths[COMMA] / lengths[1])

    def winners(self) -> np.ndarray:
        """The word at which each unit was highest."""
        return self.trace().array("words_only")[0].argmax(axis=0)

    def vector(self, word: int) -> float:
        return float(np.linalg.norm(self.trace().array("embedding.vectors")[0, word]))

    def kept(self, unit: int) -> float:
        """The product of a unit's forget gates, from the second word on."""
        return float(self.series("forget_gate")[1:, unit].prod())

    def study(self, number: int, cell: str, score: str = "f1") -> tuple[float, float]:
        found = self.studies[number][f"cell={cell}"][score]
        return found["mean"], found["spread"]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def calls() -> dict[tuple[str, int], int]:
    """How many operations torch records for a training step of its own kernels, by cell and number of words."""
    found = {}
    for cell in ("lstm", "gru"):
        for steps in (10, 20):
            layer, x = Direction(20, 15, cell), torch.randn(32, steps, 20)
            layer.way = "fused"
            layer(x).sum().backward()
            with profile(activities=[ProfilerActivity.CPU]) as record:
                layer(x).sum().backward()
            found[cell, steps] = len(record.events())
    return found


# numbers: page -> number as it is written -> where it comes from. Several for a number that stands for several things.

QUOTED = {
    "memory": {"09061701461"},  # in a message
    "sharing": {"385"},  # the slide "RNN Weights Saving/Sharing"
    "study": {"29.29", "2004"},  # the slide "LSTM vs GRU by IEEE"; the year of a paper
    "lstm": {"1997", "2000"},  # years of papers
    "gru": {"2014"},
    "exercises": {"09061701461"},  # in a message
}


def hidden(w: World) -> int:
    return w.config.hidden


NUMBERS = {
    "memory": {
        "0.07": lambda w: f"{w.probability('not free'):.2f}",
        "0.59": lambda w: f"{w.probability('free not'):.2f}",
    },
    "vectors": {
        "0": lambda w: str(w.codec.index["<padding>"]),
        "1": lambda w: str(w.codec.index["<unknown>"]),
        "3,083": lambda w: f"{len(w.codec.vocabulary) - 2:,}",
        "20": lambda w: str(w.trace().array("embedding.vectors").shape[2]),
        "0.05": lambda w: f"{build(Config(), 3084).embedding.weight.abs().max().item():.2f}",
        "0.48": lambda w: f"{w.vector(words(WINNER).index('your')):.2f}",
        "2.20": lambda w: f"{w.vector(NUMBER):.2f}",
        "0.01": lambda w: f"{w.probability('qwertz'):.2f}",
    },
    "sharing": {
        "1.5": lambda w: f"{weight_sharing()[0].total / 1e6:.1f}",
        "150": lambda w: str(weight_sharing()[1].layers[0].parameters),  # and 150 萬, which is the 1.5 million above
        "225": lambda w: str(weight_sharing()[1].layers[1].parameters),
        "15": lambda w: str(weight_sharing()[1].layers[2].parameters),
        "390": lambda w: str(weight_sharing()[1].total),
        "3,850": lambda w: f"{weight_sharing()[0].total / weight_sharing()[1].total:,.10g}",
        "20": lambda w: str(w.config.embedding),
    },
    "rnn": {"1": lambda w: f"{math.tanh(100):g}"},
    "lstm": {
        "0": lambda w: f"{float(torch.sigmoid(torch.tensor(-200.0))):g}",
        "1": lambda w: f"{float(torch.sigmoid(torch.tensor(200.0))):g}",
        "9": lambda w: str(w.series("c")[NUMBER].argmax()),
        "11": lambda w: str(w.series("output_gate")[NUMBER].argmin()),
        "0.73": lambda w: f"{torch.sigmoid(Direction(1, 1, 'lstm').bias[1]).item():.2f}",
    },
    "gru": {
        "9": lambda w: str(w.series("c")[NUMBER].argmax()),
        "2": lambda w: f"{w.series('forget_gate')[NUMBER, 9] + w.series('input_gate')[NUMBER, 9]:.0f}",
        "1": lambda w: f"{math.tanh(100):g}",
    },
    "gradients": {
        "0.8": lambda w: "0.8",  # the example's own
        "0.01": lambda w: f"{0.8**20:.2f}",
        "1": lambda w: "1",  # what divides vanishing from exploding
        "9": lambda w: str(np.argmax([w.kept(unit) for unit in range(15)])),
        "0.30": lambda w: f"{w.kept(9):.2f}",
        "4": lambda w: "4" if w.kept(4) < 0.00001 else "",
        "0.00001": lambda w: "0.00001" if 0.000001 < w.kept(4) < 0.00001 else "",
        "15": lambda w: str(hidden(w)),
        "26": lambda w: f"{w.fades('h'):.0f}",
        "3.8": lambda w: f"{w.fades('c'):.1f}",
        "0.0008": lambda w: f"{w.probability() * (1 - w.probability()):.4f}",
    },
    "answer": {
        "15": lambda w: str(hidden(w)),
        "9": lambda w: str(int((w.winners() == COMMA).sum())),
        "5": lambda w: str(np.argmax(w.trace().array("dense.weight")[0] * w.trace().array("pooled")[0])),
        "1,280": lambda w: f"{round(math.exp(w.logit()), -1):,.0f}",
        "0.345": lambda w: f"{w.codec.threshold:.3f}",
        "4": lambda w: str(GATES["lstm"]),
    },
    "pipeline": {
        "5,574": lambda w: f"{w.data.about['rows']:,}",
        "434": lambda w: str(w.data.about["repeated"]),
        "5,140": lambda w: f"{sum(len(part.texts) for part in w.data.parts.values()):,}",
        "623": lambda w: str(sum(part.targets.sum() for part in w.data.parts.values())),
        "3,598": lambda w: f"{len(w.data.parts['train'].texts):,}",
        "514": lambda w: str(len(w.data.parts["validation"].texts)),
        "1,028": lambda w: f"{len(w.data.parts['test'].texts):,}",
        "6,797": lambda w: f"{len(w.counts):,}",
        "32": lambda w: str(w.config.batch_size),
        "13": lambda w: f"{100 * w.trained.run.info['data']['padding']:.0f}",
        "91": lambda w: f"{100 * (1 - w.lengths.mean() / w.lengths.max()):.0f}",
        "899": lambda w: str(w.confusion[0]),
        "4": lambda w: str(w.confusion[1]),
        "11": lambda w: str(w.confusion[2]),
        "114": lambda w: str(w.confusion[3]),
        "0.966": lambda w: f"{w.scores['precision']:.3f}",
        "0.912": lambda w: f"{w.scores['recall']:.3f}",
        "0.938": lambda w: f"{w.scores['f1']:.3f}",
        "0.989": lambda w: f"{w.scores['auc']:.3f}",
        "0.985": lambda w: f"{w.scores['accuracy']:.3f}",
        "0.878": lambda w: f"{1 - w.data.parts['test'].targets.mean():.3f}",
    },
    "study": {
        "400": lambda w: option(3, "--length"),
        "40": lambda w: option(4, "--length"),
        "100": lambda w: "100",  # both: test_the_calls_of_a_training_step
        "2,000": lambda w: "2,000",
        "125": lambda w: str(w.data.parts["test"].targets.sum()),
        "0.008": lambda w: f"{1 / w.data.parts['test'].targets.sum():.3f}",
        "15": lambda w: f"{np.median(w.lengths):.0f}" if hidden(w) == 15 else "",
        "60": lambda w: str(w.series("from_state").shape[1]),
        "900": lambda w: str(w.trace().array("recurrent.forward_direction.weight_hidden").size),
    },
    "exercises": {
        "1": lambda w: f"{math.tanh(100):g}",
        "9": lambda w: str(w.series("c")[NUMBER].argmax()),
        "0.87": lambda w: f"{np.diff(w.series('c')[:, 9]).max():.2f}",
        "12": lambda w: str(w.series("forget_gate")[NUMBER].argmin()),
        "6": lambda w: str(lost(w).argmax()),
        "7.18": lambda w: f"{w.logit(f'{WINNER}. {FRIENDLY}'):.2f}",
        "5.22": lambda w: f"{w.logit(f'{FRIENDLY}. {WINNER}'):.2f}",
        "0.70": lambda w: f"{w.probability('09061701461'):.2f}",
        "0.345": lambda w: f"{w.codec.threshold:.3f}",
        "0.16": lambda w: f"{w.probability(SEE_YOU):.2f}",
    },
}
ONLY_ENGLISH = {"1.5"}  # million: 150 萬
SIZES = {  # of formulas like $D = 20$
    "vectors": lambda w: {"D": w.config.embedding},
    "sharing": lambda w: {name.upper(): w.sizes[name] for name in "tdm"},
    "answer": lambda w: {"T": 162, "V + 1": 7297 + 1, "D": w.config.embedding, "M": hidden(w)},  # as its summaries ask
    "exercises": lambda w: {"D": w.config.embedding, "M": 30},  # as its summary asks
}


def option(study: int, name: str) -> str:
    """What a study's command gives a flag."""
    words = expected("spam_detector")["studies"][study]["command"].split()
    return words[words.index(name) + 1]


def lost(w: World) -> np.ndarray:
    """What the forget gates take away at the phone number."""
    return (1 - w.series("forget_gate")[NUMBER]) * np.abs(w.series("c")[NUMBER - 1])


def numbers_in(text: str) -> list[str]:
    """Numbers that are written with digits; the 1 of F1 is none."""
    return [found.rstrip(",") for found in re.findall(r"(?<![A-Za-z\d])\d[\d,]*(?:\.\d+)?", text)]


def prose(language: str) -> dict[str, list[str]]:
    """The numbers in the text of each page, in order."""
    pages = read_file(catalog.folder("spam_detector"), language)["pages"]
    return {
        page["id"]: [
            each
            for text in (page["title"], *(node["text"] for node in nodes(page["blocks"]) if node["type"] == "text"))
            for each in numbers_in(text)
        ]
        for page in pages
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_in_the_prose_is_computed(language):
    for page, found in prose(language).items():
        known = NUMBERS.get(page, {}).keys() | QUOTED.get(page, set())
        assert set(found) <= known, f"{page}: {sorted(set(found) - known)} stand in the text and are computed nowhere"


@pytest.mark.parametrize(("page", "number"), [(page, number) for page in NUMBERS for number in NUMBERS[page]])
def test_a_number_in_the_prose_is_right(world, page, number):
    assert NUMBERS[page][number](world) == number
    for language in LANGUAGES:
        if language == "en" or number not in ONLY_ENGLISH:
            assert number in prose(language)[page], "computed, but not in the text"


@pytest.mark.parametrize("language", LANGUAGES)
def test_sizes_in_formulas(world, language):
    for page in read_file(catalog.folder("spam_detector"), language)["pages"]:
        tex = [node["tex"] for node in nodes(page["blocks"]) if node["type"] == "math"]
        found = [re.fullmatch(r"([A-Z](?: \+ 1)?) = ([\d{},]+)", each) for each in tex]
        written = {each[1]: int(re.sub(r"\D", "", each[2])) for each in found if each}
        assert written == (SIZES[page["id"]](world) if page["id"] in SIZES else {}), page["id"]


# claims in words


def test_the_network_of_the_lesson_is_the_bundled_one_with_the_defaults(world):
    assert world.config == Config()
    assert world.codec.labels == ("ham", "spam")


def test_words_to_vectors(world):
    trace = world.trace()
    assert trace.meta["words"] == words(WINNER) and len(words(WINNER)) == 10
    assert words(WINNER)[NUMBER] == "0" * 11 and words(WINNER)[COMMA] == ","
    assert world.vector(NUMBER) == max(world.vector(word) for word in range(10))
    assert all(world.trace().meta["known"]) and world.trace("qwertz").meta["known"] == [False]
    assert world.config.min_count == 2


def test_the_first_word_has_no_past_and_knows_no_future(world):
    assert not world.series("from_state")[0].any() and world.series("from_state")[1].any()
    np.testing.assert_array_equal(world.series("h")[0], world.series("h", "winner of the match")[0])


def test_gates_at_the_phone_number(world):
    f, i, c = (world.series(name)[NUMBER] for name in ("forget_gate", "input_gate", "c"))
    assert f[9] == f.max() and f[11] < 0.1 and 1.9 < f[9] + i[9] < 2
    assert abs(world.series("c")[NUMBER - 1, 11]) > 2 > 0.5 > abs(c[11])  # the notebook of unit 11 falls …
    assert abs(world.series("h")[NUMBER, 11]) < 0.01 < 0.4 < abs(c[11])  # … but not to nothing, and it hides
    assert (f < 0.2).sum() >= 7, "empties many units"


def test_exercises_about_units(world):
    c = world.series("c")
    assert c[NUMBER].argmax() == 9 and np.diff(c[:, 9]).argmax() + 1 == NUMBER
    assert abs(c[NUMBER - 1, 12]) < 0.1  # next to nothing to lose
    assert lost(world).argmax() == 6


def test_pooling_picks_moments(world):
    won = world.winners()
    assert Counter(won.tolist()).most_common(1)[0][0] == COMMA
    assert sorted(np.flatnonzero(won == 0)) == [4, 14]  # two units win at "winner"
    assert won[9] == NUMBER


def test_gradients_fade_toward_earlier_words_and_less_in_the_cell(world):
    h = world.gradients("h")
    assert h[COMMA] == h.max() and all(h[step] < h[step + 1] for step in range(3, COMMA))
    assert h[0] > 4 * h[1], "brightens again at winner"
    assert world.fades("h") > 5 * world.fades("c")


def test_later_words_can_only_raise_the_pooling(world):
    plain, behind = world.trace(), world.trace(f"{WINNER}. {FRIENDLY}")
    assert (behind.array("pooled") >= plain.array("pooled") - 1e-6).all()
    assert world.logit(f"{FRIENDLY}. {WINNER}") < world.logit() - 1
    assert world.logit(f"{WINNER}. {FRIENDLY}") > world.logit()
    assert world.probability(f"{FRIENDLY}. {WINNER}") > world.codec.threshold


def test_the_phone_number_alone_is_spam_and_in_a_friendly_message_is_not(world):
    assert world.probability(SEE_YOU) < world.codec.threshold < world.probability("09061701461")


def test_the_state_of_a_gru_stays_between_its_bounds_and_that_of_an_lstm_does_not(world):
    torch.manual_seed(0)
    layer = Direction(20, 15, "gru")
    with torch.no_grad():
        assert layer(100 * torch.randn(8, 50, 20)).abs().max() <= 1
    assert world.series("c").max() > 3


def test_the_study(world):
    rnn, lstm, gru = (world.study(0, cell) for cell in ("rnn", "lstm", "gru"))
    assert abs(lstm[0] - gru[0]) < min(lstm[1], gru[1])  # within each other's spread
    assert rnn[0] == max(rnn[0], lstm[0], gru[0])
    assert rnn[0] - gru[0] <= gru[1] and rnn[0] - lstm[0] > lstm[1]
    speed = {cell: world.study(0, cell, "examples_per_second")[0] for cell in ("lstm", "gru")}
    assert 0.85 < speed["gru"] / speed["lstm"] < 1.2  # "hardly any difference"
    assert GATES["gru"] / GATES["lstm"] == 0.75
    table = (Path(__file__).parents[2] / "benchmarks/results/full/recurrent.md").read_text(encoding="utf-8")
    for lengths in ("full", "real"):  # a large layer: "about three quarters"
        ms = [
            float(
                re.search(rf"^\| {cell} \| 256 \| 162 \| {lengths} \| train step \| [\d.]+ \| ([\d.]+)", table, re.M)[1]
            )
            for cell in ("GRU", "LSTM")
        ]
        assert 0.7 < ms[0] / ms[1] < 0.8
    cells = ("rnn", "lstm", "gru")
    assert all(world.study(2, cell)[0] < world.study(0, cell)[0] for cell in cells)
    assert all(world.study(2, cell)[1] > world.study(0, cell)[1] for cell in cells)
    order = [sorted(cells, key=lambda cell: world.study(number, cell)[0]) for number in (0, 2)]
    assert order[0] != order[1]


def test_the_study_of_longer_texts(world):
    def apart(number: int, score: str) -> tuple[float, float, float]:
        """How far the GRU is ahead, the smaller and the larger spread."""
        lstm, gru = (world.study(number, cell, score) for cell in ("lstm", "gru"))
        return gru[0] - lstm[0], min(lstm[1], gru[1]), max(lstm[1], gru[1])

    for number in (3, 4):
        for score in ("f1", "auc"):
            ahead, smaller, _ = apart(number, score)
            assert abs(ahead) < smaller
    assert 0 < apart(5, "auc")[0] < apart(5, "auc")[2] and 0 < -apart(5, "f1")[0] < apart(5, "f1")[2]
    for cell in ("lstm", "gru"):
        assert world.study(3, cell, "auc")[0] > 0.7
        assert all(world.study(number, cell, "auc")[0] < 0.65 for number in (4, 5, 6))


def test_always_positive_beats_most_of_the_table_of_reviews(world):
    """Half of the reviews are positive: precision 1/2, recall 1."""
    always = 2 * 0.5 * 1 / (0.5 + 1)
    found = [world.study(number, cell)[0] for number in (3, 4, 5, 6) for cell in ("lstm", "gru")]
    assert sum(always > f1 for f1 in found) > len(found) / 2


def test_repetitions_change_less_than_another_seed(world):
    with_them, without = (world.studies[1][f"deduplicate={value}"]["f1"] for value in ("false", "true"))
    assert abs(with_them["mean"] - without["mean"]) < max(with_them["spread"], without["spread"])


def test_the_calls_of_a_training_step(calls):
    assert calls["lstm", 10] == calls["lstm", 20] < 100
    assert calls["gru", 20] > 2_000 and calls["gru", 20] > 1.8 * calls["gru", 10]
