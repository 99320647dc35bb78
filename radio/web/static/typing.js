// What was typed, as radio/search reads it: syntax.py cuts it, query.py makes clauses of it.
const typing = (() => {
  "use strict";
  const LONGEST = 200; // characters
  const { fold, words } = spelling;
  const FIELDS = { personne: "person", person: "person", "mot-cle": "tag", tag: "tag", emission: "show", show: "show", avant: "before", before: "before", apres: "after", after: "after" };
  const item = /(-(?=[\p{L}\p{N}"«“]))?(?:(\p{L}+(?:-\p{L}+)?):(?=\S))?(?:"([^"]*)"|«([^»]*)»|“([^”]*)”|(\S+))/gu;

  // Groups of alternatives; most groups have one item.
  const cut = (typed) => {
    const groups = [];
    let joins = false;
    for (const [, minus, name, straight, angled, curled, plain] of typed.matchAll(item)) {
      const quoted = [straight, angled, curled].find((each) => each !== undefined);
      const known = minus || !name ? undefined : FIELDS[fold(name)];
      const field = /^(before|after)$/.test(known) && !/^\d{4}(-\d\d){0,2}$/.test(plain) ? undefined : known;
      const text = (name && !field ? `${name} ` : "") + (quoted ?? plain);
      const each = { text, field, negated: Boolean(minus), quoted: quoted !== undefined, begins: quoted === undefined && !field && text.endsWith("*") };
      if (/^(OU|OR)$/.test(text) && groups.length && !joins && !each.quoted) joins = true;
      else {
        if (joins) groups.at(-1).push(each);
        else groups.push([each]);
        joins = false;
      }
    }
    return groups;
  };

  // The words of a text; those that hyphens join stand together.
  const terms = (text) => {
    const runs = [];
    for (const each of words(text)) {
      const last = runs.at(-1)?.at(-1);
      if (last && /^[-‐‑]$/.test(text.slice(last.end, each.at))) runs.at(-1).push(each);
      else runs.push([each]);
    }
    return runs.map((run) => ({ text: text.slice(run[0].at, run.at(-1).end), words: run }));
  };

  // Groups to meet, those with a sign first, then one for each free word; exclusions; filters.
  const read = (typed) => {
    const groups = cut(typed.slice(0, LONGEST));
    const isAside = ([each, other]) => !other && (each.field || each.negated);
    const isFree = ([each, other]) => !other && !each.quoted && !each.begins;
    const wanted = groups.filter((group) => !isAside(group));
    const free = wanted.filter(isFree).flatMap(([each]) => terms(each.text).map(({ text }) => [{ text, free: true }]));
    const aside = groups.filter(isAside).flat();
    return {
      wanted: [...wanted.filter((group) => !isFree(group)), ...free],
      excluded: aside.filter(({ field }) => !field),
      filters: aside.filter(({ field }) => field),
    };
  };

  // The words of a question, or nothing: `opening` matches what only makes it one.
  const asked = (typed, { opening, alone }) => {
    const tidy = typed.slice(0, LONGEST).trim().split(/\s+/).join(" ");
    const stated = tidy.replace(/\s*\?+\s*$/, "");
    const [frame] = new RegExp(opening, "iuy").exec(stated) || [];
    return !frame || (stated === typed && alone.includes(frame.trim().toLowerCase())) ? "" : stated.slice(frame.length);
  };

  // What was typed of an item, without its signs: a phrase as a whole, else word by word.
  const named = ({ text, quoted }) => {
    const some = terms(text).map((each) => each.text);
    return quoted ? [text.trim()] : some;
  };

  return { read, asked, terms, named };
})();
