// @ts-check
// Sentences of the small widgets.

export const TEXT = {
  loading: { en: "Loading", "zh-TW": "載入中" },
  close: { en: "Close", "zh-TW": "關閉" },
};
