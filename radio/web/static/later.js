// What few visits need is loaded once it is asked for. Without this script a link is a link, and nothing
// of the rest is there.
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const asked = new Set();
  const load = (element, then) => {
    if (!element || asked.has(element)) return;
    asked.add(element);
    const parts = element.matches("a") && !window.stays ? [find("main"), element] : [element]; // a link plays
    const scripts = parts.map(({ dataset }) => Object.assign(document.createElement("script"), { src: dataset.script, async: false }));
    Object.assign(scripts.at(-1), { onload: then, onerror: then });
    document.head.append(...scripts);
  };

  // A press waits for its script, and is made again; keep.js is there where it listed what is kept.
  document.body.addEventListener("click", (event) => {
    const disc = !window.stays && event.target.closest("a[href$='#listen']:not([data-start])");
    const pressed = event.target.closest(":is(summary, button, a)[data-script]") || disc;
    const needs = disc ? find("main") : pressed;
    if (!pressed || !needs.dataset.script || asked.has(needs) || pressed.closest("#kept") || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    pressed.waits = true; // what is not ready at once looks whether it was pressed
    load(needs, () => pressed.click());
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
  const player = find(".player audio");
  if (player && !window.stays) player.addEventListener("play", () => load(find("main")), { once: true });

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
