"""The categories of podcasts that directories know: Apple's list.

https://podcasters.apple.com/support/1691-apple-podcasts-categories
"""

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
PLACES = {parent.lower(): (parent, "") for parent in CATEGORIES} | {
    child.lower(): (parent, child)
    for parent, children in CATEGORIES.items()
    for child in children.split(", ")
    if child
}


def find_category(text: str) -> tuple[str, str]:
    """Find a category and, where that is meant, its part; the default where it is none.

    >>> find_category("news"), find_category("News > Politics"), find_category("Politics")
    (('News', ''), ('News', 'Politics'), ('News', 'Politics'))
    >>> find_category("Contre la surveillance"), find_category("")
    (('Society & Culture', ''), ('Society & Culture', ''))
    """
    name = text.rpartition(">")[2].strip().lower()
    return PLACES.get(name, (DEFAULT, ""))
