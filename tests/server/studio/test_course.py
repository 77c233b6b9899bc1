"""What pages are told of a room."""

from pellucid import catalog
from pellucid.core.card import Label, Number
from pellucid.server.studio.course import output_field


def test_labels_come_with_the_words_that_people_read_for_them():
    (label,) = [output for output in catalog.card("frameworks").outputs if isinstance(output, Label)]
    assert output_field(label).called == {
        "same": {"en": "same", "zh-TW": "相同"},
        "different": {"en": "different", "zh-TW": "不同"},
    }
    title = {"en": "Class", "zh-TW": "類別"}
    assert output_field(Label("label", title)).called == {}
    assert output_field(Number("number", title)).called == {}
