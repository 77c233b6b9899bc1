"""The data sets that can be downloaded by name: MNIST and Fashion-MNIST, as their authors gave them out."""

from __future__ import annotations

from pellucid.core.data.download import Remote, RemoteFile

CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip

_FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


def _files(mirrors: tuple[str, ...], *known: tuple[int, str]) -> tuple[RemoteFile, ...]:
    return tuple(
        RemoteFile(tuple(mirror + name for mirror in mirrors), f"md5:{md5}", size, name)
        for name, (size, md5) in zip(_FILES, known, strict=True)
    )


MNIST = Remote(
    name="mnist",
    title="MNIST",
    about="70,000 handwritten digits, 28 × 28, gray (Y. LeCun, C. Cortes, C. J. C. Burges, 1998)",
    licence="CC BY-SA 3.0",
    files=_files(
        (
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "http://yann.lecun.com/exdb/mnist/",
        ),
        (9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        (28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
        (1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
        (4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
    ),
)

FASHION_MNIST = Remote(
    name="fashion_mnist",
    title="Fashion-MNIST",
    about="70,000 articles of clothing of ten kinds, 28 × 28, gray (H. Xiao, K. Rasul, R. Vollgraf, 2017)",
    licence="MIT",
    files=_files(
        (
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        ),
        (26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        (29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        (4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        (5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
    ),
)

REMOTES = (MNIST, FASHION_MNIST)
