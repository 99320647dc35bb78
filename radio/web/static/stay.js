// Sound goes on from page to page: the next page comes in the place of this one, and the player with it.
// Nothing is stored. Without this script, and wherever anything fails, a link is a link.
(() => {
  "use strict";
  if (window.stays || location.protocol === "file:") return;
  window.stays = true;
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

  const live = () => carried || (window.listening && !window.listening.audio.paused ? window.listening : null);
  const styles = (page) => [...page.querySelectorAll("link[rel=stylesheet]")].map((each) => each.getAttribute("href")).join();

  // What is played elsewhere on the page takes the place of what came along.
  document.addEventListener("play", ({ target }) => {
    document.querySelectorAll("audio").forEach((each) => { if (each !== target) each.pause(); });
    if (!carried || target === carried.audio) return;
    carried.audio.life.abort();
    document.querySelector(".carried").remove();
    carried = null;
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
      const answer = await fetch(address, { signal });
      const isPage = answer.ok && !answer.redirected && /^text\/html/.test(answer.headers.get("Content-Type"));
      const page = isPage && new DOMParser().parseFromString(await answer.text(), "text/html");
      const player = live();
      if (!page || !player || styles(page) !== styles(document)) throw new Error(address);
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

  document.addEventListener("click", (event) => { // after what the page does with it
    const link = event.target.closest("a[href]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download") || !live()) return;
    const isPage = link.href.startsWith(root) && !/\.\w+$/.test(link.pathname) && !link.search.includes("download");
    if (!isPage || (link.hash && bare(link.href) === shown)) return;
    event.preventDefault();
    turn(link.href, false);
  });
  addEventListener("popstate", () => { if (bare(location.href) !== shown) turn(location.href, true); });
})();
