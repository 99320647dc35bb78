// Recordings that keepers send go in pieces: whatever cuts them, they go on from what is there. Without this script the
// form sends them in one go.
const form = document.querySelector("[data-pieces]");
const told = form?.dataset;
const PIECE = Number(told?.pieces);
const [SMALL, FIRST] = [1 << 16, 1 << 18]; // bytes of a piece on a slow line, and of the first one
const TRIES = 5; // of a piece that was changed on its way
const LONGEST = 30; // seconds between two tries
const lang = document.documentElement.lang;
const unit = (name, digits = 0) => new Intl.NumberFormat(lang, { style: "unit", unit: name, maximumFractionDigits: digits });
const [mega, giga, minutes, seconds] = [unit("megabyte", 1), unit("gigabyte", 2), unit("minute"), unit("second")];
const queue = [];
let all = 0;
let here = 0;
let busy = false;

const weight = (bytes) => (bytes < 1e9 ? mega.format(bytes / 1e6) : giga.format(bytes / 1e9));
const lasting = (left) => (left < 60 ? seconds.format(Math.max(1, Math.round(left))) : minutes.format(Math.round(left / 60)));
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
const pause = (wait) =>
  new Promise((go) => {
    setTimeout(go, wait * 1000);
    addEventListener("online", go, { once: true });
  });

// What went wrong for good, in words for the keeper.
class Refused extends Error {}

function row(file) {
  const item = document.createElement("li");
  const name = document.createElement("strong");
  const bar = document.createElement("progress");
  const words = document.createElement("span");
  name.textContent = file.name;
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  words.className = "facts";
  item.append(name, bar, words);
  document.querySelector("#sending .sending").append(item);
  return { item, bar, words };
}

// The line is cut too under a large piece of somebody whose session ended: a page of the desk leads to its door then.
const isOut = async () => (await fetch(location.href, { method: "HEAD" }).catch(() => null))?.redirected;

async function ask(address, body, shown) {
  for (let wait = 1; ; wait = Math.min(2 * wait, LONGEST)) {
    try {
      const answer = await fetch(address, { method: "POST", body });
      if (![502, 503, 504].includes(answer.status)) return await read(answer);
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (await isOut()) throw new Refused(told.out);
    }
    shown.words.textContent = told.cut;
    await pause(wait);
  }
}

async function read(answer) {
  if (answer.status === 403 || answer.redirected) throw new Refused(told.out);
  const state = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  if (state.fault) throw new Refused(state.fault);
  if (!("received" in state)) throw new Refused((await isOut()) ? told.out : answer.statusText || String(answer.status));
  return state;
}

async function sum(piece) {
  if (!crypto.subtle) return "";
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", piece));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function cut(file, at, size) {
  try {
    return await file.slice(at, at + size).arrayBuffer();
  } catch {
    throw new Refused(told.lost);
  }
}

// A piece takes some seconds, so that the page can tell how far it is on a slow line too.
const fitting = (size, since) => {
  const took = performance.now() - since;
  if (took < 2000) return Math.min(2 * size, PIECE);
  return took > 6000 ? Math.max(size / 2, SMALL) : size;
};

// How fast it goes, by the last ten seconds.
function pace() {
  const marks = [];
  return (at) => {
    const now = performance.now() / 1000;
    marks.push([now, at]);
    while (marks.length > 3 && now - marks[0][0] > 10) marks.shift();
    const [since, from] = marks[0];
    return (at - from) / Math.max(0.2, now - since);
  };
}

async function send(file, show, shown) {
  const about = { name: file.name, size: file.size, changed: file.lastModified / 1000, show, token: form.token.value };
  let state = await ask(told.begin, new URLSearchParams(about), shown);
  const unfinished = document.querySelector(`li:has([action*="/${state.id}/"])`); // of an earlier try: it goes on here
  (unfinished?.matches(":only-child") ? unfinished.closest("section") : unfinished)?.remove();
  const speed = pace();
  let stuck = 0;
  let size = FIRST;
  speed(state.received);
  while (!state.sha256) {
    const at = state.received;
    const piece = await cut(file, at, size);
    const since = performance.now();
    if (at + piece.byteLength >= file.size) shown.words.textContent = told.checking;
    const query = new URLSearchParams({ from: at, sha256: await sum(piece), token: form.token.value });
    state = await ask(`${told.piece.replace("/-/", `/${state.id}/`)}?${query}`, piece, shown);
    stuck = state.received === at && !state.sha256 ? stuck + 1 : 0;
    if (stuck >= TRIES) throw new Refused(told.lost);
    size = fitting(size, since);
    const bytes = speed(state.received);
    shown.bar.value = state.received;
    const time = lasting((file.size - state.received) / Math.max(1, bytes));
    shown.words.textContent = fill(told.going, { done: weight(state.received), size: weight(file.size), speed: weight(bytes), time });
  }
  shown.bar.value = file.size;
  shown.words.textContent = fill(told.here, { size: weight(state.size) });
}

async function work() {
  if (busy) return;
  busy = true;
  while (queue.length) {
    const { file, show, shown } = queue.shift();
    try {
      await send(file, show, shown);
      here += 1;
      document.querySelector("#sending > p:last-child").hidden = false;
    } catch (error) {
      shown.words.className = "fault";
      shown.words.textContent = fill(told.failed, { reason: error instanceof Refused ? error.message : String(error) });
    }
    document.querySelector("#sent").textContent = fill(told.total, { number: here, all });
  }
  busy = false;
}

function take(files) {
  document.querySelector("#sending").hidden = false;
  for (const file of files) queue.push({ file, show: form.show.value, shown: row(file) });
  all += files.length;
  work();
}

if (form) {
  form.querySelector("[data-script]").hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take([...form.file.files]);
    form.file.value = "";
  });
  const drop = document.querySelector("#drop");
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => take([...event.dataTransfer.files]));
}
