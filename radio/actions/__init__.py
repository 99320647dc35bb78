"""What a keeper does to the catalogue: rename, move, delete, edit; and takes back (`history`)."""
