// @ts-check
// Sentences of the small widgets.

export const TEXT = {
  loading: { en: "Loading", "zh-TW": "載入中" },
  copy: { en: "Copy", "zh-TW": "複製" },
  copied: { en: "Copied", "zh-TW": "已複製" },
  notCopied: { en: "This page may not copy: select it and copy by hand", "zh-TW": "此頁面無法複製：請選取後自行複製" },
  close: { en: "Close", "zh-TW": "關閉" },
};
