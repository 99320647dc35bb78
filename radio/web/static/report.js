// An error is told with the second and the sentence that are heard. Without this script, with those of the address.
(() => {
  "use strict";
  const link = document.querySelector(".report [data-place]");
  const audio = document.querySelector("audio");
  if (!link || !audio || !link.href.startsWith("mailto:")) return;
  const clock = (second) => {
    const [hours, minutes, seconds] = [second / 3600, (second / 60) % 60, second % 60].map(Math.floor);
    const end = `${minutes}:${String(seconds).padStart(2, "0")}`;
    return hours ? `${hours}:${end.padStart(5, "0")}` : end;
  };

  const renew = () => {
    const second = Math.floor(audio.currentTime);
    if (!second) return;
    const said = [...document.querySelectorAll(".said .cue")].filter((each) => listening.startOf(each) <= audio.currentTime).pop();
    const words = said ? said.textContent.trim().slice(0, 300) : "";
    const [to, query] = link.href.split("?");
    const letter = new URLSearchParams(query);
    const lines = letter.get("body").split("\r\n");
    lines[1] = link.dataset.place.replace("{time}", clock(second)).replace("{words}", () => words);
    if (lines[2]) lines[2] = lines[2].replace(/[?#].*|$/, `?t=${second}`);
    const body = encodeURIComponent(lines.join("\r\n"));
    link.href = `${to}?subject=${encodeURIComponent(letter.get("subject"))}&body=${body}`;
  };
  for (const event of ["pointerdown", "focus", "click"]) link.addEventListener(event, renew);
})();
