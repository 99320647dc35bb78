<?php
/**
 * Plugin Name: Radio archive
 * Description: Les émissions d’une archive de radio, dans vos pages : les dernières, une seule, une recherche. — Shows of a radio archive in your pages: the latest, one, a search.
 * Version: 1.0.0
 * Requires at least: 6.3
 * Requires PHP: 7.4
 * Author: The maintainers of radio-archive
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/old-licenses/gpl-2.0.html
 * Update URI: false
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * WordPress asks the archive (/api/v1 of its address) and keeps its answers for some minutes. A
 * visitor's browser runs no script of ours and calls the archive only when its link or its player
 * is used. Whatever the archive answers is taken for hostile: text is escaped, an address that is
 * not of the archive's own host is left out, and so are shortcodes in titles.
 */

namespace RadioArchive;

defined('ABSPATH') || exit;

const OPTION = 'radio_archive_address';
const KEPT = 'radio_archive_'; // how the names of transients begin
const FRESH = 5 * MINUTE_IN_SECONDS; // what was answered is not asked for again
const STALE = DAY_IN_SECONDS; // it is shown where the archive does not answer
const PAUSE = MINUTE_IN_SECONDS; // an archive that did not answer is left alone
const PATIENCE = 3; // seconds
const LARGEST = 2 * MB_IN_BYTES;
const MOST = 20; // episodes
const BLOCK = 'radio-archive/show';
const ASKED = [
    'view' => '', // latest, episode, words, search; nothing: as the others say
    'show' => '', // its slug, or the address of its page
    'episode' => '', // show/slug, or the address of its page
    'words' => '', // passages in which they are said
    'number' => 5,
    'level' => 2, // of headings
    'player' => true,
];
const PROSE = [
    'p' => [], 'br' => [], 'em' => [], 'strong' => [], 'ul' => [], 'ol' => [], 'li' => [],
    'blockquote' => [], 'a' => ['href' => true],
];
const WORDS = [
    'fr' => [
        'name' => 'Archive de radio',
        'about' => 'Les émissions d’une archive de radio : les dernières, une seule, des passages, une recherche.',
        'view' => 'Montrer',
        'latest' => 'Les derniers épisodes',
        'episode' => 'Un épisode',
        'words' => 'Les passages où des mots sont dits',
        'search' => 'Un champ de recherche',
        'show' => 'Émission (adresse de sa page ; vide : toutes)',
        'one' => 'Épisode (adresse de sa page)',
        'said' => 'Mots',
        'number' => 'Épisodes',
        'level' => 'Niveau des titres',
        'player' => 'Lecteur',
        'listen' => 'Écouter « %s »',
        'read' => 'Lire ce qui est dit',
        'reply' => 'Droit de réponse',
        'ask' => 'Rechercher dans ce qui a été dit',
        'go' => 'Rechercher',
        'silent' => 'L’archive des émissions ne répond pas pour l’instant.',
        'visit' => 'Y aller',
        'none' => 'Il n’y a rien à écouter pour l’instant.',
        'gone' => 'Ceci n’est pas, ou n’est plus, dans l’archive.',
        'unset' => 'Dites l’adresse de l’archive dans Réglages → Archive de radio.',
        'address' => 'Adresse de l’archive',
        'hint' => 'Celle de sa page d’accueil, comme vos visiteurs la connaissent : https://archives.example.org',
        'answers' => 'L’archive répond : %s épisodes.',
        'fails' => 'Aucune archive ne répond à cette adresse.',
        'wrong' => 'Ce n’est pas l’adresse d’un site : rien n’est changé.',
        'how' => 'Dans une page, ajoutez le bloc « Archive de radio », ou un code court :',
    ],
    'en' => [
        'name' => 'Radio archive',
        'about' => 'Shows of a radio archive: the latest, one, passages, a search.',
        'view' => 'Show',
        'latest' => 'The latest episodes',
        'episode' => 'One episode',
        'words' => 'Passages in which words are said',
        'search' => 'A search field',
        'show' => 'Show (address of its page; empty: all)',
        'one' => 'Episode (address of its page)',
        'said' => 'Words',
        'number' => 'Episodes',
        'level' => 'Level of headings',
        'player' => 'Player',
        'listen' => 'Listen to “%s”',
        'read' => 'Read what is said',
        'reply' => 'Right of reply',
        'ask' => 'Search what was said',
        'go' => 'Search',
        'silent' => 'The archive of shows does not answer for now.',
        'visit' => 'Go there',
        'none' => 'There is nothing to listen to for now.',
        'gone' => 'This is not, or no longer, in the archive.',
        'unset' => 'Tell the address of the archive in Settings → Radio archive.',
        'address' => 'Address of the archive',
        'hint' => 'That of its home page, as your visitors know it: https://archives.example.org',
        'answers' => 'The archive answers: %s episodes.',
        'fails' => 'No archive answers at this address.',
        'wrong' => 'This is not the address of a site: nothing was changed.',
        'how' => 'In a page, add the block “Radio archive”, or a shortcode:',
    ],
];

