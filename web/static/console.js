// The console's own behaviour. Every page works without it: links are links and filters are a form.
import { followTheme } from "/static/theme.js";
import { followFilters } from "/static/filters.js";
import { followFreshness } from "/static/freshness.js";

document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
followTheme(document.querySelector("[data-theme-toggle]"));
followFilters(document.querySelector("[data-filters]"));
followFreshness(document.querySelector("[data-checked]"), document.querySelector("[data-refresh]"));
