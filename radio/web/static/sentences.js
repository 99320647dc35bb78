// Reading by keyboard, and how the text is set. Without this script each sentence is a stop of the tabulator.
(() => {
  "use strict";
  const setting = document.getElementById("setting");
  if (!setting) return;

  // One stop for each paragraph; arrows lead from sentence to sentence, but scroll after a press of the mouse.
  const later = document.querySelectorAll("a.cue ~ a.cue");
  later.forEach((sentence) => { sentence.tabIndex = -1; });
  const { body } = document; // it goes when another page comes in its place
  let pressed = null;
  body.addEventListener("click", ({ detail, target }) => { pressed = detail ? target.closest("a.cue") : null; });
  body.addEventListener("focusout", () => { pressed = null; });
  body.addEventListener("keydown", (event) => {
    const sentences = event.target.matches("a.cue") ? [...document.querySelectorAll("a.cue[href]")] : [];
    const at = sentences.indexOf(event.target);
    const next = at < 0 ? null : sentences[at + { ArrowDown: 1, ArrowUp: -1 }[event.key]];
    if (!next || event.target === pressed || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    next.focus();
  });
  document.getElementById("steps").hidden = false;

  // For screen readers, which say « link » before each: plain text but for the first of a paragraph.
  const plain = document.getElementById("phrases-plain");
  const links = new Map();
  const write = () => later.forEach((sentence) => {
    if (!plain.checked === sentence.hasAttribute("href")) return;
    if (plain.checked) {
      links.set(sentence, sentence.getAttribute("href"));
      sentence.dataset.start = /\bt=([\d.]+)/.exec(links.get(sentence))[1];
      sentence.removeAttribute("href");
      sentence.removeAttribute("tabindex");
    } else {
      sentence.href = links.get(sentence);
      sentence.tabIndex = -1;
    }
  });
  setting.addEventListener("change", write);

  // How the text is set is kept only where the listener has this page remember the place.
  const remember = document.getElementById("remember");
  try { // storage may be refused
    if (remember.checked) (localStorage.getItem("reading") || "").split(" ").forEach((id) => id && (document.getElementById(id).checked = true));
    write();
  } catch { /* as usual */ }
  [setting, remember].forEach((each) => each && each.addEventListener("change", () => {
    const chosen = [...setting.querySelectorAll(":checked")].map(({ id }) => id).join(" ");
    try {
      if (remember.checked && /large|huge|short|long|plain/.test(chosen)) localStorage.setItem("reading", chosen);
      else localStorage.removeItem("reading");
    } catch { /* nothing is kept */ }
  }));
})();
