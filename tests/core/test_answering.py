"""A file answered row by row: bad rows refused with their place, or kept among the answers with their reason."""

from __future__ import annotations

import pytest

from pellucid.core.answering import Answering, beside, line_of
from pellucid.core.card import Card, Label, Text
from pellucid.core.data.inputs import Inputs, Question
from pellucid.core.errors import UserError

WORDS = {"en": "Word", "zh-TW": "詞"}
CARD = Card("room", 1, WORDS, WORDS, Text("text", WORDS), (Label("label", WORDS), Label("other", WORDS)))


class System:
    """Answers with the length; knows no words with a z. `asked`: how many at once."""

    def __init__(self):
        self.asked = []

    def predict(self, values):
        self.asked.append(len(values))
        for value in values:
            if "z" in value:
                raise UserError(f"text: {value!r} is not known")
        return ({"label": str(len(value)), "other": "x"} for value in values)


def questions(*values):
    return [Question(value, value, f"mine.csv, line {i}") for i, value in enumerate(values, start=2)]


def test_answers_keep_their_order_and_bad_ones_their_place():
    system = System()
    asked = Answering(system.predict, questions("a", "bzz", "ccc", "dddd", "z"), "skip")
    found = list(asked)
    assert [one.answer and one.answer["label"] for one in found] == ["1", None, "3", "4", None]
    assert [one.wrong for one in found] == ["", "text: 'bzz' is not known", "", "", "text: 'z' is not known"]
    assert (asked.count, asked.bad) == (5, 2)
    assert asked.report() == "not answered: 2 of 5, the first: mine.csv, line 3: text: 'bzz' is not known"


def test_one_bad_row_of_many_costs_little():
    system = System()
    values = [f"a{i}" for i in range(4096)]
    values[1234] = "z"
    assert sum(not one.wrong for one in Answering(system.predict, questions(*values), "skip")) == 4095
    assert len(system.asked) == 1 + 2 * 12  # halves of halves
    system = System()
    assert all(not one.wrong for one in Answering(system.predict, questions(*["a"] * 10_000), window=4096))
    assert system.asked == [4096, 4096, 1808]


def test_a_bad_row_is_refused_with_its_place_and_reason():
    for bad in (questions("a", "z"), [*questions("a"), Question("", None, "mine.csv, line 3", "'text' is empty")]):
        with pytest.raises(UserError, match=r"^mine\.csv, line 3: .*; mend it, or .*on_bad=skip$"):
            list(Answering(System().predict, bad))


def test_what_is_bad_in_itself_is_not_asked():
    system = System()
    bad = Question("", None, "", "folder/a.png: is broken")
    (found,) = Answering(system.predict, [bad], "skip")
    assert (found.answer, found.wrong, system.asked) == (None, "folder/a.png: is broken", [])


def test_a_line_holds_the_input_its_row_the_answer_and_the_reason(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("id,label,body,error,file_label\n7,spam,hello,none,b\n8,ham,z,,c\n")
    good, bad = Answering(System().predict, Inputs(CARD.input, file, "body"), "skip")
    assert list(line_of(good, CARD, reasons=True).items()) == [
        ("text", "hello"), ("id", "7"), ("file_label", "spam"), ("file_error", "none"), ("file_file_label", "b"),
        ("label", "5"), ("other", "x"), ("error", None),
    ]  # fmt: skip
    line = line_of(bad, CARD, reasons=True)
    assert (line["id"], line["label"], line["other"], line["error"]) == ("8", None, None, "text: 'z' is not known")
    assert "error" not in line_of(good, CARD, reasons=False)


def test_no_number_of_another_column_breaks_the_json():
    assert beside({"n": float("nan"), "m": 1.5, "text": 1}, CARD) == {"n": None, "m": 1.5, "file_text": 1}
