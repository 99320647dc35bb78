// Suggestions while one types. Without this script the page still suggests the names it came with.
(() => {
  "use strict";
  const field = document.querySelector("input[data-suggest]");
  if (!field) return;
  const list = document.getElementById("suggestions");
  let waiting = 0;
  let latest = "";

  const show = (names) => {
    list.replaceChildren(...names.map((name) => {
      const option = document.createElement("option");
      option.value = name;
      return option;
    }));
  };

  const ask = async () => {
    const typed = field.value.trim();
    if (typed.length < 2 || typed === latest) return;
    latest = typed;
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`);
      const names = await answer.json();
      if (answer.ok && typed === latest) show(names);
    } catch {
      // what the page came with stays
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
})();