/* ---- Words ---- */

function language(): string
{
    return strpos(determine_locale(), 'fr') === 0 ? 'fr' : 'en';
}

function say(string $name): string
{
    return WORDS[language()][$name];
}

/** Name a language in an attribute, where it is one. */
function spoken($code): string
{
    $is_code = is_string($code) && preg_match('/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$/D', $code);
    return $is_code ? ' lang="' . esc_attr($code) . '"' : '';
}

/** Give a text of an answer, whatever else it may be. */
function text(array $row, string $name): string
{
    return isset($row[$name]) && is_string($row[$name]) ? $row[$name] : '';
}

/** Give the rows of a list of an answer. */
function rows(array $content, string $name): array
{
    $given = isset($content[$name]) && is_array($content[$name]) ? $content[$name] : [];
    return array_values(array_filter($given, 'is_array'));
}

/* ---- Addresses ---- */

function address(): string
{
    return (string) get_option(OPTION, '');
}

/** Give a whole address of the archive's own host; nothing for any other. */
function ours($given): string
{
    $here = wp_parse_url(address());
    if (!is_string($given) || empty($here['host'])) {
        return '';
    }
    $port = isset($here['port']) ? ":$here[port]" : '';
    $whole = preg_match('#^/(?!/)#', $given) ? "$here[scheme]://$here[host]$port$given" : $given;
    $url = esc_url_raw($whole, ['http', 'https']);
    $there = wp_parse_url($url) ?: [];
    $is_same = strtolower($there['host'] ?? '') === strtolower($here['host'])
        && ($there['port'] ?? 0) === ($here['port'] ?? 0) && !isset($there['user']);
    return $is_same ? $url : '';
}

/** Give the key of a show or an episode from what a person typed: itself, or its address. */
function key_of($typed, int $parts): string
{
    $path = preg_replace('#^.*/(shows|share|embed)/|[?\#].*$#s', '', trim((string) $typed));
    $names = array_slice(explode('/', trim($path, '/')), 0, $parts);
    return implode('/', array_map('rawurlencode', $names));
}

/* ---- Asking the archive ---- */

/** Give what the archive answers: its status and its content; null where nothing is known. */
function ask(string $path, array $query = []): ?array
{
    $url = address() . '/api/v1' . $path . ($query ? '?' . http_build_query($query, '', '&') : '');
    $name = KEPT . md5($url);
    $kept = get_transient($name);
    $kept = is_array($kept) ? $kept : null;
    $is_fresh = $kept && time() - $kept['at'] < FRESH;
    if ($is_fresh || get_transient(KEPT . 'silent')) {
        return $kept;
    }
    $answer = fetch($url);
    if (!$answer) {
        set_transient(KEPT . 'silent', 1, PAUSE);
        return $kept;
    }
    set_transient($name, $answer, $answer['status'] === 200 ? STALE : FRESH);
    return $answer;
}

