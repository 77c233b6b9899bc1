// @ts-check
// Sentences of the inputs: text and pictures, where they come from, the gallery, the camera.

export const TEXT = {
  examples: { en: "Examples", "zh-TW": "範例" },
  example: { en: "Example {n}", "zh-TW": "範例 {n}" },
  testSet: { en: "From the test set", "zh-TW": "從測試資料挑選" },

  pad: { en: "drawing pad", "zh-TW": "畫板" },
  drawHere: { en: "Draw here", "zh-TW": "在這裡畫" },
  draw: { en: "Draw or upload", "zh-TW": "手繪或上傳" },
  padKeys: {
    en: "By keyboard: arrow keys move the brush, Space held down draws (or Enter: pen down, pen up), Backspace undoes, + and − change the brush.",
    "zh-TW": "用鍵盤：方向鍵移動筆刷，按住空白鍵畫線（或用 Enter 下筆、提筆），Backspace 復原，+ 和 − 調整筆刷。",
  },
  penDown: { en: "Pen down: row {row}, column {column}", "zh-TW": "下筆：第 {row} 列，第 {column} 行" },
  penUp: { en: "Pen up: row {row}, column {column}", "zh-TW": "提筆：第 {row} 列，第 {column} 行" },
  brush: { en: "Brush", "zh-TW": "筆刷" },
  brushIs: { en: "{n}% of the picture", "zh-TW": "圖片的 {n}%" },
  undo: { en: "Undo", "zh-TW": "復原" },
  clear: { en: "Clear", "zh-TW": "清除" },
  upload: { en: "Upload", "zh-TW": "上傳圖片" },
  orDrop: { en: "or drop or paste a picture here", "zh-TW": "也可以拖放或貼上圖片" },
  askedNow: { en: "What is asked now", "zh-TW": "現在送出的圖片" },
  nothing: { en: "Nothing yet", "zh-TW": "還沒有圖片" },
  size: { en: "{width} × {height}", "zh-TW": "{width} × {height}" },
  noPicture: {
    en: "{name}: this browser cannot read it as a picture. PNG, JPEG and WebP it can.",
    "zh-TW": "{name}：瀏覽器無法把它當成圖片讀取。可以用 PNG、JPEG 或 WebP。",
  },
  tooManyBytes: { en: "{name}: larger than 50 MB. Make it smaller first.", "zh-TW": "{name}：超過 50 MB。請先把它縮小。" },

  camera: { en: "Camera", "zh-TW": "相機" },
  cameraTitle: { en: "Take a picture", "zh-TW": "拍照" },
  cameraSees: { en: "What the camera sees", "zh-TW": "相機看到的畫面" },
  cameraOpens: { en: "The camera opens; the browser may ask you first", "zh-TW": "正在開啟相機；瀏覽器可能會先詢問" },
  aboutCamera: {
    en: "The square in the middle is taken. The picture goes to this machine's own studio and nowhere else.",
    "zh-TW": "只取中間的正方形。圖片只送到這台電腦上的工作室，不會傳到別處。",
  },
  cameraTake: { en: "Take it", "zh-TW": "拍下" },
  cameraRefused: {
    en: "The browser does not let this page use the camera. Allow it in the address bar (it also needs a page of this machine, or HTTPS); or upload a picture.",
    "zh-TW": "瀏覽器不允許這個頁面使用相機。請在網址列允許（也必須是這台電腦上的頁面，或 HTTPS）；或改用上傳。",
  },
  cameraNone: { en: "No camera was found. Upload a picture instead.", "zh-TW": "找不到相機。請改用上傳。" },
  cameraBusy: { en: "The camera is used by another program. Close that one, or upload a picture.", "zh-TW": "相機正被另一個程式使用。請先關閉它，或改用上傳。" },

  gallery: { en: "The test data", "zh-TW": "測試資料" },
  truth: { en: "Truth", "zh-TW": "實際類別" },
  answer: { en: "Answer", "zh-TW": "模型的答案" },
  allClasses: { en: "all classes", "zh-TW": "全部類別" },
  allAnswers: { en: "any answer", "zh-TW": "任何答案" },
  onlyWrong: { en: "Only the misclassified ones", "zh-TW": "只看分錯的" },
  reading: { en: "Reading the data", "zh-TW": "正在讀取資料" },
  dataChanged: { en: "The data cannot be shown: {message}", "zh-TW": "無法顯示資料：{message}" },
  noData: { en: "This system has no data to choose from.", "zh-TW": "這個系統沒有可以挑選的資料。" },
  shown: { en: "{first}–{last} of {total}", "zh-TW": "第 {first}–{last} 筆，共 {total} 筆" },
  noneSuch: { en: "There are none of these.", "zh-TW": "沒有符合的資料。" },
  previousPage: { en: "Previous", "zh-TW": "上一頁" },
  nextPage: { en: "Next", "zh-TW": "下一頁" },
  rightly: { en: "{target}, answered rightly", "zh-TW": "{target}，答對" },
  wrongly: { en: "{target}, answered {answer}", "zh-TW": "實際是 {target}，答成 {answer}" },
};
