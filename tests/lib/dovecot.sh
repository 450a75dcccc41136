#!/usr/bin/env bash
# A private Dovecot for tests: IMAP, POP3 (both with TLS too) and LMTP on free loopback ports, mail in a temporary
# folder, gone afterwards.
#   tests/lib/dovecot.sh run COMMAND…     start, run COMMAND with the variables below, stop
#   tests/lib/dovecot.sh save USER FILE [FOLDER]   within such a COMMAND: puts a message into USER's INBOX or FOLDER
#   tests/lib/dovecot.sh expunge USER UID   removes a message from USER's INBOX
#   tests/lib/dovecot.sh revalidate USER NUMBER   gives USER's INBOX another UIDVALIDITY
#   . tests/lib/dovecot.sh; dovecot_start; …; dovecot_stop
# With ANSWERABLE_TEST_TOKEN_PORT (of token_server.mjs) it also takes that provider's access tokens, by the mechanisms
# in ANSWERABLE_TEST_OAUTH (both when unset), and with ANSWERABLE_TEST_RELAY_PORT (of an SMTP server) it is a submission
# server at ANSWERABLE_TEST_SUBMISSION_PORT that hands mail on there.
# Every user exists and has the password "secret". ANSWERABLE_TEST_IMAP_PORT, _IMAPS_PORT, _POP3_PORT, _POP3S_PORT and
# _DOVECOT_LMTP_PORT are the ports, ANSWERABLE_TEST_DOVECOT its folder (conf, mail/USER as Maildir, log, cert.pem for
# TLS).

# Ends the shell that calls it: put it into ( ).
dovecot_exec() {
  [ "$(id -u)" -ne 0 ] || set -- setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups -- "$@"
  exec "$@"
}

dovecot_conf() {
  local user=nobody mechanisms=plain protocols="imap pop3 lmtp"
  [ "$(id -u)" -eq 0 ] || user=$(id -un)
  [ -z "${ANSWERABLE_TEST_TOKEN_PORT:-}" ] || mechanisms="plain ${ANSWERABLE_TEST_OAUTH-oauthbearer xoauth2}"
  [ -z "${ANSWERABLE_TEST_RELAY_PORT:-}" ] || protocols="$protocols submission"
  cat <<CONF
base_dir = $1/run
state_dir = $1/state
log_path = $1/log
protocols = $protocols
auth_mechanisms = $mechanisms
listen = 127.0.0.1
default_internal_user = $user
default_internal_group = $(id -gn "$user")
default_login_user = $user
first_valid_uid = 1
first_valid_gid = 1
last_valid_uid = 0
auth_verbose = yes
auth_failure_delay = 0 secs
disable_plaintext_auth = no
ssl = yes
ssl_cert = <$1/cert.pem
ssl_key = <$1/key.pem
mail_location = maildir:$1/mail/%u
namespace inbox {
  inbox = yes
  separator = /
}
$(dovecot_oauth_conf "$1")
$(dovecot_submission_conf "$7")
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=$(id -u "$user") gid=$(id -g "$user") home=$1/mail/%u
}
service anvil {
  chroot =
  # No growing wait after wrong passwords.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $2
  }
  inet_listener imaps {
    port = $3
    ssl = yes
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = $5
  }
  inet_listener pop3s {
    port = $6
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $4
  }
}
CONF
}

dovecot_oauth_conf() {
  [ -n "${ANSWERABLE_TEST_TOKEN_PORT:-}" ] || return 0
  cat >"$1/oauth2" <<CONF
introspection_mode = post
introspection_url = http://127.0.0.1:$ANSWERABLE_TEST_TOKEN_PORT/introspect
username_attribute = username
active_attribute = active
active_value = true
CONF
  cat <<CONF
passdb {
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = $1/oauth2
}
CONF
}