/** Fetch an answer now, following the archive to its own addresses; null where there is none. */
function fetch(string $url): ?array
{
    $until = microtime(true) + PATIENCE;
    $watch = function () use ($until) {
        if (microtime(true) > $until) {
            throw new \WpOrg\Requests\Exception('too late', 'radio-archive');
        }
    };
    $refuse = function ($answer) {
        $head = explode("\r\n\r\n", (string) $answer, 2)[0];
        if (preg_match('/^content-encoding:(?!\s*identity\s*$)/im', $head)) { // a bomb, unpacked
            throw new \WpOrg\Requests\Exception('packed unasked', 'radio-archive');
        }
    };
    add_action('requests-request.progress', $watch);
    add_action('requests-requests.before_parse', $refuse);
    for ($hops = 0; $hops < 3 && $url !== ''; $hops++) {
        $answer = wp_remote_get($url, [
            'timeout' => PATIENCE,
            'redirection' => 0,
            'limit_response_size' => LARGEST,
            'user-agent' => 'radio-archive for WordPress',
            'headers' => ['Accept' => 'application/json', 'Accept-Encoding' => 'identity'],
        ]);
        $status = (int) wp_remote_retrieve_response_code($answer);
        if (!in_array($status, [301, 302, 307, 308], true)) {
            break;
        }
        $url = ours(wp_remote_retrieve_header($answer, 'location'));
    }
    remove_action('requests-request.progress', $watch);
    remove_action('requests-requests.before_parse', $refuse);
    $content = json_decode(wp_remote_retrieve_body($answer), true, 32);
    $is_answer = is_array($content) && in_array($status, [200, 404, 410], true);
    return $is_answer ? ['at' => time(), 'status' => $status, 'content' => $content] : null;
}

/* ---- What is shown ---- */

/** Write what a block or a shortcode asks for. */
function show($given): string
{
    $asked = shortcode_atts(ASKED, is_array($given) ? $given : [], 'radio_archive');
    if (address() === '') {
        return current_user_can('manage_options') ? '<p>' . esc_html(say('unset')) . '</p>' : '';
    }
    $view = (string) $asked['view'];
    if (!in_array($view, ['latest', 'episode', 'words', 'search'], true)) {
        $view = $asked['episode'] ? 'episode' : ($asked['words'] ? 'words' : 'latest');
    }
    $asked['number'] = max(1, min(MOST, (int) $asked['number']));
    $asked['level'] = max(2, min(6, (int) $asked['level']));
    $asked['player'] = filter_var($asked['player'], FILTER_VALIDATE_BOOLEAN);
    $written = (__NAMESPACE__ . "\\show_$view")($asked);
    $apart = strpos(determine_locale(), language()) === 0 ? '' : spoken(language());
    // Blocks are written before shortcodes are looked for: a title must hold none.
    $written = str_replace(['[', ']'], ['&#x5B;', '&#x5D;'], $written);
    return "<div class=\"radio-archive\"$apart>$written</div>";
}

function show_latest(array $asked): string
{
    $show = key_of($asked['show'], 1);
    $answer = ask('/episodes', $show === '' ? [] : ['show' => $show]);
    if (!$answer || $answer['status'] !== 200) {
        return missing($answer);
    }
    $listed = '';
    foreach (array_slice(rows($answer['content'], 'episodes'), 0, $asked['number']) as $row) {
        $listed .= '<li>' . heading($row, $asked) . facts($row, $show === '');
        $listed .= ($asked['player'] ? player($row) : '') . '</li>';
    }
    return $listed ? "<ul>$listed</ul>" : '<p>' . esc_html(say('none')) . '</p>';
}

