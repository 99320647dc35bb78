// Listening along. Without this script every link still works, by loading the page again.
(() => {
  "use strict";
  const audio = document.querySelector("audio");
  if (!audio) return;

  const cues = [...document.querySelectorAll("a.cue")];
  const starts = cues.map((cue) => Number(cue.dataset.start));
  let spoken = cues.find((cue) => cue.hasAttribute("aria-current")) || null;

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

  const mark = () => {
    const cue = cueAt(audio.currentTime);
    if (cue === spoken) return;
    if (spoken) spoken.removeAttribute("aria-current");
    if (cue) cue.setAttribute("aria-current", "true");
    spoken = cue;
  };

  // A time set before the length is known is lost: keep it until then.
  const seek = (second) => {
    if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) audio.currentTime = second;
    else audio.addEventListener("loadedmetadata", () => { audio.currentTime = second; }, { once: true });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-start]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain) return;
    event.preventDefault();
    seek(Number(link.dataset.start));
    history.replaceState(null, "", link.href);
    audio.play().catch(() => {}); // the browser may want a press on its own button first
  });

  audio.addEventListener("timeupdate", mark);
  audio.addEventListener("seeked", mark);

  // Not every browser heeds #t= in the address of the sound.
  const asked = /#t=([\d.]+)$/.exec(audio.getAttribute("src"));
  if (asked) seek(Number(asked[1]));
})();
