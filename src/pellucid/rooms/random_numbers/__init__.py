"""Random numbers: what rand, randn, randint, random and normal give, and where their numbers come from (day 2)."""

from pellucid.core.card import Card, Label, Number, Numbers, Sentence, Text

CARD = Card(
    name="random_numbers",
    day=2,
    title={"en": "Random numbers", "zh-TW": "亂數"},
    summary={
        "en": "Five functions, one seed: how chance is computed",
        "zh-TW": "五個函式、一個種子：機率是怎麼算出來的",
    },
    input=Text(
        name="call",
        title={"en": "A call, as in NumPy or PyTorch", "zh-TW": "一個呼叫，寫法同 NumPy 或 PyTorch"},
        max_length=2_000,
        lines=3,
        examples=(
            "normal(5, 2, size=1000)",
            "randn(3, 4)",
            "np.random.seed(42)\nnp.random.rand(5)",
            "randint(0, 10, size=(2, 3))",
            "random(1000, seed=42)",
            "torch.randint(1, 7, (600,))",
            "uniform(-1, 1, size=(100,))",
        ),
    ),
    outputs=(
        Label(name="shape", title={"en": "Shape", "zh-TW": "形狀"}),
        Numbers(name="numbers", title={"en": "The first numbers", "zh-TW": "前幾個數字"}),
        Numbers(name="sample", title={"en": "What was drawn", "zh-TW": "抽到的結果"}),
        Numbers(name="expected", title={"en": "What was to be expected", "zh-TW": "理論上的期望"}),
        Number(name="fit", title={"en": "Goodness of fit (p-value)", "zh-TW": "適合度檢定（p 值）"}),
        Sentence(name="verdict", title={"en": "Verdict", "zh-TW": "結論"}),
    ),
    data=("numbers that the room computes itself, by the generator Philox 4x32-10",),
    ships_nothing={
        "en": "a seed and a formula are all there is; every library has both already",
        "zh-TW": "這裡只有一個種子和一條公式，每個函式庫都已經有了",
    },
)
