"""Document search, the phrase book: what its errors say in Traditional Chinese (see core/phrases.py)."""

from pellucid.core.phrases import Pairs

PHRASES: Pairs = (
    (
        "query: holds no word to look for (stop words and marks do not count)",
        "查詢裡沒有可以找的詞（停用詞與標點不算）",
    ),
    ("query: no document has {words}; try other words", "查詢：沒有文件含有 {words}；換別的詞試試"),
    (
        "query: no document has {words}. Did you mean {word}?",
        "查詢：沒有文件含有 {words}。你是指 {word} 嗎？",
    ),
    (
        "{file}, line {line}: no document is named {name}; some: {some}",
        "{file} 第 {line} 行：沒有名為 {name} 的文件；例如有：{some}",
    ),
    (
        "by lsa ranks among topics, but topics is 0; set topics, 100 for one",
        "by=lsa 要在主題上排名，但 topics 是 0；請設定 topics，例如 100",
    ),
    (
        "{documents} documents of {words} words are too many to ship as one model (at most {cells} weights and {bytes} "
        "bytes of text); lower vocabulary, or serve the run itself: pellucid studio",
        "{documents} 份文件、{words} 個詞太多，無法匯出成一個模型（最多 {cells} 個權重、{bytes} 位元組的文字）；"
        "請降低 vocabulary，或直接使用這次訓練：pellucid studio",
    ),
    ("the corpus holds no documents; give one with at least one", "語料裡沒有文件；至少要有一份"),
    (
        "no word is left: none of {n} is in at least {least} documents and in at most {share} of all {documents}; "
        "lower --min-documents or raise --max-share",
        "沒有剩下任何詞：{n} 個詞裡，沒有一個出現在至少 {least} 份文件、且不超過全部 {documents} 份的 {share}；"
        "請降低 --min-documents 或提高 --max-share",
    ),
    ("{file}: there is no document to add: {report~}", "{file}：沒有要加入的文件：{report~}"),
    ("{folder}: there is no document to add", "{folder}：沒有要加入的文件"),
    (
        "{place}: a document named {name} is there already; rename the new one, or leave such out: on_bad=skip",
        "{place}：已經有名為 {name} 的文件；請改掉新文件的名稱，或略過這種文件：on_bad=skip",
    ),
    ("{place}: a document named {name} is there already", "{place}：已經有名為 {name} 的文件"),
    ("{folder}: cannot be written: {reason}", "{folder}：無法寫入：{reason}"),
    (
        "this index has no topics: it was built with 0 of them; build it with --topics 100",
        "這個索引沒有主題：建立時設為 0 個；請用 --topics 100 重建",
    ),
    ("{file}: is missing from the index; build the index again", "{file}：索引裡缺少這個檔案；請重建索引"),
    ("{file}: is damaged; build the index again", "{file}：已損壞；請重建索引"),
    (
        "{folder}: another process is adding to this index; wait until it is done",
        "{folder}：另一個行程正在寫入這個索引；請等它完成",
    ),
    (
        "{folder}: the index cannot be written: {reason}; free some space",
        "{folder}：索引無法寫入：{reason}；請清出空間",
    ),
    (
        "{folder}: is an index of format {format}; this version reads {known}",
        "{folder}：是格式 {format} 的索引；這個版本讀取格式 {known}",
    ),
    ("{folder}: holds no index ({file} is missing)", "{folder}：沒有索引（缺少 {file}）"),
    ("{field} {value} is none of {known}", "{field} 的 {value} 不是 {known} 之一"),
)
