// Rereading by ear: the sentence in whose field one writes is heard, and kept as one leaves it.
// Without this script the page has a player for each sentence, and one button that keeps all.
const form = document.querySelector(".rereading");
const list = form.querySelector(".sentences");
const ear = document.querySelector(".ear");
const audio = ear.querySelector("audio");
const state = ear.querySelector("[role=status]");
const goesOn = ear.querySelector("[type=checkbox]");
const { dataset: told } = form;
const SAVE = 800; // ms after a sentence was left
const PATIENCE = 30_000; // ms until an answer is waited for no longer
const RETRY = [2000, 5000, 15000, 30000]; // ms
const LOOK = 1000; // ms in which nobody has read what just came
const EARLY = 0.15; // seconds that are heard before and after a sentence
const PACES = [0.5, 0.75, 0.9, 1, 1.15, 1.3, 1.5, 1.75, 2];

// What is not kept yet is in this browser, twice, and the newest counts: localStorage has it at once,
// but a browser that is killed loses seconds of it; the database is written behind, but for good.
const KEPT = `reread ${location.pathname}`;
const kept = new Promise((done, fail) => {
  const opening = indexedDB.open("reread", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("pages");
  opening.onsuccess = () => done(opening.result);
  opening.onerror = fail;
});
const shelf = async (mode) => (await kept).transaction("pages", mode).objectStore("pages");
const shape = (held) => (Array.isArray(held) ? { at: 1, left: held } : held ?? { at: 0, left: [] }); // 0.2.0 had the list alone
const earlier = shelf("readonly").then((pages) => new Promise((done, fail) => {
  const found = pages.get(location.pathname);
  found.onsuccess = () => done(shape(found.result));
  found.onerror = fail;
})).catch(() => shape());
const atOnce = () => {
  try { return shape(JSON.parse(localStorage.getItem(KEPT))); } catch { return shape(); }
};

const sentences = () => [...list.querySelectorAll(".sentence")];
const area = (sentence) => sentence.querySelector("textarea");
const voice = (sentence) => sentence.querySelector("[name=voice]");
const place = (sentence) => sentence.querySelector("[name=place]");
const seen = (sentence) => place(sentence).value.split(" ").slice(3).join(" ");
const isChanged = (sentence) => sentence.isMet || sentence.sent || area(sentence).value !== area(sentence).defaultValue || voice(sentence).value !== seen(sentence);
const isAs = (sentence, { words, voice: who }) => area(sentence).value === words && voice(sentence).value === who;
const span = (sentence) => place(sentence).value.split(" ", 2).map(Number); // seconds
const unsaved = () => sentences().filter(isChanged);

// The sound

let heard = null; // the sentence that is heard, or was
let rounds = 0;
const jump = (second) => {
  const go = () => { audio.currentTime = Math.max(0, second); };
  if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) go();
  else audio.addEventListener("loadedmetadata", go, { once: true });
};
const run = () => audio.play().catch(() => {}); // browsers may want a press on a button first
const hear = (sentence, times = 2) => {
  if (!audio.src) return;
  heard = sentence;
  heard.isHeld = false;
  rounds = times;
  jump(sentence.dataset.start - EARLY);
  run();
};
audio.addEventListener("timeupdate", () => {
  if (!heard || audio.paused || audio.currentTime < Number(heard.dataset.end) + EARLY) return;
  rounds -= 1;
  const next = heard.nextElementSibling;
  if (goesOn.checked && next && !heard.isHeld) enter(next); // nobody touched it: it is right
  else if (rounds > 0) jump(heard.dataset.start - EARLY);
  else audio.pause();
});
const toggle = () => {
  if (!audio.paused) audio.pause();
  else if (heard && audio.currentTime >= Number(heard.dataset.end)) hear(heard, 1);
  else { rounds = Math.max(rounds, 1); run(); }
};
const back = () => { rounds = Math.max(rounds, 1); jump(audio.currentTime - 3); run(); };
const pace = (step) => {
  const at = PACES.indexOf(audio.playbackRate) + step;
  audio.playbackRate = PACES[Math.max(0, Math.min(PACES.length - 1, at))];
  ear.querySelector("output").value = `${audio.playbackRate.toLocaleString(document.documentElement.lang)} ×`;
};

// From sentence to sentence

