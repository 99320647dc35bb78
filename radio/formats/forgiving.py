"""HTML read as browsers read it, whatever stands in it."""

from html.parser import HTMLParser


class ForgivingParser(HTMLParser):
    """A parser of the library that raises nothing: `<![anything` is a comment, as in browsers."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Take `<![anything` for a comment; the library knows a few words alone, and raises."""
        if self.rawdata.startswith("<![CDATA[", i):
            return super().parse_marked_section(i, report)
        return self.parse_bogus_comment(i, report)
