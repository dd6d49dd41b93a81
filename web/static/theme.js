// Light or dark: the system's preference until the reader chooses, then the choice.
const KEY = "stallwatch-theme";

export function currentTheme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function announce() {
  document.dispatchEvent(new CustomEvent("themechange", { detail: currentTheme() }));
}

export function followTheme(button) {
  // What is drawn, and not styled, has to be drawn anew when the system turns dark too.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", announce);
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
    announce();
  });
}
