// @ts-check
// Sentences of the small widgets.

export const TEXT = {
  loading: { en: "Loading", "zh-TW": "載入中" },
  copy: { en: "Copy", "zh-TW": "複製" },
  copied: { en: "Copied", "zh-TW": "已複製" },
  notCopied: { en: "This page may not copy: select it and copy by hand", "zh-TW": "此頁面無法複製：請選取後自行複製" },
  offline: {
    en: "The studio does not answer. Is `pellucid studio` still running?",
    "zh-TW": "工作室沒有回應。pellucid studio 還在執行嗎？",
  },
  restarted: {
    en: "The studio was started anew: open the address that it printed.",
    "zh-TW": "工作室重新啟動過：請開啟它印出的網址。",
  },
  noSuchRun: { en: "This run is not there any more.", "zh-TW": "這個執行紀錄已經不在了。" },
  badInput: { en: "This input cannot be read: {message}", "zh-TW": "無法讀取這個輸入：{message}" },
  traceGone: { en: "These numbers are gone: look again.", "zh-TW": "這些數字已經清掉了，請再看一次。" },
  tooLarge: { en: "Too large: {message}", "zh-TW": "太大了：{message}" },
  close: { en: "Close", "zh-TW": "關閉" },
};