const grow = (field) => {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
};
const enter = (sentence, from = 0, to = from) => {
  const field = area(sentence);
  field.focus();
  field.setSelectionRange(from, to);
  attend(sentence);
};
const attend = (sentence) => { // a window that is not in front has no events of focus
  later();
  area(sentence).scrollIntoView({ block: "nearest" }); // above the keys, which stay in sight
  if (sentence !== heard) hear(sentence);
};

// Keeping. A field has what is typed; `place` and `defaultValue` have what the site told of it last.
// The sentence under the fingers is never sent, and no field goes in which somebody wrote since.

const say = (text, isBad = false) => {
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("fault", isBad);
};
const tell = () => {
  const left = unsaved();
  if (left.some((each) => each.isMet)) say(told.met, true);
  else say(left.length ? "" : told.saved);
};
let isAway = false; // in another window
const isIn = (each) => each.contains(document.activeElement); // where one is, or will be again
const isUnder = (each) => !isAway && area(each) === document.activeElement; // the fingers
let work = Promise.resolve(); // one thing after the other, in order
let fails = 0;
let timer = 0;
let waits = false; // for another try
const typed = (each) => ({ place: place(each).value, words: area(each).value, voice: voice(each).value });
const unseen = ({ place: where, ...more }) => ({ place: where.replace(/^(\S+ \S+) \S*/, "$1 "), ...more });
const hold = () => { // what is not kept yet, in case this browser ends; what met others meets them again
  const left = unsaved().map((each) => (each.isMet ? unseen(typed(each)) : typed(each)));
  const own = { at: Date.now(), left };
  try { localStorage.setItem(KEPT, JSON.stringify(own)); } catch { /* the database has it */ }
  // That nothing is left is kept, too: after a kill, localStorage may have what was.
  shelf("readwrite").then((pages) => {
    pages.put(own, location.pathname);
    pages.transaction.commit?.(); // else it waits for this page, which may be gone
  }).catch(() => {}); // the fields have it
};
const ask = async (sent, more = {}) => {
  const body = new URLSearchParams({ token: form.elements.token.value, piece: 1, ...more });
  for (const [name, value] of sent.flatMap(Object.entries)) body.append(name, value);
  const signal = AbortSignal.timeout?.(PATIENCE);
  const answer = await fetch(form.action || location.href, { method: "POST", body, signal, keepalive: document.hidden });
  if (![200, 409, 422].includes(answer.status)) throw new Error(answer.status === 403 ? told.out : told.cut);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { own: page.querySelector("[name=own]")?.value, found: [...page.querySelectorAll(".sentence")] };
};
const meet = (sentence) => { // of what could not be written, it is said why
  const told = sentence.querySelector(":scope > .fault q")?.textContent ?? "";
  sentence.isOther = Boolean(sentence.told && told && told !== sentence.told); // one may have read the one before
  sentence.told = told;
  sentence.isMet = sentence.matches(".unwritten");
  sentence.left = area(sentence).value;
  sentence.metAt = performance.now();
  sentence.isUnseen = sentence.isMet && isUnder(sentence); // who types just then looks at the word
};
const renew = (old, fresh, sent) => { // the same sentence: its field may be in use
  const field = area(old);
  const isSame = isAs(old, sent);
  place(old).value = place(fresh).value;
  Object.assign(old, { id: fresh.id, className: fresh.className });
  Object.assign(old.dataset, fresh.dataset);
  old.querySelectorAll(":scope > :is(.fault, .doubts, .offers)").forEach((each) => each.remove());
  field.before(...fresh.querySelectorAll(":scope > .fault"));
  old.append(...fresh.querySelectorAll(":scope > :is(.doubts, .offers)"));
  const text = area(fresh).value;
  if (isSame && !isIn(old)) {
    field.value = text;
    if (!fresh.matches(".unwritten")) voice(old).replaceWith(voice(fresh));
  }
  field.defaultValue = isSame ? field.value : text;
  if (isSame && field.value !== text) old.about = [old]; // shown as it is written once one left it
  meet(old);
};
const swap = (here, found) => { // others stand there now
  const next = here[0] ?? sentences().find((each) => span(each)[0] > span(found[0])[0]);
  if (next) next.before(...found);
  else list.append(...found);
  if (here.includes(heard)) heard = found[0] ?? null;
  here.forEach((each) => each.remove());
  found.forEach((each) => { grow(area(each)); meet(each); });
};
const adopt = (group, sent, own) => { // somebody wrote on: one field stays for all of it
  const kept = group.at(-1);
  const field = area(kept);
  const { selectionStart: from, selectionEnd: to } = field;
  const before = group.slice(0, -1).map((each) => `${area(each).value} `).join("");
  if (before) {
    field.value = before + field.value;
    field.setSelectionRange(before.length + from, before.length + to);
    group.slice(0, -1).forEach((each) => each.remove());
  }
  place(kept).value = own;
  field.defaultValue = sent.map(({ words }) => words).join(" ");
  Object.assign(kept.dataset, { start: span(kept)[0], offers: "{}" });
  kept.classList.remove("unwritten");
  kept.querySelectorAll(":scope > .fault").forEach((each) => each.remove());
  meet(kept);
  grow(field);
};
const put = (group, sent, { own, found }, isAct) => {
  const spans = [...group, ...found].map(span);
  const [start, end] = [Math.min(...spans.map(([first]) => first)), Math.max(...spans.map(([, last]) => last))];
  const here = sentences().filter((each) => group.includes(each) || (span(each)[0] < end && span(each)[1] > start));
  group.forEach((each) => { each.about = null; });
  if (group.length === 1 && found.length === 1 && String(span(group[0])) === String(span(found[0]))) {
    renew(group[0], found[0], sent[0]);
    return false;
  }
  const isStill = (each) => (group.includes(each) ? isAs(each, sent[group.indexOf(each)]) : !isChanged(each));
  const isWhole = (each) => span(each)[0] >= start && span(each)[1] <= end;
  const isGone = !found.length && here.some((each) => area(each).value.trim());
  const isFree = here.every((each) => (isAct || !isIn(each)) && isStill(each) && isWhole(each));
  if (isFree && !isGone) swap(here, found);
  else {
    if (own && (isAct || group.length === 1)) adopt(group, sent, own);
    group.at(-1).about = here; // to be shown as it stands once nobody writes there
  }
  return isFree;
};
const send = async (group, more, then) => {
  if (!group.every((each) => each.isConnected && (then || !isUnder(each)))) return;
  const isLook = !group.some(isChanged); // at what stands there
  const isDue = isLook ? group.some((each) => each.about) : group.length === 1 && isReady(group[0]);
  if (!then && !isDue) return;
  const sent = group.map((each) => each.sent ?? typed(each)); // what was not answered is asked again
  if (then || !isLook) group.forEach((each, at) => { each.sent = sent[at]; });
  say(told.saving);
  try {
    const answer = await ask(sent, more);
    fails = 0;
    group.forEach((each) => { each.sent = null; });
    if (put(group, sent, answer, Boolean(then))) then?.(answer.found);
    if (group.some((each, at) => each.isConnected && !isAs(each, sent[at]))) later();
    tell();
  } catch (error) {
    fails += 1;
    say(error.message === told.out ? told.out : told.cut, true);
    clearTimeout(timer);
    waits = true;
    timer = setTimeout(again, RETRY[Math.min(fails, RETRY.length) - 1]);
  }
  hold();
};
const queue = (...what) => { work = work.then(() => send(...what)); return work; };
// What met the words of somebody else waits until one has seen that, and writes on.
const isReady = (each) => isChanged(each) && !(each.isMet && (each.isUnseen || area(each).value === each.left));
const see = (each) => { if (each.isUnseen && !isUnder(each)) Object.assign(each, { isUnseen: false, metAt: -LOOK, left: area(each).value }); };
const keep = () => {
  for (const each of sentences()) {
    see(each);
    if (isReady(each)) queue([each]);
    else if (each.about) queue(each.about.filter((other) => other.isConnected));
  }
};
const again = () => { waits = false; keep(); };
const later = () => {
  if (waits) return; // another try is on its way
  clearTimeout(timer);
  timer = setTimeout(keep, SAVE);
};

