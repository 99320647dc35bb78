#!/bin/bash
# What the scripts share: the program, its settings, and the units of the program itself with the
# folders, the user and the port that YunoHost gives.

units=(web work)

put_program() {
    ynh_setup_source --dest_dir="$install_dir/source" --full_replace
    ynh_safe_rm "$install_dir/venv"
    python3 -m venv "$install_dir/venv"
    local pip="$install_dir/venv/bin/pip"
    ynh_hide_warnings "$pip" install --require-hashes --requirement "$install_dir/source/requirements/faster.txt"
    ynh_hide_warnings "$pip" install --no-deps --no-build-isolation "$install_dir/source"
    chown -R root:"$app" "$install_dir/venv"
    chmod -R g+rX "$install_dir/venv"
}

# $1, a file of deploy/, for this machine; the team works from the site, under /home
here() {
    sed -e "s|/opt/radio/current|$install_dir/venv|g" \
        -e "s|/etc/radio/env|$install_dir/env|g" \
        -e "s|/srv/radio|$data_dir/archive|g" \
        -e "s|--port 8000|--port $port|" \
        -e "s|^User=radio|User=$app|" \
        -e "s|-u radio |-u $app |; s|!= radio |!= $app |" \
        -e "/^ReadOnlyPaths=/d" \
        -e "s|^ProtectHome=yes|ProtectHome=tmpfs\nBindPaths=$data_dir|" \
        "$install_dir/source/deploy/$1"
}

put_settings() {
    base_url=https://$domain${path%/}
    ynh_config_add --template="env" --destination="$install_dir/env"
    chown root:"$app" "$install_dir/env"
    chmod 640 "$install_dir/env"
}

put_command() {
    here radio > "/usr/local/bin/$app"
    chmod 755 "/usr/local/bin/$app"
}

put_units() {
    local unit made
    made=$(mktemp)
    for unit in "${units[@]}" follow; do
        here "systemd/radio-$unit.service" > "$made"
        ynh_config_add --template="$made" --destination="/etc/systemd/system/$app-$unit.service"
    done
    here systemd/radio-follow.timer > "$made"
    ynh_config_add --template="$made" --destination="/etc/systemd/system/$app-follow.timer"
    rm "$made"
    systemctl daemon-reload
    systemctl enable --quiet "${units[@]/#/$app-}" "$app-follow.timer"
    for unit in "${units[@]}"; do
        yunohost service add "$app-$unit" --description="Archive of radio shows: $unit"
    done
}

start() {
    local unit
    for unit in "${units[@]}"; do ynh_systemctl --service="$app-$unit" --action="restart"; done
    systemctl start "$app-follow.timer"
}

stop() {
    local unit
    systemctl stop "$app-follow.timer" "$app-follow.service"
    for unit in "${units[@]}"; do ynh_systemctl --service="$app-$unit" --action="stop"; done
}
