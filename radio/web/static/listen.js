// Listening along. Without this script every link still works, by loading the page again.
(() => {
  "use strict";
  const audio = document.querySelector("audio");
  if (!audio) return;
  const byId = (id) => document.getElementById(id);

  // Reading along

  const cues = [...document.querySelectorAll("a.cue")];
  const starts = cues.map((cue) => Number(cue.dataset.start));
  let spoken = cues.find((cue) => cue.hasAttribute("aria-current")) || null;
  let scrolledAt = 0; // when somebody last scrolled by hand
  let pressed = false; // a text that moves under a finger loses the press

  // The last cue that has begun at a time, or null before the first.
  const cueAt = (second) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= second + 0.001) low = middle + 1;
      else high = middle;
    }
    return low ? cues[low - 1] : null;
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
    spoken = cue;
    return Boolean(cue);
  };

  // A word that one looked for is heard from a little before: until it comes, its own cue is marked.
  let opened = null; // { from, second, cue }
  const leads = () => opened && audio.currentTime > opened.from - 0.1 && audio.currentTime < opened.second;
  const goOn = () => { if (mark(leads() ? opened.cue : cueAt(audio.currentTime))) follow(); };

  ["wheel", "touchmove"].forEach((name) => {
    addEventListener(name, () => { scrolledAt = Date.now(); }, { passive: true });
  });
  addEventListener("pointerdown", () => {
    pressed = true;
    scrollTo({ top: scrollY, behavior: "instant" }); // ends a scroll that has begun
  });
  ["pointerup", "pointercancel"].forEach((name) => addEventListener(name, () => { pressed = false; }));
  audio.addEventListener("timeupdate", goOn);
  audio.addEventListener("seeked", goOn);

  // Seeking

  // A time set before the length is known is lost: keep it until then.
  const jump = (second) => {
    const go = () => { audio.currentTime = Math.max(0, Math.min(second, audio.duration || second)); };
    if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) go();
    else audio.addEventListener("loadedmetadata", go, { once: true });
  };
  const seek = (second) => {
    opened = null;
    jump(second);
  };
  const open = (second, early, cue = cueAt(second)) => {
    opened = { from: Math.max(0, second - (early ? Number(audio.dataset.lead) : 0)), second, cue };
    mark(cue);
    jump(opened.from);
  };
  // What could not be loaded is asked for once more: networks fail, and so do browsers offline.
  const reload = () => {
    const second = audio.currentTime;
    audio.load();
    if (second) jump(second);
  };
  audio.addEventListener("error", reload, { once: true });
  if (audio.error) reload();
  const move = (seconds) => seek(audio.currentTime + seconds);
  const play = () => audio.play().catch(() => {}); // the browser may want a press on its own button first
  const toggle = () => { if (audio.paused) play(); else audio.pause(); };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-start]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain) return;
    event.preventDefault();
    const [address, there] = [new URL(location.href), new URL(link.href)];
    address.searchParams.set("t", there.searchParams.get("t"));
    address.hash = there.hash;
    history.replaceState(null, "", address); // the words that one looks for stay in it
    open(Number(link.dataset.start), "lead" in link.dataset);
    if ("lead" in link.dataset && spoken) spoken.scrollIntoView({ block: "center" });
    play();
  });

  // Controls

  const waveform = byId("waveform");
  if (waveform) {
    const length = Number(waveform.dataset.duration);
    const heard = waveform.querySelector("#heard rect");
    const width = waveform.viewBox.baseVal.width;
    const show = () => heard.setAttribute("width", (width * audio.currentTime / length).toFixed(1));
    ["timeupdate", "seeked"].forEach((name) => audio.addEventListener(name, show));
    waveform.addEventListener("click", (event) => {
      const box = waveform.getBoundingClientRect();
      seek(length * (event.clientX - box.left) / box.width);
    });
    waveform.classList.add("live");
  }

  byId("goto").form.hidden = false;
  byId("goto").form.addEventListener("submit", (event) => {
    event.preventDefault();
    seek(byId("goto").value.split(":").reduce((sum, part) => 60 * sum + Number(part), 0));
    play();
  });

  byId("back").addEventListener("click", () => move(-15));
  byId("forward").addEventListener("click", () => move(30));
  byId("speed").addEventListener("change", (event) => { audio.playbackRate = Number(event.target.value); });
  byId("controls").hidden = byId("choices").hidden = false;

  const keys = {
    " ": toggle, k: toggle,
    j: () => move(-15), ArrowLeft: () => move(-15),
    l: () => move(30), ArrowRight: () => move(30),
    "/": () => byId("within").focus(),
    "?": () => { location.href = byId("controls").dataset.help; },
  };
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest("input, select, textarea, audio, [contenteditable]");
    const pressed = event.key === " " && event.target.closest("a, button, summary");
    const work = keys[event.key];
    if (!work || busy || pressed || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    work();
  });

  if ("mediaSession" in navigator) {
    const { title, show, cover } = byId("controls").dataset;
    const artwork = location.protocol === "file:" ? [] : [{ src: cover }]; // browsers take none from a disk
    navigator.mediaSession.metadata = new MediaMetadata({ title, artist: show, artwork });
    navigator.mediaSession.setActionHandler("seekbackward", () => move(-15));
    navigator.mediaSession.setActionHandler("seekforward", () => move(30));
  }

  // The place reached: in the address when one leaves, and on this device only if the listener says so.

  const remember = byId("remember");
  const place = `place:${location.pathname}`;
  const kept = (work) => { try { return work(); } catch { return null; } }; // storage may be refused

  remember.checked = kept(() => localStorage.getItem("remember")) === "yes";
  remember.addEventListener("change", () => kept(() => {
    if (remember.checked) localStorage.setItem("remember", "yes");
    else Object.keys(localStorage).filter((key) => key === "remember" || key.startsWith("place:")).forEach((key) => localStorage.removeItem(key));
  }));

  addEventListener("pagehide", () => {
    if (audio.currentTime < 1) return;
    const address = new URL(location.href);
    address.searchParams.set("t", Number(audio.currentTime.toFixed(3)));
    if (!leads()) history.replaceState(null, "", address);
    if (!remember.checked) return;
    if (audio.ended) kept(() => localStorage.removeItem(place));
    else kept(() => localStorage.setItem(place, audio.currentTime.toFixed(1)));
  });

  // Not every browser heeds #t= in the address of the sound; a page kept offline was made before it
  // was known at which second it opens.
  const asked = new URLSearchParams(location.search);
  const [, at, until] = /^((?:\d+:){0,2}\d+(?:\.\d+)?)(,.*)?$/.exec(asked.get("t")) || [];
  const reached = Number(remember.checked && kept(() => localStorage.getItem(place)));
  if (at) {
    const second = at.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
    open(second, Boolean(asked.get("q")) && !until, spoken || cueAt(second));
    if (location.hash === "#t" && !byId("t") && spoken) spoken.scrollIntoView({ block: "center" });
  } else if (reached) seek(reached);
})();
