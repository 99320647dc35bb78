// Reading along. Without this script every link still works, by loading the page again.
(() => {
  "use strict";
  const { audio, box, card, jump, play, reached, startOf } = window.listening;
  const byId = (id) => document.getElementById(id);
  const { body } = document; // another page may come in its place, and what it listens to goes with it

  const cues = [...document.querySelectorAll("a.cue")];
  const chapters = [...document.querySelectorAll(".places a[data-start]")];
  const starts = new Map();
  let spoken = cues.find((cue) => cue.hasAttribute("aria-current")) || null;
  let scrolledAt = 0; // when somebody last scrolled by hand
  let pressed = false; // a text that moves under a finger loses the press

  // The last link that has begun at a time, or null before the first.
  const linkAt = (links, second) => {
    if (!starts.has(links)) starts.set(links, links.map(startOf));
    const some = starts.get(links);
    let [low, high] = [0, some.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (some[middle] <= second + 0.001) low = middle + 1;
      else high = middle;
    }
    return low ? links[low - 1] : null;
  };

  const follow = () => {
    if (audio.paused || pressed || !byId("follow").checked || Date.now() - scrolledAt < 5000) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    spoken.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  };

  const mark = (cue) => {
    if (cue === spoken) return false;
    if (spoken) spoken.removeAttribute("aria-current");
    if (cue) cue.setAttribute("aria-current", "true");
    cue?.closest(".said").classList.add("followed");
    spoken = cue;
    return Boolean(cue);
  };

  // A word that one looked for is heard from a little before: until it comes, its own cue is marked.
  let opened = null; // { from, second, cue }
  const leads = () => opened && audio.currentTime > opened.from - 0.1 && audio.currentTime < opened.second;
  const goOn = () => {
    if (document.body !== body) return;
    if (mark(leads() ? opened.cue : linkAt(cues, audio.currentTime))) follow();
    inChapter(linkAt(chapters, audio.currentTime + 0.1));
  };
  // A word is heard from its sentence on, if that is not long before.
  const [lead, longest] = audio.dataset.leads.split(" ").map(Number);
  const before = (second, cue) => (cue && second - startOf(cue) <= longest ? startOf(cue) : Math.max(0, second - lead));
  const open = (second, early, cue = linkAt(cues, second)) => {
    opened = { from: early ? before(second, cue) : second, second, cue };
    mark(cue);
    jump(opened.from);
  };
  const bring = () => { if (spoken) spoken.scrollIntoView({ block: "center" }); };

  ["wheel", "touchmove"].forEach((name) => {
    body.addEventListener(name, () => { scrolledAt = Date.now(); }, { passive: true });
  });
  body.addEventListener("pointerdown", () => {
    pressed = true;
    scrollTo({ top: scrollY, behavior: "instant" }); // ends a scroll that has begun
  });
  ["pointerup", "pointercancel"].forEach((name) => body.addEventListener(name, () => { pressed = false; }));
  ["timeupdate", "seeked"].forEach((name) => audio.addEventListener(name, goOn));

  body.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]:is([data-start], .cue)");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || new URL(link.href).pathname !== location.pathname) return;
    event.preventDefault();
    const [address, there] = [new URL(location.href), new URL(link.href)];
    address.searchParams.set("t", there.searchParams.get("t"));
    address.hash = there.hash;
    history.replaceState(history.state, "", address); // the words that one looks for stay in it
    open(startOf(link), "lead" in link.dataset);
    if ("lead" in link.dataset) bring();
    play();
  });

  body.addEventListener("keydown", (event) => {
    if (event.key !== "/" || !byId("within") || byId("keys")?.checked === false || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    byId("within").closest("details").open = true;
    byId("within").focus();
  });

  // Chapters are segments under the waveform, as long as they last, where each can be pressed; else a
  // list that names the one that is heard.

  const places = document.querySelector(".places");
  const NARROW = 56; // pixels
  const inChapter = (link) => {
    if (!link || link.hasAttribute("aria-current")) return;
    chapters.forEach((each) => each.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    places.querySelector("summary b").textContent = link.lastChild.textContent;
    box.querySelector(".inside").textContent = link.lastChild.textContent;
  };
  const lay = () => {
    const spans = chapters.map((each, place) => (chapters[place + 1] ? startOf(chapters[place + 1]) : Number(audio.dataset.duration)) - startOf(each));
    const width = places.offsetWidth / Number(audio.dataset.duration);
    places.classList.toggle("strip", chapters.length > 1 && spans.every((each) => each * width >= NARROW));
    spans.forEach((each, place) => { chapters[place].parentElement.style.flexGrow = each; });
    places.open ||= places.classList.contains("strip");
  };
  if (chapters.length) {
    places.querySelector("summary").append(document.createElement("b"));
    card.append(places);
    new ResizeObserver(lay).observe(card);
    inChapter(linkAt(chapters, 0.1));
  } else places.remove(); // the form in it went into the settings

  // The place reached, in the address when one leaves

  addEventListener("pagehide", () => {
    if (document.body !== body || audio.currentTime < 1 || leads()) return;
    const address = new URL(location.href);
    address.searchParams.set("t", Number(audio.currentTime.toFixed(3)));
    history.replaceState(history.state, "", address);
  });

  // Not every browser heeds #t= in the address of the sound; a page kept offline was made before it
  // was known at which second it opens.
  const asked = new URLSearchParams(location.search);
  const [, at, until] = /^((?:\d+:){0,2}\d+(?:\.\d+)?)(,.*)?$/.exec(asked.get("t")) || [];
  if (audio.goesOn) audio.goesOn = false; // it came along
  else if (at) {
    const second = at.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
    open(second, Boolean(asked.get("q")) && !until, spoken || linkAt(cues, second));
    if (location.hash === "#t" && !byId("t")) bring();
  } else if (reached()) jump(reached());
  // « Écouter » on another page leads here. The browser decides whether that was pressed.
  if (location.hash === "#listen" && performance.getEntriesByType("navigation")[0]?.type === "navigate") play();
})();
