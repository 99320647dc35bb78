// Passages one after the other, in the one player. Without this script a page has a player for each.
(() => {
  "use strict";
  const all = document.getElementById("all");
  const STEP = 0.3; // seconds from one look at the time to the next
  const AHEAD = 8; // seconds before its end in which the next passage is loaded
  const NEAR = 1; // seconds from a passage at which somebody has gone elsewhere
  let links = [];
  let place = -1;
  let player = null;

  // It goes into the player, and with it to other pages.
  const row = document.getElementById("queue").content.firstElementChild.cloneNode(true);
  const show = () => {
    player.box.querySelector(".passage")?.remove();
    row.querySelector("span").textContent = row.dataset.place.replace("{number}", place + 1).replace("{total}", links.length);
    row.querySelectorAll("a").forEach((link) => {
      const other = links[place + (link.rel === "next" ? 1 : -1)];
      link.hidden = !other;
      if (other) link.href = other.href;
    });
    player.box.append(row);
    light();
    links[place].closest("li").scrollIntoView({ block: "nearest" });
  };
  const light = () => {
    links.forEach((link) => link.closest("li").removeAttribute("aria-current"));
    links[place]?.closest("li").setAttribute("aria-current", "true");
  };
  const leave = () => {
    row.remove();
    place = -1;
    light();
  };

  const go = async (number) => {
    const isNear = links[number] && links[place]?.pathname === links[number].pathname;
    if (!isNear) player?.audio.pause(); // what follows a passage is not of it
    if (!links[number]) return leave();
    place = number;
    player = null; // until the next one is there, the one before tells nothing
    const started = await window.stays.start(links[number]);
    if (place !== number) return undefined;
    if (!started) return leave();
    player = started;
    return show();
  };

  row.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    go(place + (link.rel === "next" ? 1 : -1));
  });
  document.addEventListener("timeupdate", ({ target }) => {
    if (place < 0 || target !== player?.audio || !row.isConnected || target.seeking) return;
    const { from, until } = links[place].dataset;
    const here = place;
    const left = until - target.currentTime;
    if (target.currentTime < from - NEAR) leave();
    else if (left < STEP) setTimeout(() => { if (place === here && !target.paused) go(here + 1); }, 1000 * left / target.playbackRate);
    else if (left < AHEAD && links[place + 1]) window.stays.prepare(links[place + 1]);
  }, true);
  document.addEventListener("seeking", ({ target }) => {
    if (place >= 0 && target === player?.audio && target.currentTime > Number(links[place].dataset.until) + NEAR) leave();
  }, true);
  document.addEventListener("ended", ({ target }) => { if (place >= 0 && target === player?.audio) go(place + 1); }, true);

  all.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const inOrder = (one, other) => (one.pathname === other.pathname ? one.dataset.from - other.dataset.from : 0);
    links = [...document.querySelectorAll("main a[data-until]")];
    if (all.dataset.ordered === undefined) links.sort(inOrder);
    go(0);
  });
})();
