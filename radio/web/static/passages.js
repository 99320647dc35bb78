// Passages one after the other. Without this script each player still stops after its passage.
(() => {
  "use strict";
  const players = [...document.querySelectorAll(".passages audio")];
  if (!players.length) return;
  const status = document.getElementById("spoken");
  let current = -1;

  const times = (player) => [Number(player.dataset.start), Number(player.dataset.end)];

  const play = (number) => {
    players.forEach((player, place) => { if (place !== number) player.pause(); });
    if (number < 0 || number >= players.length) return;
    current = number;
    const player = players[number];
    const [start, end] = times(player);
    const go = () => {
      if (player.currentTime < start - 0.5 || player.currentTime >= end - 0.5) player.currentTime = start;
      player.play().catch(() => {}); // the browser may want a press on its own button first
    };
    if (player.readyState >= HTMLMediaElement.HAVE_METADATA) go();
    else {
      player.addEventListener("loadedmetadata", go, { once: true });
      player.load();
    }
    player.closest("li").scrollIntoView({ block: "nearest" });
    status.textContent = status.dataset.text.replace("{number}", number + 1).replace("{total}", players.length);
  };

  let following = false;
  players.forEach((player, place) => {
    player.addEventListener("play", () => { current = place; });
    // Some browsers pause at the end that the address names, others play on.
    player.addEventListener("timeupdate", () => {
      if (place !== current || player.currentTime < times(player)[1] - 0.05) return;
      player.pause();
      if (following) play(place + 1);
      current = following ? current : -1;
    });
    player.addEventListener("ended", () => { if (following && place === current) play(place + 1); });
  });

  const press = (id, work) => document.getElementById(id).addEventListener("click", work);
  press("play-all", () => { following = true; play(Math.max(0, current)); });
  press("skip", () => { following = true; play(Math.min(current + 1, players.length - 1)); });
  press("skip-back", () => { following = true; play(Math.max(current - 1, 0)); });
  document.querySelector(".all").hidden = false;
})();
