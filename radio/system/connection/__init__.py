"""All that dials out. `http.client` sends only what it is given, so the guard is where the socket
is made: a name is resolved once, each of its addresses is judged, and the judged one is dialled."""
