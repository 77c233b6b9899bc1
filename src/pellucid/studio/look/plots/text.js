// @ts-check
// Words around curves and planes.

export const TEXT = {
  plots: { en: "Curves and planes", "zh-TW": "曲線與平面" },
  scale: { en: "Scale", "zh-TW": "刻度" },
  linear: { en: "Linear", "zh-TW": "線性" },
  log: { en: "Log", "zh-TW": "對數" },
  seen: { en: "Seen as", "zh-TW": "呈現方式" },
  contours: { en: "Contours", "zh-TW": "等高線" },
  surface: { en: "Surface", "zh-TW": "立體曲面" },
  drawn: { en: "What is drawn", "zh-TW": "畫出的內容" },
  step: { en: "step {n}", "zh-TW": "第 {n} 步" },
  equals: { en: "{name} = {value}", "zh-TW": "{name} = {value}" },
  about: { en: "{name} ≈ {value}", "zh-TW": "{name} ≈ {value}" },
  hintPlane: { en: "Point to read a value; Shift + arrow keys do the same.", "zh-TW": "指向圖上讀取數值；也可以用 Shift + 方向鍵。" },
  hintSurface: { en: "Drag or use the arrow keys to turn it; 0 turns it back.", "zh-TW": "拖曳或用方向鍵旋轉；按 0 轉回來。" },
  spokenLine: { en: "{title}. {across} from {from} to {to}. {lines}", "zh-TW": "{title}。{across} 從 {from} 到 {to}。{lines}" },
  curve: { en: "{label}: from {first} to {last}, lowest {low}, highest {high}.", "zh-TW": "{label}：從 {first} 到 {last}，最低 {low}，最高 {high}。" },
  now: { en: "At {where}: {value}.", "zh-TW": "在{where}：{value}。" },
  spokenPlane: {
    en: "{title}. {across} from {x0} to {x1}, {up} from {y0} to {y1}. {rest}",
    "zh-TW": "{title}。{across} 從 {x0} 到 {x1}，{up} 從 {y0} 到 {y1}。{rest}",
  },
  lowest: { en: "Lowest {value} at ({x}, {y}), highest {high}.", "zh-TW": "最低 {value}，在 ({x}, {y})；最高 {high}。" },
  path: { en: "{label}: {n} points, from ({x0}, {y0}) to ({x1}, {y1}); now at ({x}, {y}).", "zh-TW": "{label}：{n} 個點，從 ({x0}, {y0}) 到 ({x1}, {y1})；現在在 ({x}, {y})。" },
  point: { en: "{label} at ({x}, {y}).", "zh-TW": "{label} 在 ({x}, {y})。" },
  hintZoom: { en: "Wheel or pinch zooms, dragging moves; + − 0 do the same.", "zh-TW": "滾輪或雙指縮放，拖曳移動；也可以按 + − 0。" },
  zoomed: { en: "{n} times as large", "zh-TW": "放大 {n} 倍" },
  classes: { en: "Classes", "zh-TW": "類別" },
  turned: { en: "turned {turn}°, from {tilt}° above", "zh-TW": "旋轉 {turn}°，俯視 {tilt}°" },
};
