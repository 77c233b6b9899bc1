"""The spam detector: its data, its words, its network in every variant, and what is seen inside."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.core.errors import UserError
from pellucid.look.gradients import by_step, weight_contributions
from pellucid.rooms.spam_detector.data import Codec, DataConfig, normalise, padded, prepare, two_labels, words
from pellucid.rooms.spam_detector.inside import look, tell, weight_sharing
from pellucid.rooms.spam_detector.model import SpamDetector
from pellucid.rooms.spam_detector.system import Config, System, build, learn_codec, make_batches, make_loss

VARIANTS = [(cell, False, "concat") for cell in ("rnn", "lstm", "gru")] + [
    (cell, True, merge) for cell in ("rnn", "lstm", "gru") for merge in ("sum", "concat", "mul", "ave")
]
TEXT = "WINNER!! Claim your free prize now, call 09061701461"


@pytest.fixture(scope="module")
def data():
    return prepare(DataConfig())


@pytest.fixture(scope="module")
def codec(data):
    return learn_codec(Config(), data)


def make(codec, cell, bidirectional, merge) -> SpamDetector:
    torch.manual_seed(1)
    config = Config(cell=cell, bidirectional=bidirectional, merge=merge)
    return build(config, len(codec.vocabulary) - 1).eval()


# data


def test_the_built_in_messages(data):
    assert data.about["rows"] == 5574
    assert data.about["repeated"] == 434 and data.about["label_conflicts"] == 0
    assert {name: len(part.texts) for name, part in data.parts.items()} == {
        "train": 3598,
        "validation": 514,
        "test": 1028,
    }
    shares = [part.targets.mean() for part in data.parts.values()]
    assert max(shares) - min(shares) < 0.002


def test_no_message_stands_on_two_sides(data):
    parts = [{normalise(text) for text in part.texts} for part in data.parts.values()]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 5140


def test_without_removing_repetitions_many_test_messages_were_seen_in_training():
    parts = prepare(DataConfig(deduplicate=False)).parts
    seen = {normalise(text) for text in parts["train"].texts}
    assert sum(len(part.texts) for part in parts.values()) == 5574
    assert sum(normalise(text) in seen for text in parts["test"].texts) > 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WINNER!! Don't miss", ["winner", "!!", "don't", "miss"]),
        ("call 09061701461 or 0800-123", ["call", "00000000000", "or", "0000", "-", "000"]),
        ("£1,000 cash... ok?!", ["£", "0", ",", "000", "cash", "...", "ok", "?", "!"]),
        ("恭喜你中獎 123", ["恭", "喜", "你", "中", "獎", "000"]),
        ("Ｆｕｌｌ width １２", ["full", "width", "00"]),
        ("snake_case :-) 😀", ["snake", "_", "case", ":", "-", ")", "😀"]),
        ("  \n ", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


def test_codec_knows_the_most_frequent_words_and_survives_json():
    codec = Codec.learn(["b b a", "a b c"], most=3, min_count=1, length=4, labels=("no", "yes"))
    assert codec.vocabulary == ("<padding>", "<unknown>", "b", "a")
    assert codec.encode(["a b zzz", "c"])["ids"].tolist() == [[3, 2, 1], [1, 0, 0]]
    assert codec.encode(["b b b b b b"])["ids"].shape == (1, 4)
    assert Codec.from_json(json.loads(json.dumps(codec.to_json()))) == codec
    assert codec.decode({"probability": np.array([0.4, 0.5])}) == [
        {"label": "no", "probability": 0.4},
        {"label": "yes", "probability": 0.5},
    ]


def test_the_vocabulary_comes_from_training_messages_alone(data, codec):
    known = {word for text in data.parts["train"].texts for word in words(text)}
    assert set(codec.vocabulary[2:]) <= known
    assert len(codec.vocabulary) - 1 == 3083 + 1


@pytest.mark.parametrize(
    ("labels", "positive", "expected"),
    [
        (["spam", "ham"], "", ("ham", "spam")),
        (["0", "1"], "", ("0", "1")),
        (["true", "false"], "", ("false", "true")),
        (["a", "b"], "a", ("b", "a")),
    ],
)
def test_which_class_is_to_be_found(labels, positive, expected, tmp_path):
    assert two_labels(labels, positive, tmp_path) == expected


@pytest.mark.parametrize(
    ("labels", "positive", "says"),
    [
        (["a", "b", "c"], "", "3 different labels"),
        (["a", "b"], "", "Set positive_label"),
        (["spam", "ham"], "spma", "Did you mean 'spam'"),
    ],
)
def test_unclear_labels_are_refused(labels, positive, says, tmp_path):
    with pytest.raises(UserError, match=says):
        two_labels(labels, positive, tmp_path)


def test_batches_hold_messages_of_like_length_each_once(data, codec):
    config = Config()
    batches = make_batches(data.parts["train"], codec, config)
    first = batches.epoch(0)
    assert sorted(np.concatenate(first).tolist()) == list(range(3598))
    assert [batch.tolist() for batch in batches.epoch(0)] == [batch.tolist() for batch in first]
    assert [batch.tolist() for batch in batches.epoch(1)] != [batch.tolist() for batch in first]
    assert batches.padding() < 0.15 < plain_padding(batches)


def plain_padding(batches) -> float:
    """The share of padding in shuffled batches that do not look at lengths."""
    order = np.random.default_rng(0).permutation(len(batches.lengths))
    chunks = [order[i : i + batches.size] for i in range(0, len(order), batches.size)]
    return 1 - batches.lengths.sum() / sum(batches.lengths[c].max() * len(c) for c in chunks)


# the network


def test_the_slides_counts_come_from_real_modules():
    table, dense, recurrent = System.summary(Config(vocabulary=7297, length=162))
    assert [layer.parameters for layer in table.layers] == [0, 145_960, 2_160, 0, 16]
    assert table.total == 148_136
    assert (dense.total, recurrent.total) == (1_501_500, 390)
    assert [t.total for t in weight_sharing(t=3, d=2, m=4, k=5)] == [6 * 12 + 12 * 5, 2 * 4 + 4 * 4 + 4 * 5]


@pytest.mark.parametrize(("cell", "bidirectional", "merge"), VARIANTS)
def test_the_table_counts_what_is_there(codec, cell, bidirectional, merge):
    config = Config(cell=cell, bidirectional=bidirectional, merge=merge, vocabulary=100)
    model = build(config, 100)
    table = System.summary(config)[0]
    assert table.total == sum(p.numel() for p in model.parameters())
    for layer in table.layers:
        if layer.parameters:
            figures = layer.formula.split("=")[-1].replace(",", "").replace("×", "*")
            assert arithmetic(figures) == layer.parameters, layer


def arithmetic(text: str) -> int:
    """Value of a sum of products of whole numbers, with brackets."""
    import ast

    def value(node: ast.expr) -> int:
        if isinstance(node, ast.BinOp):
            left, right = value(node.left), value(node.right)
            return left * right if isinstance(node.op, ast.Mult) else left + right
        assert isinstance(node, ast.Constant)
        return node.value

    return value(ast.parse(text.strip(), mode="eval").body)


@pytest.mark.parametrize(("cell", "bidirectional", "merge"), VARIANTS)
@settings(max_examples=10, deadline=None)
@given(lengths=st.lists(st.integers(1, 9), min_size=1, max_size=5), extra=st.integers(1, 30))
def test_padding_a_message_further_never_changes_its_probability(codec, cell, bidirectional, merge, lengths, extra):
    model = make(codec, cell, bidirectional, merge)
    rows = [np.random.default_rng(n).integers(1, 3000, n).tolist() for n in lengths]
    ids = torch.from_numpy(padded(rows))
    with torch.no_grad():
        longer = model(torch.nn.functional.pad(ids, (0, extra)))
        torch.testing.assert_close(longer, model(ids), atol=1e-6, rtol=0)
        for row, probability in zip(rows, longer, strict=True):
            torch.testing.assert_close(model(torch.tensor([row]))[0], probability, atol=1e-6, rtol=0)


def test_hidden_words_are_real_ones_and_as_many_as_asked(codec):
    seen = []

    class Watch(SpamDetector):
        def logit(self, ids):
            seen.append(ids)
            return super().logit(ids)

    ids = torch.full((200, 50), 7)
    ids[:, 40:] = 0
    loss = make_loss(Config(word_dropout=0.2))
    loss(Watch(10), {"ids": ids, "targets": torch.zeros(200)})
    assert (seen[0][:, 40:] == 0).all()
    assert (seen[0][:, :40] == 1).float().mean().item() == pytest.approx(0.2, abs=0.02)


# inside


@pytest.mark.parametrize(("cell", "bidirectional", "merge"), VARIANTS)
def test_every_node_of_every_variant_is_checked(codec, cell, bidirectional, merge):
    model = make(codec, cell, bidirectional, merge)
    trace = look(model, codec, TEXT)
    report = trace.check()
    assert (report.checked, report.failed) == (report.total, [])
    with torch.no_grad():
        fused = model(torch.from_numpy(codec.encode([TEXT])["ids"]))
    np.testing.assert_allclose(trace.array("probability"), fused.numpy(), atol=1e-6)
    assert model.recurrent.forward_direction.way == "auto"  # as before
    told = "\n".join(tell(trace))
    assert "max pooling" in told and f"{cell.upper()} reading forward" in told
    assert ("reading backward" in told) == bidirectional


@pytest.mark.parametrize(("cell", "bidirectional", "merge"), VARIANTS)
def test_back_propagation_through_time_adds_up(codec, cell, bidirectional, merge):
    model = make(codec, cell, bidirectional, merge)
    trace = look(model, codec, TEXT, backward=True)
    ids = torch.from_numpy(codec.encode([TEXT])["ids"])
    names = [name for name, _ in model.named_parameters() if name.startswith("recurrent")]
    whole = torch.autograd.grad(model(ids).sum(), [model.get_parameter(name) for name in names])
    for name, gradient in zip(names, whole, strict=True):
        steps = by_step(trace, name)
        assert len(steps) == len(words(TEXT))
        scale = gradient.abs().max().item()
        np.testing.assert_allclose(sum(steps.values()), gradient.numpy(), atol=1e-5 * scale + 1e-10)
        np.testing.assert_allclose(sum(part for _, part in weight_contributions(trace, name)), sum(steps.values()))


def test_the_gates_in_the_trace_are_named_and_those_of_the_formula(codec):
    model = make(codec, "lstm", False, "concat")
    trace = look(model, codec, TEXT)
    direction = model.recurrent.forward_direction
    x = trace.array("embedding.vectors")[0, 0].astype(np.float64)
    w, b = direction.weight_input.detach().numpy().astype(np.float64), direction.bias.detach().numpy()
    z = (w @ x + b).reshape(4, 15)
    for gate, row in (("input_gate", 0), ("forget_gate", 1), ("output_gate", 3)):
        found = trace.array(f"recurrent.forward_direction.{gate}[0]")[0]
        np.testing.assert_allclose(found, 1 / (1 + np.exp(-z[row])), atol=1e-6)
    assert trace["recurrent.forward_direction.forget_gate[0]"].caption["zh-TW"].startswith("遺忘閘")
    assert trace.axis_labels["word"] == words(TEXT)
    for name, axes in (("embedding.vectors", ("message", "word", "dimension")), ("pooled", ("message", "unit"))):
        assert trace.value(name).axes == axes
    story = [entry["node"] for entry in trace.storyline]
    assert (story[0], story[-3:]) == ("embedding.vectors", ["pooled", "logit", "probability"])


def test_a_message_longer_than_is_read_and_one_without_a_word(codec):
    model = make(codec, "gru", True, "sum")
    for text in ("word " * 300, "\u200b", "!", "獎"):
        trace = look(model, codec, text)
        report = trace.check()
        assert report.checked == report.total
        assert list(tell(trace))
