"""The site that listeners use. Only this room imports Flask, Flask-Babel and Werkzeug.

Every page works without JavaScript, asks nothing of another site, sets no cookie, and keeps
neither address nor query. `site.create_app` builds the application; each other module holds one
part of it.
"""
