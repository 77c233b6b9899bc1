"""What a room writes into its `expected.json`: new studies, and everything else as it was."""

from __future__ import annotations

import json

from pellucid import __version__
from pellucid.core.expected import measured_now, write_studies


def test_studies_are_replaced_and_the_rest_stays(tmp_path):
    file = tmp_path / "expected.json"
    file.write_text(json.dumps({"tiny": {"fields": {"steps": 5}}, "studies": [{"about": "old"}], "bundled": {}}))
    study = measured_now({"about": "the slope", "command": "pellucid train x", "variants": {"a=1": {}}}, seeds=3)
    write_studies(file, [study])
    found = json.loads(file.read_text(encoding="utf-8"))
    assert list(found) == ["tiny", "studies", "bundled"] and found["tiny"] == {"fields": {"steps": 5}}
    assert list(found["studies"][0]) == ["about", "command", "variants", "machine", "seeds", "measured"]
    assert found["studies"][0]["seeds"] == 3 and found["studies"][0]["measured"]["pellucid"] == __version__
