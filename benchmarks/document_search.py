"""Document search: ours beside scikit-learn (TfidfVectorizer + TruncatedSVD) and gensim (TfidfModel + LsiModel).

    pip install -c constraints.txt -e ".[bench]"
    python benchmarks/document_search.py --data 20_newsgroups.tar.gz --rounds 3
    python benchmarks/document_search.py --dense 1000000
    python benchmarks/document_search.py --many 1000000

20 Newsgroups without headers, which name the group (19,956 messages that are not empty then), 100 topics. Each
contender runs in a process of its own, in turn, round after round. What is timed: from one JSON Lines file on the disk
to an index that answers, imports left out. Ours cuts words, counts, weighs, finds topics, and writes a checked index to
the disk; the others keep theirs in memory. Ours was compiled before. BLAS has one thread for all: on a busy machine
that is faster for each of them. CPU seconds are those of all processes and threads: on a busy machine they say more
than the clock. Memory: the largest sum of the proportional set sizes of a contender's processes, every 50 ms until it
has indexed (Linux only); what is mapped of files counts, too. Queries: from a text to the ten best documents, cutting
words included; three words of a message, and whole messages. Quality: cosine among the topics of every tenth message
with all others: mean average precision and precision at 10, right is the same group.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

TOPICS, QUERIES = 100, 300
CONTENDERS = ("ours", "ours, log TF", "scikit-learn", "gensim")
Ask = Callable[[str], Any]


def messages(tar: Path, to: Path) -> None:
    """{"name": group/number, "text": body} a line."""
    with tarfile.open(tar) as packed, to.open("w", encoding="utf-8") as out:
        for member in packed:
            if member.isfile():
                text = packed.extractfile(member).read().decode("latin-1")
                _, _, body = text.partition("\n\n")
                if body.strip():  # 41 messages have nothing else
                    out.write(json.dumps({"name": "/".join(member.name.split("/")[-2:]), "text": body}) + "\n")


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


# contenders: each gives parts' seconds, coordinates [D, k], and how to ask by words and by topics


def ours(file: Path, tf: str) -> tuple[dict[str, float], Callable[[], np.ndarray], Ask, Ask]:
    from pellucid.core.corpus.build import build
    from pellucid.core.corpus.reading import Reading
    from pellucid.core.corpus.words import words
    from pellucid.rooms.document_search import sparse  # noqa: F401  imports are not timed
    from pellucid.rooms.document_search.index import Index
    from pellucid.rooms.document_search.options import Options
    from pellucid.rooms.document_search.weights import Weighting

    reading = Reading(column="text", name_column="name")
    folder = Path(tempfile.mkdtemp(dir=file.parent))
    start = time.perf_counter()
    corpus = build(file, reading, folder / "corpus")
    cut = time.perf_counter()
    index = Index.build(corpus, Options(weighting=Weighting(tf), topics=TOPICS), folder / "index")
    seconds = {"words": cut - start, "rest": time.perf_counter() - cut}
    index.search(["the"])

    def coordinates() -> np.ndarray:
        return np.concatenate([segment.coordinates for segment in index.segments])

    def by_words(text: str) -> Any:
        return index.search(words(text, reading))

    def by_topics(text: str) -> Any:
        return index.search(words(text, reading), by="lsa")

    return seconds, coordinates, by_words, by_topics


def scikit_learn(file: Path) -> tuple[dict[str, float], Callable[[], np.ndarray], Ask, Ask]:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    start = time.perf_counter()
    vectorizer = TfidfVectorizer()
    matrix = vectorizer.fit_transform(row["text"] for row in read(file))
    cut = time.perf_counter()
    svd = TruncatedSVD(TOPICS, random_state=1)
    places = svd.fit_transform(matrix)
    unit = places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-12)
    seconds = {"words": cut - start, "rest": time.perf_counter() - cut}

    def best(scores: np.ndarray) -> np.ndarray:
        ten = np.argpartition(-scores, 10)[:10]
        return ten[np.argsort(-scores[ten])]

    def by_words(text: str) -> Any:
        return best((matrix @ vectorizer.transform([text]).T).toarray().ravel())

    def by_topics(text: str) -> Any:
        place = svd.transform(vectorizer.transform([text]))[0]
        return best(unit @ (place / max(np.linalg.norm(place), 1e-12)))

    return seconds, lambda: places, by_words, by_topics


def gensim(file: Path) -> tuple[dict[str, float], Callable[[], np.ndarray], Ask, Ask]:
    from gensim import corpora, matutils, models, similarities
    from gensim.utils import simple_preprocess

    start = time.perf_counter()
    documents = [simple_preprocess(row["text"]) for row in read(file)]
    dictionary = corpora.Dictionary(documents)
    counts = [dictionary.doc2bow(document) for document in documents]
    del documents
    cut = time.perf_counter()
    tfidf = models.TfidfModel(counts)
    lsi = models.LsiModel(tfidf[counts], id2word=dictionary, num_topics=TOPICS)
    topics = similarities.MatrixSimilarity(lsi[tfidf[counts]], num_best=10, num_features=TOPICS)
    words = similarities.SparseMatrixSimilarity(tfidf[counts], num_best=10, num_features=len(dictionary))
    seconds = {"words": cut - start, "rest": time.perf_counter() - cut}

    def coordinates() -> np.ndarray:
        return matutils.corpus2dense(lsi[tfidf[counts]], TOPICS).T

    def weigh(text: str) -> Any:
        return tfidf[dictionary.doc2bow(simple_preprocess(text))]

    return seconds, coordinates, lambda text: words[weigh(text)], lambda text: topics[lsi[weigh(text)]]


def contender(name: str, file: Path) -> None:
    """One contender, in this process: JSON lines on standard output, "indexed" first."""
    makers = {
        "ours": lambda: ours(file, "share"),
        "ours, log TF": lambda: ours(file, "log"),
        "scikit-learn": lambda: scikit_learn(file),
        "gensim": lambda: gensim(file),
    }
    before = cpu_seconds()
    seconds, coordinates, by_words, by_topics = makers[name]()
    print(json.dumps({"indexed": seconds, "cpu": cpu_seconds() - before}), flush=True)
    rows = read(file)
    groups = np.unique([row["name"].split("/")[0] for row in rows], return_inverse=True)[1]
    figures = quality(np.asarray(coordinates(), np.float32), groups)
    chance = np.random.default_rng(0)
    chosen = [rows[i]["text"] for i in chance.permutation(len(rows))[:QUERIES]]
    for kind, texts in (("3 words", [" ".join(text.split()[5:8]) or "the" for text in chosen]), ("a message", chosen)):
        for how, ask in (("words", by_words), ("topics", by_topics)):
            times = [timed(ask, text) for text in texts]
            (p50, p99), (_, cpu) = (np.percentile(part, [50, 99]) * 1000 for part in zip(*times, strict=True))
            about = f"{kind}, by {how}"
            figures |= {f"{about}: p50 ms": p50, f"{about}: p99 ms": p99, f"{about}: p99 CPU ms": cpu}
    print(json.dumps(figures), flush=True)


def cpu_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def timed(ask: Ask, text: str) -> tuple[float, float]:
    """Seconds by the clock, and of the CPU."""
    start, cpu = time.perf_counter(), time.process_time()
    ask(text)
    return time.perf_counter() - start, time.process_time() - cpu


def quality(places: np.ndarray, groups: np.ndarray) -> dict[str, float]:
    """Of every tenth document: mean average precision and precision at 10, the document itself left out."""
    unit = places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-12)
    precisions, averages = [], []
    for query in range(0, len(unit), 10):
        scores = unit @ unit[query]
        scores[query] = -np.inf
        right = groups[np.argsort(-scores, kind="stable")[:-1]] == groups[query]
        precisions.append(right[:10].mean())
        averages.append((np.cumsum(right) / np.arange(1, len(right) + 1))[right].mean())
    return {"precision at 10": float(np.mean(precisions)), "mean average precision": float(np.mean(averages))}


def memory_of(pid: int) -> int:
    """Proportional set size of a process and all below it, bytes."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total = 1024 * int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1])
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(memory_of(int(child)) for child in (task / "children").read_text().split())
        return total
    except (OSError, StopIteration):
        return 0