function show_episode(array $asked): string
{
    $key = key_of($asked['episode'], 2);
    $answer = $key === '' ? null : ask("/episodes/$key");
    if (!$answer || $answer['status'] !== 200) {
        return missing($answer);
    }
    $row = $answer['content'];
    $rights = isset($row['rights']) && is_array($row['rights']) ? $row['rights'] : [];
    $written = heading($row, $asked) . facts($row, true) . ($asked['player'] ? player($row) : '');
    if (text($row, 'audio') === '' && text($rights, 'reason') !== '') {
        $written .= '<p>' . esc_html(text($rights, 'reason')) . '</p>';
    }
    $written .= wp_kses(text($row, 'description_html'), PROSE, ['http', 'https', 'mailto']);
    if (text($row, 'transcript') !== '' && ($page = ours(text($row, 'page')))) {
        $written .= '<p>' . link_to($page, say('read')) . '</p>';
    }
    foreach (rows($row, 'replies') as $reply) {
        $by = trim(text($reply, 'author') . ' ' . text($reply, 'date'));
        $written .= '<p>' . esc_html(say('reply')) . '</p><blockquote>';
        $written .= wpautop(esc_html(text($reply, 'text'))) . '<p>' . esc_html($by) . '</p></blockquote>';
    }
    return "<article>$written</article>";
}

function show_words(array $asked): string
{
    $show = key_of($asked['show'], 1);
    $query = ['q' => (string) $asked['words']] + ($show === '' ? [] : ['show' => $show]);
    $answer = ask('/search', $query);
    if (!$answer || $answer['status'] !== 200) {
        return missing($answer);
    }
    $listed = '';
    foreach (array_slice(rows($answer['content'], 'episodes'), 0, $asked['number']) as $row) {
        $listed .= '<li>' . heading($row, $asked) . facts($row, false);
        foreach (array_slice(rows($row, 'passages'), 0, 3) as $passage) {
            $second = is_numeric($passage['start'] ?? null) ? max(0, (int) $passage['start']) : 0;
            $at = sprintf('%d:%02d', intdiv($second, 60), $second % 60);
            $listed .= '<p>' . link_to(ours(text($passage, 'url')), $at);
            $listed .= ' <q>' . esc_html(text($passage, 'text')) . '</q></p>';
        }
        $listed .= '</li>';
    }
    return $listed ? "<ul>$listed</ul>" : '<p>' . esc_html(say('none')) . '</p>';
}

/** Write a form that asks the archive itself: WordPress learns of no word that is looked for. */
function show_search(array $asked): string
{
    $id = wp_unique_id('radio-archive-');
    $show = key_of($asked['show'], 1);
    $within = $show === '' ? '' : '<input type="hidden" name="show" value="' . esc_attr($show) . '">';
    return '<form role="search" method="get" action="' . esc_url(address() . '/search') . '">'
        . "<p><label for=\"$id\">" . esc_html(say('ask')) . '</label><br>'
        . "<input type=\"search\" id=\"$id\" name=\"q\" maxlength=\"200\""
        . " style=\"font:inherit;padding:.5em;max-width:100%\"> $within"
        . '<button type="submit" class="wp-element-button">' . esc_html(say('go')) . '</button></p></form>';
}

/** Say why there is nothing to show. */
function missing(?array $answer): string
{
    if ($answer) {
        return '<p>' . esc_html(say('gone')) . '</p>';
    }
    return '<p>' . esc_html(say('silent')) . ' ' . link_to(address(), say('visit')) . '</p>';
}

function link_to(string $url, string $words): string
{
    $written = esc_html($words);
    return $url === '' ? $written : '<a href="' . esc_url($url, ['http', 'https']) . "\">$written</a>";
}

function heading(array $row, array $asked): string
{
    $page = ours(text($row, 'page') ?: text($row, 'url'));
    $lang = spoken($row['language'] ?? '');
    return "<h$asked[level]$lang>" . link_to($page, text($row, 'title')) . "</h$asked[level]>";
}

