// @ts-check
// Sentences of the Try tab.

export const TEXT = {
  keys: { en: "Try", "zh-TW": "試用" },
  focusInput: { en: "Write in the message", "zh-TW": "移到簡訊輸入框" },
  switchMethod: { en: "Other measure of influence", "zh-TW": "換另一種影響力算法" },
  examples: { en: "Examples", "zh-TW": "範例" },
  lookInside: { en: "Look inside", "zh-TW": "透視內部" },
  compare: { en: "Edit a copy", "zh-TW": "編輯副本" },
  original: { en: "Original", "zh-TW": "原文" },
  edited: { en: "Edited copy", "zh-TW": "編輯後的副本" },
  keepCopy: { en: "Keep the copy", "zh-TW": "留下副本" },
  backToOriginal: { en: "Back to the original", "zh-TW": "回到原文" },
  noRun: {
    en: "No run of this system can answer yet. Train one, and try it here.",
    "zh-TW": "這個系統還沒有能回答的執行紀錄。先訓練一個，再回來試用。",
  },
  empty: { en: "Write something: the answer follows as you type.", "zh-TW": "寫點什麼：一邊打字，答案一邊更新。" },
  milliseconds: { en: "answered in {n} ms", "zh-TW": "{n} 毫秒內回答" },
  threshold: { en: "threshold {n}", "zh-TW": "門檻 {n}" },
  gauge: { en: "{title}: {value} on a scale from 0 to 1.", "zh-TW": "{title}：{value}（刻度從 0 到 1）。" },
  gaugeThreshold: { en: "From {n} on the answer changes.", "zh-TW": "從 {n} 起答案改變。" },
  changed: { en: "{title}: from {before} to {after}", "zh-TW": "{title}：從 {before} 變成 {after}" },
  sameLabel: { en: "the answer stays {label}", "zh-TW": "答案仍是 {label}" },
  otherLabel: { en: "the answer turns from {before} to {after}", "zh-TW": "答案從 {before} 變成 {after}" },
  wordsChanged: {
    en: "words: {removed} taken out, {added} put in",
    "zh-TW": "字詞：拿掉 {removed} 個，加入 {added} 個",
  },

  influence: { en: "What each word contributes", "zh-TW": "每個詞的影響力" },
  method: { en: "Measure of influence", "zh-TW": "影響力的算法" },
  occlusion: { en: "Occlusion", "zh-TW": "遮蔽" },
  gradient: { en: "Gradient · input", "zh-TW": "梯度 · 輸入" },
  aboutOcclusion: {
    en: "Each word in turn is hidden (read as an unknown word) and the model is asked again: its bar shows by how much the {score} fall, which says more than the probability where that is already certain. That is exactly true for the word alone, but it misses words that can stand in for each other: hide one, and the other still says it.",
    "zh-TW":
      "輪流把每個詞遮住（當作不認識的詞）再問一次模型：長條表示{score}因此下降多少；機率早已確定時，它比機率更看得出差別。單看這個詞，結果完全正確；但若有別的詞能替代它，遮住一個，另一個照樣表達，就看不出來。",
  },
  aboutGradient: {
    en: "The gradient of the {score} by the word's vector, times that vector: how much the vector adds if the model were a straight line. One backward pass gives it for all words, even where the probability is already certain; but the model is a curve, so the bars are a first approximation and need not add up.",
    "zh-TW":
      "{score}對這個詞向量的梯度，再乘上這個向量：如果模型是一條直線，這個向量會加上多少。一次反向傳播就得到所有詞的值，就算機率早已確定也看得到；但模型是彎的，所以這只是一階近似，加起來不必等於總和。",
  },
  speaksFor: { en: "raises it", "zh-TW": "使它升高" },
  speaksAgainst: { en: "lowers it", "zh-TW": "使它降低" },
  fullBar: { en: "full bar: ±{n}", "zh-TW": "滿格：±{n}" },
  notKnown: { en: "not in the vocabulary", "zh-TW": "不在詞彙表裡" },
  added: { en: "put in", "zh-TW": "加入" },
  removed: { en: "taken out", "zh-TW": "拿掉" },
  strip: { en: "The words in order, each with what it contributes", "zh-TW": "依序列出每個詞和它的影響力" },
  allWords: { en: "Show all {n} words", "zh-TW": "顯示全部 {n} 個詞" },

  file: { en: "A whole file", "zh-TW": "整個檔案" },
  aboutFile: {
    en: "Every row gets an answer, and you get the file back with the answers beside the inputs. Nothing leaves this machine.",
    "zh-TW": "每一列都會得到答案；取回的檔案裡，答案就在輸入旁邊。資料不會離開這台電腦。",
  },
  choose: { en: "Choose a file", "zh-TW": "選擇檔案" },
  otherFile: { en: "Another file", "zh-TW": "換一個檔案" },
  drop: { en: "or drop it here", "zh-TW": "或拖放到這裡" },
  kinds: { en: "CSV, TSV, JSON Lines, Parquet or text, at most 50 MB", "zh-TW": "CSV、TSV、JSON Lines、Parquet 或純文字，最多 50 MB" },
  column: { en: "Column", "zh-TW": "欄位" },
  encoding: { en: "Encoding", "zh-TW": "編碼" },
  form: { en: "Answers as", "zh-TW": "答案格式" },
  predict: { en: "Answer every row", "zh-TW": "回答每一列" },
  cancel: { en: "Cancel", "zh-TW": "取消" },
  predicting: { en: "Answering {name}", "zh-TW": "正在回答 {name}" },
  rows: { en: "{n} rows answered", "zh-TW": "已回答 {n} 列" },
  download: { en: "Download {name}", "zh-TW": "下載 {name}" },
  firstRows: { en: "The first rows", "zh-TW": "開頭幾列" },
  wrongKind: {
    en: "{name}: this kind of file cannot be read. CSV, TSV, JSON Lines, Parquet and text can.",
    "zh-TW": "{name}：無法讀取這種檔案。可以讀 CSV、TSV、JSON Lines、Parquet 和純文字。",
  },
  tooLarge: { en: "{name}: larger than 50 MB. Split it, or use pellucid predict --file.", "zh-TW": "{name}：超過 50 MB。請分成幾個檔案，或使用 pellucid predict --file。" },
  wrongFile: { en: "The file cannot be answered: {message}", "zh-TW": "無法回答這個檔案：{message}" },
};
