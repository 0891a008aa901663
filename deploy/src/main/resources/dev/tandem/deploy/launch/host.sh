# What tandem-cluster does on a host. It comes through the standard input of 'sh -s', followed by a call of one of these
# functions. Answers are lines that begin with "tandem:", as a login shell may say things of its own.

set -u
umask 022

say() {
    printf 'tandem:%s\n' "$*"
}

refuse() {
    say "failed $*"
    exit 1
}

# Puts the folder $1 into $folder, with the home directory for a leading ~.
expand() {
    case $1 in
        '~') folder=$HOME ;;
        '~/'*) folder=$HOME/${1#'~/'} ;;
        *) folder=$1 ;;
    esac
}

# Puts the process of the member in $folder into $pid, or fails if it does not run. Its command line names its settings: after
# a restart of the host another process may have its number.
find_member() {
    pid=$(cat "$folder/pid" 2>/dev/null) || return 1
    case $pid in
        '' | *[!0-9]*) return 1 ;;
    esac
    words=$(words_of "$pid")
    if [ -z "$words" ] && [ -d "/proc/$pid" ]; then
        # For a moment, while it becomes another program, a process has no command line. One that has ended has none for good.
        pause
        words=$(words_of "$pid")
    fi
    printf '%s\n' "$words" | grep -qxF -- "$folder/tandem.conf"
}

# The command line of a process, a word per line; nothing when there is none.
words_of() {
    tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline"
}

tail_of_log() {
    tail -n 12 "$folder/log" 2>/dev/null | while IFS= read -r line; do
        say "log $line"
    done
}

pause() {
    sleep 0.1 2>/dev/null || sleep 1
}

# Seconds since the machine started: the clock on the wall may be set meanwhile.
now() {
    cut -d . -f 1 /proc/uptime
}

# find_program FOLDER ID: says where the program is, or where the archive should go.
find_program() {
    expand "$1"
    [ -r /proc/self/cmdline ] || refuse 'this host has no /proc; Tandem runs on Linux.'
    if [ -x "$folder/program/$2/bin/tandem" ]; then
        say "program $folder/program/$2"
    else
        mkdir -p "$folder/program" || refuse "the folder $folder cannot be made."
        say "upload $folder/program/$2.$$.part"
    fi
}

