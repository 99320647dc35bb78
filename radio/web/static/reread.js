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
const RETRY = [2000, 5000, 15000, 30000]; // ms
const EARLY = 0.15; // seconds that are heard before and after a sentence
const PACES = [0.5, 0.75, 0.9, 1, 1.15, 1.3, 1.5, 1.75, 2];
const KEPT = `reread ${location.pathname}`;

const sentences = () => [...list.querySelectorAll(".sentence")];
const area = (sentence) => sentence.querySelector("textarea");
const voice = (sentence) => sentence.querySelector("[name=voice]");
const place = (sentence) => sentence.querySelector("[name=place]");
const seen = (sentence) => place(sentence).value.split(" ").slice(3).join(" ");
const isChanged = (sentence) => sentence.isMet || area(sentence).value !== area(sentence).defaultValue || voice(sentence).value !== seen(sentence);
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
// Keeping

const say = (text, isBad = false) => {
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("fault", isBad);
};
let work = Promise.resolve(); // one thing after the other, in order
let fails = 0;
let timer = 0;
let waits = false; // for another try
const hold = () => { // what could not be kept, in case this browser ends
  const left = unsaved().map((each) => ({ place: place(each).value, words: area(each).value, voice: voice(each).value }));
  try {
    if (left.length && fails) localStorage.setItem(KEPT, JSON.stringify(left));
    else localStorage.removeItem(KEPT);
  } catch { /* the fields have it */ }
};
const ask = async (group, more = {}) => {
  const body = new URLSearchParams({ token: form.elements.token.value, piece: 1, ...more });
  for (const each of group) {
    body.append("place", place(each).value);
    body.append("words", area(each).value);
    body.append("voice", voice(each).value);
  }
  const answer = await fetch(form.action || location.href, { method: "POST", body, keepalive: document.hidden });
  if (![200, 409, 422].includes(answer.status)) throw new Error(answer.status === 403 ? told.out : told.cut);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { isKept: answer.ok, found: [...page.querySelectorAll(".sentence")] };
};
const renew = (old, fresh, sent) => { // the same sentence: its field may be in use
  const field = area(old);
  place(old).value = place(fresh).value;
  Object.assign(old, { id: fresh.id, className: fresh.className });
  Object.assign(old.dataset, fresh.dataset);
  old.isMet = false;
  old.querySelectorAll(":scope > :is(.fault, .doubts, .offers)").forEach((each) => each.remove());
  old.append(...fresh.querySelectorAll(":scope > :is(.doubts, .offers)"));
  const text = area(fresh).value;
  const isSame = field.value === sent;
  field.defaultValue = text;
  if (isSame && field.value !== text && document.activeElement !== field) field.value = text;
  if (isSame && field.value.trim() === text) field.defaultValue = field.value;
};
const put = (group, found, isKept, sent) => {
  if (group.length === 1 && found.length === 1 && isKept) renew(group[0], found[0], sent);
  else {
    if (group.includes(heard)) heard = found[0] ?? null;
    group[0].before(...found);
    group.forEach((each) => each.remove());
    for (const each of found) {
      grow(area(each));
      if (!isKept) Object.assign(each, { left: area(each).value, isMet: true });
    }
  }
};
const send = async (group, more, then) => {
  if (!group.every((each) => each.isConnected)) return;
  say(told.saving);
  const sent = area(group[0]).value;
  const isBound = group.length > 1 || sent.includes("\n"); // its field is about to be another one
  if (isBound) group.forEach((each) => { area(each).readOnly = true; });
  try {
    const { isKept, found } = await ask(group, more);
    fails = 0;
    put(group, found, isKept, sent);
    then?.(found);
    say(isKept ? told.saved : told.met, !isKept);
  } catch (error) {
    fails += 1;
    say(error instanceof TypeError ? told.cut : error.message, true);
    clearTimeout(timer);
    waits = true;
    timer = setTimeout(again, RETRY[Math.min(fails, RETRY.length) - 1]);
  }
  group.forEach((each) => { area(each).readOnly = false; });
  hold();
};
const queue = (...what) => { work = work.then(() => send(...what)); return work; };
// What met the words of somebody else waits until one has seen that, and writes on.
const keep = () => unsaved().filter((each) => area(each).value !== each.left).forEach((each) => queue([each]));
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
  const start = sentence.querySelector(".join").value;
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
list.addEventListener("focusout", later);
list.addEventListener("change", later);
list.addEventListener("input", ({ target }) => { if (target.name === "words") grow(target); });
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
document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
addEventListener("online", again);

// What an earlier page could not keep

try {
  for (const { place: where, words, voice: who } of JSON.parse(localStorage.getItem(KEPT) ?? "[]")) {
    const [start, end] = where.split(" ");
    const sentence = sentences().find((each) => place(each).value.startsWith(`${start} ${end} `));
    if (!sentence) continue;
    place(sentence).value = where; // with what was seen then: what changed since is shown
    area(sentence).value = words;
    voice(sentence).value = who;
  }
} catch { /* nothing of ours */ }
document.querySelectorAll(".sentence textarea").forEach(grow);
form.classList.add("by-ear");
for (const each of [ear, document.querySelector(".by-ear-only")]) each.hidden = false;
if (audio.src) audio.preload = "metadata";
if (unsaved().length) keep();
if (document.activeElement.name === "words") attend(document.activeElement.closest(".sentence"));
