"""Image classifier, the homework: a convolution, a pooling that remembers its winners, a shift, counts, and a run."""

from __future__ import annotations

from typing import Any

from pellucid.learn.homework import Beat, Case, Choice, Exercise, Function, Quantity

# the course's picture of three channels, its kernels and its bias: only the corner that the exercise needs
RED = ((156, 155, 156), (153, 154, 157))
GREEN = ((167, 166, 167), (164, 165, 168))
BLUE = ((163, 162, 163), (160, 161, 164))
KERNELS = (
    ((-1, -1, 1), (0, 1, -1), (0, 1, 1)),
    ((1, 0, 0), (1, -1, -1), (1, 0, -1)),
    ((0, 1, 1), (0, 1, 0), (1, -1, 1)),
)
BIAS = 1


def at_the_edge(column: int) -> int:
    """The output in the first row at that column; above and to the left of the picture there are zeros."""
    total = BIAS
    for channel, kernel in zip((RED, GREEN, BLUE), KERNELS, strict=True):
        for row in (1, 2):  # row 0 of the kernel lies on the padding
            total += sum(kernel[row][i] * channel[row - 1][column - 1 + i] for i in range(3) if column - 1 + i >= 0)
    return total


def _rows(numbers: tuple[tuple[int, ...], ...]) -> str:
    return r"\begin{pmatrix}" + r"\\".join("&".join(map(str, row)) for row in numbers) + r"\end{pmatrix}"


def _convolution(rng: Any) -> Case:
    """Any sizes; a kernel of one, three or five pixels."""
    c, k, size = int(rng.integers(1, 4)), int(rng.integers(1, 4)), int(rng.choice([1, 3, 5]))
    h, w = (int(n) for n in rng.integers(5, 9, 2))
    shapes: tuple[tuple[int, ...], ...] = ((c, h, w), (k, c, size, size), (k,))
    arrays = [rng.normal(size=shape).tolist() for shape in shapes]
    return Case((*arrays, str(rng.choice(["same", "valid"]))))


def _pooling(rng: Any) -> Case:
    h, w = (2 * int(n) for n in rng.integers(1, 5, 2))
    return Case((rng.normal(size=(h, w)).tolist(),))


def _shift(rng: Any) -> Case:
    h, w = (int(n) for n in rng.integers(3, 7, 2))
    dy, dx = (int(n) for n in rng.integers(-2, 3, 2))
    return Case((rng.uniform(0.1, 1, size=(h, w)).tolist(), dy, dx))


