// Words of a text as radio/search/french.py cuts and folds them.
const spelling = (() => {
  "use strict";
  const word = /\d{1,2}(?=h(?:\d\d)?(?![\p{L}\p{N}_]))|(?<=\d)h(?=\d\d(?![\p{L}\p{N}_]))|%|(?:\p{L}\.){2,}(?:\p{L}(?![\p{L}\p{N}]))?|(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)(?=['’ʼ][\p{L}\p{N}])|(?:[\p{L}\p{N}]\p{M}*)+(?:['’ʼ](?:[\p{L}\p{N}]\p{M}*)+)*/giu;

  const fold = (text) => text.toLowerCase().replace("%", "cent").replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/ß/g, "ss")
    .normalize("NFKD").replace(/[\p{M}'’ʼ.‐‑-]/gu, "");
  const small = (text) => text.normalize("NFC").toLowerCase().replace(/[’ʼ]/g, "'").replace(/\./g, "").replace(/[‐‑]/g, "-");
  const words = (text) => [...text.matchAll(word)]
    .map((found) => ({ at: found.index, end: found.index + found[0].length, name: fold(found[0]), spelling: small(found[0]) }));

  return { fold, small, words };
})();
