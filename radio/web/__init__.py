"""The site that listeners use: without JavaScript, cookies, other sites, or a note of who asks
what. Only this room imports Flask, Flask-Babel and Werkzeug; `site.create_app` builds it."""
