// Keep episodes on this device, to hear them without network. Without this script downloads remain.
(() => {
  "use strict";
  if (!("serviceWorker" in navigator && "caches" in window)) return;
  const ROOT = new URL("..", document.currentScript.src).pathname; // of the site, with a slash
  const find = (selector, within = document) => within.querySelector(selector);
  const parse = async (page) => new DOMParser().parseFromString(await page.text(), "text/html");

  // An episode has a cache of its own, and is kept once its page lies there.

  const alone = (how, work) => navigator.locks.request("kept", how, work);
  const names = async () => (await caches.keys()).filter((name) => name.startsWith(`kept:${ROOT}`));
  const pageIn = (name) => caches.match(name.slice(5), { cacheName: name, ignoreVary: true });

  const drop = async (name) => {
    const cache = await caches.open(name);
    for (const each of await cache.keys()) await cache.delete(each); // or its files outlive it
    await caches.delete(name);
    if ((await names()).length) return;
    const worker = await navigator.serviceWorker.getRegistration();
    if (worker) await worker.unregister();
  };

  const FILES = "[rel=stylesheet], [rel=preload], [rel=icon], script[src], [data-script], img, audio, [href*='.vtt?']";
  const needs = (page) => [...page.querySelectorAll(FILES)]
    .map((each) => new URL(each.dataset.script || each.src || each.href, location.href).href.replace(/#.*|\?download=1$/, ""));

  // A page goes in after what it needs; what it needs no longer goes out after that. It is the page of
  // everybody: no cookie of the desk is sent.
  const store = async (name, signal, counted) => {
    const headers = { "Accept-Language": document.documentElement.lang };
    const get = async (address) => {
      const answer = await fetch(address, { cache: "no-store", credentials: "omit", headers, signal });
      if (!answer.ok) throw new Error(address);
      return answer;
    };
    const cache = await caches.open(name);
    // A recording whose place another took, as where a passage was taken out, has another ETag.
    const isSame = async (file) => {
      if (!file.includes("/media/")) return !file.endsWith(".vtt");
      const now = await fetch(file, { method: "HEAD", cache: "no-store", signal });
      return (await cache.match(file)).headers.get("ETag") === now.headers.get("ETag");
    };
    const old = (await cache.keys()).map((each) => each.url);
    const pages = await Promise.all([`${ROOT}kept`, name.slice(5)].map(get));
    const files = (await Promise.all(pages.map((page) => parse(page.clone())))).flatMap(needs);
    for (const file of new Set(files)) {
      if (old.includes(file) && (await isSame(file))) continue;
      const answer = await get(file.includes("?") ? file : `${file}?download=1`);
      await cache.put(file, file.includes("/media/") ? counted(answer) : answer);
    }
    for (const page of pages) await cache.put(page.url, page);
    const now = [...files, ...pages.map((page) => page.url)];
    for (const each of old) if (!now.includes(each)) await cache.delete(each);
  };

  const offer = async (box) => {
    const name = `kept:${box.dataset.path}`;
    const [button, , bar, said, link] = box.children;
    let stop = null; // while a download goes on

    const show = async (word) => {
      const kept = await pageIn(name);
      button.lastElementChild.textContent = button.dataset[stop ? "stop" : kept ? "drop" : "keep"];
      bar.hidden = !stop;
      if (link) link.hidden = !kept;
      said.textContent = said.dataset[word] || "";
    };

    // Not every browser minds a body that ends too soon.
    const counted = ({ body, headers }) => {
      bar.value = 0;
      const transform = (part, out) => { bar.value += part.length; out.enqueue(part); };
      const flush = (out) => { if (bar.value < bar.max) out.error(); };
      return new Response(body.pipeThrough(new TransformStream({ transform, flush })), { headers });
    };

    const keep = async () => {
      stop = new AbortController();
      const { signal } = stop;
      show("begun");
      navigator.storage.persist().catch(() => {});
      try {
        await alone({}, () => store(name, signal, counted));
        await navigator.serviceWorker.register(`${ROOT}sw.js`);
        await navigator.serviceWorker.ready;
        return "kept";
      } catch (error) {
        await drop(name);
        return signal.aborted ? "dropped" : error?.name === "QuotaExceededError" ? "full" : "cut";
      } finally {
        stop = null;
      }
    };

    button.addEventListener("click", async () => {
      if (stop) return stop.abort();
      if (!(await pageIn(name))) return show(await keep());
      await drop(name);
      show("dropped");
    });
    await show();
    box.hidden = false;
    if (button.waits) button.click(); // by later.js
    // An episode that is kept is kept as the site has it now.
    if (find("audio")) await alone({}, async () => (await pageIn(name)) && store(name, null, counted));
  };

  const list = async (rows) => {
    for (const name of await names()) {
      const page = await pageIn(name);
      if (!page) continue;
      const read = await parse(page);
      const [row, title] = ["li", "h2"].map((each) => document.createElement(each));
      const link = find(".offline a", read);
      link.href = name.slice(5);
      link.textContent = find("h1", read).textContent;
      title.append(link);
      row.append(title, find(".facts", read), find(".offline", read));
      rows.append(row);
    }
    find("#able").hidden = false;
    find("#unable").hidden = true;
    find("#away").hidden = location.pathname === `${ROOT}kept`;
  };

  // What the site has no longer, because somebody asked for that, is not kept here either.
  const obey = async () => {
    const ask = (address) => fetch(address, { method: "HEAD", cache: "no-store" }).catch(() => null);
    const kept = await names();
    if (!kept.length || !(await ask(`${ROOT}kept`))?.ok) return;
    for (const name of kept) {
      if ([404, 410, 451].includes((await ask(name.slice(5)))?.status)) await alone({}, () => drop(name));
    }
  };

  const start = async () => {
    // A page closed amid a download left a part. Where the lock is taken, a download goes on.
    await alone({ ifAvailable: true }, async (lock) => {
      for (const name of lock ? await names() : []) if (!(await pageIn(name))) await drop(name);
    });
    await obey();
    const rows = find("#kept");
    if (rows) await list(rows);
    await Promise.all([...document.querySelectorAll(".offline")].map(offer));
  };
  start().catch(() => {}); // the browser may refuse to store, the site may be out of reach
})();
