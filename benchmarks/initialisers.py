"""Why the Keras tutorial reaches a higher F1 than the same network in plain PyTorch: their first weights differ.

    python benchmarks/initialisers.py --seeds 12

The plain loop of `benchmarks/spam_detector.py` (nn.Embedding, nn.LSTM, maximum, nn.Linear; Adam, 10 epochs, the
tutorials' random split), with torch's own first weights, with each of Keras's in turn, and with all of them. Medians
over the seeds, with the lowest and the highest.
"""

from __future__ import annotations

import argparse
import statistics

import torch
from spam_detector import plain_model, split, train_plain, tutorial_ids
from torch import nn


def embedding(model: nn.Module) -> None:
    """Keras: uniform over ±0.05. torch: normal with deviation 1."""
    nn.init.uniform_(model.embedding.weight, -0.05, 0.05)


def input_weights(model: nn.Module) -> None:
    """Keras: Glorot uniform. torch: uniform over ±1/√M."""
    nn.init.xavier_uniform_(model.lstm.weight_ih_l0)


def recurrent_weights(model: nn.Module) -> None:
    """Keras: orthogonal. torch: uniform over ±1/√M."""
    nn.init.orthogonal_(model.lstm.weight_hh_l0)


def biases(model: nn.Module) -> None:
    """Keras: 0, and 1 for the forget gate. torch: uniform over ±1/√M."""
    for bias in (model.lstm.bias_ih_l0, model.lstm.bias_hh_l0):
        nn.init.zeros_(bias)
    with torch.no_grad():
        model.lstm.bias_ih_l0.chunk(4)[1].fill_(1.0)


def dense(model: nn.Module) -> None:
    """Keras: Glorot uniform, bias 0. torch: uniform over ±1/√M, both."""
    nn.init.xavier_uniform_(model.dense.weight)
    nn.init.zeros_(model.dense.bias)


PARTS = (embedding, input_weights, recurrent_weights, biases, dense)
VARIANTS = {
    "torch's own": (),
    **{f"Keras's {part.__name__.replace('_', ' ')}": (part,) for part in PARTS},
    "all of Keras's": PARTS,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=12)
    seeds = range(parser.parse_args().seeds)
    print("| first weights | F1 after 3 epochs | F1 after 10 epochs |\n|---|--:|--:|")
    for name, parts in VARIANTS.items():
        early, late = [], []
        for seed in seeds:
            data = split("random", seed)
            ids, vocabulary = tutorial_ids(data)
            torch.manual_seed(seed)
            model = plain_model(vocabulary)
            for part in parts:
                part(model)
            _, scores = train_plain(model, ids, data)
            early.append(scores[2])
            late.append(scores[-1])
        cells = (f"{statistics.median(s):.3f} ({min(s):.3f} to {max(s):.3f})" for s in (early, late))
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
