// Kept episodes where the network fails. Nothing is stored here: keep.js does that, when asked.
"use strict";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  event.respondWith(fetch(event.request).catch(() => kept(event.request)));
});

// Whatever second or language its address asks for, an episode has one page.
const kept = async (request) => {
  const page = request.mode === "navigate";
  const how = { ignoreVary: true, ignoreSearch: page };
  const found = (await caches.match(request, how)) || (page && (await caches.match(new URL("kept", location), how)));
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
