"""Word vectors: what the lesson says in its own sentences and tables, computed."""

from __future__ import annotations

import gzip
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from pellucid import api
from pellucid.rooms import word_vectors
from pellucid.rooms.word_vectors import homework, huffman, pairs, sampling

FOLDER = Path(word_vectors.__file__).parent
SENTENCE = "thou shalt not make a machine".split()


@pytest.fixture(params=["en", "zh-TW"])
def text(request) -> str:
    return (FOLDER / f"lesson.{request.param}.md").read_text(encoding="utf-8")


def says(text: str, number: str) -> bool:
    """Whether the lesson has this number by itself, wherever its lines end."""
    return re.search(rf"(?<![\d.,]){re.escape(number)}(?![.,]?\d)", text) is not None


def lists(text: str, words: list[str]) -> bool:
    """Whether these words stand there one after the other, in either language's way."""
    return f"*{'*, *'.join(words)}*" in re.sub(r"\s+", " ", text.replace("、", ", "))


@pytest.fixture(scope="module")
def trained():
    """The run that comes with Pellucid."""
    return api.open(api.bundled("word_vectors"))


@pytest.fixture(scope="module")
def scores(trained) -> dict:
    return trained.evaluate()


@pytest.fixture(scope="module")
def windows(tmp_path_factory) -> dict:
    """What the last exercise trains."""
    fields = {"epochs": 8, "vocabulary": 2600, "dimensions": 40}
    runs = tmp_path_factory.mktemp("runs")
    return {window: api.train("word_vectors", runs=runs, window=window, **fields) for window in (1, 15)}


def near(trained, query: str, many: int) -> list[str]:
    return [word["name"] for word in trained.predict([query])[0]["words"][:many]]


def rows(text: str, pattern: str) -> list[tuple[str, ...]]:
    return re.findall(rf"^\| {pattern} \|$", text, re.MULTILINE)


def worked(exercise):
    """The function of a worked solution."""
    names: dict = {}
    exec(exercise.solution, names)
    return names[exercise.name]


def test_the_table_of_pairs_is_what_the_program_makes(text):
    written = rows(text, r"(make) \| (\w+)")
    assert written == [pair for pair in pairs.pairs(SENTENCE, 2) if pair[0] == "make"]
    assert written == [pair for pair in worked(homework.PAIRS)(SENTENCE, 2) if pair[0] == "make"]
    assert [context for _, context in written] == ["shalt", "not", "a", "machine"]  # the slide's


def test_the_table_of_codes_is_a_huffman_tree(text):
    written = rows(text, r"\*(\w+)\* \| (\d+) \| ([01]+)")
    counts = [int(count) for _, count, _ in written]
    codes = [code for _, _, code in written]
    assert len(codes) == 6 and codes == worked(homework.HUFFMAN)(counts)
    tree = huffman.build(np.array(counts))
    assert codes == [tree.code(word) for word in range(6)]
    sums = " + ".join(f"{count} · {len(code)}" for count, code in zip(counts, codes, strict=True))
    mean = sum(count * len(code) for count, code in zip(counts, codes, strict=True)) / sum(counts)
    assert f"{sums} = {round(mean * sum(counts))}" in text and sum(counts) == 43 and says(text, f"{mean:.2f}")
    assert math.ceil(math.log2(6)) == 3
    assert sum(2.0 ** -len(code) for code in codes) == 1  # so that the leaves' probabilities add up to 1


def test_what_a_pair_costs(text):
    costs = [int(each.replace(",", "")) for row in rows(text, r"[^|*]+ \| ([\d,]+) \| ([\d,]+)") for each in row]
    depth = math.ceil(math.log2(100_000))
    assert costs == [100_000, 10_000_000, depth, depth * 100, 1 + 5, (1 + 5) * 100]
    window = np.mean([2 * reach for reach in range(1, 6)])  # drawn from 1 to 5, on both sides
    pairs_in_all = 13.5e6 * window
    assert pairs_in_all == pytest.approx(81e6)
    assert pairs_in_all * 10e6 == pytest.approx(810e12)
    assert pairs_in_all * 10e6 / 10e9 / 3600 == pytest.approx(22.5)


def test_which_negatives_are_drawn(text):
    shares = sampling.noise_shares(np.array([90, 9, 1]))
    assert [f"{share:.1%}" for share in shares] == ["82.5%", "14.7%", "2.8%"]
    assert worked(homework.NOISE)(np.array([90.0, 9.0, 1.0]), np.zeros(1))[0] == pytest.approx(shares)
    assert all(f"{share:.1%}" in text for share in shares)


def test_how_often_a_frequent_word_stays(text):
    kept = sampling.keep_shares(np.array([50_000, 949_990, 10]), 1e-3)
    assert f"{kept[0]:.0%}" == "16%" and "16%" in text
    assert kept[2] == 1