# install_program FOLDER ID SHA256 ARCHIVE: checks and unpacks what has been copied.
install_program() {
    expand "$1"
    if command -v sha256sum >/dev/null 2>&1; then
        sum=$(sha256sum "$4") || refuse "the copied archive $4 cannot be read."
    else
        sum=$(shasum -a 256 "$4") || refuse 'neither sha256sum nor shasum is there to check the copied archive.'
    fi
    sum=${sum%% *}
    if [ "$sum" != "$3" ]; then
        rm -f "$4"
        refuse "the copied archive has the SHA-256 $sum, expected $3. Maybe the disk is full; try again."
    fi
    rm -rf "$4.d"
    mkdir "$4.d" && tar -xzf "$4" -C "$4.d" || refuse "the archive cannot be unpacked in $folder/program."
    rm -f "$4"
    # Whoever was faster has the same.
    [ -d "$folder/program/$2" ] || mv "$4.d"/* "$folder/program/$2"
    rm -rf "$4.d"
    [ -x "$folder/program/$2/bin/tandem" ] || refuse "there is no bin/tandem in the copied archive."
    say "program $folder/program/$2"
}

# start_member FOLDER PROGRAM SECONDS JAVA_HOME JAVA_OPTIONS [WORD...]: settings are in $settings.
start_member() {
    expand "$1"
    program=$2
    seconds=$3
    java_home=$4
    java_options=$5
    shift 5
    mkdir -p "$folder" || refuse "the folder $folder cannot be made."
    if find_member; then
        say "running $pid"
        [ "$settings" = "$(cat "$folder/tandem.conf")" ] || change_settings
        [ "$program" = "$(cat "$folder/program" 2>/dev/null)" ] || say 'changed program'
    else
        launch_member "$@"
    fi
    await_member "$seconds"
}

# The member watches the file, so it must be whole when it appears.
change_settings() {
    printf '%s\n' "$settings" >"$folder/tandem.conf.part" && mv "$folder/tandem.conf.part" "$folder/tandem.conf" ||
        refuse "the settings cannot be written to $folder."
    say 'changed settings'
}

launch_member() {
    rm -f "$folder/pid" "$folder/address" "$folder/ready"
    [ ! -f "$folder/log" ] || mv -f "$folder/log" "$folder/log.1"
    printf '%s\n' "$settings" >"$folder/tandem.conf" && printf '%s\n' "$program" >"$folder/program" ||
        refuse "the settings cannot be written to $folder."
    [ -z "$java_home" ] || export JAVA_HOME="$java_home"
    [ -z "$java_options" ] || export TANDEM_JAVA_OPTS="$java_options"
    export TANDEM_NO_BUILD=1
    session=$(command -v setsid) || session=
    # The process keeps its number up to the Java virtual machine.
    (
        cd "$folder" || exit 1
        # shellcheck disable=SC2016,SC2086
        nohup $session sh -c 'echo $$ >pid.part; mv pid.part pid; exec "$@"' tandem-member "$@" "$program/bin/tandem" node \
            --config "$folder/tandem.conf" --address-file "$folder/address" --ready-file "$folder/ready" \
            </dev/null >log 2>&1 &
    )
    waited=0
    until [ -f "$folder/pid" ]; do
        waited=$((waited + 1))
        [ "$waited" -lt 100 ] || refuse 'the process did not start.'
        pause
    done
    say "started $(cat "$folder/pid")"
}

# Waits until the member in $folder is measured, for $1 seconds.
await_member() {
    end=$(($(now) + $1))
    shown=
    while [ ! -f "$folder/ready" ]; do
        if ! find_member; then
            say 'died'
            tail_of_log
            exit 1
        fi
        if [ -z "$shown" ] && [ -f "$folder/address" ]; then
            shown=1
            say "up $(cat "$folder/address")"
        fi
        if [ "$(now)" -ge "$end" ]; then
            say 'late'
            tail_of_log
            exit 1
        fi
        pause
    done
    say "ready $(cat "$folder/ready")"
}

# member_status FOLDER
member_status() {
    expand "$1"
    if find_member; then
        say "running $pid"
        [ ! -f "$folder/address" ] || say "up $(cat "$folder/address")"
        [ ! -f "$folder/ready" ] || say "ready $(cat "$folder/ready")"
    elif [ -f "$folder/pid" ]; then
        say 'died'
        tail_of_log
    else
        say 'down'
    fi
}

# stop_member FOLDER SECONDS
stop_member() {
    expand "$1"
    if find_member; then
        kill -TERM "$pid" 2>/dev/null
        outcome=stopped
        end=$(($(now) + $2))
        while find_member; do
            if [ "$(now)" -ge "$end" ] && [ "$outcome" = stopped ]; then
                outcome=killed
                kill -KILL "$pid" 2>/dev/null
                end=$((end + 10))
            elif [ "$(now)" -ge "$end" ]; then
                refuse "process $pid cannot be killed."
            fi
            pause
        done
        say "$outcome $pid"
    else
        say 'down'
    fi
    rm -f "$folder/pid" "$folder/address" "$folder/ready"
}

# show_log FOLDER LINES: the end of the log; with FOLLOW=1 what is added to it, until standard input ends.
show_log() {
    expand "$1"
    [ -f "$folder/log" ] || refuse "there is no log in $folder; the member was never started."
    if [ -z "${FOLLOW:-}" ]; then
        tail -n "$2" "$folder/log" | sed 's/^/tandem:/'
    else
        tail -n "$2" -F "$folder/log" 2>/dev/null &
        reader=$!
        cat >/dev/null
        kill "$reader"
    fi
}
