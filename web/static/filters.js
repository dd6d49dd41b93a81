// The filter bar: narrow long lists while typing, close a list with Escape or a click elsewhere, show that work goes on.
export function followFilters(form) {
  if (!form) return;
  for (const field of form.querySelectorAll("[data-narrow]")) {
    field.hidden = false;
    field.addEventListener("input", () => narrow(field));
    field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }
  form.addEventListener("keydown", (event) => event.key === "Escape" && close(event.target.closest("details[open]")));
  document.addEventListener("click", (event) => {
    for (const open of form.querySelectorAll("details[open]")) if (!open.contains(event.target)) open.open = false;
  });
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && field.value === "") field.disabled = true;
    document.querySelector("main").setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    for (const field of form.elements) field.disabled = false;
    document.querySelector("main").removeAttribute("aria-busy");
  });
}

function narrow(field) {
  const wanted = field.value.trim().toLowerCase();
  for (const option of field.parentElement.querySelectorAll("label")) {
    option.hidden = !option.textContent.toLowerCase().includes(wanted);
  }
}

function close(details) {
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus();
}
