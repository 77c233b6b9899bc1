// @ts-check
// Sentences of the list of keys.

export const TEXT = {
  title: { en: "Keys", "zh-TW": "快速鍵" },
  or: { en: "or", "zh-TW": "或" },
  always: { en: "In lists and dialogs", "zh-TW": "清單與對話框" },
  tab: { en: "Next control", "zh-TW": "移到下一個控制項" },
  enter: { en: "Press it, or open it", "zh-TW": "按下或開啟" },
  escape: { en: "Close, or one step back", "zh-TW": "關閉，或退回一步" },
  space: { en: "Space", "zh-TW": "空白鍵" },
};
