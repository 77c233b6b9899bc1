"""Modules that are not ours, with inputs: what `test_capture*.py` look into."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn


class Residual(nn.Module):
    """Convolution, batch norm, ReLU in place, a residual sum in place, pooling, and a way back up."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.grouped = nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=2)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1)
        self.head = nn.Linear(8, 5)

    def forward(self, picture):
        feature_map = self.relu(self.norm(self.conv(picture)))
        deeper = self.grouped(feature_map)
        deeper += feature_map
        pooled = self.pool(self.relu(deeper))
        return self.head(F.adaptive_avg_pool2d(pooled, 1).flatten(1)), self.up(pooled).mean((2, 3))


class Loop(nn.Module):
    """A recurrent net as one would write it down."""

    def __init__(self, features=3, width=4):
        super().__init__()
        self.enter = nn.Linear(features, width)
        self.U = nn.Parameter(torch.randn(width, width) / 2)
        self.out = nn.Linear(width, 2)

    def forward(self, x):
        h = torch.zeros(x.shape[0], self.U.shape[0])
        for t in range(x.shape[1]):
            z = self.enter(x[:, t])
            h = torch.tanh(z + h @ self.U)
        logits = self.out(h)
        return torch.softmax(logits, -1)


class WritesIntoViews(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        states = torch.empty(3, 5, 4)
        for t in range(5):
            states[:, t] = self.fc(x[:, t])
        states[:, 0, :2].mul_(2)
        turned = states.transpose(0, 1)
        turned[1].add_(1)
        return states.sum(1), turned


class Tied(nn.Module):
    """Tied weights, a dict as input, a module that runs twice, an empty tensor, `.item()`, a constant attribute."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(11, 6)
        self.fc = nn.Linear(6, 6)
        self.head = nn.Linear(6, 11, bias=False)
        self.head.weight = self.embed.weight
        self.register_buffer("scale", torch.tensor(2.0))
        self.table = torch.arange(6.0)

    def forward(self, batch):
        x = self.embed(batch["ids"]) * self.scale + self.table
        first = self.fc(x)
        second = self.fc(torch.relu(first))
        q, k, v = second.chunk(3, -1)
        peak = second.abs().max().item()
        nothing = torch.empty(0, 3).sum()
        return {"logits": self.head(second + nothing), "mixed": q * k + v / peak}


def bert():
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        vocab_size=100, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64
    )
    return transformers.BertModel(config)


PADDED = torch.tensor([[1] * 9, [1] * 6 + [0] * 3])
MODULES = {
    "bert": (bert, lambda: ((torch.randint(0, 100, (2, 9)),), {"attention_mask": PADDED})),
    "residual": (Residual, lambda: ((torch.randn(2, 3, 8, 8),), {})),
    "loop": (Loop, lambda: ((torch.randn(2, 5, 3),), {})),
    "views": (WritesIntoViews, lambda: ((torch.randn(3, 5, 4),), {})),
    "tied": (Tied, lambda: (({"ids": torch.tensor([[1, 2, 3]])},), {})),
    "lstm": (lambda: nn.LSTM(3, 4, 2, bidirectional=True, batch_first=True), lambda: ((torch.randn(2, 6, 3),), {})),
    "gru": (lambda: nn.GRU(3, 4, 2, bidirectional=True, batch_first=True), lambda: ((torch.randn(2, 6, 3),), {})),
    "transformer": (
        lambda: nn.TransformerEncoder(
            nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2, enable_nested_tensor=False
        ),
        lambda: (
            (torch.randn(2, 5, 8),),
            {"src_key_padding_mask": torch.tensor([[False] * 5, [False] * 3 + [True] * 2])},
        ),
    ),
    "mlp": (
        lambda: nn.Sequential(nn.Linear(4, 8), nn.GELU(), nn.LayerNorm(8), nn.Linear(8, 2)),
        lambda: ((torch.randn(3, 4),), {}),
    ),
}


def make(name):
    torch.manual_seed(0)
    build, inputs = MODULES[name]
    args, kwargs = inputs()
    return build(), args, kwargs
