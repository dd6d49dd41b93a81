// The console's own behaviour. Every page works without it: links are links and filters are a form.
import { followTheme } from "/static/theme.js";
import { followFilters } from "/static/filters.js";
import { followFreshness } from "/static/freshness.js";

// By hand: after scrollIntoView the first press of Tab would go on from there, past the link to the content.
const here = document.querySelector("nav [aria-current]");
if (here) {
  const pages = here.closest("nav");
  pages.scrollLeft = here.offsetLeft - pages.offsetLeft - (pages.clientWidth - here.offsetWidth) / 2;
}
followTheme(document.querySelector("[data-theme-toggle]"));
followFilters(document.querySelector("[data-filters]"));
followFreshness(document.querySelector("[data-checked]"), document.querySelector("[data-refresh]"));
