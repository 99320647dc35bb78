// What may have been said in the place of some words: offered for those at the caret, and taken by
// F9, which puts the next in its place when pressed again. F4 goes from doubt to doubt. Without
// this script the page shows the same as text.
const list = document.querySelector(".rereading .sentences");
const row = document.querySelector(".ear .offers");
const state = document.querySelector(".offered");
const MOST = 5;
const SIGNS = /[«»“”"()[\].,;:!?…\u2013\u2014-]/;
const BEGUN = /[\p{L}\p{N}][\p{L}\p{N}’'-]*$/u; // a word
const LETTER = /[\p{L}\p{N}’'-]/u;
const NONE = { offers: [], stops: [], words: [] };

const sentences = () => [...list.querySelectorAll(".sentence")];
const area = (sentence) => sentence.querySelector("textarea");
const told = (sentence) => ({ ...NONE, ...JSON.parse(sentence?.dataset.offers || "{}") });

let field = null; // in which one writes, or did
let isTyping = false; // rather than that the caret was put there
let taken = null; // { before, ways, at, after, caret }
let isBusy = false;

// Where the words stand that were not changed: those before what was, and those after it.
const places = ({ value, defaultValue }) => {
  const at = [...value.matchAll(/\S+/g)].map(({ 0: word, index }) => [index, index + word.length]);
  const [was, now] = [defaultValue, value].map((text) => text.match(/\S+/g) ?? []);
  const most = Math.min(was.length, now.length);
  let head = 0;
  let tail = 0;
  while (head < most && was[head] === now[head]) head += 1;
  while (tail < most - head && was.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return (first, last) => {
    if (last > head && first < was.length - tail) return null;
    const by = last > head ? now.length - was.length : 0;
    return [at[first + by][0], at[last + by - 1][1]];
  };
};
const doubts = (sentence) => {
  const where = places(area(sentence));
  return told(sentence).stops.map(([first, last]) => where(first, last)).filter(Boolean);
};

// What is offered

const bare = (text, [from, to]) => {
  let [start, end] = [from, to];
  while (start < end && SIGNS.test(text[start])) start += 1;
  while (start < end && SIGNS.test(text[end - 1])) end -= 1;
  return start < end ? [start, end] : [from, to];
};
const way = (value, spot, text) => {
  const [from, to] = bare(value, spot);
  return { from, to, text: from || !text ? text : text[0].toUpperCase() + text.slice(1) };
};
const offersAt = ({ value }, where, { offers }, [start, end]) => {
  const found = offers.map(([first, last, text]) => [where(first, last), text]).filter(([spot]) => spot && spot[0] < end && spot[1] > start);
  const rank = ([[from, to]]) => 2 * (from !== start || to !== end) + (from !== start);
  return found.sort((one, other) => rank(one) - rank(other)).slice(0, MOST).map(([spot, text]) => way(value, spot, text));
};
const ends = () => { // of the word that is begun at the caret
  const { value, selectionStart: to } = field;
  const [begun] = value.slice(0, to).match(BEGUN) ?? [];
  if (!begun || LETTER.test(value[to] ?? " ")) return [];
  const here = field.closest(".sentence");
  const near = [here, here.previousElementSibling, here.nextElementSibling].flatMap((each) => told(each).words);
  const written = sentences().flatMap((each) => area(each).value.match(/[\p{L}\p{N}][\p{L}\p{N}’'-]{2,}/gu) ?? []);
  const found = new Map();
  for (const word of [...near, ...written]) {
    const key = word.toLowerCase();
    if (word.length > begun.length && key.startsWith(begun.toLowerCase()) && !found.has(key)) found.set(key, word);
  }
  const ended = (word) => (word === word.toLowerCase() ? begun + word.slice(begun.length) : word);
  return [...found.values()].slice(0, MOST).map((word) => ({ from: to - begun.length, to, text: ended(word) }));
};
const spot = ({ value, selectionStart: start, selectionEnd: end }, where, { offers, stops }) => {
  if (!end) { // at the start of the field: the first doubt for which there is something
    const has = ([first, last]) => offers.some(([from, to]) => from < last && to > first);
    const stop = stops.filter(has).map(([first, last]) => where(first, last)).find(Boolean);
    if (stop) return stop;
  }
  const words = [...value.matchAll(/\S+/g)].map(({ 0: word, index }) => [index, index + word.length]);
  const meant = words.filter(([from, to]) => (start === end ? from <= start && start <= to : from < end && to > start));
  if (!meant.length) return null;
  return start === end ? meant.at(-1) : [meant[0][0], meant.at(-1)[1]];
};
const isTaken = () => taken && taken.field === field && field.value === taken.after && field.selectionEnd === taken.caret;
const attend = () => { // a window that is not in front has no events of focus
  const { activeElement: now } = document;
  if (now.name !== "words" || now === field) return;
  field = now;
  isTyping = false;
};
const ways = () => {
  attend();
  if (!field?.isConnected) return [];
  if (isTaken()) return taken.ways;
  if (isTyping) return ends();
  const where = places(field);
  const data = told(field.closest(".sentence"));
  const words = spot(field, where, data);
  return words ? offersAt(field, where, data, words) : [];
};

// Taking it: as typed, so that the browser takes it back as well

const write = (from, to, text) => {
  field.focus();
  field.setSelectionRange(from, to);
  isBusy = true;
  const isDone = from === to && !text ? true : document.execCommand(text ? "insertText" : "delete", false, text);
  if (!isDone) {
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  isBusy = false;
};
const put = (at) => { // one of the ways; what stood there after the last
  const { before, ways: every } = taken;
  const old = every[taken.at] ?? every[0];
  const next = every[at] ?? { ...old, text: before.slice(old.from, old.to) };
  const [from, to] = [Math.min(old.from, next.from), Math.max(old.to, next.to)];
  const text = before.slice(from, next.from) + next.text + before.slice(next.to, to);
  write(from, field.value.length - (before.length - to), text);
  const caret = next.from + next.text.length;
  field.setSelectionRange(caret, caret);
  taken = { ...taken, at, after: field.value, caret };
  field.dispatchEvent(new Event("taken", { bubbles: true }));
  isTyping = false;
  const was = before.slice(next.from, next.to);
  state.textContent = every[at] ? `${next.text || row.dataset.none} (${at + 1}/${every.length})` : was;
  show();
};
const take = (step, wanted) => {
  const every = ways();
  if (!every.length) return;
  if (!isTaken()) taken = { field, before: field.value, ways: every, at: every.length };
  const size = every.length + 1;
  put(wanted ?? (taken.at + step + size) % size);
};

// The row of them, below the fields, where it always stands

let shown = "";
const show = () => {
  if (isBusy) return;
  const every = ways();
  const now = JSON.stringify([every.map(({ text }) => text), isTaken() ? taken.at : -1]);
  if (now === shown) return;
  shown = now;
  row.querySelectorAll("button").forEach((each) => each.remove());
  for (const [at, { text }] of every.entries()) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: text || row.dataset.none });
    button.lang = text ? row.dataset.spoken : "";
    button.setAttribute("aria-pressed", Boolean(isTaken()) && taken.at === at);
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // the field stays in use
    button.addEventListener("click", () => take(0, at));
    row.append(button);
  }
};
const nextDoubt = () => {
  attend();
  const every = sentences();
  const here = Math.max(0, every.indexOf(field?.closest(".sentence")));
  const { selectionStart: first, selectionEnd: last } = area(every[here]);
  for (const sentence of every.slice(here)) {
    const isHere = area(sentence) === document.activeElement;
    const found = doubts(sentence).find(([from]) => !isHere || from >= (first === last ? first : last));
    if (found) {
      isTyping = false;
      const detail = bare(area(sentence).value, found); // its signs stay: without a stop two sentences are one
      area(sentence).dispatchEvent(new CustomEvent("choose", { bubbles: true, detail }));
      return;
    }
  }
};

const KEYS = { F4: nextDoubt, F9: () => take(1), ShiftF9: () => take(-1) };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const act = KEYS[`${event.shiftKey ? "Shift" : ""}${event.key}`];
  if (!act) return;
  event.preventDefault();
  act();
});
document.querySelector("[data-act=doubt]").addEventListener("click", nextDoubt);
list.addEventListener("input", ({ target, inputType }) => {
  if (isBusy || target.name !== "words") return;
  attend();
  isTyping = inputType === "insertText" || inputType === "insertCompositionText";
});
for (const event of ["keydown", "pointerdown"]) { // who goes elsewhere asks for what is there
  list.addEventListener(event, ({ key }) => { if (!key || /^(Arrow|Home|End|Tab|Page)/.test(key)) isTyping = false; });
}
for (const event of ["focusin", "input", "keyup", "click"]) list.addEventListener(event, show);
document.addEventListener("selectionchange", show);
row.hidden = false;
show();