// Keys and buttons

const cut = (sentence) => {
  const field = area(sentence);
  const { selectionStart: from, selectionEnd: to, value } = field;
  if (!value.slice(to).trim()) { // at the end of it one goes on
    const next = sentence.nextElementSibling;
    if (next) enter(next);
    return;
  }
  if (!value.slice(0, from).trim()) return;
  field.setRangeText("\n", from, to, "end");
  queue([sentence], {}, (found) => { if (found[1]) enter(found[1]); });
};
const join = (sentence) => {
  const before = sentence.previousElementSibling;
  if (!before || !sentence.querySelector(".join")) return;
  const length = area(before).value.trim().length;
  const [start] = place(sentence).value.split(" ");
  queue([before, sentence], { join: start }, ([one]) => { if (one) enter(one, Math.min(length, area(one).value.length)); });
};
const ACTS = { toggle, back, slower: () => pace(-1), faster: () => pace(1) };
const KEYS = { F8: "toggle", F2: "back", ShiftF2: "slower", ShiftF4: "faster" };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const act = KEYS[`${event.shiftKey ? "Shift" : ""}${event.key}`];
  if (!act) return;
  event.preventDefault();
  ACTS[act]();
});
ear.addEventListener("click", ({ target }) => ACTS[target.closest("button")?.dataset.act]?.());
list.addEventListener("choose", ({ target, detail }) => enter(target.closest(".sentence"), ...detail)); // of offers.js
list.addEventListener("taken", ({ target }) => { if (goesOn.checked) hear(target.closest(".sentence")); }); // then on
list.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (target.name !== "words" || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing) return;
  const sentence = target.closest(".sentence");
  const next = sentence.nextElementSibling;
  if (key === "Tab" && next) enter(next);
  else if (key === "Enter") cut(sentence);
  else if (key === "Backspace" && !target.selectionEnd && sentence.previousElementSibling) join(sentence);
  else return;
  event.preventDefault();
});
for (const event of ["focusin", "click"]) {
  list.addEventListener(event, ({ target }) => { if (target.name === "words") attend(target.closest(".sentence")); });
}
for (const event of ["keydown", "pointerdown", "input"]) { // who does something in a sentence stays there
  list.addEventListener(event, ({ target, key }) => {
    if (["F8", "Shift", "Control", "Alt", "Meta"].includes(key)) return;
    const sentence = target.closest(".sentence");
    if (sentence && sentence === heard) sentence.isHeld = true;
  }, true);
}
for (const event of ["focusin", "keydown", "input"]) {
  list.addEventListener(event, () => { isAway = false; }, true);
}
list.addEventListener("focusout", later);
document.addEventListener("click", later); // a window that is not in front has no events of focus
addEventListener("blur", () => { isAway = true; later(); });
list.addEventListener("change", later);
list.addEventListener("input", ({ target }) => {
  const sentence = target.closest(".sentence");
  if (sentence.isMet && (sentence.isOther || performance.now() - sentence.metAt < LOOK)) {
    Object.assign(sentence, { isUnseen: true, isOther: false });
  }
  hold();
  if (state.textContent === told.saved) say("");
  if (target.name === "words") grow(target);
});
list.addEventListener("click", (event) => {
  const button = event.target.closest(".join");
  if (!button) return;
  event.preventDefault();
  join(button.closest(".sentence"));
});
let leaves = false;
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  leaves = true;
  if (form.dataset.waits) return;
  event.preventDefault(); // what is on its way arrives first; within this event no form is sent again
  const submit = () => { form.dataset.waits = "1"; form.requestSubmit(event.submitter); };
  work.then(() => setTimeout(submit));
});
addEventListener("beforeunload", (event) => { if (!leaves && unsaved().length) event.preventDefault(); });
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  isAway = true;
  keep();
});
addEventListener("online", again);

