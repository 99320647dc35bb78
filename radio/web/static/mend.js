// The sentence that is heard is the one to be mended. Without this script, that of the address.
(() => {
  "use strict";
  const link = document.querySelector(".mend a");
  const audio = document.querySelector("audio");
  if (!link || !audio) return;

  const renew = () => {
    if (!audio.currentTime) return;
    const said = [...document.querySelectorAll(".said .cue")].filter((each) => listening.startOf(each) <= audio.currentTime).pop();
    if (!said) return;
    const address = new URL(link.href);
    address.searchParams.set("t", listening.startOf(said));
    link.href = address.href;
  };
  for (const event of ["pointerdown", "focus", "click"]) link.addEventListener(event, renew);
})();
