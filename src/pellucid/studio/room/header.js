// @ts-check
// What every header has: the brand, and the switches of language and theme.
import { html, useEffect } from "#studio/ui/dom.js";
import { pickLanguage, remember, remembered, translator } from "#studio/ui/text.js";
import { go, link } from "#studio/ui/url.js";
import { TEXT } from "#studio/room/text.js";

const t = translator(TEXT);

export const Brand = () =>
  html`<a class="brand" ...${link("/", { run: null })}><i aria-hidden="true"></i>Pellucid</a>`;

/** @param {{ place: import("#studio/ui/url.js").Place, open: { help: () => void } }} props language, theme, help */
export function Switches({ place, open }) {
  const language = pickLanguage(place.query.lang);
  /** @param {"en" | "zh-TW"} chosen */
  const choose = (chosen) => {
    remember("language", chosen);
    go(null, { lang: chosen }, { replace: true });
  };
  const dark = isDark(place.query.theme);
  return html`<div class="switches">
    <span class="languages" role="group" aria-label="Language · 語言">
      <button class="plain" lang="en" aria-pressed=${language === "en"} onClick=${() => choose("en")} aria-label="English">EN</button>
      <button class="plain" lang="zh-TW" aria-pressed=${language === "zh-TW"} onClick=${() => choose("zh-TW")} aria-label="繁體中文">繁中</button>
    </span>
    <button
      class="plain icon"
      aria-label=${dark ? t("toLight") : t("toDark")}
      title=${dark ? t("toLight") : t("toDark")}
      onClick=${() => {
        const theme = dark ? "light" : "dark";
        remember("theme", theme);
        go(null, { theme }, { replace: true });
      }}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.5" /><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" /></svg>
    </button>
    <button class="plain icon" aria-label=${t("showKeys")} title=${`${t("showKeys")} (?)`} onClick=${open.help}>?</button>
  </div>`;
}

/** @param {string | undefined} asked */
const isDark = (asked) => {
  const chosen = asked ?? remembered("theme");
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

/** @param {string | undefined} asked light or dark by the URL, else as chosen before, else as the system is */
export function useTheme(asked) {
  const chosen = asked ?? remembered("theme");
  useEffect(() => {
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
  }, [chosen]);
}