/** Tell the show, the day as far as it is sure, and how long an episode is. */
function facts(array $row, bool $with_show): string
{
    $told = [];
    if ($with_show && text($row, 'show_title') !== '') {
        $told[] = '<span>' . esc_html(text($row, 'show_title')) . '</span>';
    }
    $day = date_create_immutable_from_format('!Y-m-d', text($row, 'date'), new \DateTimeZone('UTC'));
    if ($day && ($row['date_sure'] ?? false) === true) {
        $forms = ['year' => ['Y', 'Y'], 'month' => ['Y-m', 'F Y']];
        $usual = ['Y-m-d', get_option('date_format')];
        [$exact, $read] = $forms[text($row, 'date_precision')] ?? $usual;
        $shown = wp_date($read, $day->getTimestamp(), new \DateTimeZone('UTC'));
        $lang = spoken(get_bloginfo('language'));
        $told[] = '<time datetime="' . $day->format($exact) . "\"$lang>" . esc_html($shown) . '</time>';
    }
    if (is_numeric($row['duration'] ?? null) && $row['duration'] > 0) {
        $minutes = max(1, (int) round(min((float) $row['duration'], WEEK_IN_SECONDS) / 60));
        $hours = intdiv($minutes, 60);
        $told[] = $hours ? sprintf('%d h %02d min', $hours, $minutes % 60) : "$minutes min";
    }
    return $told ? '<p>' . implode(' · ', $told) . '</p>' : '';
}

/** Write a player that asks for nothing until it is used; nothing where there is no sound. */
function player(array $row): string
{
    $source = ours(text($row, 'audio'));
    $label = esc_attr(sprintf(say('listen'), text($row, 'title')));
    return $source === '' ? '' : '<audio controls preload="none" style="width:100%;max-width:40em" src="'
        . esc_url($source, ['http', 'https']) . "\" aria-label=\"$label\"></audio>";
}

/* ---- Block and shortcode ---- */

const EDITOR = <<<'JS'
((wp, words) => {
  const el = wp.element.createElement, { components, blockEditor } = wp;
  wp.blocks.registerBlockType("radio-archive/show", {
    apiVersion: 3, title: words.name, description: words.about, icon: "microphone", category: "embed",
    edit({ attributes, setAttributes }) {
      const field = (kind, name, label, more) => el(components[kind], {
        key: name, label: words[label], value: attributes[name], __nextHasNoMarginBottom: true,
        __next40pxDefaultSize: true, onChange: (value) => setAttributes({ [name]: value }), ...more });
      const views = ["latest", "episode", "words", "search"];
      const view = attributes.view || "latest", isListed = view === "latest" || view === "words";
      return el("div", blockEditor.useBlockProps(),
        el(blockEditor.InspectorControls, null, el(components.PanelBody, { title: words.name },
          field("SelectControl", "view", "view", { value: view,
            options: views.map((value) => ({ value, label: words[value] })) }),
          view === "episode" ? field("TextControl", "episode", "one") : field("TextControl", "show", "show"),
          view === "words" && field("TextControl", "words", "said"),
          isListed && field("RangeControl", "number", "number", { min: 1, max: 20 }),
          view !== "search" && field("RangeControl", "level", "level", { min: 2, max: 6 }),
          view !== "search" && view !== "words" && field("ToggleControl", "player", "player",
            { value: undefined, checked: attributes.player, __next40pxDefaultSize: undefined }))),
        el(components.Disabled, null,
          el(wp.serverSideRender, { block: "radio-archive/show", attributes })));
    },
    save: () => null,
  });
})
JS;

