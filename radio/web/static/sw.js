// Kept episodes where the network fails. Nothing is stored here: keep.js does that, when asked.
"use strict";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.method === "POST") return; // what is sent and does not arrive is told by the browser
  event.respondWith(fetch(event.request).catch(() => kept(event.request)));
});

// Whatever second or language its address asks for, an episode has one page.
const kept = async (request) => {
  const page = request.mode === "navigate";
  const how = { ignoreVary: true, ignoreSearch: page };
  const found = (await caches.match(request, how)) || (page && (await caches.match(new URL("kept", location), how)));
  const query = page && new URL(request.url).searchParams.get("q");
  if (found && query) return mark(found, query);
  return found ? stretch(request.headers.get("Range"), found) : Response.error();
};

// Ranges as the site answers them (RFC 9110, section 14). The blob stays on the disk.
const stretch = async (range, whole) => {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range) || [];
  if (!(first || last) || (first && last && +last < +first)) return whole;
  const blob = await whole.blob();
  const start = first ? +first : Math.max(0, blob.size - last);
  const stop = first && last ? Math.min(blob.size, +last + 1) : blob.size;
  const fits = start < stop;
  const headers = new Headers(whole.headers);
  headers.set("Content-Length", fits ? stop - start : 0);
  headers.set("Content-Range", `bytes ${fits ? `${start}-${stop - 1}` : "*"}/${blob.size}`);
  return new Response(fits ? blob.slice(start, stop) : null, { status: fits ? 206 : 416, headers });
};

// The words that one looks for, marked in each cue as the site marks them. Its index is not here: a word
// is what stands before its endings. `light` are the words that only join others; the site says which.
const fold = (text) => text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFKD").replace(/\p{M}/gu, "");
const stem = (text) => fold(text).replace(/(?<=\p{L}{3})[sx]$/u, "").replace(/(?<=\p{L}{3})(?:ee?|er|ez|ent|ant|ait|aient)$/u, "");
const WORD = /<[^>]*>|&[^;]*;|[\p{L}\p{N}\p{M}]+/gu; // tags and signs of HTML count for none

const mark = async (page, query) => {
  const quoted = /([-:]?)"([^"]*)"/g;
  const phrases = [...query.matchAll(quoted)].filter(([, sign]) => !sign).map(([, , said]) => (said.match(WORD) || []).map(stem));
  const asked = query.replace(quoted, " ").match(/(?<![-\p{L}])\p{L}+(?:-\p{L}+)?:\S+|(?<!\S)-\S+|[\p{L}\p{N}\p{M}]+\*?/gu) || [];
  const typed = asked.filter((each) => !/[:-]/.test(each));
  const heavy = typed.filter((each) => !light.has(fold(each)));
  const words = heavy.length ? heavy : typed;
  const stems = new Set(words.filter((each) => !each.endsWith("*")).map(stem));
  const begins = words.filter((each) => each.endsWith("*")).map((each) => fold(each.slice(0, -1)));
  const isAsked = (word) => stems.has(stem(word)) || begins.some((each) => fold(word).startsWith(each));
  const dress = (whole, opening, said) => {
    const here = [...said.matchAll(WORD)].filter(([word]) => !/^[<&]/.test(word));
    const places = new Set(here.filter(([word]) => isAsked(word)).map(({ index }) => index));
    here.forEach((_, first) => phrases.forEach((phrase) => { // a phrase counts as a whole
      const run = here.slice(first, first + phrase.length);
      if (run.map(([word]) => stem(word)).join(" ") === phrase.join(" ")) run.forEach(({ index }) => places.add(index));
    }));
    return opening + said.replace(WORD, (word, index) => (places.has(index) ? `<mark>${word}</mark>` : word));
  };
  const text = (await page.text()).replace(/(<a class="cue"[^>]*>)(.*?)(?=<\/a>)/gs, dress);
  return new Response(text, { headers: page.headers });
};