def run(name: str, file: Path) -> dict[str, float]:
    """One contender in a process of its own, its memory watched until it has indexed."""
    with tempfile.TemporaryFile("w+") as out:
        command = [sys.executable, __file__, "--one", name, "--file", str(file)]
        calm = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        process = subprocess.Popen(command, stdout=out, env=os.environ | calm)
        most = 0
        while process.poll() is None:
            out.seek(0)
            if "indexed" not in out.read():
                most = max(most, memory_of(process.pid))
            time.sleep(0.05)
        assert process.returncode == 0, name
        out.seek(0)
        indexed, figures = (json.loads(line) for line in out.read().splitlines())
    parts = indexed["indexed"]
    return {
        "indexing s": sum(parts.values()), "of which cutting words": parts["words"], "CPU s": indexed["cpu"],
        "peak MB": most / 1e6, **figures,
    }  # fmt: skip


def dense(vectors: int, width: int = 100, graph: bool = True) -> None:
    """The ten nearest of so many unit vectors: our blocks of a product beside usearch, exact and approximate."""
    from usearch.index import Index as Graph
    from usearch.index import search as exact

    from pellucid.rooms.document_search.search import BLOCK, Best, cosines

    chance = np.random.default_rng(0)
    centres = chance.standard_normal((200, width), dtype=np.float32)  # documents come in groups, not as one cloud
    table = centres[chance.integers(200, size=vectors)] + chance.standard_normal((vectors, width), dtype=np.float32)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    queries = table[chance.integers(vectors, size=30)] + 0.05 * chance.standard_normal((30, width), dtype=np.float32)

    ones = np.ones(vectors, np.float32)

    def blocks(query: np.ndarray) -> set[int]:
        best = Best(10)
        for first in range(0, vectors, BLOCK):
            block = slice(first, first + BLOCK)
            best.take(cosines(table[block], ones[block], query, 2), first)
        return {document for document, _ in best.found()}

    def report(name: str, ask: Callable[[np.ndarray], set[int]], built: float) -> None:
        ask(queries[0])
        times, shared = [], []
        for query, right in zip(queries, truth, strict=True):
            start = time.perf_counter()
            found = ask(query)
            times.append(time.perf_counter() - start)
            shared.append(len(found & right) / 10)
        p50, p99 = np.percentile(times, [50, 99]) * 1000
        print(f"| {name} | {built:.1f} | {p50:.1f} | {p99:.1f} | {np.mean(shared):.3f} |", flush=True)

    print(f"| {vectors:,} vectors of {width} | build s | p50 ms | p99 ms | recall |\n|---|--:|--:|--:|--:|")
    truth = [blocks(query) for query in queries]
    report("ours: blocks of a product, float32", blocks, 0.0)
    report("usearch, exact, float32", lambda q: set(exact(table, q, 10, exact=True).keys.tolist()), 0.0)
    half = table.astype(np.float16)
    report("usearch, exact, float16", lambda q: set(exact(half, q.astype("f2"), 10, exact=True).keys.tolist()), 0.0)
    if graph:
        made = Graph(ndim=width, metric="cos", dtype="f16")
        start = time.perf_counter()
        made.add(np.arange(vectors), table)
        built = time.perf_counter() - start
        report("usearch, HNSW, float16", lambda q: set(made.search(q, 10).keys.tolist()), built)