function register(): void
{
    add_shortcode('radio_archive', __NAMESPACE__ . '\show');
    $needs = ['wp-blocks', 'wp-element', 'wp-block-editor', 'wp-components', 'wp-server-side-render'];
    wp_register_script('radio-archive-editor', false, $needs, '1.0.0', true);
    $words = wp_json_encode(WORDS[language()]);
    wp_add_inline_script('radio-archive-editor', EDITOR . "(window.wp, $words);");
    $attributes = array_map(fn ($usual) => ['type' => gettype($usual), 'default' => $usual], ASKED);
    register_block_type(BLOCK, [
        'api_version' => 3,
        'title' => say('name'),
        'category' => 'embed',
        'attributes' => $attributes,
        'supports' => ['html' => false],
        'editor_script_handles' => ['radio-archive-editor'],
        'render_callback' => __NAMESPACE__ . '\show',
    ]);
}

/* ---- Settings ---- */

/** Give the address that a person typed as it is kept; what it was where it is none. */
function checked_address($typed): string
{
    $typed = is_string($typed) ? trim($typed) : '';
    if ($typed === '') {
        return '';
    }
    $whole = preg_match('#^[a-z]+://#i', $typed) ? $typed : "https://$typed";
    $url = esc_url_raw(preg_replace('/[?#].*$/s', '', $whole), ['http', 'https']);
    $parts = wp_parse_url($url) ?: [];
    if (empty($parts['host']) || isset($parts['user'])) {
        add_settings_error(OPTION, 'wrong', say('wrong'));
        return address();
    }
    delete_transient(KEPT . 'silent');
    return untrailingslashit($url);
}

function register_settings(): void
{
    register_setting('radio_archive', OPTION, [
        'type' => 'string',
        'default' => '',
        'sanitize_callback' => __NAMESPACE__ . '\checked_address',
    ]);
}

function add_settings_page(): void
{
    add_options_page(say('name'), say('name'), 'manage_options', 'radio-archive', __NAMESPACE__ . '\settings');
}

function settings(): void
{
    $address = address();
    echo '<div class="wrap"><h1>' . esc_html(say('name')) . '</h1><form action="options.php" method="post">';
    settings_fields('radio_archive');
    echo '<p><label for="' . OPTION . '">' . esc_html(say('address')) . '</label><br>';
    echo '<input type="text" inputmode="url" class="regular-text" id="' . OPTION . '" name="' . OPTION . '" ';
    echo 'value="' . esc_attr($address) . '" aria-describedby="radio-archive-hint"></p>';
    echo '<p class="description" id="radio-archive-hint">' . esc_html(say('hint')) . '</p>';
    submit_button();
    echo '</form>';
    if ($address !== '') {
        $answer = fetch("$address/api/v1/episodes");
        $total = $answer['content']['total'] ?? null;
        $told = is_int($total) ? sprintf(say('answers'), number_format_i18n($total)) : say('fails');
        echo '<p><strong>' . esc_html($told) . '</strong></p>';
    }
    echo '<p>' . esc_html(say('how')) . '</p><ul class="ul-disc"><li><code>[radio_archive number="5"]</code></li>';
    echo '<li><code>[radio_archive show="ADDRESS"]</code></li><li><code>[radio_archive episode="ADDRESS"]</code></li>';
    echo '<li><code>[radio_archive words="…"]</code></li><li><code>[radio_archive view="search"]</code></li></ul></div>';
}

/** Leave nothing behind. */
function forget(): void
{
    global $wpdb;
    delete_option(OPTION);
    foreach (['_transient_', '_transient_timeout_'] as $kind) {
        $like = $wpdb->esc_like($kind . KEPT) . '%';
        $wpdb->query($wpdb->prepare("DELETE FROM $wpdb->options WHERE option_name LIKE %s", $like));
    }
    wp_cache_flush();
}

add_action('init', __NAMESPACE__ . '\register');
add_action('admin_init', __NAMESPACE__ . '\register_settings');
add_action('admin_menu', __NAMESPACE__ . '\add_settings_page');
register_uninstall_hook(__FILE__, __NAMESPACE__ . '\forget');
