// What podcast-partytime reads in the feed on standard input, and the words it knows, as JSON.
const { readFileSync } = require("node:fs");
const { parseFeed, PersonGroup, PersonRole } = require("podcast-partytime");
const { itunesCategoriesSourceOfTruth } = require("podcast-partytime/dist/parser/itunes-categories");

const read = {
  feed: parseFeed(readFileSync(0, "utf8")),
  groups: Object.values(PersonGroup),
  roles: Object.values(PersonRole),
  categories: itunesCategoriesSourceOfTruth,
};
process.stdout.write(JSON.stringify(read));
