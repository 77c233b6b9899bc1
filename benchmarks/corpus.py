"""Streamed corpora: time and memory at growing sizes, ours beside gensim's reading of the same file, in one run.

    pip install -c constraints.txt -e ".[bench]"
    python benchmarks/corpus.py --sizes 10,100 --rounds 3

Text: one document a line, 5 to 35 words, drawn from 400,000 made-up words by Zipf's law (rank + 2.7)^-1; ASCII, lower
case, no punctuation, so that all contenders find the same words. Each contender is a process of its own, in turn, round
after round; ratios are taken within a round. What each does:

ours             build: words, counts, document frequencies, names, ids on disk in memory-mapped shards, checksums
line_sentence    gensim: LineSentence + Word2Vec.build_vocab: splits at spaces and counts; nothing is kept but counts
dictionary       gensim: utils.tokenize (letters, lower case) + corpora.Dictionary: counts and document frequencies

Memory: the largest sum over the process and its children of what they hold resident (shared pages count in each),
looked at every 50 ms. Imports are in memory, not in time. Where others use the machine as well, the seconds of the
processors (CPU s) say more than those of the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

WORDS, SHIFT = 400_000, 2.7
CONTENDERS = ("ours", "line_sentence", "dictionary")


def zipf_text(path: Path, megabytes: float, seed: int = 0) -> None:
    chance = np.random.default_rng(seed)
    letters = chance.choice(list("etaoinshrdlucmfwypvbgk"), (WORDS, 9))
    lengths = np.clip(2 + np.log10(np.arange(1, WORDS + 1)) + chance.normal(0, 1, WORDS), 2, 9).astype(int)
    words = np.array(["".join(row[:n]) for row, n in zip(letters, lengths, strict=True)], dtype=object)
    odds = np.cumsum(1 / (np.arange(WORDS) + SHIFT))
    with path.open("w") as file:
        written = 0
        while written < megabytes * 1e6:
            tokens = words[np.searchsorted(odds, chance.random(200_000) * odds[-1])]
            ends = np.cumsum(chance.integers(5, 36, 20_000))
            lines = np.split(tokens, ends[ends < len(tokens)])
            written += file.write("\n".join(map(" ".join, lines)) + "\n")


# one contender, in a process of its own


def ours(path: Path, workers: int) -> tuple[int, int]:
    from pellucid.core.corpus.build import build
    from pellucid.core.corpus.reading import Reading

    with tempfile.TemporaryDirectory() as folder:
        corpus = build(path, Reading(), Path(folder) / "corpus", workers=workers)
        return corpus.tokens, corpus.manifest["words"]


def line_sentence(path: Path, _workers: int) -> tuple[int, int]:
    from gensim.models import Word2Vec
    from gensim.models.word2vec import LineSentence

    model = Word2Vec(vector_size=1, min_count=1)
    model.build_vocab(LineSentence(str(path)))
    return model.corpus_total_words, len(model.wv)


def dictionary(path: Path, _workers: int) -> tuple[int, int]:
    from gensim.corpora import Dictionary
    from gensim.utils import tokenize

    with path.open(encoding="utf-8") as file:
        found = Dictionary((tokenize(line, lowercase=True) for line in map(str, file)), prune_at=None)
    return found.num_pos, len(found)


def run_one(name: str, path: Path, workers: int) -> dict[str, float]:
    if name == "ours":
        import pellucid.core.corpus.build
        import pellucid.core.corpus.kernel  # noqa: F401
    else:
        import gensim.models  # noqa: F401
    most = [0.0]
    watching = threading.Event()
    watcher = threading.Thread(target=_watch, args=(most, watching), daemon=True)
    watcher.start()
    before, start = _cpu(), time.perf_counter()
    tokens, words = {"ours": ours, "line_sentence": line_sentence, "dictionary": dictionary}[name](path, workers)
    seconds = time.perf_counter() - start
    watching.set()
    watcher.join()
    return {
        "seconds": seconds, "cpu": _cpu() - before, "tokens": tokens, "words": words, "megabytes": most[0],
    }  # fmt: skip


def _cpu() -> float:
    return sum(os.times()[:4])


def _watch(most: list[float], end: threading.Event) -> None:
    while True:
        most[0] = max(most[0], sum(map(_resident, _family(os.getpid()))))
        if end.wait(0.05):
            return


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = [t.name for t in Path(f"/proc/{pid}/task").iterdir()]
        children += [
            c for t in threads if t != str(pid) for c in Path(f"/proc/{pid}/task/{t}/children").read_text().split()
        ]
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0


# all of them


def compare(path: Path, rounds: int, workers: int, contenders: list[str]) -> dict[str, list[dict[str, float]]]:
    results: dict[str, list[dict[str, float]]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name in contenders:
            command = [sys.executable, __file__, "--one", name, "--path", str(path), "--workers", str(workers)]
            said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
            results[name].append(json.loads(said.splitlines()[-1]))
            print(path.name, name, results[name][-1], file=sys.stderr)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10,100", help="megabytes of text")
    parser.add_argument("--text", type=Path, help="a text of your own beside them: one document a line")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--contenders", default=",".join(CONTENDERS))
    parser.add_argument("--folder", help="where the text is written, and removed after")
    parser.add_argument("--json")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(run_one(asked.one, asked.path, asked.workers)))
        return
    folder = Path(tempfile.mkdtemp(dir=asked.folder))
    everything = {}
    try:
        if asked.text:
            everything[asked.text.name] = compare(asked.text, asked.rounds, asked.workers, asked.contenders.split(","))
        for size in filter(None, asked.sizes.split(",")):
            path = folder / f"zipf-{size}.txt"
            zipf_text(path, float(size))
            everything[size] = compare(path, asked.rounds, asked.workers, asked.contenders.split(","))
            path.unlink()
    finally:
        shutil.rmtree(folder)
    report(everything)
    if asked.json:
        about = {"cpus": os.cpu_count(), "system": platform.platform(), "workers": asked.workers}
        Path(asked.json).write_text(json.dumps(about | {"sizes": everything}, indent=1) + "\n")


def report(everything: dict[str, dict[str, list[dict[str, float]]]]) -> None:
    def middle(runs: list[dict[str, float]], what: str) -> float:
        return statistics.median(run[what] for run in runs)

    print("| MB of text | who | words | different | seconds | CPU s | words/CPU s | peak MB | faster by | in CPU s |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for size, results in everything.items():
        for name, runs in results.items():
            pairs = list(zip(runs, results["ours"], strict=True))
            print(
                f"| {size} | {name} | {runs[0]['tokens']:,} | {runs[0]['words']:,} | {middle(runs, 'seconds'):.2f} "
                f"| {middle(runs, 'cpu'):.2f} | {middle(runs, 'tokens') / middle(runs, 'cpu') / 1e6:.2f} M "
                f"| {middle(runs, 'megabytes'):.0f} "
                f"| {statistics.median(run['seconds'] / own['seconds'] for run, own in pairs):.2f} × "
                f"| {statistics.median(run['cpu'] / own['cpu'] for run, own in pairs):.2f} × |"
            )


if __name__ == "__main__":
    main()
