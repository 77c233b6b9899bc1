"""Linear regression, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    ("{input}, line {line}: {name} stands there twice; write it once", "第 {line} 行：{name} 寫了兩次，請只寫一次"),
    ("features, line {line}: {rest~}", "第 {line} 行：{rest~}"),
    ("names no column; write some, separated by commas", "沒有寫任何一欄；請寫欄名，以逗號分隔"),
    ("names {name} twice", "{name} 寫了兩次"),
    ("names {n} columns; at most {most} are taken", "寫了 {n} 欄，最多 {most} 欄"),
    (
        "{name} holds one of = : ; which separate numbers in an input; rename the column",
        "{name} 含有 = : ; 其中之一，那是輸入時用來分隔的符號；請改掉這一欄的名稱",
    ),
    (
        "features: {name} is the target itself; what is to be predicted is not known then",
        "features：{name} 就是要預測的那一欄；預測時還不知道它",
    ),
    (
        "{path}: {n} different rows are too few; at least {least} are needed",
        "{path}：只有 {n} 列不同的資料，至少要 {least} 列",
    ),
    (
        "{path}: a table with columns is needed: .csv, .tsv, .jsonl or .parquet",
        "{path}：需要有欄位的表格：.csv、.tsv、.jsonl 或 .parquet",
    ),
    (
        "{path}, line {line}, column {column}: {value}; this run knows {known}",
        "{path} 第 {line} 行的 {column}：{value}；這次訓練只認得 {known}",
    ),
    (
        "{path}, column {name}: {n} different classes ({some}); two are needed",
        "{path} 的 {name} 欄有 {n} 種類別（{some}）；需要恰好兩種",
    ),
    (
        "positive: {value} is not in {path}{hint~} It has {found}",
        "positive：{path} 裡沒有 {value}{hint~}有的是 {found}",
    ),
    (
        "{path}: classes {first} and {second}: whose probability is meant? Set positive",
        "{path}：類別 {first} 與 {second}，要預測哪一類的機率？請設定 positive",
    ),
    (
        "{path}, column {name}: is {value} in all {n} training rows and tells nothing; leave it out of features",
        "{path} 的 {name} 欄在全部 {n} 列訓練資料裡都是 {value}，沒有任何資訊；請從 features 拿掉",
    ),
    ("{path}, column {name}: is the same in all {n} training rows", "{path} 的 {name} 欄在全部 {n} 列訓練資料裡都一樣"),
    (
        "{path}: {n} training rows are too few for {features} features and an intercept without a"
        " penalty; take fewer features, more rows or --penalty l2",
        "{path}：沒有懲罰項時，{n} 列訓練資料不夠學 {features} 個特徵和截距；請減少特徵、增加資料，或用 penalty l2",
    ),
    ("{path}, {unit} {line}, {complaint~}", "{path}，{unit} {line}，{complaint~}"),
    (
        "column {name}: is empty; fill it in, or leave such rows out with --on-bad skip",
        "{name} 欄是空的；請填上，或把 on_bad 設成 skip",
    ),
    ("column {name}: {trouble~}", "{name} 欄：{trouble~}"),
    ("{text} is no number to compute with; leave it out", "{text} 不是可以計算的數字，請拿掉"),
    ("{text} is not a number{hint~}", "{text} 不是數字{hint~}"),
    ("; write {number}", "；請寫 {number}"),
    ("; digits are needed, like 12.5", "；需要數字，例如 12.5"),
    ("; write numbers without a thousands separator", "；數字請不要加千分位"),
    ("{text} is too large to compute with; use another unit", "{text} 太大，無法計算；請換個單位"),
    (
        "learning_rate: {rate} is too large: after {n} steps the loss is {now}, from {start} at the start; on"
        " these data it must be below {limit}",
        "learning_rate：{rate} 太大：{n} 步之後損失從 {start} 變成 {now}；在這份資料上必須小於 {limit}",
    ),
    ("features: {names} is missing; write {text}", "少了 {names}；請寫成 {text}"),
    ("features: {names} are missing; write {text}", "少了 {names}；請寫成 {text}"),
    ("{input}: {names} {verb} missing; write {text}", "少了 {names}；請寫成 {text}"),
    ("{text} is not name = number{hint~}", "{text} 不是「名稱 = 數值」{hint~}"),
    ("{name} is no feature of this run{hint~} It has: {names}", "{name} 不是這次訓練的特徵{hint~}它有：{names}"),
)
