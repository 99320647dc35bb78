// Chapters, or borders, on the waveform: a press, or a key, sets the moment of the chosen row. What is written
// stays a form, which says the same without this script.
const form = document.querySelector(".chaptering");
const list = form.querySelector(".chapter-rows");
const audio = form.querySelector("audio");
const seek = form.querySelector(".seek");
const marks = form.querySelector(".marks");
const here = form.querySelector(".here");
const length = Number(form.dataset.duration);
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 30, PageDown: -30 };

const read = (text) => {
  const found = /^(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:[.,]\d+)?)$/.exec(text.trim());
  if (!found) return null;
  return 3600 * (found[1] ?? 0) + 60 * (found[2] ?? 0) + Number(found[3].replace(",", "."));
};
const write = (second) => {
  const tenths = Math.round(second * 10);
  const [hours, minutes, seconds] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, Math.floor(tenths / 10) % 60];
  const clock = hours ? `${hours}:${String(minutes).padStart(2, "0")}` : String(minutes);
  return `${clock}:${String(seconds).padStart(2, "0")}${tenths % 10 ? `.${tenths % 10}` : ""}`;
};

// The rows

const rows = () => [...list.children];
const time = (row) => row.querySelector("[name=time]");
let chosen = rows().find((row) => !time(row).value) ?? rows()[0];
const choose = (row) => {
  chosen.classList.remove("chosen");
  chosen = row;
  chosen.classList.add("chosen");
};
const put = (row, second) => {
  time(row).value = write(second);
  time(row).dispatchEvent(new Event("input", { bubbles: true }));
};
const draw = () => {
  const starts = rows().map((row) => read(time(row).value)).filter((second) => second !== null && second < length);
  marks.replaceChildren(...starts.map((second) => {
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "path");
    mark.setAttribute("class", "chapter");
    mark.setAttribute("d", `M${(960 * second / length).toFixed(1)} 0v64`);
    return mark;
  }));
};
const add = () => {
  const row = list.lastElementChild.cloneNode(true);
  const number = list.children.length + 1;
  for (const each of row.querySelectorAll("[id], [for], [aria-describedby]")) {
    for (const name of ["id", "for", "aria-describedby"]) {
      if (each.hasAttribute(name)) each.setAttribute(name, each.getAttribute(name).replace(/\d+$/, number));
    }
  }
  for (const each of row.querySelectorAll(".unseen")) each.textContent = ` ${number}`;
  for (const each of row.querySelectorAll("input")) each.value = "";
  list.append(row);
  time(row).focus();
};

// A press says which row is meant where the browser gives it no focus, as Safari does for buttons.
for (const type of ["focusin", "click", "input"]) {
  list.addEventListener(type, ({ target }) => choose(target.closest("li") ?? chosen));
}
list.addEventListener("input", draw);
list.addEventListener("click", ({ target }) => {
  const row = target.closest("li");
  if (target.closest(".put")) put(row, audio.currentTime);
  const hear = target.closest(".hear");
  if (hear) {
    jump((read(time(row).value) ?? 0) - (hear.dataset.before ?? 0)); // what comes to an end is heard before
    audio.play();
  }
});
form.querySelector(".more")?.addEventListener("click", add);

// The sound

const show = () => {
  here.setAttribute("d", `M${(960 * audio.currentTime / length).toFixed(1)} 0v64`);
  if (!audio.paused && document.activeElement === seek) return; // or it is read aloud all the time
  seek.ariaValueNow = String(Math.round(audio.currentTime));
  seek.ariaValueText = write(audio.currentTime);
};
const jump = (second) => {
  const go = () => {
    audio.currentTime = Math.max(0, Math.min(length, second));
    show();
  };
  if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) return go();
  audio.addEventListener("loadedmetadata", go, { once: true });
  audio.load();
};
for (const type of ["timeupdate", "seeked", "pause"]) audio.addEventListener(type, show);

seek.addEventListener("click", (event) => {
  const { left, width } = seek.getBoundingClientRect();
  const second = length * Math.max(0, Math.min(1, (event.clientX - left) / width));
  jump(second);
  put(chosen, second);
});
seek.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const second = { Home: 0, End: length }[event.key] ?? audio.currentTime + STEPS[event.key] * (event.shiftKey ? 10 : 1);
  if (event.key === "Enter") put(chosen, audio.currentTime);
  else if (event.key === " ") audio.paused ? audio.play() : audio.pause();
  else if (!Number.isNaN(second)) jump(second);
  else return;
  event.preventDefault();
});

audio.preload = "metadata"; // the arrows need it
for (const each of form.querySelectorAll(".there")) each.remove();
for (const each of form.querySelectorAll("[hidden]:not([type=hidden])")) each.hidden = false;
choose(chosen);
draw();
show();
