"""Roles, which sidecars name freely in French or English, in the Podcast Taxonomy
(https://podcasttaxonomy.com); categories of podcast directories
(https://podcasters.apple.com/support/1691-apple-podcasts-categories)."""

from radio.archive.slugs import slugify

# By group and role, our word for it, and how the slugs of what people write for it begin; the first
# that fits counts.
ROLES = {
    ("Cast", "Co-Host"): ("co-animation", "co-"),
    ("Cast", "Guest Host"): ("", "guest-host"),
    ("Cast", "Host"): ("présentation", "presen anim host"),
    ("Cast", "Guest"): ("invité·e", "invit guest"),
    ("Cast", "Reporter"): ("reportage", "chroniqu journalis report"),
    ("Cast", "Narrator"): ("lecture", "lect narrat"),
    ("Cast", "Voice Actor"): ("voix", "voix"),
    ("Creative Direction", "Director"): ("réalisation", "realis direct"),
    ("Creative Direction", "Producer"): ("production", "produc"),
    ("Writing", "Writer"): ("écriture", "ecri redac writ"),
    ("Writing", "Researcher"): ("recherche", "enquet recherch research"),
    ("Writing", "Translator"): ("traduction", "tradu transl"),
    ("Writing", "Transcriber"): ("transcription", "transcri"),
    ("Audio Production", "Audio Engineer"): (
        "technique",
        "techni ingenieur son prise-de-son audio-engineer",
    ),
    ("Audio Post-Production", "Audio Editor"): ("montage", "mont edit mix"),
    ("Audio Post-Production", "Sound Designer"): ("habillage", "habillage"),
    ("Audio Post-Production", "Composer"): ("composition", "compos"),
    ("Audio Post-Production", "Music Contributor"): ("", "musi"),
    ("Administration", "Production Coordinator"): ("", "coordin"),
    ("Administration", "Booking Coordinator"): ("", "programm"),
    ("Visuals", "Graphic Designer"): ("", "graphi"),
    ("Visuals", "Cover Art Designer"): ("", "illustr"),
}
WORDS = {role.lower(): word for (_, role), (word, _) in ROLES.items() if word}


def find_role(text: str) -> dict[str, str]:
    """Name a role as the taxonomy does; one that it doesn't know stays as it is written.

    >>> find_role("Invitée"), find_role("montage et mixage")
    ({'group': 'Cast', 'role': 'Guest'}, {'group': 'Audio Post-Production', 'role': 'Audio Editor'})
    >>> find_role("bricole"), find_role("")
    ({'role': 'bricole'}, {})
    """
    slug = slugify(text)
    for (group, role), (_, beginnings) in ROLES.items():
        if slug.startswith(tuple(beginnings.split())):
            return {"group": group, "role": role}
    return {"role": text} if slug else {}


def word_of(role: str) -> str:
    """Give our word for a role of the taxonomy; any other stays as it is written.

    >>> word_of("Host"), word_of("bricole")
    ('présentation', 'bricole')
    """
    return WORDS.get(role.strip().lower(), role)


DEFAULT = "Society & Culture"
CATEGORIES = {
    "Arts": "Books, Design, Fashion & Beauty, Food, Performing Arts, Visual Arts",
    "Business": "Careers, Entrepreneurship, Investing, Management, Marketing, Non-Profit",
    "Comedy": "Comedy Interviews, Improv, Stand-Up",
    "Education": "Courses, How To, Language Learning, Self-Improvement",
    "Fiction": "Comedy Fiction, Drama, Science Fiction",
    "Government": "",
    "Health & Fitness": (
        "Alternative Health, Fitness, Medicine, Mental Health, Nutrition, Sexuality"
    ),
    "History": "",
    "Kids & Family": "Education for Kids, Parenting, Pets & Animals, Stories for Kids",
    "Leisure": (
        "Animation & Manga, Automotive, Aviation, Crafts, Games, Hobbies, Home & Garden, "
        "Video Games"
    ),
    "Music": "Music Commentary, Music History, Music Interviews",
    "News": (
        "Business News, Daily News, Entertainment News, News Commentary, Politics, Sports News, "
        "Tech News"
    ),
    "Religion & Spirituality": (
        "Buddhism, Christianity, Hinduism, Islam, Judaism, Religion, Spirituality"
    ),
    "Science": (
        "Astronomy, Chemistry, Earth Sciences, Life Sciences, Mathematics, Natural Sciences, "
        "Nature, Physics, Social Sciences"
    ),
    "Society & Culture": (
        "Documentary, Personal Journals, Philosophy, Places & Travel, Relationships"
    ),
    "Sports": (
        "Baseball, Basketball, Cricket, Fantasy Sports, Football, Golf, Hockey, Rugby, Running, "
        "Soccer, Swimming, Tennis, Volleyball, Wilderness, Wrestling"
    ),
    "TV & Film": "After Shows, Film History, Film Interviews, Film Reviews, TV Reviews",
    "Technology": "",
    "True Crime": "",
}
PLACES = {parent.lower(): (parent, "") for parent in CATEGORIES}
for parent, children in CATEGORIES.items():
    PLACES |= {child.lower(): (parent, child) for child in children.split(", ") if child}


def find_category(text: str) -> tuple[str, str]:
    """Find a category and, where that is meant, its part; the default where it is none.

    >>> find_category("news"), find_category("News > Politics"), find_category("Politics")
    (('News', ''), ('News', 'Politics'), ('News', 'Politics'))
    >>> find_category("Contre la surveillance"), find_category("")
    (('Society & Culture', ''), ('Society & Culture', ''))
    """
    name = text.rpartition(">")[2].strip().lower()
    return PLACES.get(name, (DEFAULT, ""))
