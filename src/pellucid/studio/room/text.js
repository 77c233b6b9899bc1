// @ts-check
// Sentences of the shell: header, tabs, choice of the run.

export const TEXT = {
  everywhere: { en: "Everywhere", "zh-TW": "任何頁面" },
  showKeys: { en: "Show the keys", "zh-TW": "顯示快速鍵" },
  find: { en: "Find a system, lesson page or run", "zh-TW": "搜尋系統、課程頁面或執行紀錄" },
  findHint: { en: "Find a system, page or run", "zh-TW": "搜尋系統、頁面或執行紀錄" },
  skip: { en: "Skip to the content", "zh-TW": "跳到主要內容" },
  toDark: { en: "Dark colours", "zh-TW": "深色模式" },
  toLight: { en: "Light colours", "zh-TW": "淺色模式" },
  day: { en: "Day {n}", "zh-TW": "第 {n} 天" },
  bonus: { en: "Bonus", "zh-TW": "加碼" },
  tabs: { en: "Parts of this room", "zh-TW": "本系統的分頁" },
  learn: { en: "Learn", "zh-TW": "學習" },
  train: { en: "Train", "zh-TW": "訓練" },
  look: { en: "Look", "zh-TW": "透視" },
  try: { en: "Try", "zh-TW": "試用" },
  ship: { en: "Ship", "zh-TW": "發布" },
  run: { en: "Run", "zh-TW": "執行紀錄" },
  newest: { en: "Newest run", "zh-TW": "最新的執行紀錄" },
  bundledNote: {
    en: "You see the small run that comes with Pellucid, until you have trained one of your own.",
    "zh-TW": "目前顯示的是 Pellucid 內附的小型執行紀錄，等你訓練出自己的模型就會換成它。",
  },
  trainOwn: { en: "Train one", "zh-TW": "開始訓練" },
  bundled: { en: "bundled", "zh-TW": "內附" },
  noRoom: { en: "There is no such system, or it is not built yet.", "zh-TW": "沒有這個系統，或是尚未完成。" },
  toMap: { en: "Back to the map", "zh-TW": "回到課程地圖" },
  offline: {
    en: "The studio does not answer. Is `pellucid studio` still running?",
    "zh-TW": "工作室沒有回應。pellucid studio 還在執行嗎？",
  },
  lesson: { en: "Lesson", "zh-TW": "課程" },
  closeLesson: { en: "Close the lesson", "zh-TW": "關閉課程" },
  picture: { en: "Picture", "zh-TW": "圖" },
  hiddenTab: { en: "This part is hidden by the link that you opened.", "zh-TW": "你開啟的連結隱藏了這個分頁。" },
};