def many(documents: int) -> None:
    """TF-IDF over so many generated documents of 50 words (Zipf's law, 200,000 words): building, opening, asking."""
    from types import SimpleNamespace as Plain

    from pellucid.rooms.document_search.index import Index
    from pellucid.rooms.document_search.options import Options

    chance = np.random.default_rng(0)
    shards, words = [], 200_000
    chances = np.cumsum(1 / np.arange(3, words + 3))
    for first in range(0, documents, 100_000):
        n = min(100_000, documents - first)
        ids = np.searchsorted(chances, chance.random(50 * n) * chances[-1]).astype(np.int32)
        shards.append(Plain(ids=ids, offsets=np.arange(0, 50 * n + 1, 50)))
    held = np.zeros(words, np.int64)
    for shard in shards:
        rows = np.sort(shard.ids.reshape(-1, 50), axis=1)
        held += np.bincount(rows[:, 0], minlength=words)
        held += np.bincount(rows[:, 1:][rows[:, 1:] != rows[:, :-1]], minlength=words)
    vocabulary = Plain(words=[f"w{i}" for i in range(words)], documents_with=held)
    corpus = Plain(documents=documents, shards=shards, vocabulary=vocabulary, name=str)
    with tempfile.TemporaryDirectory() as folder:
        Index.build(
            Plain(**vars(corpus) | {"documents": 50, "shards": shards[:1]}), Options(topics=0), Path(folder) / "x"
        )
        start = time.perf_counter()
        Index.build(corpus, Options(topics=0), Path(folder) / "index")
        built = time.perf_counter()
        index = Index.open(Path(folder) / "index")
        index.search(["w1"])
        opened = time.perf_counter() - built
        entries = len(index.segments[0].ids)
        print(f"{documents:,} documents, {entries:,} entries: {built - start:.1f} s, open {opened:.2f} s")
        for length in (3, 50):
            asked = [[f"w{shards[0].ids[50 * d + j]}" for j in range(length)] for d in range(200)]
            times = [timed(index.search, query) for query in asked]
            (p50, p99), (_, cpu) = (np.percentile(part, [50, 99]) * 1000 for part in zip(*times, strict=True))
            print(f"queries of {length} words: p50 {p50:.1f} ms, p99 {p99:.1f} ms (CPU {cpu:.1f})", flush=True)