def test_the_negatives_of_the_homework_are_the_rooms_definition():
    """Loss and gradients of the worked solution against NumPy's exact step."""
    from pellucid.rooms.word_vectors import reference

    rng = np.random.default_rng(0)
    inputs, outputs = rng.normal(size=(1, 4)), rng.normal(size=(4, 4))
    window = pairs.Window(0, [0], [0, 1, 2, 3], [1, 0, 0, 0], [1, 1, 1, 1], 0.0)
    loss, d_centre, d_context, d_negatives = worked(homework.SAMPLING)(inputs[0], outputs[0], outputs[1:])
    assert loss == pytest.approx(reference.loss(inputs, outputs, window, "skipgram"))
    moved = inputs.copy(), outputs.copy()
    reference.step(*moved, window, "skipgram", 0.5)
    assert moved[0] == pytest.approx(inputs - 0.5 * d_centre)
    assert moved[1] == pytest.approx(outputs - 0.5 * np.vstack([d_context, d_negatives]))


def test_the_homeworks_example_of_an_analogy_needs_what_its_task_says():
    """The words of the question would win, and so would long vectors elsewhere: the cases are not too kind."""
    (case,) = homework.ANALOGY.public
    *asked, vectors = case.args
    assert worked(homework.ANALOGY)(*asked, np.array(vectors))[0] == "queen"
    careless: dict = {}
    exec(homework.ANALOGY.wrong[0], careless)
    assert careless["analogy"](*asked, np.array(vectors))[0] == "king"


def test_what_is_said_of_the_run(text, trained):
    assert len(trained.system.codec.vocabulary) == 2600 and "2,600" in text
    trace = trained.look("queen")
    assert trace.array("rows").shape == (1, 1, 40) and says(text, "40")
    assert json.loads((FOLDER / "bundled" / "run.json").read_text())["data"]["tokens"] > 500_000
    units = trace.array("units")
    cosines = units @ units.T
    assert f"{(cosines.sum() - len(units)) / (len(units) * (len(units) - 1)):.2f}" == "0.09" and "0.09" in text


def test_how_frequent_the_is():
    words: list[str] = []
    for novel in (FOLDER / "novels").iterdir():
        with gzip.open(novel, "rt", encoding="utf-8") as file:
            words += re.findall(r"[a-z']+", file.read().lower())
    assert len(words) / words.count("the") == pytest.approx(20, abs=0.5)


def test_what_is_said_of_the_answers(text, trained):
    assert lists(text, near(trained, "queen", 5))
    assert near(trained, "king - man + woman", 1) == ["queen"]
    places = {word: i for i, word in enumerate(trained.system.codec.vocabulary)}
    scores = trained.look("king - man + woman").array("scores")[0]
    assert scores.argmax() == places["king"]
    answer = trained.predict(["father, mother, sister, horse"])[0]
    assert answer["words"][-1]["name"] == "horse"
    for word, place in re.findall(r"look:scores\?cell=(\d+)[^)]*\).{0,60}?\{\{trace:scores\[(\d+)\]", text):
        assert word == place  # a link opens the number that is written beside it
    named = ("king", 158), ("queen", 408), ("sister", 290), ("horse", 315), ("hate", 1625), ("bad", 558)
    assert all(places[word] == place for word, place in named)


def test_what_is_said_of_the_step(text, trained):
    trace = trained.look("brother, sister")
    place = trained.system.codec.vocabulary.index("sister")
    assert trace.array("pair.one_hot")[0].argmax() == place == 290
    targets = list(trace.axis_labels["target"])
    assert targets[0] == "brother" and len(targets) == 6
    assert lists(text, targets[1:5]) and f"*{targets[5]}*" in text
    errors = np.abs(trace.array("pair.errors")[0])
    assert errors.argmax() == 0 and errors.argmin() == 5
    assert trace.array("pair.output")[1] < trace.array("pair.output")[0] == pytest.approx(trace.array("pair.loss"))
    turned = trained.look("sister, brother")
    assert abs(turned.array("pair.scores")[0, 0] - trace.array("pair.scores")[0, 0]) > 0.01


def test_how_many_analogies_are_right(text, scores):
    families = ["family", "gram8-plural", "gram3-comparative", "gram2-opposite"]
    shares = [scores[f"analogies_{family}"] for family in families] + [scores["analogies"]]
    assert re.findall(r"^\|.*\| (\d+\.\d%) \|$", text, re.MULTILINE) == [f"{share:.1%}" for share in shares]
    assert scores["questions"] == 900 and says(text, "900")
    with gzip.open(FOLDER / "questions-words.txt.gz", "rt", encoding="utf-8") as file:
        lines = [line.strip().lower() for line in file if not line.startswith(":")]
    assert f"{len(lines):,}" in text
    examples = re.findall(r"\| \*(\w+)\* : \*(\w+)\* = \*(\w+)\* : \*(\w+)\* \|", text)
    assert len(examples) == 4 and all(" ".join(example) in lines for example in examples)


def test_what_narrow_and_wide_windows_find(text, windows):
    """The answer to the exercise, by the trainings that it starts."""
    answer = text[text.rindex("[!answer]") :]
    for window, word, others in (
        (1, "walked", ["rode", "went", "drove"]),
        (1, "ship", ["passage", "gazette"]),
        (15, "ship", ["voyage", "board", "shore"]),
        (15, "horse", ["riding", "bay"]),
        (15, "walked", ["street", "steps"]),
    ):
        assert set(others) <= set(near(windows[window], word, 8)), (window, word)
        assert all(f"*{each}*" in answer for each in (word, *others))
