"""Make the documents that come with document_search from XQuAD's English file:
`python tools/xquad_documents.py xquad.en.json`.

One JSON object a line: the paragraph under its article's title and number, and the questions that it answers.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pellucid.rooms.document_search.data import BUILT_IN


def main(original: str) -> None:
    articles = json.loads(Path(original).read_text(encoding="utf-8"))["data"]
    lines = []
    for article in articles:
        for number, paragraph in enumerate(article["paragraphs"], start=1):
            line = {
                "name": f"{article['title'].replace('_', ' ')} {number}",
                "text": " ".join(paragraph["context"].split()),
                "questions": [" ".join(each["question"].split()) for each in paragraph["qas"]],
            }
            lines.append(json.dumps(line, ensure_ascii=False))
    BUILT_IN.parent.mkdir(exist_ok=True)
    BUILT_IN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{BUILT_IN}: {len(lines)} paragraphs of {len(articles)} articles, {BUILT_IN.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
