// @ts-check
// Sentences of the map.

export const TEXT = {
  title: { en: "Five days of deep learning, seen through", "zh-TW": "五天深度學習，看得透徹" },
  intro: {
    en: "Every system runs on real data, opens on the numbers it really computed, is taught in a lesson, and ships.",
    "zh-TW": "每個系統都用真實資料執行，打開就看得到它實際算出的數字，有課程講解，也能匯出部署。",
  },
  loading: { en: "Loading the map", "zh-TW": "地圖載入中" },
  failed: { en: "The map could not be loaded: {why}", "zh-TW": "無法載入地圖：{why}" },
  again: { en: "Try again", "zh-TW": "再試一次" },

  day1: { en: "Day 1", "zh-TW": "第 1 天" },
  day2: { en: "Day 2", "zh-TW": "第 2 天" },
  day3: { en: "Day 3", "zh-TW": "第 3 天" },
  day4: { en: "Day 4", "zh-TW": "第 4 天" },
  day5: { en: "Day 5", "zh-TW": "第 5 天" },
  daybonus: { en: "Bonus", "zh-TW": "加碼" },
  subject1: { en: "foundations", "zh-TW": "基礎" },
  subject2: { en: "fitting, images", "zh-TW": "擬合、影像" },
  subject3: { en: "objects, words", "zh-TW": "物件、詞語" },
  subject4: { en: "sequences, codes", "zh-TW": "序列、編碼" },
  subject5: { en: "agents, language", "zh-TW": "代理人、語言" },
  subjectbonus: { en: "into the world", "zh-TW": "走進生活" },

  notBuilt: { en: "not built yet", "zh-TW": "尚未完成" },
  lessonNone: { en: "no lesson yet", "zh-TW": "尚無課程" },
  lessonSome: { en: "lesson {read} of {pages}", "zh-TW": "課程 {read}／{pages} 頁" },
  lessonAll: { en: "lesson read", "zh-TW": "課程讀畢" },
  runsNone: { en: "no runs yet", "zh-TW": "尚無執行紀錄" },
  runsOne: { en: "1 run", "zh-TW": "1 筆執行紀錄" },
  runsSome: { en: "{runs} runs", "zh-TW": "{runs} 筆執行紀錄" },
  homeworkNone: { en: "no homework yet", "zh-TW": "尚無作業" },
  homeworkSome: { en: "homework {done} of {total}", "zh-TW": "作業 {done}／{total} 題" },
  homeworkAll: { en: "homework done", "zh-TW": "作業完成" },
  foot: { en: "Pellucid {version} · runs are kept in {runs}", "zh-TW": "Pellucid {version} · 執行紀錄存放在 {runs}" },

  keys: { en: "Map", "zh-TW": "地圖" },
  keysMove: { en: "To the system beside it", "zh-TW": "移到旁邊的系統" },
};
