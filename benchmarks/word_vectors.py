"""Word vectors: ours beside gensim 4.4, in one run: words a second, and how good the vectors are.

    pip install -c constraints.txt -e ".[bench]" scipy
    python benchmarks/word_vectors.py NOVELS.tar.gz WORDSIM.txt QUESTIONS.txt

NOVELS: a .tar.gz of text files; a sentence is a line, words are runs of letters and digits in lower case. WORDSIM:
word, word, score a line, between tabs. QUESTIONS: Mikolov's questions-words.txt. Each contender trains in a process
of its own, in turn, round after round, with the round's seed; ratios are taken within a round.

What is timed: training only, both from tokens in memory (gensim: lists of words, ours: arrays of word ids); not timed:
reading, the vocabulary, compiling. CPU seconds are those of all threads: they hardly depend on what else runs.
Both: dimensions 100, window 5, 5 noise words or hierarchical softmax, min count 5, sample 1e-3, 2 workers (--workers),
and their own defaults for the rest. Scores: Spearman's correlation with WordSim-353 over the pairs in the vocabulary,
times 100, and the share of the analogies in the vocabulary that are right, in percent (3CosAdd without the question's
words).
"""

from __future__ import annotations

import argparse
import bisect
import itertools
import json
import platform
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import numpy as np

MIN_COUNT, D = 5, 100
KINDS = {
    "skip-gram, negative": ("skipgram", "negative", 1),
    "skip-gram, negative, 3 epochs": ("skipgram", "negative", 3),
    "CBOW, negative": ("cbow", "negative", 1),
    "skip-gram, hierarchical": ("skipgram", "hierarchical", 1),
    "CBOW, hierarchical": ("cbow", "hierarchical", 1),
}
CONTENDERS = ("ours", "gensim")
FIGURES = ("words/s", "words per CPU second", "WordSim-353", "analogies")


def prepare(novels: Path, folder: Path, most: int | None = None) -> None:
    """Token ids, where sentences start, and the vocabulary, once for all contenders; of the first `most` words."""
    word = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
    sentences: list[list[str]] = []
    with tarfile.open(novels) as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            file = archive.extractfile(member)
            if file and member.name.endswith(".txt"):
                lines = (word.findall(line) for line in file.read().decode().lower().split("\n"))
                sentences += [line for line in lines if line]
    if most:
        ends = list(itertools.accumulate(map(len, sentences)))
        del sentences[bisect.bisect(ends, most) :]
    counts = Counter(w for sentence in sentences for w in sentence)
    vocabulary = sorted(counts, key=lambda w: (-counts[w], w))
    number = {w: i for i, w in enumerate(vocabulary)}
    ids = np.fromiter((number[w] for sentence in sentences for w in sentence), np.int32)
    offsets = np.cumsum([0, *map(len, sentences)])
    np.savez(folder / "tokens.npz", ids=ids, offsets=offsets, counts=[counts[w] for w in vocabulary])
    (folder / "vocabulary.json").write_text(json.dumps(vocabulary))


def ours(data, vocabulary, architecture, loss, epochs, seed, workers):
    from pellucid.rooms.word_vectors.options import Options
    from pellucid.rooms.word_vectors.train import start, train

    options = Options(architecture, loss, D, epochs=epochs, seed=seed, threads=workers)
    counts = data["counts"][data["counts"] >= MIN_COUNT]
    shard = SimpleNamespace(ids=data["ids"], offsets=data["offsets"])
    next(train([shard], counts, options, start(len(counts), options)))  # compiled, or read from the cache
    vectors = start(len(counts), options)
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in train([shard], counts, options, vectors):
        pass
    return vectors.input, vocabulary[: len(counts)], time.perf_counter() - wall, time.process_time() - cpu


def gensim(data, vocabulary, architecture, loss, epochs, seed, workers):
    from gensim.models import Word2Vec

    words = np.array(vocabulary, dtype=object)[data["ids"]].tolist()
    offsets = data["offsets"].tolist()
    sentences = [words[a:b] for a, b in itertools.pairwise(offsets)]
    hierarchical = loss == "hierarchical"
    model = Word2Vec(
        vector_size=D,
        window=5,
        min_count=MIN_COUNT,
        sg=int(architecture == "skipgram"),
        hs=int(hierarchical),
        negative=0 if hierarchical else 5,
        workers=workers,
        seed=seed,
    )
    model.build_vocab(sentences)
    wall, cpu = time.perf_counter(), time.process_time()
    model.train(sentences, total_words=model.corpus_total_words, epochs=epochs)
    return model.wv.vectors, model.wv.index_to_key, time.perf_counter() - wall, time.process_time() - cpu


