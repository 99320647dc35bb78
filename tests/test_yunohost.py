"""The package for YunoHost: its scripts through the life of an archive, with stand-ins of the
helpers that do the same to files of a folder. No YunoHost has run it."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import radio
from tests.samples import ROOT

PACKAGE = ROOT / "deploy" / "yunohost"
HELPERS = r"""
set -eu
rendered() {  # as ynh_config_add: __NAME__ is the variable
    local text name
    text=$(cat "$1")
    for name in $(grep -o '__[A-Z][A-Z_]*[A-Z]__' "$1" | sort -u); do
        local lower=${name,,}; lower=${lower#__}; lower=${lower%__}
        [ "$lower" != path ] || text=${text//__PATH__\//${path%/}/}
        text=${text//$name/${!lower}}
    done
    printf '%s\n' "$text"
}
ynh_script_progression() { :; }
ynh_print_info() { :; }
ynh_print_warn() { echo "$*" >> ROOT/calls; }
ynh_hide_warnings() { "$@"; }
ynh_safe_rm() { rm -rf "$1"; }
ynh_setup_source() { mkdir -p "$install_dir/source" && cp -r SOURCE/deploy "$install_dir/source"; }
ynh_config_add() {
    local template=${1#--template=} into=${2#--destination=}
    [ ! -f "../conf/$template" ] || template=../conf/$template
    rendered "$template" > "$into"
}
ynh_config_add_nginx() {
    mkdir -p "ROOT/etc/nginx/conf.d/$domain.d"
    rendered ../conf/nginx.conf > "ROOT/etc/nginx/conf.d/$domain.d/$app.conf"
}
ynh_config_remove_nginx() { rm "ROOT/etc/nginx/conf.d/$domain.d/$app.conf"; }
ynh_config_change_url_nginx() {
    ynh_config_remove_nginx
    domain=$new_domain path=$new_path ynh_config_add_nginx
}
ynh_config_remove_systemd() { rm -f "ROOT/etc/systemd/system/$1.service"; }
ynh_systemctl() { echo "$*" >> ROOT/calls; }
systemctl() { echo "$*" >> ROOT/calls; }
yunohost() { echo "$*" >> ROOT/calls; }
chown() { :; }
ynh_backup() { cp -a --parents "$1" ROOT/backup; }
ynh_restore() { mkdir -p "$(dirname "$1")" && rm -rf "$1" && cp -a "ROOT/backup$1" "$1"; }
python3() {
    mkdir -p "$3/bin"
    for name in pip radio; do
        printf '#!/bin/sh\necho "%s $RADIO_BASE_URL $*" >> ROOT/calls\n' $name > "$3/bin/$name"
        chmod +x "$3/bin/$name"
    done
}
export RADIO_BASE_URL=
"""
KEPT = ("media/x.mp3", "desk/accounts.json", "history/1.json")
MADE_AGAIN = ("index/x", "cache/x")


class Server:
    """A folder in place of a server that runs YunoHost."""

    def __init__(self, root: Path):
        self.root, self.home = root, root / "home/yunohost.app/radio"
        for folder in ("etc/systemd/system", "usr/local/bin", "var", "backup"):
            (root / folder).mkdir(parents=True)
        for folder in ("archive", "models"):  # YunoHost makes what the manifest says
            (self.home / folder).mkdir(parents=True)
        shutil.copytree(PACKAGE, root / "package")
        for path in (root / "package/scripts").iterdir():
            text = path.read_text("utf-8").replace("/usr/share/yunohost/helpers", f"{root}/helpers")
            for folder in ("/etc/systemd", "/etc/nginx", "/usr/local"):
                text = re.sub(rf"(?<=[\" ]){folder}/", f"{root}{folder}/", text)
            path.write_text(text)
        helpers = HELPERS.replace("ROOT", str(root)).replace("SOURCE", str(ROOT))
        (root / "helpers").write_text(helpers)
        run = root / "usr/local/bin/runuser"
        run.write_text('#!/bin/sh\nshift 3\nexec "$@"\n')
        run.chmod(0o755)

    def run(self, script: str, domain: str = "radio.example", path: str = "/", **more: str) -> str:
        given = {"app": "radio", "domain": domain, "path": path, "port": "8095", **more}
        given |= {"install_dir": f"{self.root}/var/www", "data_dir": str(self.home)}
        env = {**os.environ, "PATH": f"{self.root}/usr/local/bin:{os.environ['PATH']}", **given}
        here, command = self.root / "package/scripts", ["bash", f"./{script}"]
        (self.root / "calls").write_text("")
        done = subprocess.run(
            command, cwd=here, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return (self.root / "calls").read_text()

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def files(self) -> set[str]:
        """What the package has put outside its own folder."""
        found = (path for part in ("etc", "usr/local") for path in (self.root / part).rglob("*"))
        return {path.name for path in found if path.is_file()} - {"runuser"}


def test_an_archive_lives_under_yunohost_from_its_installation_to_its_return(
    tmp_path: Path,
) -> None:
    server = Server(tmp_path)
    calls = server.run("install", title="Ma radio", show="ma-radio")
    assert "radio https://radio.example init --show ma-radio --title Ma radio" in calls
    assert "--service=radio-web --action=restart" in calls
    unit = server.read("etc/systemd/system/radio-web.service")
    assert f"ExecStart={tmp_path}/var/www/venv/bin/radio serve --port 8095\n" in unit
    assert f"ReadWritePaths={server.home}/archive\n" in unit and "ReadOnlyPaths" not in unit
    assert f"ProtectHome=tmpfs\nBindPaths={server.home}\n" in unit
    assert "PrivateNetwork=yes" in server.read("etc/systemd/system/radio-work.service")
    for path in server.files():
        assert not re.search(r"__[A-Z]+__|/opt/radio|/srv/radio", path)
    assert "proxy_pass http://127.0.0.1:8095;" in server.read(
        "etc/nginx/conf.d/radio.example.d/radio.conf"
    )
    installed = server.files()

    moved = {"domain": "radio.example", "new_domain": "new.example", "new_path": "/archives"}
    server.run("change_url", **moved)
    assert "RADIO_BASE_URL=https://new.example/archives\n" in server.read("var/www/env")
    assert "location /archives/ {" in server.read("etc/nginx/conf.d/new.example.d/radio.conf")
    here = ("new.example", "/archives")
    assert "--action=stop" in server.run("upgrade", *here)

    for path in (*KEPT, *MADE_AGAIN):
        (server.home / "archive" / path).parent.mkdir(exist_ok=True)
        (server.home / "archive" / path).write_text(path)
    server.run("backup", *here)
    server.run("remove", *here)
    assert server.files() == set()
    assert (server.home / "archive" / KEPT[0]).exists()  # until somebody asks to purge
    for folder in (server.home / "archive", tmp_path / "var/www"):
        shutil.rmtree(folder)
    assert "radio https://new.example/archives check" in server.run("restore", *here)
    assert server.files() == installed
    back = {path: (server.home / "archive" / path).exists() for path in (*KEPT, *MADE_AGAIN)}
    assert back == dict.fromkeys(KEPT, True) | dict.fromkeys(MADE_AGAIN, False)


def test_the_manifest_opens_the_site_to_everybody_and_names_this_version() -> None:
    manifest = tomllib.loads((PACKAGE / "manifest.toml").read_text("utf-8"))
    assert (manifest["packaging_format"], manifest["integration"]["sso"]) == (2, False)
    assert manifest["resources"]["permissions"]["main"] == {"url": "/", "allowed": "visitors"}
    assert manifest["version"].split("~")[0] == radio.__version__
    asked = {"domain", "path", "init_main_permission"}  # by YunoHost itself
    tested = tomllib.loads((PACKAGE / "tests.toml").read_text("utf-8"))["default"]["args"]
    assert {*manifest["install"]} == asked | {*tested}
