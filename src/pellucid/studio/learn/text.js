// @ts-check
// Sentences around a lesson; the lesson itself comes from the server.

export const TEXT = {
  lesson: { en: "Lesson", "zh-TW": "課程" },
  loading: { en: "Loading the lesson", "zh-TW": "課程載入中" },
  failed: { en: "The lesson could not be loaded: {why}", "zh-TW": "無法載入課程：{why}" },
  again: { en: "Try again", "zh-TW": "再試一次" },
  other: { en: "This lesson is written in Chinese only.", "zh-TW": "這個課程目前只有英文版。" },

  where: { en: "{n} of {pages} · {title}", "zh-TW": "{n}／{pages} · {title}" },
  contents: { en: "Contents: page {n} of {pages}", "zh-TW": "目錄：第 {n} 頁，共 {pages} 頁" },
  read: { en: "read", "zh-TW": "已讀" },
  turn: { en: "Pages", "zh-TW": "翻頁" },
  previous: { en: "Previous page", "zh-TW": "上一頁" },
  next: { en: "Next page", "zh-TW": "下一頁" },

  table: { en: "Table", "zh-TW": "表格" },
  formula: { en: "Formula", "zh-TW": "公式" },
  code: { en: "Code", "zh-TW": "程式碼" },
  hint: { en: "Hint", "zh-TW": "提示" },
  answer: { en: "Answer", "zh-TW": "解答" },
  exercise: { en: "Exercise {n}", "zh-TW": "練習 {n}" },
  does_look: { en: "look", "zh-TW": "觀察" },
  does_predict: { en: "predict, then look", "zh-TW": "先預測，再觀察" },
  does_change: { en: "change it", "zh-TW": "動手改" },

  expected: { en: "Measured: {ask}", "zh-TW": "實測：{ask}" },
  summary: { en: "Counted: {ask}", "zh-TW": "計數：{ask}" },
  trace: { en: "The bundled network at “{input}”: {ask}", "zh-TW": "內附網路讀「{input}」時：{ask}" },
  run: { en: "Of the selected run: {ask}", "zh-TW": "所選訓練：{ask}" },

  started: {
    en: "The training is in the queue and starts as soon as its turn comes.",
    "zh-TW": "訓練已排入佇列，輪到時就會開始。",
  },
  refused: { en: "The training did not start: {why}", "zh-TW": "訓練無法開始：{why}" },
  watch: { en: "Watch", "zh-TW": "查看" },
};