CONVOLUTION = Function(
    name="convolve",
    title={"en": "A convolution from nothing", "zh-TW": "從零寫一個卷積"},
    task={
        "en": "Slide each kernel over the picture. At every place, multiply the kernel with the patch under it, all"
        " channels together, add up the products and the kernel's bias. With `same`, the picture gets a border of zeros"
        " first, so that the output is as large as the picture; with `valid`, the kernel stays inside.",
        "zh-TW": "讓每個卷積核（kernel）在圖片上滑動。在每個位置，把卷積核與它底下的區塊相乘（所有通道一起），"
        "再把乘積與這個卷積核的偏差值（bias）全部加起來。`same` 要先在圖片外圍補一圈零，讓輸出和圖片一樣大；"
        "`valid` 則不讓卷積核超出圖片。",
    },
    points=4,
    hints=(
        {
            "en": "How large is the output? A kernel of k pixels fits into H pixels at H - k + 1 places.",
            "zh-TW": "輸出有多大？寬 k 的卷積核放進 H 個像素裡，有 H - k + 1 個位置。",
        },
        {
            "en": "Two loops over the places are enough: for one place, the patch [C, k, k] meets all kernels"
            " [K, C, k, k] at once, and the sum runs over the last three axes.",
            "zh-TW": "只要兩層迴圈走過所有位置：在一個位置上，區塊 [C, k, k] 可以一次和所有卷積核 [K, C, k, k] 相乘，"
            "再沿著最後三個軸相加。",
        },
    ),
    stub='''def convolve(image, kernels, bias, padding):
    """Each kernel slid over all channels of a picture (in deep learning "convolution" does not flip the kernel).

    image: array [C, H, W], kernels: array [K, C, k, k] with odd k, bias: array [K]
    padding: "same" or "valid"
    -> array [K, H, W] for "same", [K, H - k + 1, W - k + 1] for "valid"
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def convolve(image, kernels, bias, padding):
    k = kernels.shape[-1]
    if padding == "same":
        border = k // 2
        image = np.pad(image, ((0, 0), (border, border), (border, border)))
    rows, columns = image.shape[1] - k + 1, image.shape[2] - k + 1
    out = np.empty((len(kernels), rows, columns))
    for y in range(rows):
        for x in range(columns):
            patch = image[:, y : y + k, x : x + k]  # [C, k, k]
            out[:, y, x] = (kernels * patch).sum(axis=(1, 2, 3)) + bias
    return out
""",
    public=(
        Case(
            (
                [[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]],
                [[[[0.0, 0.0, 0.0], [0.0, 1.0, 2.0], [0.0, 0.0, 0.0]]]],
                [0.5],
                "same",
            )
        ),
        Case(([[[1.0, 2.0], [3.0, 4.0]], [[10.0, 20.0], [30.0, 40.0]]], [[[[1.0]], [[0.1]]]], [0.0], "valid")),
    ),
    hidden=(
        Case(
            (
                [[[0.2, -1.1, 0.7, 0.4], [1.3, 0.5, -0.6, 0.9], [-0.3, 0.8, 1.7, -1.2], [0.6, 0.1, -0.4, 0.3]]],
                [
                    [[[0.5, -0.2, 0.1], [0.7, 0.3, -0.9], [-0.4, 0.6, 0.2]]],
                    [[[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]],
                ],
                [0.25, -0.5],
                "valid",
            )
        ),
        Case(
            (
                [
                    [[0.2, -1.1, 0.7], [1.3, 0.5, -0.6], [-0.3, 0.8, 1.7]],
                    [[0.9, 0.4, -0.8], [0.3, -1.5, 0.2], [1.1, 0.6, -0.7]],
                ],
                [
                    [
                        [[0.5, -0.2, 0.1], [0.7, 0.3, -0.9], [-0.4, 0.6, 0.2]],
                        [[-0.1, 0.8, 0.4], [0.2, -0.6, 0.5], [0.9, 0.1, -0.3]],
                    ]
                ],
                [-0.75],
                "same",
            )
        ),
    ),
    fresh=_convolution,
    wrong=(
        # flips the kernel, as mathematics' convolution does
        "import numpy as np\ndef convolve(image, kernels, bias, padding):\n    k = kernels.shape[-1]\n"
        "    kernels = kernels[:, :, ::-1, ::-1]\n"
        "    if padding == 'same':\n        b = k // 2\n        image = np.pad(image, ((0, 0), (b, b), (b, b)))\n"
        "    w = np.lib.stride_tricks.sliding_window_view(image, (k, k), axis=(1, 2))\n"
        "    return np.einsum('chwij,ocij->ohw', w, kernels) + bias[:, None, None]\n",
        # forgets the bias
        "import numpy as np\ndef convolve(image, kernels, bias, padding):\n    k = kernels.shape[-1]\n"
        "    if padding == 'same':\n        b = k // 2\n        image = np.pad(image, ((0, 0), (b, b), (b, b)))\n"
        "    w = np.lib.stride_tricks.sliding_window_view(image, (k, k), axis=(1, 2))\n"
        "    return np.einsum('chwij,ocij->ohw', w, kernels)\n",
        # repeats the edge instead of zeros
        "import numpy as np\ndef convolve(image, kernels, bias, padding):\n    k = kernels.shape[-1]\n"
        "    if padding == 'same':\n        b = k // 2\n        "
        "image = np.pad(image, ((0, 0), (b, b), (b, b)), mode='edge')\n"
        "    w = np.lib.stride_tricks.sliding_window_view(image, (k, k), axis=(1, 2))\n"
        "    return np.einsum('chwij,ocij->ohw', w, kernels) + bias[:, None, None]\n",
        # only the first channel
        "import numpy as np\ndef convolve(image, kernels, bias, padding):\n    k = kernels.shape[-1]\n"
        "    if padding == 'same':\n        b = k // 2\n        image = np.pad(image, ((0, 0), (b, b), (b, b)))\n"
        "    w = np.lib.stride_tricks.sliding_window_view(image, (k, k), axis=(1, 2))\n"
        "    return np.einsum('hwij,oij->ohw', w[0], kernels[:, 0]) + bias[:, None, None]\n",
        # never pads
        "import numpy as np\ndef convolve(image, kernels, bias, padding):\n    k = kernels.shape[-1]\n"
        "    w = np.lib.stride_tricks.sliding_window_view(image, (k, k), axis=(1, 2))\n"
        "    return np.einsum('chwij,ocij->ohw', w, kernels) + bias[:, None, None]\n",
    ),
)

POOLING = Function(
    name="max_pool",
    title={"en": "Pooling that remembers who won", "zh-TW": "記得誰勝出的池化"},
    task={
        "en": "Cut the feature map into blocks of 2 x 2 and keep the largest number of each, and where it stood: 0 to"
        " 3, counted row by row. Going backward, only the winner gets the gradient; so its place has to be known.",
        "zh-TW": "把特徵圖（feature map）切成 2 x 2 的區塊，留下每塊最大的數字，並記下它的位置：0 到 3，逐列編號。"
        "反向傳播時只有勝出者拿得到梯度，所以必須知道它在哪裡。",
    },
    points=3,
    hints=(
        {
            "en": "A reshape to [H/2, 2, W/2, 2] puts the rows and the columns of each block on axes of their own.",
            "zh-TW": "先變形成 [H/2, 2, W/2, 2]，每個區塊的列與行就各有自己的軸。",
        },
        {
            "en": "The two axes of a block have to stand side by side before they can become one axis of four.",
            "zh-TW": "區塊的兩個軸要先移到相鄰的位置，才能合成一個長度為四的軸。",
        },
    ),
    stub='''def max_pool(feature_map):
    """Maximum of every 2 x 2 block, and which of its four pixels that was (the first one, where several are equal).

    feature_map: array [H, W], both even
    -> (array [H/2, W/2] of the largest numbers, integer array [H/2, W/2]: 0 1 in the upper row, 2 3 in the lower)
    """
    raise NotImplementedError
''',
    solution="""def max_pool(feature_map):
    h, w = feature_map.shape
    blocks = feature_map.reshape(h // 2, 2, w // 2, 2).transpose(0, 2, 1, 3)
    blocks = blocks.reshape(h // 2, w // 2, 4)  # the four pixels of a block, row by row
    return blocks.max(axis=-1), blocks.argmax(axis=-1)
""",
    public=(Case(([[1.0, 2.0, 0.0, -1.0], [4.0, 3.0, -2.0, -3.0]],)),),
    hidden=(
        Case(([[-1.5, -0.5], [-2.5, -0.7], [3.25, 0.0], [0.5, 3.0]],)),
        Case(([[0.1, 0.9, 0.4, 0.3], [0.2, 0.8, 0.6, 0.7], [0.5, 0.15, -0.2, -0.1], [0.45, 0.35, -0.4, -0.3]],)),
    ),
    fresh=_pooling,
    wrong=(
        # reshape without moving the axes: blocks of 1 x 4
        "def max_pool(m):\n    h, w = m.shape\n    b = m.reshape(h // 2, w // 2, 4)\n"
        "    return b.max(-1), b.argmax(-1)\n",
        # counts column by column
        "def max_pool(m):\n    h, w = m.shape\n"
        "    b = m.reshape(h // 2, 2, w // 2, 2).transpose(0, 2, 3, 1).reshape(h // 2, w // 2, 4)\n"
        "    return b.max(-1), b.argmax(-1)\n",
        # the mean
        "def max_pool(m):\n    h, w = m.shape\n"
        "    b = m.reshape(h // 2, 2, w // 2, 2).transpose(0, 2, 1, 3).reshape(h // 2, w // 2, 4)\n"
        "    return b.mean(-1), b.argmax(-1)\n",
        # the largest absolute value
        "import numpy as np\ndef max_pool(m):\n    h, w = m.shape\n"
        "    b = m.reshape(h // 2, 2, w // 2, 2).transpose(0, 2, 1, 3).reshape(h // 2, w // 2, 4)\n"
        "    i = np.abs(b).argmax(-1)\n    return np.take_along_axis(b, i[..., None], -1)[..., 0], i\n",
    ),
)

SHIFT = Function(
    name="shift",
    title={"en": "A digit moved aside", "zh-TW": "把數字移到旁邊"},
    task={
        "en": "A seven is a seven wherever it stands. Move a picture by whole pixels, down by `dy` and to the right by"
        " `dx` (either may be negative). What comes in from outside is 0, and what goes out is lost: nothing comes back"
        " in on the other side.",
        "zh-TW": "7 不管寫在哪裡都是 7。請把圖片平移整數個像素：往下 `dy`、往右 `dx`（兩者都可以是負的）。"
        "從外面移進來的是 0，移出去的就不見了，不會從另一邊繞回來。",
    },
    points=2,
    hints=(
        {
            "en": "numpy.roll moves, but round the edge; what came round must be set to zero in a copy.",
            "zh-TW": "numpy.roll 會移動，但會繞過邊緣；繞回來的部分要在副本裡設成零。",
        },
        {
            "en": "Or add a border of zeros as wide as the move, and cut out a window of the old size elsewhere.",
            "zh-TW": "或者先補一圈和移動量一樣寬的零，再從別的位置切出原本大小的視窗。",
        },
    ),
    stub='''def shift(image, dy, dx):
    """A picture moved down by dy and right by dx pixels; zeros come in.

    image: array [H, W], dy and dx: integers, smaller than H and W -> array [H, W]; image itself stays as it is
    """
    raise NotImplementedError
''',
    solution="""import numpy as np


def shift(image, dy, dx):
    h, w = image.shape
    by, bx = abs(dy), abs(dx)
    wide = np.pad(image, ((by, by), (bx, bx)))
    top, left = by - dy, bx - dx  # a window that starts further up shows the picture further down
    return wide[top : top + h, left : left + w]
""",
    public=(Case(([[1.0, 2.0], [3.0, 4.0]], 1, 0)), Case(([[1.0, 2.0, 3.0]], 0, -1))),
    hidden=(
        Case(([[0.5, 0.25, 0.75], [0.1, 0.9, 0.3], [0.7, 0.2, 0.6]], -1, 2)),
        Case(([[0.5, 0.25, 0.75], [0.1, 0.9, 0.3], [0.7, 0.2, 0.6]], 0, 0)),
        Case(([[0.5, 0.25, 0.75], [0.1, 0.9, 0.3], [0.7, 0.2, 0.6]], 2, -1)),
    ),
    fresh=_shift,
    wrong=(
        # comes back in on the other side
        "import numpy as np\ndef shift(image, dy, dx):\n    return np.roll(image, (dy, dx), (0, 1))\n",
        # up and left instead of down and right
        "import numpy as np\ndef shift(image, dy, dx):\n    h, w = image.shape\n"
        "    p = np.pad(image, ((h, h), (w, w)))\n"
        "    return p[h + dy:2 * h + dy, w + dx:2 * w + dx]\n",
        # rows and columns mixed up
        "import numpy as np\ndef shift(image, dy, dx):\n    h, w = image.shape\n"
        "    n = h + w\n    p = np.pad(image, n)\n"
        "    return p[n - dx:n - dx + h, n - dy:n - dy + w]\n",
    ),
)

CORNER = Quantity(
    name="corner",
    title={"en": "Three channels, one number", "zh-TW": "三個通道，一個數字"},
    task={
        "en": "The upper left corner of a colour picture, with the row of zeros that `same` padding puts above it, the"
        " three channels of one kernel, and a bias of 1. In the first row the output begins with $-25$. What is the"
        " second number? The pixels (red, green, blue), two rows of each: $"
        + ",\\; ".join(map(_rows, (RED, GREEN, BLUE)))
        + "$; the kernel: $"
        + ",\\; ".join(map(_rows, KERNELS))
        + "$.",
        "zh-TW": "這是一張彩色圖片的左上角。`same` 補零之後，它上方多一列零；卷積核有三個通道，偏差值是 1。"
        "輸出第一列的第一個數字是 $-25$，第二個數字是多少？像素（紅、綠、藍），各取兩列：$"
        + ",\\; ".join(map(_rows, (RED, GREEN, BLUE)))
        + "$；卷積核：$"
        + ",\\; ".join(map(_rows, KERNELS))
        + "$。",
    },
    points=2,
    hints=(
        {
            "en": "The first row of each kernel lies on zeros. So each channel needs only six products.",
            "zh-TW": "每個卷積核的第一列都落在零上，所以每個通道只需要六個乘積。",
        },
        {
            "en": "For the second number the kernel's middle column lies on the picture's second column: no zeros on"
            " the left any more.",
            "zh-TW": "算第二個數字時，卷積核的中間那一行對準圖片的第二行，左邊不再是零。",
        },
    ),
    answer=at_the_edge(1),
    reasoning={
        "en": "Red 310, green -170, blue 325, and the bias 1: a convolution adds the channels up, it does not keep them"
        " apart.",
        "zh-TW": "紅色 310、綠色 -170、藍色 325，再加上偏差值 1：卷積會把各通道加總，而不是分開保留。",
    },
    rtol=0.0,
    wrong=(465.0, -25.0, 310.0),
)

PARAMETERS = Quantity(
    name="parameters",
    title={"en": "What a 1x1 convolution saves", "zh-TW": "1x1 卷積省下多少"},
    task={
        "en": "A 5x5 convolution reads 192 channels and writes 32. Before it you may put a 1x1 convolution that reduces"
        " the 192 channels to 16. Every convolution has a bias for each channel that it writes. How many parameters do"
        " you save, with the 1x1 convolution counted in?",
        "zh-TW": "一個 5x5 卷積讀入 192 個通道，寫出 32 個。你可以在它前面放一個 1x1 卷積，先把 192 個通道減為 16 個。"
        "每個卷積的每個輸出通道都有一個偏差值。把 1x1 卷積也算進去，總共省下多少參數？",
    },
    points=2,
    hints=(
        {
            "en": "A convolution of k x k pixels has k k weights for each pair of an input and an output channel.",
            "zh-TW": "k x k 的卷積，對每一對輸入與輸出通道都有 k k 個權重。",
        },
    ),
    answer=(25 * 192 * 32 + 32) - (192 * 16 + 16 + 25 * 16 * 32 + 32),
    reasoning={
        "en": "153,632 parameters without, and 3,088 + 12,832 = 15,920 with the 1x1 convolution: Inception's way of"
        " reducing channels.",
        "zh-TW": "不用 1x1 卷積是 153,632 個參數；用了是 3,088 + 12,832 = 15,920 個：這就是 Inception 減少通道的方法。",
    },
    rtol=0.0,
    wrong=(140_800.0, 137_728.0, 15_920.0, 153_632.0),
)

DROPOUT = Choice(
    name="dropout",
    title={"en": "Better on what it has not seen?", "zh-TW": "沒看過的反而比較準？"},
    task={
        "en": "With strong dropout, the accuracy that is logged during training on the training pictures is lower than"
        " the one on the validation pictures. Which explanation fits?",
        "zh-TW": "dropout 很強時，訓練過程中在訓練圖片上記錄到的準確率，比驗證圖片上的還低。哪個解釋說得通？",
    },
    points=1,
    hints=(
        {
            "en": "What is different in the network itself when it is trained and when it is validated?",
            "zh-TW": "訓練時和驗證時，網路本身有什麼不同？",
        },
    ),
    options=(
        {"en": "The network is overfitting.", "zh-TW": "網路過度擬合了。"},
        {
            "en": "In training some units are switched off at each step; in validation all of them help.",
            "zh-TW": "訓練時每一步都有一些單元被關掉；驗證時所有單元都派上用場。",
        },
        {"en": "The validation pictures were used for training by mistake.", "zh-TW": "驗證圖片不小心被拿去訓練了。"},
        {"en": "The learning rate is too low.", "zh-TW": "學習率太低。"},
    ),
    answer=1,
    why=(
        {
            "en": "Overfitting shows the other way round: better on what it has seen.",
            "zh-TW": "過度擬合正好相反：看過的比較準。",
        },
        {
            "en": "So both are not measured on the same network; and the training figure is a mean over an epoch in"
            " which the weights were still getting better.",
            "zh-TW": "所以兩個數字量的不是同一個網路；而且訓練的數字是整個 epoch 的平均，當時權重還在變好。",
        },
        {
            "en": "Then both would be about equally good, not the validation better.",
            "zh-TW": "那樣兩者會差不多，驗證不會比較好。",
        },
        {
            "en": "A low rate makes both figures rise slowly; it does not set them apart.",
            "zh-TW": "學習率低只會讓兩個數字都慢慢上升，不會讓它們分開。",
        },
    ),
)

BETTER = Beat(
    name="better_accuracy",
    title={"en": "A classifier of your own", "zh-TW": "你自己的分類器"},
    task={
        "en": "Train an image classifier on the built-in digits that reaches an accuracy of at least 0.993 on the test"
        " pictures. Choose by the validation score; the test is for the end.",
        "zh-TW": "用內建的手寫數字訓練一個影像分類器，在測試圖片上準確率至少 0.993。"
        "請依驗證分數挑選，測試資料留到最後。",
    },
    points=3,
    hints=(
        {
            "en": "More pictures cost nothing here: shifted ones are new to the network (see the augmentation"
            " settings).",
            "zh-TW": "在這裡，更多圖片不用花錢：平移過的圖片對網路來說就是新的（見資料擴增的設定）。",
        },
        {
            "en": "Then more epochs, with a learning rate that falls to zero, or another model of the same room.",
            "zh-TW": "接著增加 epoch，並讓學習率逐漸降到零；或換成這個房間裡的另一個模型。",
        },
    ),
    room="image_classifier",
    metric="accuracy",
    at_least=0.993,
)

EXERCISES: tuple[Exercise, ...] = (CONVOLUTION, POOLING, SHIFT, CORNER, PARAMETERS, DROPOUT, BETTER)
