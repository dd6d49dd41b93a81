// A page left open grows old; say so, without moving anything under the reader's cursor.
const OLD_MINUTES = 2;

export function followFreshness(checked, refresh) {
  if (!checked || !refresh) return;
  const loaded = performance.now();
  setInterval(() => {
    const minutes = Math.floor((performance.now() - loaded) / 60000);
    if (minutes < OLD_MINUTES) return;
    refresh.textContent = `Refresh (${minutes} min old)`;
    refresh.classList.add("old");
  }, 30000);
}
