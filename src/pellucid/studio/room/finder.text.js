// @ts-check
// Sentences of the finder. The names of the tabs are in room/text.js.

export const TEXT = {
  title: { en: "Find", "zh-TW": "搜尋" },
  hint: { en: "A system, a lesson page, a term, a run …", "zh-TW": "系統、課程頁面、術語、執行紀錄…" },
  results: { en: "Found", "zh-TW": "搜尋結果" },
  none: { en: "Nothing found for “{asked}”.", "zh-TW": "找不到「{asked}」。" },
  count: { en: "{n} found", "zh-TW": "找到 {n} 項" },
  loading: { en: "Loading", "zh-TW": "載入中" },
  system: { en: "system", "zh-TW": "系統" },
  page: { en: "lesson", "zh-TW": "課程" },
  tab: { en: "part", "zh-TW": "分頁" },
  run: { en: "run", "zh-TW": "執行紀錄" },
  notBuilt: { en: "not built yet", "zh-TW": "尚未完成" },
  keys: { en: "↑ ↓ choose · Enter opens · Esc closes", "zh-TW": "↑ ↓ 選擇 · Enter 開啟 · Esc 關閉" },
};
