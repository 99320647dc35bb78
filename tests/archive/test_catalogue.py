"""What there is to hear, counted: nobody hears of an episode that is withdrawn or to come."""

from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.archive.holdings import neighbours, size_of, take_stock
from tests.samples import CITY, MEMORY, STREET, put


def test_only_what_may_be_heard_is_counted(archive: Archive) -> None:
    people = (Person("Noé", "présentation"), Person("Noé", "son"), Person("Élise"))
    street = put(archive, STREET, people=people, tags=("rue", "rue", "École"))
    city = put(archive, CITY, people=people[:1], tags=("rue",))
    put(archive, MEMORY, people=people, tags=("rue",), status="withdrawn", reason="Non.")
    archive.write_show(Show("vide", "Aucun épisode"))
    stock = take_stock(archive)
    assert stock.number == 2
    assert stock.size == size_of([street, city]) == street.audio.size + city.audio.size
    assert [(show.slug, number) for show, number in stock.shows] == [("vide", 0), ("emission", 2)]
    assert stock.years == ((2024, 2),)
    assert stock.people == (("Élise", 1), ("Noé", 2))
    assert stock.tags == (("École", 1), ("rue", 2))


def test_neighbours_are_the_next_that_may_be_heard(archive: Archive) -> None:
    street, memory = put(archive, STREET), put(archive, MEMORY)
    put(archive, CITY, status="withdrawn", reason="Non.")
    put(archive, CITY, "autre")
    assert neighbours(archive, street) == (None, memory)
    assert neighbours(archive, memory) == (street, None)
