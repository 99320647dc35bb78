"""All that dials out: a wire to another site, the guard before it, and what is fetched.

`http.client` sends what it is told and no more, so the guard stands where the socket is made: a
name is resolved once, each of its addresses is judged, and the one that was judged is dialled.
"""
