#!/usr/bin/env bash
# A private Postfix for tests: SMTP with STARTTLS on a free loopback port, its queue in a temporary folder, gone after.
#   tests/lib/postfix.sh run [DOMAIN=NEXTHOP…] -- COMMAND…   start, run COMMAND with the variables below, stop
#   tests/lib/postfix.sh flush   within such a COMMAND: tries all that waits at once
#   tests/lib/postfix.sh queue   the same: a line of JSON for each mail that waits
# NEXTHOP as in transport(5): lmtp:inet:127.0.0.1:2424, smtp:[127.0.0.1]:2525. Any other domain bounces.
# ANSWERABLE_TEST_POSTFIX_PORT: the port. ANSWERABLE_TEST_POSTFIX: its folder (conf, queue, log, ca.pem for cert.pem).
# To mail that comes in by SMTP it writes "Authentication-Results: mx.test; dmarc=pass header.from=…", of the envelope.
# Postfix works with several users, so this is for root only; nothing of the system's own Postfix is touched.

postfix_certificate() {
  local dir=$1
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=Private authority" \
    -addext basicConstraints=critical,CA:TRUE -keyout "$dir/ca.key" -out "$dir/ca.pem" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
    -keyout "$dir/key.pem" -out "$dir/cert.csr" 2>/dev/null
  openssl x509 -req -in "$dir/cert.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 2 \
    -extfile <(echo 'subjectAltName=DNS:localhost,IP:127.0.0.1') -out "$dir/cert.pem" 2>/dev/null
}

postfix_main_cf() {
  cat <<CONF
compatibility_level = 3.6
queue_directory = $1/queue
data_directory = $1/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = $1/log
maillog_file_prefixes = $1
myhostname = mx.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_sender_restrictions = check_sender_access regexp:$1/conf/senders
smtpd_tls_cert_file = $1/cert.pem
smtpd_tls_key_file = $1/key.pem
smtpd_tls_security_level = may
smtpd_client_connection_count_limit = 0
transport_maps = texthash:$1/conf/transport
default_transport = error:5.1.2 No such domain in this test
message_size_limit = 100000
mailbox_size_limit = 0
smtputf8_enable = yes
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
delay_warning_time = 1s
CONF
}

postfix_master_cf() {
  cat <<CONF
127.0.0.1:$1 inet n - n - - smtpd
cleanup  unix n - n - 0 cleanup
qmgr     unix n - n 300 1 qmgr
pickup   unix n - n 60 1 pickup
rewrite  unix - - n - - trivial-rewrite
bounce   unix - - n - 0 bounce
defer    unix - - n - 0 bounce
trace    unix - - n - 0 bounce
verify   unix - - n - 1 verify
flush    unix n - n 1000? 0 flush
tlsmgr   unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
smtp     unix - - n - - smtp
relay    unix - - n - - smtp
lmtp     unix - - n - - lmtp
error    unix - - n - - error
retry    unix - - n - - error
discard  unix - - n - - discard
anvil    unix - - n - 1 anvil
scache   unix - - n - 1 scache
showq    unix n - n - - showq
postlog  unix-dgram n - n - 1 postlogd
CONF
}

postfix_conf() {
  local dir=$1 port=$2 route
  shift 2
  mkdir "$dir/conf"
  postfix_main_cf "$dir" >"$dir/conf/main.cf"
  postfix_master_cf "$port" >"$dir/conf/master.cf"
  # shellcheck disable=SC2016 # $1 is Postfix's
  echo '/@([^@]+)$/ PREPEND Authentication-Results: mx.test; dmarc=pass header.from=$1' >"$dir/conf/senders"
  for route in "$@"; do echo "${route%%=*} ${route#*=}"; done >"$dir/conf/transport"
}

postfix_start() {
  [ "$(id -u)" -eq 0 ] || { echo "postfix.sh: Postfix can be started by root only" >&2; return 1; }
  command -v postfix >/dev/null ||
    { echo "postfix.sh: Postfix is not installed: script/bootstrap --test" >&2; return 1; }
  local port left=200
  port=$(node "$(dirname "${BASH_SOURCE[0]}")/free_port.mjs")
  postfix_dir=$(mktemp -d /tmp/answerable-postfix.XXXXXX)
  chmod 755 "$postfix_dir"
  mkdir "$postfix_dir"/{queue,data}
  chown postfix "$postfix_dir/data"
  postfix_certificate "$postfix_dir"
  postfix_conf "$postfix_dir" "$port" "$@"
  # In the foreground, so that it ends with us; its output goes away, for it keeps a shell's streams open.
  postfix -c "$postfix_dir/conf" start-fg >"$postfix_dir/run.log" 2>&1 </dev/null &
  postfix_pid=$!
  until (: </dev/tcp/127.0.0.1/"$port") 2>/dev/null; do
    left=$((left - 1))
    if [ "$left" -eq 0 ] || ! kill -0 "$postfix_pid" 2>/dev/null; then
      cat "$postfix_dir/run.log" "$postfix_dir/log" >&2
      postfix_stop
      return 1
    fi
    read -r -t 0.05 _ <> <(:) || true
  done
  export ANSWERABLE_TEST_POSTFIX=$postfix_dir ANSWERABLE_TEST_POSTFIX_PORT=$port
}

postfix_stop() {
  [ -n "${postfix_pid:-}" ] || return 0
  postfix -c "$postfix_dir/conf" stop >/dev/null 2>&1 || kill "$postfix_pid" 2>/dev/null || true
  wait "$postfix_pid" 2>/dev/null || true
  rm -rf "$postfix_dir"
  postfix_pid=
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  case ${1:-} in
    flush) exec postqueue -c "$ANSWERABLE_TEST_POSTFIX/conf" -f ;;
    queue) exec postqueue -c "$ANSWERABLE_TEST_POSTFIX/conf" -j ;;
    run) shift ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  routes=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do routes+=("$1"); shift; done
  shift
  trap postfix_stop EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  postfix_start "${routes[@]}" || exit 1
  status=0
  "$@" || status=$?
  exit "$status"
fi
