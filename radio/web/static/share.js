// Sharing: one press gives the link at the second that one hears, or of the words one selects. Without
// this script each sentence still is a link.
(() => {
  "use strict";
  const share = document.getElementById("share");
  const pick = document.getElementById("pick");
  const said = document.querySelector(".said");
  if (!share) return;
  const { audio, startOf } = window.listening;
  let at = share.quoted; // by the page
  let wanted = new URLSearchParams(location.search).get("t") || "";

  // From the first cue of a selection to the end of its last, which is where the next begins unless it says another.
  const selected = () => {
    const selection = getSelection();
    if (selection.isCollapsed) return null;
    const all = [...said.querySelectorAll("a.cue")];
    const cues = all.filter((cue) => selection.containsNode(cue, true));
    const last = cues.at(-1);
    return last ? `${startOf(cues[0])},${last.dataset.end ?? startOf(all[all.indexOf(last) + 1])}` : null;
  };

  const renew = async () => {
    if (!share.open || wanted === at) return;
    at = wanted;
    const address = new URL(share.dataset.at, location.href);
    address.searchParams.set("t", at);
    try {
      const answer = await fetch(address);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok && at === wanted) share.querySelector(".quotation").replaceWith(page.querySelector(".quotation"));
    } catch {
      at = ""; // without network the old quotation stays
    }
  };

  // The system's own way to share where there is one, else the link is copied.
  const give = async () => {
    const url = new URL(share.dataset.page, location.href);
    if (wanted) url.searchParams.set("t", wanted);
    const link = url.href.replace(/%2C/i, ",");
    const { title, copied } = share.dataset;
    try {
      if (navigator.share) return await navigator.share({ title, url: link });
      await navigator.clipboard.writeText(link);
      share.querySelector(".told").textContent = copied;
    } catch {} // the link stands in the panel
  };

  // The second that one hears, or that of the sentence to come, once its words are lit.
  const heard = () => {
    const lit = said && said.querySelector("a.cue[aria-current]");
    return String(Number(Math.max(audio.currentTime, lit ? startOf(lit) : 0).toFixed(3)));
  };

  const open = (place) => {
    wanted = place || wanted;
    share.open = true;
    give();
    renew();
  };

  share.querySelector("summary").addEventListener("click", (event) => {
    share.querySelector(".told").textContent = "";
    if (share.open) return;
    event.preventDefault();
    open(said && selected() || (audio.currentTime >= 1 && (!audio.paused || !wanted) ? heard() : wanted));
  });
  if (said) {
    const offer = () => { if (said.isConnected) pick.hidden = !selected(); };
    document.addEventListener("selectionchange", offer);
    offer();
    pick.addEventListener("click", (event) => {
      event.stopPropagation(); // what is pressed elsewhere closes the panel
      const place = selected();
      getSelection().removeAllRanges();
      open(place);
      share.scrollIntoView({ block: "nearest" });
      share.querySelector("summary").focus();
    });
    document.body.addEventListener("click", (event) => { // after that of reading.js
      const link = event.target.closest("a[href]:is([data-start], .cue)");
      if (link && event.defaultPrevented) wanted = String(startOf(link));
      renew();
    });
  }
  share.addEventListener("focusin", (event) => { if (event.target.matches("[readonly]")) event.target.select(); });
})();
