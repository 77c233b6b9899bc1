// @ts-check
// Words in the pictures.

export const TEXT = {
  heat: { en: "Heat map", "zh-TW": "熱圖" },
  bars: { en: "Bars", "zh-TW": "長條" },
  tokens: { en: "Tokens", "zh-TW": "詞元" },
  distribution: { en: "Probabilities", "zh-TW": "機率" },
  gates: { en: "Timeline", "zh-TW": "時間線" },
  grid: { en: "Maps", "zh-TW": "特徵圖" },
  image: { en: "Image", "zh-TW": "影像" },
  attention: { en: "Attention", "zh-TW": "注意力" },
  scatter: { en: "Scatter", "zh-TW": "散布圖" },
  table: { en: "Table", "zh-TW": "表格" },
  tree: { en: "Tree", "zh-TW": "樹" },
  scalar: { en: "Number", "zh-TW": "數值" },
  open: { en: "{n} open", "zh-TW": "{n} 開" },
  closed: { en: "{n} closed", "zh-TW": "{n} 關" },
  difference: { en: "{n} against the other", "zh-TW": "與另一邊相差 {n}" },
  differs: { en: "differs by more than {n}", "zh-TW": "相差超過 {n}" },
  missing: { en: "not loaded yet", "zh-TW": "尚未載入" },
  threshold: { en: "threshold {n}", "zh-TW": "門檻 {n}" },
  others: { en: "{n} others, together", "zh-TW": "其餘 {n} 類合計" },
  axisAt: { en: "{title} {at} (0 to {last})", "zh-TW": "{title} {at}（0 到 {last}）" },
  previous: { en: "Previous {title}", "zh-TW": "上一個{title}" },
  next: { en: "Next {title}", "zh-TW": "下一個{title}" },
  queries: { en: "asks", "zh-TW": "查詢" },
  keys: { en: "is looked at", "zh-TW": "被注意" },
  spoken: { en: "{label}, {shape}. {cell}", "zh-TW": "{label}，{shape}。{cell}" },
  empty: {
    en: "There is nothing in this tensor: its shape is [{shape}].",
    "zh-TW": "這個張量沒有元素：形狀為 [{shape}]。",
  },
};