// What an earlier page could not keep

const stray = (where) => { // a field for a sentence that is none any more
  const [start, end] = where.split(" ").map(Number);
  const made = list.querySelector(".sentence").cloneNode(true);
  made.querySelectorAll(":scope > :is(.fault, .doubts, .offers)").forEach((each) => each.remove());
  Object.assign(made.dataset, { start, end, offers: "{}" });
  area(made).defaultValue = "";
  const next = sentences().find((each) => span(each)[1] > start);
  if (next) next.before(made);
  else list.append(made);
  return made;
};
const both = [await earlier, atOnce()];
for (const { place: where, words, voice: who } of both.reduce((a, b) => (a.at > b.at ? a : b)).left) {
  const [start, end] = where.split(" ");
  const found = sentences().find((each) => place(each).value.startsWith(`${start} ${end} `));
  if (found ? isAs(found, { words, voice: who }) : !words.trim()) continue; // it is written
  const sentence = found ?? stray(where);
  place(sentence).value = where; // with what was seen then: what changed since is shown
  area(sentence).value = words;
  voice(sentence).value = who;
}
for (const each of sentences()) {
  meet(each);
  grow(area(each));
}
form.classList.add("by-ear");
for (const each of [ear, document.querySelector(".by-ear-only")]) each.hidden = false;
if (audio.src) audio.preload = "metadata";
hold();
if (unsaved().length) keep();
if (document.activeElement.name === "words") attend(document.activeElement.closest(".sentence"));