def table(rounds: list[dict[str, dict[str, float]]]) -> str:
    """Medians, and the smallest and largest where there are several rounds."""
    lines = [f"| | {' | '.join(CONTENDERS)} |", f"|---|{'--:|' * len(CONTENDERS)}"]
    for key in rounds[0][CONTENDERS[0]]:
        digits = 3 if "precision" in key else 2 if "ms" in key else 1
        cells = []
        for name in CONTENDERS:
            values = [one[name][key] for one in rounds]
            spread = f" ({min(values):.{digits}f} to {max(values):.{digits}f})"
            spread = "" if "precision" in key or len(rounds) == 1 else spread
            cells.append(f"{statistics.median(values):.{digits}f}{spread}")
        lines.append(f"| {key} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="20_newsgroups.tar.gz, with headers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dense", type=int, help="so many vectors instead")
    parser.add_argument("--many", type=int, help="so many generated documents instead")
    parser.add_argument("--no-graph", action="store_true", help="leave out HNSW, which takes long to build")
    parser.add_argument("--one", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        return contender(chosen.one, chosen.file)
    if chosen.dense:
        return dense(chosen.dense, graph=not chosen.no_graph)
    if chosen.many:
        return many(chosen.many)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.jsonl"
        messages(chosen.data, file)
        rounds = []
        for _ in range(chosen.rounds):
            rounds.append({name: run(name, file) for name in CONTENDERS})
            print(json.dumps(rounds[-1]), file=sys.stderr, flush=True)
        print(table(rounds))
    return None


if __name__ == "__main__":
    main()
