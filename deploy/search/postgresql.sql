-- Take what `radio export documents` writes into PostgreSQL, all of it at once or nothing:
--   psql -qAtc "select key || ' ' || stamp from episode" DATABASE > known
--   radio export documents --known known | psql -q -v ON_ERROR_STOP=1 -f postgresql.sql DATABASE
-- The first time there is no `known`.
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE TABLE IF NOT EXISTS episode (
    key text PRIMARY KEY, stamp text, show text, day date, seconds float, title text,
    people jsonb, tags jsonb, words tsvector);
CREATE TABLE IF NOT EXISTS passage (
    key text REFERENCES episode ON DELETE CASCADE, number int, start float, "end" float,
    voices jsonb, text text, words tsvector, PRIMARY KEY (key, number));
CREATE TABLE IF NOT EXISTS form (form text, spelling text, PRIMARY KEY (form, spelling));
CREATE INDEX IF NOT EXISTS form_beginning ON form (form text_pattern_ops);
CREATE INDEX IF NOT EXISTS passage_words ON passage USING gin (words) WITH (fastupdate = off);

CREATE TEMPORARY TABLE line (document jsonb) ON COMMIT DROP;
\copy line FROM pstdin WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

-- The words are cut already: each has its place, and no dictionary changes it.
CREATE FUNCTION pg_temp.places(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg(quote_literal(word) || ':' || least(place, 16383), ' '), '')::tsvector
    FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS each (word, place) WHERE word <> ''
$$;
DELETE FROM episode USING line
    WHERE document ->> 'kind' = 'gone' AND episode.key = document ->> 'key';
INSERT INTO episode SELECT row.key, row.stamp, row.show, row.day, row.seconds, row.title,
        row.people, row.tags, pg_temp.places(document ->> 'words')
    FROM line, jsonb_populate_record(null::episode, document - 'words') AS row
    WHERE document ->> 'kind' = 'episode';
INSERT INTO passage SELECT row.key, row.number, row.start, row."end", row.voices, row.text,
        pg_temp.places(document ->> 'words')
    FROM line, jsonb_populate_record(null::passage, document - 'words') AS row
    WHERE document ->> 'kind' = 'passage';
INSERT INTO form SELECT form, document ->> 'spelling'
    FROM line, jsonb_array_elements_text(document -> 'forms') AS form
    WHERE document ->> 'kind' = 'word' ON CONFLICT DO NOTHING;
COMMIT;
