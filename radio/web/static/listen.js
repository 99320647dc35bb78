// The player of an episode as one instrument. Without this script the browser's own stands in its place.
window.listening = (() => {
  "use strict";
  const card = document.querySelector(".player:not(.live)"); // the one that came
  if (!card) return window.listening; // one that came along from another page
  const audio = card.querySelector("audio");
  const length = Number(audio.dataset.duration);
  const NEAR = 0.1; // seconds by which a length may differ
  const { lang } = document.documentElement;
  const { pathname, search } = new URL(card.dataset.home || location.href, location.href);
  const home = pathname + (new URLSearchParams(search).has("lang") ? `?lang=${lang}` : "");
  audio.life?.abort(); // of the instrument that another page had around it
  audio.life = new AbortController();
  const on = (what, names, work) => names.split(" ").forEach((name) => what.addEventListener(name, work, { signal: audio.life.signal }));

  card.insertAdjacentHTML("afterbegin", card.querySelector("#instrument").textContent);
  const box = card.firstElementChild;
  const part = (selector) => box.querySelector(selector);
  const row = card.querySelector("#passage");
  const form = card.querySelector(".goto") || document.querySelector(".goto");
  if (row) box.append(row);
  if (form) {
    form.hidden = false;
    part(".settings div").prepend(form);
  }

  // Time

  // One that is set before the length is known is lost: keep it until then.
  const jump = (second) => {
    const go = () => { audio.currentTime = Math.max(0, Math.min(second, audio.duration || second)); };
    if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) go();
    else audio.addEventListener("loadedmetadata", go, { once: true });
  };
  const move = (seconds) => jump(audio.currentTime + seconds);
  const play = () => audio.play().catch(() => {}); // the browser may want a press on its own button first
  const toggle = () => { if (audio.paused) play(); else audio.pause(); };
  // What could not be loaded is asked for once more: networks fail, and so do browsers offline.
  const reload = () => {
    const { currentTime, paused } = audio;
    audio.load();
    if (currentTime) jump(currentTime);
    if (!paused) play();
  };
  audio.addEventListener("error", reload, { once: true });
  if (audio.error) reload();
  // Where a browser misjudges how long the sound is, it finds no place in it; or it plays no Ogg at
  // all. Then it gets the copy, if there is one; what waits for the length goes on waiting.
  const { copy } = audio.dataset;
  const take = (address) => {
    const plays = !audio.paused;
    audio.src = address + new URL(audio.src).hash;
    if (plays) play();
  };
  const judge = (event) => {
    audio.removeEventListener("loadedmetadata", judge);
    if (Math.abs(audio.duration - length) < NEAR) return;
    event?.stopImmediatePropagation();
    const own = audio.src.split("#")[0];
    audio.addEventListener("error", () => take(own), { once: true }); // as without network
    take(copy);
  };
  if (copy && !audio.src.includes(copy)) {
    if (audio.readyState >= HTMLMediaElement.HAVE_METADATA || !audio.canPlayType("audio/ogg")) judge();
    else audio.addEventListener("loadedmetadata", judge);
  }

  // The waveform is the bar by which one seeks.

  const seek = part(".seek");
  const heard = part(".heard");
  const clock = part(".clock b");
  const parts = (second) => [Math.floor(second / 3600), Math.floor(second / 60) % 60, Math.floor(second) % 60];
  const written = (second) => {
    const [hours, ...rest] = parts(second).map((each) => String(each).padStart(2, "0"));
    return [...(Number(hours) ? [Number(hours), rest[0]] : [Number(rest[0])]), rest[1]].join(":");
  };
  const units = {}; // each takes a while to make
  const unit = (value, name) => (units[name] ??= new Intl.NumberFormat(lang, { style: "unit", unit: name, unitDisplay: "long" })).format(value);
  const spoken = (second) => {
    const named = parts(second).map((value, place) => value && unit(value, ["hour", "minute", "second"][place]));
    return named.filter(Boolean).join(" ") || unit(0, "second");
  };
  let dragged = null;
  const say = () => { seek.ariaValueText = spoken(dragged ?? audio.currentTime); };
  const show = ({ type }) => {
    const second = dragged ?? audio.currentTime;
    heard.setAttribute("width", (960 * second / length).toFixed(1));
    seek.style.setProperty("--heard", second / length); // where the needle is
    clock.textContent = written(second);
    if (type === "timeupdate" && document.activeElement === seek) return; // or it is read aloud all the time
    seek.ariaValueNow = Math.round(second);
    if (type !== "load") say(); // the page says where it begins
  };
  heard.append(part(".bars").cloneNode());
  on(audio, "timeupdate seeked", show);
  show({ type: "load" });

  const under = ({ clientX }) => {
    const { left, width } = seek.getBoundingClientRect();
    return length * Math.max(0, Math.min(1, (clientX - left) / width));
  };
  const drag = (event) => { dragged = under(event); show(event); };
  on(seek, "pointerdown", (event) => {
    if (event.button) return;
    seek.setPointerCapture(event.pointerId);
    drag(event);
  });
  on(seek, "pointermove", (event) => { if (dragged !== null) drag(event); });
  on(seek, "pointerup pointercancel", ({ type }) => {
    if (type === "pointerup" && dragged !== null) jump(dragged);
    dragged = null;
  });
  const STEPS = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5, PageUp: 60, PageDown: -60 };
  on(seek, "keydown", (event) => {
    const second = { Home: 0, End: length }[event.key] ?? audio.currentTime + STEPS[event.key];
    if (Number.isNaN(second) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the page has arrows of its own
    jump(second);
  });

  // Buttons

  const button = part(".play");
  const labels = [button.ariaLabel, button.dataset.pause];
  const tell = () => {
    box.classList.toggle("plays", !audio.paused);
    button.ariaLabel = labels[Number(!audio.paused)];
  };
  on(audio, "play pause ended", tell);
  on(audio, "play", () => { window.sounding = audio; });
  on(button, "click", toggle);
  on(part(".back"), "click", () => move(-15));
  on(part(".forward"), "click", () => move(30));
  if (form) on(form, "submit", (event) => {
    event.preventDefault();
    jump(form.elements.t.value.split(":").reduce((sum, each) => 60 * sum + Number(each), 0));
    play();
  });
  // Where the site counts, it is told once that this was begun: nothing else, and of nobody.
  const { told } = card.dataset;
  if (told) on(audio, "play", () => {
    if (!audio.told) fetch(told, { method: "POST", keepalive: true }).catch(() => {});
    audio.told = true;
  });
  // How one listens holds until the tab is closed.
  const kept = (work) => { try { return work(); } catch { return null; } }; // storage may be refused
  const stored = () => kept(() => JSON.parse(sessionStorage.getItem("sound")));
  const held = { speed: 1, volume: 1, even: false, skip: false, ...stored() };
  const hold = (values) => {
    Object.assign(held, values);
    kept(() => sessionStorage.setItem("sound", JSON.stringify(held)));
  };

  const speed = part(".speed select");
  const pace = () => { audio.defaultPlaybackRate = audio.playbackRate = speed.value = held.speed; };
  const setPace = (value) => {
    hold({ speed: value });
    pace();
  };
  pace();
  on(speed, "change", () => setPace(Number(speed.value)));
  const turnPace = (step) => {
    const paces = [...speed.options].map(({ value }) => Number(value));
    setPace(paces[Math.max(0, Math.min(paces.length - 1, paces.indexOf(held.speed) + step))]);
  };

  // Settings

  const settings = part(".settings");
  const panels = () => document.querySelectorAll(".settings[open], .actions > [open]"); // they lie over the page
  on(document, "click", ({ target }) => panels().forEach((each) => { if (!each.contains(target)) each.open = false; }));
  on(document, "keydown", ({ key }) => {
    if (key === "Escape") panels().forEach((each) => {
      if (each.contains(document.activeElement)) each.firstElementChild.focus();
      each.open = false;
    });
  });

  const volume = part(".volume input");
  const probe = new Audio();
  probe.volume = 0.5;
  volume.parentElement.hidden = probe.volume !== 0.5; // some telephones leave it to their buttons
  const loud = (value) => {
    audio.volume = volume.value = Math.max(0, Math.min(1, value));
    hold({ volume: audio.volume });
  };
  audio.volume = volume.value = held.volume;
  on(volume, "input", () => loud(volume.value));
  on(audio, "play", () => { // it may have been loaded while another was changed
    Object.assign(held, stored());
    pace();
    audio.volume = volume.value = held.volume;
  });

  // As loud as other episodes, where the site tells by how much this one differs.
  const even = part(".even input");
  even.parentElement.hidden = !audio.dataset.gain;
  even.checked = held.even;
  const level = () => {
    if (!audio.dataset.gain || (!audio.evened && !even.checked)) return;
    if (!audio.evened) {
      const context = new AudioContext();
      audio.evened = context.createGain();
      context.createMediaElementSource(audio).connect(audio.evened).connect(context.destination);
    }
    audio.evened.gain.value = even.checked ? 10 ** (audio.dataset.gain / 20) : 1;
    audio.evened.context.resume();
  };
  on(even, "change", () => {
    hold({ even: even.checked });
    level();
  });
  on(audio, "play", level);

  // Music is passed where playing comes to its beginning; who goes into it hears it.
  const skip = part(".passing input");
  if (skip) {
    const music = audio.dataset.music.trim().split(" ").map((each) => each.split(",").map(Number));
    const skipped = part(".skipped");
    let before = audio.currentTime;
    const look = () => { skip.checked = held.skip; };
    look();
    on(audio, "play", look);
    on(skip, "change", () => hold({ skip: skip.checked }));
    on(audio, "seeking", () => { before = audio.currentTime; });
    on(audio, "timeupdate", () => {
      const now = audio.currentTime;
      const [, end] = music.find(([start]) => before < start && start <= now) || [];
      before = now;
      if (!skip.checked || audio.paused || !(now < end)) return;
      jump(end);
      skipped.textContent = skipped.dataset.said.replace("{length}", spoken(end - now));
      setTimeout(() => { skipped.textContent = ""; }, 10_000);
    });
  }

  // It falls asleep in FADE seconds.
  const FADE = 10;
  const sleep = part(".sleep");
  let until = 0;
  const wake = () => {
    sleep.value = "";
    audio.volume = volume.value;
  };
  on(sleep, "change", () => {
    until = Date.now() + 60_000 * Number(sleep.value);
    audio.volume = volume.value;
  });
  on(audio, "timeupdate", () => {
    if (!sleep.value || audio.paused) return;
    const left = sleep.value === "end" ? audio.duration - audio.currentTime : (until - Date.now()) / 1000;
    if (left < FADE) audio.volume = volume.value * Math.max(0, left / FADE);
    if (left > 0) return;
    audio.pause();
    wake();
  });
  on(audio, "play ended", () => { if (sleep.value === "end" ? audio.ended : sleep.value && until < Date.now()) wake(); });

  // From passage to passage, or from chapter to chapter

  const turn = (rel) => {
    const passage = part(`.passage:not([hidden]) a[rel=${rel}]:not([hidden])`);
    const chapters = card.isConnected ? [...document.querySelectorAll(".places a[data-start]")] : [];
    const starts = chapters.map((each) => Number(each.dataset.start));
    const now = audio.currentTime;
    const place = rel === "next" ? starts.findIndex((each) => each > now + 0.1) : starts.findLastIndex((each) => each < now - 3);
    (passage || chapters[place])?.click();
  };

  const keys = {
    " ": toggle, k: toggle,
    j: () => move(-15), ArrowLeft: () => move(-15),
    l: () => move(30), ArrowRight: () => move(30),
    n: () => turn("next"), p: () => turn("prev"),
    "+": () => loud(audio.volume + 0.1), "-": () => loud(audio.volume - 0.1),
    m: () => { audio.muted = !audio.muted; },
    "<": () => turnPace(-1), ">": () => turnPace(1),
    "?": () => { location.href = card.dataset.help; },
  };
  const useKeys = part("#keys"); // who writes by voice presses keys unawares
  useKeys.checked = kept(() => localStorage.getItem("keys")) !== "no";
  on(useKeys, "change", () => kept(() => {
    if (useKeys.checked) localStorage.removeItem("keys");
    else localStorage.setItem("keys", "no");
  }));
  on(document, "keydown", (event) => {
    const busy = event.target.closest("input, select, textarea, audio, [contenteditable]");
    const pressed = event.key === " " && event.target.closest("a, button, summary");
    const work = keys[event.key] || (/^\d$/.test(event.key) && (() => jump(length * event.key / 10)));
    if (window.sounding && window.sounding !== audio) return; // another player has the keys
    if (!work || busy || pressed || !useKeys.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    work();
  });

  if ("mediaSession" in navigator) on(audio, "play", () => {
    const { title, show: artist, cover: src } = card.dataset;
    const { href, searchParams } = new URL(src, location.href);
    const size = searchParams.get("size");
    const artwork = location.protocol === "file:" ? [] : [{ src: href, sizes: size ? `${size}x${size}` : "any" }]; // browsers take none from a disk
    navigator.mediaSession.metadata = new MediaMetadata({ title, artist, album: artist, artwork });
    const acts = {
      seekbackward: () => move(-15), seekforward: () => move(30), seekto: ({ seekTime }) => jump(seekTime),
      previoustrack: () => turn("prev"), nexttrack: () => turn("next"),
    };
    for (const [name, work] of Object.entries(acts)) {
      try { navigator.mediaSession.setActionHandler(name, work); } catch {} // not every browser knows each
    }
  });
  if (navigator.mediaSession?.setPositionState) on(audio, "play seeked ratechange durationchange", () => {
    const { duration, playbackRate, currentTime } = audio;
    if (duration > 0 && duration < Infinity) navigator.mediaSession.setPositionState({ duration, playbackRate, position: Math.min(currentTime, duration) });
  });

  // The next one is offered, and begins if asked.
  const after = part(".after");
  if (after) on(audio, "ended play", () => { after.hidden = !audio.ended; });

  // The place reached: on this device only if the listener says so.

  const remember = part("#remember");
  const place = `place:${pathname}`;
  remember.checked = kept(() => localStorage.getItem("remember")) === "yes";
  on(remember, "change", () => kept(() => {
    if (remember.checked) localStorage.setItem("remember", "yes");
    else Object.keys(localStorage).filter((key) => key === "remember" || key.startsWith("place:")).forEach((key) => localStorage.removeItem(key));
  }));
  const leave = () => kept(() => {
    if (!remember.checked || audio.currentTime < 1) return;
    const { title, show: name } = card.dataset;
    if (audio.ended) localStorage.removeItem(place);
    else localStorage.setItem(place, JSON.stringify({ second: Number(audio.currentTime.toFixed(1)), title, show: name, when: Date.now() }));
  });
  on(window, "pagehide", leave);
  const offer = part(".offer");
  const SOME = 60; // seconds heard, from which on it is worth it
  on(audio, "play pause", () => { offer.hidden = !audio.paused || audio.ended || remember.checked || audio.currentTime < SOME; });
  on(offer, "click", () => {
    remember.click();
    leave();
    offer.hidden = true;
  });
  const reached = () => (remember.checked && kept(() => JSON.parse(localStorage.getItem(place)).second)) || 0;

  // Once its card is out of sight, it follows as a bar.

  new IntersectionObserver((seen) => {
    const { isIntersecting, boundingClientRect: { top } } = seen.at(-1);
    if (!card.isConnected || document.querySelector(".carried")) return;
    const past = !isIntersecting && top < 0;
    card.style.paddingTop = "";
    // What stands below it in the card stays where it is, seen or not.
    if (past) card.style.paddingTop = `calc(${getComputedStyle(card).paddingTop} + ${box.offsetHeight}px)`;
    box.classList.toggle("docked", past);
  }).observe(card);

  audio.controls = false;
  card.classList.add("live");
  tell();
  // Where what a link leads to begins; its address says it, if nothing else does.
  const startOf = (link) => Number(link.dataset.start ?? /\bt=([\d.]+)/.exec(link.getAttribute("href"))[1]);
  return { startOf, audio, card, box, home, title: card.dataset.title, jump, play, leave, reached };
})();