def wordsim(units: np.ndarray, number: dict[str, int], path: Path) -> float:
    """Spearman's correlation with people's scores, times 100."""
    from scipy.stats import spearmanr

    rows = [line.lower().split("\t") for line in path.read_text().splitlines()]
    rows = [row for row in rows if len(row) >= 3 and row[0] in number and row[1] in number]
    found = [float(units[number[a]] @ units[number[b]]) for a, b, *_ in rows]
    return 100 * spearmanr(found, [float(row[2]) for row in rows]).statistic


def analogies(units: np.ndarray, number: dict[str, int], path: Path) -> float:
    """Percent of a : b = c : d where d is the nearest word to b - a + c that is none of the three."""
    lines = [line.lower().split() for line in path.read_text().splitlines() if not line.startswith(":")]
    quads = np.array([[number[w] for w in line] for line in lines if all(w in number for w in line)])
    right = 0
    for part in np.array_split(quads, len(quads) // 500 + 1):
        a, b, c, d = part.T
        scores = (units[b] - units[a] + units[c]) @ units.T
        for known in (a, b, c):
            scores[np.arange(len(part)), known] = -np.inf
        right += int((scores.argmax(axis=1) == d).sum())
    return 100 * right / len(quads)


def one(
    name: str, kind: str, seed: int, epochs: int | None, workers: int, folder: Path, sims: Path, questions: Path
) -> dict[str, float]:
    """One contender, trained, timed and judged in this process; epochs None: those of its kind."""
    data = dict(np.load(folder / "tokens.npz"))
    vocabulary = json.loads((folder / "vocabulary.json").read_text())
    contender = {"ours": ours, "gensim": gensim}[name]
    architecture, loss, usual = KINDS[kind]
    epochs = epochs or usual
    vectors, words, wall, cpu = contender(data, vocabulary, architecture, loss, epochs, seed, workers)
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    number = {word: i for i, word in enumerate(words)}
    done = epochs * len(data["ids"])
    values = done / wall, done / cpu, wordsim(units, number, sims), analogies(units, number, questions)
    return dict(zip(FIGURES, map(float, values), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("novels", type=Path)
    parser.add_argument("wordsim", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="one round for each")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--epochs", type=int, help="as many for every kind")
    parser.add_argument(
        "--workers", type=int, default=2, help="threads of each; with 1, chance comes from the seed alone"
    )
    parser.add_argument("--words", type=int, help="only the first so many words")
    parser.add_argument("--folder", type=Path, help="where prepared tokens are kept")
    parser.add_argument("--one", nargs=3, metavar=("CONTENDER", "KIND", "SEED"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        name, kind, seed = arguments.one
        where = arguments.folder, arguments.wordsim, arguments.questions
        print(json.dumps(one(name, kind, int(seed), arguments.epochs, arguments.workers, *where)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        if not (folder / "tokens.npz").exists():
            prepare(arguments.novels, folder, arguments.words)
        told = f", {arguments.epochs} epochs" if arguments.epochs else ""
        print(f"{platform.machine()}, Python {platform.python_version()}, {len(arguments.seeds)} rounds{told}\n")
        print("| | figure | ours | gensim | ours / gensim |\n|---|---|--:|--:|--:|")
        for kind in arguments.kinds:
            table(kind, rounds(kind, arguments, folder))


def rounds(kind: str, arguments: argparse.Namespace, folder: Path) -> dict[str, list[dict[str, float]]]:
    found: dict[str, list[dict[str, float]]] = {name: [] for name in CONTENDERS}
    for seed in arguments.seeds:
        for name in CONTENDERS:
            paths = map(str, (arguments.novels, arguments.wordsim, arguments.questions))
            command = [sys.executable, __file__, *paths, "--folder", str(folder), "--one", name, kind, str(seed)]
            command += ["--workers", str(arguments.workers)]
            if arguments.epochs:
                command += ["--epochs", str(arguments.epochs)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            found[name].append(json.loads(done.stdout.splitlines()[-1]))
            print(kind, seed, name, found[name][-1], file=sys.stderr, flush=True)
    return found


def table(kind: str, found: dict[str, list[dict[str, float]]]) -> None:
    for figure in FIGURES:
        values = {name: [row[figure] for row in found[name]] for name in CONTENDERS}
        ratios = [a / b for a, b in zip(values["ours"], values["gensim"], strict=True)]
        cells = [spread(values["ours"]), spread(values["gensim"]), spread(ratios)]
        print(f"| {kind} | {figure} | " + " | ".join(cells) + " |", flush=True)


def spread(values: list[float]) -> str:
    """median (lowest to highest)."""
    digits = 0 if statistics.median(values) >= 1000 else 2
    low, middle, high = (f"{v:,.{digits}f}" for v in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low} to {high})"


if __name__ == "__main__":
    main()
