// What was typed, as radio/search reads it: syntax.py cuts it, query.py makes clauses of it.
const typing = (() => {
  "use strict";
  const LONGEST = 200; // characters
  const { fold, words } = spelling;
  const FIELDS = { personne: "person", person: "person", motcle: "tag", tag: "tag", emission: "show", show: "show", voix: "voice", voice: "voice", duree: "length", length: "length", avant: "before", before: "before", apres: "after", after: "after" };
  const item = /(-(?=[\p{L}\p{N}"«“]))?(?:(\p{L}+(?:-\p{L}+)?):(?=\S))?(?:"([^"]*)"|«([^»]*)»|“([^”]*)”|(\S+))/gu;

  // The shortest and the longest, in seconds, as radio/search/syntax.py reads them.
  const lengths = (text) => {
    const time = "(?:(\\d\\d?)h(\\d\\d)?|(\\d{1,4})(?:min|mn|m)?)";
    const [found, sign, ...parts] = new RegExp(`^([<>]=?)?${time}(?:-${time})?$`, "i").exec(text) || [];
    const [first, last] = [parts.slice(0, 3), parts.slice(3)].map(([hours = 0, rest = 0, minutes = 0]) => 3600 * hours + 60 * rest + 60 * minutes);
    const isRange = parts[3] || parts[5];
    if (!found || (sign && isRange)) return undefined;
    if (isRange) return [Math.min(first, last), Math.max(first, last)];
    if (sign === ">" || sign === ">=") return [first + (sign === ">"), Infinity];
    return sign ? [0, first - (sign === "<")] : [first, first + 59];
  };

  // Groups of alternatives; most groups have one item.
  const cut = (typed) => {
    const groups = [];
    let joins = false;
    for (const [whole, minus, name, straight, angled, curled, plain] of typed.matchAll(item)) {
      const quoted = [straight, angled, curled].find((each) => each !== undefined);
      const known = minus || !name ? undefined : FIELDS[fold(name)];
      const isNone = (/^(before|after)$/.test(known) && !/^\d{4}(-\d\d){0,2}$/.test(plain)) || (known === "length" && !lengths(quoted ?? plain));
      const field = isNone ? undefined : known;
      const text = (name && !field ? `${name} ` : "") + (quoted ?? plain);
      const each = { whole, text, field, negated: Boolean(minus), quoted: quoted !== undefined, begins: quoted === undefined && !field && text.endsWith("*") };
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
      const last = runs.at(-1);
      if (last && /^[-‐‑]$/.test(text.slice(last.at(-1).end, each.at))) last.push(each);
      else runs.push([each]);
    }
    return runs.map((run) => ({ words: run, text: text.slice(run[0].at, run.at(-1).end) }));
  };

  // Groups to meet, those with a sign first, then one for each free word; exclusions; filters.
  const read = (typed) => {
    const groups = cut(typed.slice(0, LONGEST));
    const isAside = ([each, other]) => !other && (each.field || each.negated);
    const isFree = ([each, other]) => !other && !each.quoted && !each.begins;
    const wanted = groups.filter((group) => !isAside(group));
    const free = terms(wanted.filter(isFree).map(([{ text }]) => text).join(" ")).map(({ text }) => [{ text }]);
    const aside = groups.filter(isAside).flat();
    return {
      wanted: [...wanted.filter((group) => !isFree(group)), ...free],
      excluded: aside.filter(({ field }) => !field),
      filters: aside.filter(({ field }) => field),
    };
  };

  // What was typed of the items that are so.
  const only = (typed, isSo) => cut(typed.slice(0, LONGEST)).flat().filter(isSo).map(({ whole }) => whole).join(" ");

  return { read, only, lengths, terms };
})();
