"""Image classifier: from the first multi-layer network to convolutions, residual and inception blocks (day 2)."""

from pathlib import Path

from pellucid.core.card import Card, Distribution, Label, Picture, Probability
from pellucid.core.data.pictures import file_url

CARD = Card(
    name="image_classifier",
    day=2,
    title={"en": "Image classifier", "zh-TW": "影像分類器"},
    summary={
        "en": "MLP, CNN, ResNet, Inception: how a network sees",
        "zh-TW": "MLP、CNN、ResNet、Inception：網路如何看圖",
    },
    input=Picture(
        name="picture",
        title={"en": "Picture", "zh-TW": "圖片"},
        examples=tuple(file_url(path) for path in sorted((Path(__file__).parent / "examples").glob("*.png"))),
    ),
    outputs=(
        Label(name="label", title={"en": "Class", "zh-TW": "類別"}),
        Probability(name="probability", title={"en": "Probability of that class", "zh-TW": "該類別的機率"}),
        Distribution(name="probabilities", title={"en": "Probability of each class", "zh-TW": "每個類別的機率"}),
    ),
    data=(
        "MNIST, Y. LeCun, C. Cortes and C. J. C. Burges, 1998, a sample of 10,000 training and 2,000 test pictures, "
        "CC BY-SA 3.0",
    ),
)
