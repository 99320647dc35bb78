// What is to be heard comes to the page where one is. Sound goes on from page to page: the next page comes
// in the place of this one, and the player with it. Nothing is stored. Without this script, and wherever
// anything fails, a link is a link.
window.stays ||= (() => {
  "use strict";
  const own = document.currentScript.src;
  const root = new URL("..", own).href; // of the site
  let carried = null; // the player of another page
  let asked = null; // the page that is on its way

  // A page is the same at another second.
  const bare = (address) => {
    const url = new URL(address);
    url.searchParams.delete("t");
    return url.pathname + url.search;
  };
  let shown = bare(location.href);

  const get = async (address, signal) => {
    const answer = await fetch(address, { signal });
    const isPage = answer.ok && !answer.redirected && /^text\/html/.test(answer.headers.get("Content-Type"));
    if (!isPage) throw new Error(address);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };
  const live = () => carried || (window.listening && !window.listening.audio.paused ? window.listening : null);
  const styles = (page) => [...page.querySelectorAll("link[rel=stylesheet]")].map((each) => each.getAttribute("href")).join();

  const leaveBar = () => {
    carried.audio.pause();
    carried.audio.life.abort();
    document.querySelector(".carried").remove();
    carried = null;
  };
  // What is played elsewhere on the page takes the place of what came along.
  document.addEventListener("play", ({ target }) => {
    document.querySelectorAll("audio").forEach((each) => { if (each !== target) each.pause(); });
    if (carried && target !== carried.audio) leaveBar();
  }, true);

  const head = (page) => {
    const stays = "link[rel=stylesheet], script";
    [...document.head.children].forEach((each) => { if (!each.matches(stays)) each.remove(); });
    document.head.append(...[...page.head.children].filter((each) => !each.matches(stays)).map((each) => document.importNode(each, true)));
    document.documentElement.lang = page.documentElement.lang;
  };

  const carry = (player) => {
    const bar = document.createElement("aside");
    const link = document.createElement("a");
    bar.className = "carried";
    bar.ariaLabel = link.textContent = player.title;
    link.className = "title";
    link.href = player.home;
    player.box.classList.add("docked");
    player.box.querySelector(".title")?.remove();
    player.box.prepend(link);
    player.box.querySelectorAll("[id]").forEach((each) => each.removeAttribute("id")); // the page may have the same
    bar.append(player.box, player.audio);
    document.body.append(bar);
  };

  const sound = ({ dataset, src }) => dataset.copy || src.split("#")[0]; // the copy stands for it
  const put = (page, player, back) => {
    const scripts = [...page.querySelectorAll("script[src]")].map((each) => new URL(each.getAttribute("src"), location.href).href);
    head(page);
    if (window.listening !== player) window.listening?.audio.life.abort();
    document.body.replaceWith(document.importNode(page.body, true));
    const same = document.querySelector(".player audio");
    if (same && sound(same) === sound(player.audio)) {
      player.audio.goesOn = back || !new URL(location.href).searchParams.has("t");
      same.replaceWith(player.audio);
      carried = null;
    } else {
      carry(player);
      carried = player;
    }
    for (const src of scripts.filter((each) => each !== own)) {
      const script = document.createElement("script");
      Object.assign(script, { src, async: false });
      document.body.append(script);
    }
  };

  const arrive = (back) => {
    shown = bare(location.href);
    const heading = document.querySelector("h1");
    const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (back) scrollTo(0, history.state?.top || 0);
    else if (place) place.scrollIntoView();
    else scrollTo(0, 0);
    if (!heading) return;
    heading.tabIndex = -1; // a screen reader says where one is
    heading.focus({ preventScroll: true });
  };

  // The second stays in the address that one leaves.
  const leave = (player) => {
    player.leave();
    const here = new URL(location.href);
    if (player.card.isConnected) here.searchParams.set("t", Number(player.audio.currentTime.toFixed(1)));
    history.replaceState({ top: scrollY }, "", here);
  };

  const turn = async (address, back) => {
    asked?.abort();
    const { signal } = asked = new AbortController();
    try {
      const page = await get(address, signal);
      const player = live();
      if (!player || styles(page) !== styles(document)) throw new Error(address);
      if (!back) {
        leave(player);
        history.pushState({}, "", address);
      }
      put(page, player, back);
      arrive(back);
    } catch {
      if (signal.aborted) return;
      if (back) location.reload();
      else location.assign(address);
    }
  };

  const path = (address) => new URL(address, location.href).pathname;

  // The player of a page that is not shown
  const bring = async (address, signal) => {
    const page = await get(address, signal);
    const card = page.querySelector(".player");
    const script = page.querySelector("script[src*='/listen.']");
    if (!card || !script) throw new Error(address);
    card.dataset.home = address;
    card.append(page.querySelector(".goto"));
    const room = document.createElement("div");
    room.hidden = true; // until it is an instrument
    room.append(document.importNode(card, true));
    const own = window.listening;
    await new Promise((resolve, reject) => {
      document.body.append(room, Object.assign(document.createElement("script"), { src: script.getAttribute("src"), async: false, onload: resolve, onerror: reject }));
    });
    const player = window.listening;
    window.listening = own;
    room.remove();
    return player;
  };

  let soon = null; // what is likely to be played next: its path, how not to, its player
  const forget = () => {
    soon?.off.abort();
    soon?.player.then(({ audio }) => audio.life.abort()).catch(() => {});
    soon = null;
  };
  // Have a place of another episode loaded before it is to be heard.
  const prepare = (link) => {
    const player = live() || carried;
    if (soon?.path === path(link.href) || (player && path(player.home) === path(link.href))) return;
    forget();
    const off = new AbortController();
    soon = { path: path(link.href), off, player: bring(link.href, off.signal) };
    soon.player.then(({ audio, jump }) => {
      audio.preload = "auto";
      jump(Number(link.dataset.from));
    }).catch(() => {});
  };
  const take = (link, signal) => {
    if (soon?.path !== path(link.href)) forget();
    if (!soon) return bring(link.href, signal);
    const { player } = soon;
    soon = null;
    return player;
  };

  // Play a place of an episode here, from where its page would.
  const start = async (link) => {
    const from = link.dataset.from;
    asked?.abort();
    const { signal } = asked = new AbortController();
    try {
      let player = live() || carried;
      const isSame = player && path(player.home) === path(link.href);
      if (!isSame) {
        player = await take(link, signal);
        if (signal.aborted) {
          player.audio.life.abort();
          return null;
        }
        if (carried) leaveBar();
        carry(player);
        carried = player;
      }
      const [, asks] = /#t=([\d.]+)/.exec(player.audio.src) || [];
      const second = Number(from ?? (isSame ? new URL(link.href).searchParams.get("t") : asks) ?? (isSame ? player.audio.currentTime : player.reached()));
      if (player.audio.currentTime !== second) player.jump(second);
      player.play();
      return player;
    } catch {
      if (!signal.aborted) location.assign(link.href);
      return null;
    }
  };

  document.addEventListener("click", (event) => { // after what the page does with it
    const link = event.target.closest("a[href]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    if (link.hash === "#listen" && link.href.startsWith(root) && bare(link.href.replace(/#.*/, "")) !== shown) {
      event.preventDefault();
      start(link);
      return;
    }
    if (!live()) return;
    const isPage = link.href.startsWith(root) && !/\.\w+$/.test(link.pathname) && !link.search.includes("download");
    if (!isPage || (link.hash && bare(link.href) === shown)) return;
    event.preventDefault();
    turn(link.href, false);
  });
  addEventListener("popstate", () => { if (bare(location.href) !== shown) turn(location.href, true); });
  return { start, prepare };
})();
