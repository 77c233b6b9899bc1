"""Longer texts for the spam detector's study of cells: Pang & Lee's movie reviews (2004).

    python benchmarks/movie_reviews.py movie_reviews.zip
    python tools/measure.py spam_detector 3 4 5 6

The archive (polarity dataset 2.0, CC BY 4.0) is that of NLTK's data, packages/corpora. It becomes movie_reviews.csv,
2,000 reviews, and movie_reviews_small.csv, every fifth of them; half of each are positive.
"""

import csv
import sys
import zipfile
from pathlib import Path


def main(archive: str) -> None:
    with zipfile.ZipFile(archive) as found:
        names = sorted(name for name in found.namelist() if name.endswith(".txt"))
        rows = [(" ".join(found.read(name).decode().split()), LABELS[name.split("/")[1]]) for name in names]
    for file, chosen in (("movie_reviews.csv", rows), ("movie_reviews_small.csv", rows[::5])):
        with Path(file).open("w", newline="", encoding="utf-8") as to:
            csv.writer(to).writerows([("text", "label"), *chosen])


LABELS = {"pos": "positive", "neg": "negative"}

if __name__ == "__main__":
    main(sys.argv[1])
