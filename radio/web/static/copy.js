// Copying: a button beside each field that is there to be copied. Without this script one selects it.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const field = document.getElementById(button.dataset.copies);
    const said = button.parentElement.querySelector("output");
    field.addEventListener("focus", () => field.select());
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value); // only where the page is secure
      } catch {
        field.select();
        if (!document.execCommand("copy")) return;
      }
      said.textContent = button.dataset.copied;
    });
  }
})();
