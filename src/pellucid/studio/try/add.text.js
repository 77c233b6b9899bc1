// @ts-check
// Sentences about adding to a run.

export const TEXT = {
  title: { en: "Add {what}", "zh-TW": "加入{what}" },
  about: {
    en: "New {what} are found at once; nothing is trained anew. They are read as the run's own were.",
    "zh-TW": "新的{what}馬上就找得到，不必重新訓練；讀取方式和這次訓練原有的資料相同。",
  },
  bundled: {
    en: "The run that comes with Pellucid stays as it is. Train one of your own, and add to that:",
    "zh-TW": "內附的執行紀錄不能更改。請先訓練自己的一次，再加入：",
  },
  train: { en: "to the training", "zh-TW": "前往訓練" },
  from: { en: "Where from", "zh-TW": "來源" },
  file: { en: "A file", "zh-TW": "檔案" },
  paste: { en: "Pasted text", "zh-TW": "貼上文字" },
  pasteHere: { en: "Paste {what} here, one a line", "zh-TW": "把{what}貼在這裡，一行一份" },
  kinds: {
    en: "Text (one a line), CSV, TSV, JSON Lines or Parquet, packed or not, at most 50 MB",
    "zh-TW": "純文字（一行一份）、CSV、TSV、JSON Lines 或 Parquet，可以壓縮，最多 50 MB",
  },
  howRead: { en: "How it is read", "zh-TW": "如何讀取" },
  add: { en: "Add", "zh-TW": "加入" },
  adding: { en: "Adding", "zh-TW": "加入中" },
  stop: { en: "Cancel", "zh-TW": "取消" },
  added: { en: "{n} {what} added; there are {total} now", "zh-TW": "已加入 {n} 份{what}，現在共有 {total} 份" },
  tooLarge: { en: "{name}: larger than 50 MB. Use pellucid add.", "zh-TW": "{name}：超過 50 MB，請使用 pellucid add。" },
};
