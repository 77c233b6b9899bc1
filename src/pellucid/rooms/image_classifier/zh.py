"""Image classifier, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    (
        "freeze: backbone, but there is no run to take it from; set start_from",
        "freeze：設成 backbone，卻沒有可以沿用的訓練；請設定 start_from",
    ),
    (
        "{path}: no picture is in the {part} part that is not in a later one, too",
        "{path}：{part} 部分的圖片在後面的部分也都有",
    ),
    (
        "size: pictures of {size} × {side} pixels; the networks need 8 × 8 or more",
        "size：圖片是 {size} × {size} 像素；網路至少需要 8 × 8",
    ),
    (
        "classes: {name} alone is no choice; name two or more of {known}",
        "classes：只有 {name} 沒得選；請從 {known} 中寫兩個以上",
    ),
    ("classes: {names}: no picture of them is in the {part} part", "classes：{names}：{part} 部分沒有它們的圖片"),
    ("classes: {name} is not in the data{hint~} It has {known}", "classes：資料裡沒有 {name}{hint~}有的是 {known}"),
    (
        "{file}: class {name} is not one that this run knows{hint~} It knows {known}",
        "{file}：這次訓練不認得類別 {name}{hint~}它認得 {known}",
    ),
    ("start_from: {folder} has other layers; set {needed}", "start_from：{folder} 的各層不同；請設定 {needed}"),
    (
        "start_from: {folder} has learned from other pictures; set {needed}",
        "start_from：{folder} 學的是另一種圖片；請設定 {needed}",
    ),
    (
        "start_from: {folder}: damaged: its weights are not those of its configuration",
        "start_from：{folder} 損壞，權重與它的設定不合",
    ),
    ("{folder}: is a run of {room}, not of {name}", "{folder}：是 {room} 的訓練，不是 {name} 的"),
    (
        "start_from: {folder}: damaged: its codec.json has no proper {key}",
        "start_from：{folder} 損壞，codec.json 沒有正確的 {key}",
    ),
    ("start_from: {error~}", "start_from：{error~}"),
    (
        "{field}: layer {layer} has a {kernel} × {side} kernel, but the picture has become {now} ×"
        " {now_again} there; choose {cure}a larger size",
        "{field}：{layer} 層的 kernel 是 {kernel} × {side}，但圖片到那裡只剩 {now} × {now}；請改設定或用大一點的 size",
    ),
)
