// Light or dark: the system's preference until the reader chooses, then the choice.
const KEY = "stallwatch-theme";

export function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

export function followTheme(button) {
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = currentTheme() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Not kept beyond this page.
    }
    document.dispatchEvent(new CustomEvent("themechange", { detail: next }));
  });
}
