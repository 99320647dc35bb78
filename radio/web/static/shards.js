// The files that radio/static_site/lexicon.py writes and explains, for the search of a site without a server.
const shards = (() => {
  "use strict";
  const MOST_FILES = 40; // that one word may ask for
  const digits = new Map([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].map((each, place) => [each, place]));
  const root = document.currentScript.src.replace(/static\/search\.js.*$/, "");

  // Files

  const waiting = new Map();
  const loaded = new Map();
  const index = {}; // what the first file says
  self.shard = (name, rows) => { waiting.get(name)?.(rows); };
  const load = (name) => {
    if (!loaded.has(name)) loaded.set(name, new Promise((give, fail) => {
      const script = document.createElement("script");
      waiting.set(name, give);
      ["load", "error"].forEach((end) => script.addEventListener(end, () => fail(new Error(name))));
      script.src = `${root}search/${name}.js?v=${index.version || Date.now()}`;
      document.head.append(script);
    }));
    return loaded.get(name);
  };
  const open = async () => Object.assign(index, ...await load("index"));

  // The words whose names are from `first` to `last`, of the files in which such names stand.
  const rows = async (first, last = first) => {
    const begins = index.words;
    const holds = (number) => begins[number] <= last && (number + 1 === begins.length || begins[number + 1] >= first);
    const numbers = [...begins.keys()].filter(holds).slice(0, MOST_FILES);
    const files = await Promise.all(numbers.map((number) => load(`words-${number}`)));
    return files.flat().filter(([name]) => name >= first && name <= last);
  };

  // Words

  const decode = (text) => {
    const numbers = [];
    for (let at = 0; at < text.length;) {
      for (let number = 0, shift = 0; ; shift += 5) {
        const digit = digits.get(text[at++]);
        number += (digit & 31) * 2 ** shift;
        if (digit > 31) continue;
        numbers.push(number);
        break;
      }
    }
    return numbers;
  };
  const unpack = (text, into) => {
    const numbers = decode(text);
    for (let at = 0, episode = 0; at < numbers.length;) {
      episode += numbers[at++];
      const places = into.get(episode) || [];
      for (let left = numbers[at++], place = 0; left; left--) places.push(place += numbers[at++]);
      into.set(episode, places);
    }
  };
  const spelt = ([name, , , , spelling]) => spelling || name;
  // The places of some rows together, and how their words are spelt.
  const gather = (found) => {
    const places = new Map();
    const some = found.filter(([, packed]) => packed);
    some.forEach(([, packed]) => unpack(packed, places));
    places.forEach((each) => each.sort((one, other) => one - other));
    return { places, names: new Set(some.map(spelt)) };
  };

  return { index, open, load, rows, decode, gather, spelt };
})();
