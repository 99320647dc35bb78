// What few visits need is loaded once it is asked for. Without this script nothing of it is there.
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const asked = new Set();
  const load = (element, then) => {
    if (!element || asked.has(element)) return;
    asked.add(element);
    const script = document.createElement("script");
    Object.assign(script, { src: element.dataset.script, onload: then, onerror: then });
    document.body.append(script);
  };

  // A press waits for its script, and is made again.
  document.body.addEventListener("click", (event) => {
    const pressed = event.target.closest(":is(summary, button)[data-script]");
    if (!pressed || asked.has(pressed)) return;
    event.preventDefault();
    event.stopPropagation();
    pressed.waits = true; // what is not ready at once looks whether it was pressed
    load(pressed, () => pressed.click());
  }, true);

  // To share what is selected
  const share = find("#share > summary");
  if (share) {
    share.parentElement.quoted = new URLSearchParams(location.search).get("t") || "";
    document.addEventListener("selectionchange", () => {
      if (share.isConnected && !getSelection().isCollapsed) load(share);
    });
  }

  // To hear on while one reads other pages
  const player = find(".player[data-script]");
  if (player && !window.stays) player.querySelector("audio").addEventListener("play", () => load(player), { once: true });

  // To keep an episode: at once where one is kept already, for that is to be renewed.
  const box = find(".offline");
  const button = box?.firstElementChild;
  if (box && "serviceWorker" in navigator && "caches" in window) caches.keys().then((names) => {
    if (names.some((name) => name.startsWith("kept:"))) return load(button);
    button.lastElementChild.textContent = button.dataset.keep;
    box.querySelector(":scope > a").hidden = true;
    box.hidden = false;
  }).catch(() => {}); // it may refuse to store
})();