dovecot_submission_conf() {
  [ -n "${ANSWERABLE_TEST_RELAY_PORT:-}" ] || return 0
  cat <<CONF
submission_relay_host = 127.0.0.1
submission_relay_port = $ANSWERABLE_TEST_RELAY_PORT
service submission-login {
  chroot =
  inet_listener submission {
    port = $1
  }
}
CONF
}

dovecot_start() {
  local ports
  command -v dovecot >/dev/null ||
    { echo "dovecot.sh: Dovecot is not installed: script/bootstrap --test" >&2; return 1; }
  mapfile -t ports < <(node "$(dirname "${BASH_SOURCE[0]}")/free_port.mjs" 6)
  dovecot_dir=$(mktemp -d /tmp/answerable-dovecot.XXXXXX)
  mkdir "$dovecot_dir"/{run,state,mail}
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
    -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
    -keyout "$dovecot_dir/key.pem" -out "$dovecot_dir/cert.pem" 2>/dev/null
  dovecot_conf "$dovecot_dir" "${ports[@]}" >"$dovecot_dir/conf"
  [ "$(id -u)" -ne 0 ] || chown -R nobody "$dovecot_dir"
  # Its output goes away, for it keeps a shell's streams open; --foreground, so that it ends with us.
  (dovecot_exec dovecot -F -c "$dovecot_dir/conf" >"$dovecot_dir/run.log" 2>&1 </dev/null) &
  dovecot_pid=$!
  local left=100
  until (: </dev/tcp/127.0.0.1/"${ports[0]}") 2>/dev/null; do
    left=$((left - 1))
    if [ "$left" -eq 0 ] || ! kill -0 "$dovecot_pid" 2>/dev/null; then
      cat "$dovecot_dir/run.log" "$dovecot_dir/log" >&2
      dovecot_stop
      return 1
    fi
    read -r -t 0.05 _ <> <(:) || true
  done
  export ANSWERABLE_TEST_DOVECOT=$dovecot_dir
  export ANSWERABLE_TEST_IMAP_PORT=${ports[0]} ANSWERABLE_TEST_IMAPS_PORT=${ports[1]}
  export ANSWERABLE_TEST_DOVECOT_LMTP_PORT=${ports[2]} ANSWERABLE_TEST_SUBMISSION_PORT=${ports[5]}
  export ANSWERABLE_TEST_POP3_PORT=${ports[3]} ANSWERABLE_TEST_POP3S_PORT=${ports[4]}
}

dovecot_stop() {
  [ -n "${dovecot_pid:-}" ] || return 0
  kill "$dovecot_pid" 2>/dev/null || true
  wait "$dovecot_pid" 2>/dev/null || true
  rm -rf "$dovecot_dir"
  dovecot_pid=
}

dovecot_save() {
  local folder=${3:-INBOX}
  [ "$folder" = INBOX ] ||
    (dovecot_exec doveadm -c "$ANSWERABLE_TEST_DOVECOT/conf" mailbox create -u "$1" "$folder" 2>/dev/null) || true
  (dovecot_exec doveadm -c "$ANSWERABLE_TEST_DOVECOT/conf" save -u "$1" -m "$folder" <"$2")
}

dovecot_expunge() {
  (dovecot_exec doveadm -c "$ANSWERABLE_TEST_DOVECOT/conf" expunge -u "$1" mailbox INBOX uid "$2")
}

dovecot_revalidate() {
  (dovecot_exec doveadm -c "$ANSWERABLE_TEST_DOVECOT/conf" mailbox update -u "$1" --uid-validity "$2" INBOX)
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  case ${1:-} in
    revalidate)
      dovecot_revalidate "$2" "$3"
      exit
      ;;
    save)
      dovecot_save "$2" "$3" "${4:-INBOX}"
      exit
      ;;
    expunge)
      dovecot_expunge "$2" "$3"
      exit
      ;;
    run) shift ;;
    *) sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  trap dovecot_stop EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  dovecot_start || exit 1
  status=0
  "$@" || status=$?
  exit "$status"
fi
