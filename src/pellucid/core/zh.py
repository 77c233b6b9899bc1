"""The phrase book of everything that is no room's own: inputs, files, tables, formulas, runs."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    # hints at the end of many sentences
    (".", "。"),
    (". Did you mean {word}?", "。是不是 {word}？"),
    # inputs
    ("{name}: {value} is not text", "{name}：{value} 不是文字"),
    (
        "{name}: holds a NUL character or half a surrogate pair, which no text has",
        "{name}：含有 NUL 字元或半個代理對，那不是文字",
    ),
    ("{name}: the text is empty; write at least one word", "{name}：沒有內容，請至少寫一個字"),
    ("{name}: {n} characters are more than the {most} allowed", "{name}：{n} 個字元超過上限 {most}"),
    # settings
    ("holds a NUL, or half of a surrogate pair, which is no character", "含有 NUL 字元或半個代理對，那不是文字"),
    # pictures
    ("{name}: {text} is not text; send the picture as a data URL", "{name}：{text} 不是文字；圖片請用 data URL 傳送"),
    (
        "{text} is not a picture's data URL (data:image/png;base64,…, or jpeg or webp)",
        "{text} 不是圖片的 data URL（data:image/png;base64,…，或 jpeg、webp）",
    ),
    ("the data URL is damaged: its base64 cannot be read", "data URL 損壞，base64 無法解讀"),
    (
        "{what} is not a picture: give a file, its bytes, a data URL, or an array [H, W] or [H, W, 3]",
        "{what} 不是圖片；請給檔案、位元組、data URL，或陣列 [H, W]、[H, W, 3]",
    ),
    (
        "an array {shape} is not a picture: [H, W] is gray, [H, W, 3] is in colour",
        "形狀 {shape} 的陣列不是圖片；[H, W] 是灰階，[H, W, 3] 是彩色",
    ),
    ("an array of {kind} that are not all numbers is not a picture", "內容不全是數字的 {kind} 陣列不是圖片"),
    (
        "the array's numbers go from {low} to {high}: give bytes (0 to 255), or fractions from 0 to 1",
        "陣列的數字從 {low} 到 {high}；請給 0 到 255 的整數，或 0 到 1 的小數",
    ),
    (
        "{name}has {width} × {height} pixels, at most {most} a side are taken",
        "{name}有 {width} × {height} 像素，每邊最多 {most}",
    ),
    ("{name}has {width} × {height} pixels; make it smaller", "{name}有 {width} × {height} 像素，請縮小"),
    ("{name}has more than {most} pixels; make it smaller", "{name}超過 {most} 個像素，請縮小"),
    ("{name}is animated; save one picture of it", "{name}是動畫，請另存其中一張"),
    ("{name}is not a PNG, JPEG or WebP picture, or is broken", "{name}不是 PNG、JPEG 或 WebP 圖片，或已經損壞"),
    ("{name}is broken: {why}", "{name}損壞：{why}"),
    ("{path}: is not a file; name one picture", "{path}：不是檔案，請指定一張圖片"),
    ("{path}: is no idx file (it does not begin with two zero bytes)", "{path}：不是 idx 檔（開頭不是兩個零位元組）"),
    (
        "{path}: holds numbers of type 0x{kind}, and pictures and labels are bytes (0x08)",
        "{path}：數字的型別是 0x{kind}，但圖片與標籤都是位元組（0x08）",
    ),
    ("{path}: has {found} axes, and {axes} are needed", "{path}：有 {found} 個軸，需要 {axes} 個"),
    ("{path}: is cut off within its header", "{path}：檔頭就被截斷了"),
    ("{path}: is empty: its array has the shape {shape}", "{path}：是空的，陣列的形狀是 {shape}"),
    (
        "{path}: is {short}: {n} bytes where the shape {shape} takes {size}",
        "{path}：有 {n} 個位元組，但形狀 {shape} 需要 {size} 個",
    ),
    ("{path}: unpacks to more than {most} bytes", "{path}：解壓縮後超過 {most} 個位元組"),
    (
        "{folder}: {name} (or {again}.gz) is missing; {n} of the 4 idx files are there",
        "{folder}：少了 {name}（或 {again}.gz）；四個 idx 檔只有 {n} 個",
    ),
    ("{path}: {n} pictures, but {labels} has {count} labels", "{path}：有 {n} 張圖片，{labels} 卻有 {count} 個標籤"),
    ("{path}: is damaged: {why}", "{path}：損壞：{why}"),
    ("{folder}: is a file; give a folder", "{folder}：是檔案，請指定資料夾"),
    ("{folder}: there is no such folder; give a folder", "{folder}：沒有這個資料夾"),
    ("{folder}: {what}; give a folder", "{folder}：{what}；請指定資料夾"),
    (
        "{folder}: this class has no PNG, JPEG or WebP picture; remove its folder or fill it",
        "{folder}：這個類別沒有 PNG、JPEG 或 WebP 圖片；請移除資料夾或放入圖片",
    ),
    (
        "{folder}: has {what}; it needs a folder for each class: {example}",
        "{folder}：裡面是 {what}；每個類別要有一個資料夾：{example}",
    ),
    (
        "{folder}: {name} and {other} are the same part; keep one of them",
        "{folder}：{name} 與 {other} 是同一部分，請留一個",
    ),
    (
        "{folder}: the classes {other} and {label} differ in case only; rename or merge them",
        "{folder}：類別 {other} 與 {label} 只差在大小寫；請改名或合併",
    ),
    (
        "{result~}; mend or remove it, or leave such files out: on_bad=skip",
        "{result~}；請修好或移除，或用 on_bad=skip 略過這種檔案",
    ),
    ("{file}: has no PNG, JPEG or WebP picture", "{file}：沒有 PNG、JPEG 或 WebP 圖片"),
    # files of one's own
    ("{path}: there is no such file or folder", "{path}：沒有這個檔案或資料夾"),
    ("{path}: there is no such file{hint~}", "{path}：沒有這個檔案{hint~}"),
    ("{path}: there is no folder {folder}", "{path}：沒有 {folder} 這個資料夾"),
    ("{path}: is a folder without files", "{path}：是個空資料夾"),
    ("{path}: is a folder; give one file in it", "{path}：是資料夾，請指定裡面的一個檔案"),
    ("{path}: is not a regular file; save the data to a file first", "{path}：不是一般檔案，請先把資料存成檔案"),
    ("{path}: is empty", "{path}：是空的"),
    ("{path}: cannot be read ({why})", "{path}：無法讀取（{why}）"),
    ("{path}: cannot be read: it is not UTF-8 text", "{path}：無法讀取：不是 UTF-8 文字"),
    ("{path}: cannot be read: {why}", "{path}：無法讀取：{why}"),
    (
        "{path}: is a spreadsheet; save it as 'CSV UTF-8' and give that file",
        "{path}：是試算表，請另存成「CSV UTF-8」再用那個檔案",
    ),
    (
        "{path}: the suffix {suffix} is not one of {known}; rename the file to end in the one that it is",
        "{path}：副檔名 {suffix} 不是 {known} 其中之一，請改成符合內容的副檔名",
    ),
    (
        "{path}: has no suffix of {known}; rename the file to end in the one that it is",
        "{path}：副檔名不是 {known} 其中之一，請改成符合內容的副檔名",
    ),
    (
        "{path}: {what} {known}; rename the file to end in the one that it is",
        "{path}：{what} {known}；請改成符合內容的副檔名",
    ),
    ("format: {name} is not one of {known}{hint~}", "format：{name} 不是 {known} 其中之一{hint~}"),
    (
        "delimiter: {text} is not one character that can stand between cells",
        "delimiter：{text} 不是可以放在兩格之間的單一字元",
    ),
    ("columns: give at least one name, in a list or a mapping", "columns：請至少給一個欄名，用 list 或 mapping"),
    ("on_bad: {value} is neither 'refuse' nor 'skip'", "on_bad：{value} 既不是 'refuse' 也不是 'skip'"),
    ("encoding: {name} is not a text encoding, as {known} are", "encoding：{name} 不是文字編碼，例如 {known} 才是"),
    ("{path}, line {line}: cannot be read ({why})", "{path} 第 {line} 行：無法讀取（{why}）"),
    (
        "{path}, line {line}: longer than {n} characters: this is not a file with one example a line",
        "{path} 第 {line} 行：超過 {n} 個字元，這不是一行一筆的檔案",
    ),
    (
        "{path}: the {kind} data are damaged near line {line}, byte {byte} of the file ({why}): "
        "download or copy the file again",
        "{path}：{kind} 資料在第 {line} 行附近（檔案的第 {byte} 個位元組）損壞（{why}），請重新下載或複製",
    ),
    (
        "{path}: the {kind} data end too early, after line {line}: download or copy the file again",
        "{path}：{kind} 資料在第 {line} 行之後就中斷了，請重新下載或複製",
    ),
    (
        "{path}: is not {kind} data: rename it without {suffix} if it is plain text",
        "{path}：不是 {kind} 資料；如果是純文字，請去掉 {suffix}",
    ),
    (
        "{path}, line {line}: {wrong} is not {encoding} text{hint~}",
        "{path} 第 {line} 行：{wrong} 不是 {encoding} 文字{hint~}",
    ),
    ("{path}: is not {encoding} text, or changed while it was read", "{path}：不是 {encoding} 文字，或在讀取時被改動"),
    ("{path}: is not {encoding} text ({why}){hint~}", "{path}：不是 {encoding} 文字（{why}）{hint~}"),
    (": try --encoding {guess}", "：試試編碼 {guess}"),
    (": give the file's own with --encoding", "：請指定這個檔案的編碼"),
    # tables
    ("{path}: holds no row that can be used: {report~}", "{path}：沒有一列可以用：{report~}"),
    ("{path}: holds no row that can be used", "{path}：沒有一列可以用"),
    ("{n} row was skipped, the first at {place}: {why~}", "略過 {n} 列，在 {place}：{why~}"),
    ("{n} rows were skipped, the first at {place}: {why~}", "略過 {n} 列，第一個在 {place}：{why~}"),
    ("{path}, line {line}: {why~}", "{path} 第 {line} 行：{why~}"),
    ("{path}, row {line}: {why~}", "{path} 第 {line} 列：{why~}"),
    ("{path}, {unit} {line}: {why~}", "{path}，{unit} {line}：{why~}"),
    ("{path}: a text file has one column, not {n} ({names})", "{path}：純文字檔只有一欄，不是 {n} 欄（{names}）"),
    ("{path}: the header names {column} {n} times; rename one", "{path}：標題列有 {n} 個 {column}，請改掉重複的"),
    (
        "{path}: without a header line the column {name} is a number from 1 to {most}, not {column}",
        "{path}：沒有標題列時，欄 {name} 要用 1 到 {most} 的編號，不是 {column}",
    ),
    ("{path}: no column {column} among {names}{hint~}", "{path}：沒有 {column} 這一欄，只有 {names}{hint~}"),
    ("; are the cells separated by {mark}?", "；各格是不是以 {mark} 分隔？"),
    ("; without a header line give columns by number, 1 for the first", "；沒有標題列時請用編號，第一欄是 1"),
    ("{n} {cells} where {line} has {width} ({many~})", "有 {n} 格，但 {line} 有 {width} 格（{many~}）"),
    ("an unquoted delimiter in a cell?", "是不是某一格裡有沒加引號的分隔符號？"),
    ("a line broken in two?", "是不是一列斷成了兩行？"),
    (
        "{where}: the quote that opens here is never closed; where quotes are ordinary characters, use --no-quoting",
        "{where}：從這裡開始的引號沒有結束；如果引號只是普通字元，請關閉 quoting",
    ),
    (
        "{what} is never closed; where quotes are ordinary characters, use --no-quoting",
        "{what}：引號沒有結束；如果引號只是普通字元，請關閉 quoting",
    ),
    (
        "{what} is not closed within {n} characters; is one missing?",
        "{what}：{n} 個字元內引號都沒有結束，是不是少了一個？",
    ),
    (
        "a quote that opens at line {line} closes {where} before the cell ends; inside a cell, double it",
        "第 {line} 行開始的引號在這一格結束之前就關上了；格子裡的引號要寫兩個",
    ),
    (
        "a NUL character; a binary file, or UTF-16 text (then use --encoding utf-16-le)",
        "有 NUL 字元：可能是二進位檔，或 UTF-16 文字（請把編碼設成 utf-16-le）",
    ),
    (
        "not valid JSON: {why} at column {column}; one whole object a line is needed",
        "第 {column} 個字不是正確的 JSON（{why}）；一行要有一個完整的物件",
    ),
    ("JSON with lists or objects nested too deeply", "JSON 的巢狀太深"),
    ("JSON with a number of too many digits", "JSON 裡有位數太多的數字"),
    ("{kind}, not an object as {example}", "是 {kind}，不是像 {example} 這樣的物件"),
    ("no {column} among {names}{hint~}", "沒有 {column}，只有 {names}{hint~}"),
    ("{column} is {kind}, not text", "{column} 是 {kind}，不是文字"),
    ("{column} is empty", "{column} 是空的"),
    (
        "{column} holds half a surrogate pair (\\ud800 to \\udfff), which is no character",
        "{column} 含有半個代理對（\\ud800 到 \\udfff），那不是字元",
    ),
    (
        "{path}: the Parquet data end too early, at byte {n}: copy the file again",
        "{path}：Parquet 資料在第 {n} 個位元組就中斷了，請重新複製",
    ),
    ("{path}: is not Parquet data (it begins with {start})", "{path}：不是 Parquet 資料（開頭是 {start}）"),
    ("{path}: is not Parquet data that can be read ({why})", "{path}：不是可以讀取的 Parquet 資料（{why}）"),
    ("{path}: the Parquet data are damaged after row {n} ({why})", "{path}：Parquet 資料在第 {n} 列之後損壞（{why}）"),
    (
        "labels: at least 2 classes are needed, and all {n} rows have {label}",
        "至少要有 2 個類別，但全部 {n} 列都是 {label}",
    ),
    (
        "labels: class {label} has {n} different examples; at least {least} are needed, one each for {parts}",
        "類別 {label} 只有 {n} 筆不同的資料；至少要 {least} 筆，{parts} 各一筆",
    ),
    # corpora
    (
        "{said~}, or keep what is whole: on_bad=skip",
        "{said~}；也可以只留下完整的部分：on_bad=skip",
    ),
    ("{path}: there is no such file or folder{hint~}", "{path}：沒有這個檔案或資料夾{hint~}"),
    ("{path}: holds no words: {report~}", "{path}：沒有任何詞：{report~}"),
    ("{path}: holds no words", "{path}：沒有任何詞"),
    ("{n} part was left out, the first: {why~}", "略過 {n} 個部分：{why~}"),
    ("{n} parts were left out, the first: {why~}", "略過 {n} 個部分，第一個：{why~}"),
    (
        "{path}, {place}: a NUL character; a binary file, or UTF-16 text (then use --encoding utf-16-le)",
        "{path}，{place}：有 NUL 字元，可能是二進位檔，或 UTF-16 文字（請把編碼設成 utf-16-le）",
    ),
    (
        "{path}: a NUL character; a binary file, or UTF-16 text (then use --encoding utf-16-le)",
        "{path}：有 NUL 字元，可能是二進位檔，或 UTF-16 文字（請把編碼設成 utf-16-le）",
    ),
    ("bytes that are not {encoding} text", "有不是 {encoding} 文字的位元組"),
    ("{path}: changed while it was read; run again", "{path}：在讀取時被改動，請再執行一次"),
    (
        "min_count: no word occurs {n} times; the most frequent, {word}, occurs {most} times",
        "min_count：沒有詞出現 {n} 次；最常見的 {word} 出現 {most} 次",
    ),
    (
        "{folder}: the disk is full; make room or choose a folder on another disk (PELLUCID_DATA), then run again: "
        "what is done is kept",
        "{folder}：磁碟已滿；請騰出空間，或用 PELLUCID_DATA 指定另一個磁碟的資料夾，再執行一次，已完成的部分會保留",
    ),
    ("{folder}: holds no corpus (it has no {name})", "{folder}：裡面沒有語料庫（沒有 {name}）"),
    (
        "{folder}: was built without its texts; build it with keep_text",
        "{folder}：建立時沒有保留原文；請用 keep_text 重建",
    ),
    (
        "{folder}: not written by this version of Pellucid (format {n} is read)",
        "{folder}：不是這個版本的 Pellucid 寫的（能讀的是格式 {n}）",
    ),
    (
        "{file}: damaged: missing, or of another size; remove {folder} and build it again",
        "{file}：損壞：不見了或大小不對；請移除 {folder} 再重建",
    ),
    ("{file}: damaged: its checksum is wrong; remove {folder}", "{file}：損壞：檢查碼不對；請移除 {folder}"),
    ("{path}: damaged; run again", "{path}：損壞，請再執行一次"),
    (
        "stopped; what is done is kept in {work}, and the same command goes on",
        "已停止；完成的部分留在 {work}，用同一個指令就會接著做",
    ),
    (
        "a process that cuts text into words ended unexpectedly (is the memory full?); run again, with fewer workers: "
        "what is done is kept",
        "負責斷詞的行程意外結束（記憶體滿了嗎？）；請減少 workers 再執行一次，已完成的部分會保留",
    ),
    (
        "words: jieba is not installed: pip install 'pellucid[zh]', or take words=characters",
        "words：沒有安裝 jieba：請執行 pip install 'pellucid[zh]'，或改用 words=characters",
    ),
    ("{field}: {value} is not one of {known}{hint~}", "{field}：{value} 不是 {known} 其中之一{hint~}"),
    (
        "stop_words: {value} is neither 'english' nor a list of words",
        "stop_words：{value} 既不是 'english' 也不是詞的清單",
    ),
    ("min_letters: {n} is less than 1", "min_letters：{n} 小於 1"),
    # files that are answered
    (
        "{said~}; mend it, or have the other rows answered: on_bad=skip",
        "{said~}；請修正，或用 on_bad=skip 先回答其餘各列",
    ),
    # formulas
    ("{where}, line {line}, column {column}: {reason~}", "{where}第 {line} 行第 {column} 個字：{reason~}"),
    ("{where}, column {column}: {reason~}", "{where}，第 {column} 個字：{reason~}"),
    ("the formula is empty", "沒有寫出公式"),
    ("{text} was not expected here; an operator is missing before it", "這裡不該出現 {text}，它前面少了運算符號"),
    ("nested more than {n} deep", "括號巢狀超過 {n} 層"),
    ("ends where a number, a name or ( was expected", "這裡應該要有數字、名稱或 (，公式卻結束了"),
    ("{what} where a number, a name or ( was expected", "這裡應該是數字、名稱或 (，不是 {what}"),
    ("the ( in column {column} is not closed here", "第 {column} 個字的 ( 在這裡還沒有關上"),
    (
        "a number of at most {n} characters, between 1e-100 and 1e100, would do",
        "數字最多 {n} 個字元，大小在 1e-100 到 1e100 之間",
    ),
    ("a name of at most 20 characters would do", "名稱最多 20 個字元"),
    ("{name} is no function here{hint~} {known~}", "{name} 不是可用的函數{hint~}{known~}"),
    ("Functions: {names}", "可用的函數：{names}"),
    ("this becomes too large a number", "這個數字會變得太大"),
    ("this becomes too large or too small a number", "這個數字會變得太大或太小"),
    ("this is no real number", "這不是實數"),
    ("the exponent {value} is too large; at most {most} would do", "指數 {value} 太大，最多 {most}"),
    ("an exponent that can reach {value}; at most {most} would do", "指數可能大到 {value}，最多 {most}"),
    ("the numbers inside have too many digits", "裡面的數字位數太多"),
    ("division by 0", "除以 0"),
    ("'_' stands within a name, once at a time, as in x_1", "底線只能夾在名稱中間，一次一個，例如 x_1"),
    ("longer than {n} numbers, names and signs", "超過 {n} 個數字、名稱與符號"),
    ("{n} characters are more than the {most} allowed", "{n} 個字元超過上限 {most}"),
    ("{name} needs its argument in brackets: {example}", "{name} 的引數要放在括號裡：{example}"),
    ("{text} is unknown{hint~} Variables: {names}. {known~}", "看不懂 {text}{hint~}變數：{names}。{known~}"),
    ("'=' has no place inside a formula", "公式裡面不能有 ="),
    (
        "{text} is no part of a formula: a decimal point is written .; numbers, names, + - * / ^ ( ) are, and {names}",
        "公式裡不能有 {text}，小數點請寫成 .；可以用數字、名稱、+ - * / ^ ( ) 與 {names}",
    ),
    (
        "{text} is no part of a formula; numbers, names, + - * / ^ ( ) are, and {names}",
        "公式裡不能有 {text}；可以用數字、名稱、+ - * / ^ ( ) 與 {names}",
    ),
    ("{text} is no part of a formula; names are written in a to z", "公式裡不能有 {text}；名稱只用 a 到 z"),
    ("{text}: is not a real number anywhere", "{text}：在任何地方都不是實數"),
    ("{text}: its derivatives become too long; a shorter formula would do", "{text}：導數太長，請寫短一點的公式"),
    # training
    (
        "the loss became {loss} by step {step} (epoch {epoch}): lower learning_rate ({rate}) or set clip_norm",
        "到第 {step} 步（第 {epoch} 個 epoch）損失變成 {loss}：請降低 learning_rate（現在是 {rate}）或設定 clip_norm",
    ),
    (
        "the monitored score became {score} in epoch {epoch}: lower learning_rate",
        "第 {epoch} 個 epoch 的驗證分數變成 {score}：請降低 learning_rate",
    ),
    ("device: 'mps' is not here; try auto", "device：這台機器沒有 mps，請改用 auto"),
    (
        "device: {name} is not here ({n} CUDA devices found); try auto",
        "device：這台機器沒有 {name}（找到 {n} 個 CUDA 裝置），請改用 auto",
    ),
    ("{n} GPUs are too few for process {rank} of this host", "{n} 個 GPU 不夠給這台主機的第 {rank} 個行程"),
    # runs
    ("{path}: no free name for another run in this second; try again", "{path}：這一秒內沒有可用的名稱了，請再試一次"),
    ("{path}: not a run folder (it has no run.json)", "{path}：不是執行紀錄的資料夾（裡面沒有 run.json）"),
    (
        "{file}: not written by this version of Pellucid (format {n} is read)",
        "{file}：不是這個版本的 Pellucid 寫的（能讀的是格式 {n}）",
    ),
    (
        "{source}: has changed since {path} was started; start a new run on it",
        "{source}：在 {path} 開始之後被改動過，請重新開始一個訓練",
    ),
    (
        "{source}: has changed since this run was trained on it; its parts are others",
        "{source}：在這次訓練之後被改動過，切分已經不同",
    ),
    ("{file}: damaged: not a JSON object", "{file}：損壞，不是 JSON 物件"),
    ("{file}: damaged: its files do not fit together ({why})", "{file}：損壞，各個檔案彼此不合（{why}）"),
    ("{file}: damaged: {why}", "{file}：損壞：{why}"),
    (
        "{file}: cannot be written: {why}; make room or choose another place",
        "{file}：無法寫入（{why}），請騰出空間或換個位置",
    ),
    (
        "{file}: cannot be written: {why}; choose another place (PELLUCID_DATA, --runs)",
        "{file}：無法寫入（{why}），請換個位置（PELLUCID_DATA、--runs）",
    ),
    ("{file}: cannot be written: {why}", "{file}：無法寫入（{why}）"),
    ("{path}: cannot be made: {why}; choose another --runs", "{path}：無法建立（{why}），請換一個 --runs"),
    (
        "{file}: missing; this run has not got so far, or the file was removed",
        "{file}：不見了；訓練還沒到那裡，或檔案被移走了",
    ),
    ("{file}: no weights yet; train this run to its first validation", "{file}：還沒有權重，請先訓練到第一次驗證"),
    # whatever stands before a sentence: a field, a file, a value
    ("{place}: {message~}", "{place}：{message~}"),
)
