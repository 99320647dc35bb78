// An error is told of the sentence that is selected, else of the one that is heard. Without this script,
// of that of the address.
(() => {
  "use strict";
  const links = document.querySelectorAll("a[data-place], a[data-mends]");
  const { audio, startOf } = window.listening;
  const clock = (second) => {
    const [hours, minutes, seconds] = [second / 3600, (second / 60) % 60, second % 60].map(Math.floor);
    const end = `${minutes}:${String(seconds).padStart(2, "0")}`;
    return hours ? `${hours}:${end.padStart(5, "0")}` : end;
  };

  const letter = (link, second, words) => {
    const [to, query] = link.href.split("?");
    const written = new URLSearchParams(query);
    const lines = written.get("body").split("\r\n");
    lines[1] = link.dataset.place.replace("{time}", clock(second)).replace("{words}", () => words);
    if (lines[2]) lines[2] = lines[2].replace(/[?#].*|$/, `?t=${second}`);
    const body = encodeURIComponent(lines.join("\r\n"));
    link.href = `${to}?subject=${encodeURIComponent(written.get("subject"))}&body=${body}`;
  };
  const mend = (link, second) => {
    const address = new URL(link.href);
    address.searchParams.set("t", second);
    link.href = address.href;
  };

  const renew = () => {
    const cues = [...document.querySelectorAll(".said .cue")];
    const selection = getSelection();
    const chosen = selection.isCollapsed ? null : cues.find((each) => selection.containsNode(each, true));
    const said = chosen || cues.filter((each) => startOf(each) <= audio.currentTime).pop();
    const second = chosen ? startOf(chosen) : Math.floor(audio.currentTime);
    if (!chosen && !second) return;
    for (const link of links) {
      if ("mends" in link.dataset) mend(link, said ? startOf(said) : second);
      else if (link.href.startsWith("mailto:")) letter(link, second, said ? said.textContent.trim().slice(0, 300) : "");
    }
  };
  let pressed = false; // which may end the selection
  for (const link of links) {
    link.addEventListener("pointerdown", () => { renew(); pressed = true; });
    for (const event of ["focus", "click"]) link.addEventListener(event, () => { if (!pressed) renew(); });
    for (const event of ["click", "blur", "pointercancel"]) link.addEventListener(event, () => { pressed = false; });
  }
})();
