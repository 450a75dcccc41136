// `answerable serve`: runs until SIGTERM or SIGINT.
#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>

#include "app/server.h"
#include "app/set_up.h"
#include "app/version.h"
#include "base/log.h"

namespace answerable::app {

namespace {

// Each open screen and chat takes a descriptor; the soft limit is often 1,024.
void raise_file_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void say_where_to_go(const Configuration& c, const Server& server) {
  auto url = c.public_url;
  if (c.listen.ends_with(":0")) url += fmt::format(":{}", server.web_port());
  fmt::print("Answerable {} is running.\n  inbox         {}\n", version_text(), url);
  if (auto demo = load_demo_account(c.data_dir)) {
    fmt::print("  sign in as    {}\n  password      {}   (also in {}/demo-account)\n", demo->email, demo->password,
               c.data_dir);
    if (!demo->operator_email.empty())
      fmt::print("  operator      {}\n  password      {}\n", demo->operator_email, demo->operator_password);
    if (c.demo) fmt::print("  visitor page  {}/demo/chat\n", url);
    if (server.lmtp_port() != 0)
      fmt::print("  mail          LMTP on port {}, to support@demo.example\n", server.lmtp_port());
  } else if (server.lmtp_port() != 0) {
    fmt::print("  mail          LMTP on port {}\n", server.lmtp_port());
  }
  fmt::print("Ctrl-C stops it.\nready web={} lmtp={} smtp={}\n", server.web_port(), server.lmtp_port(),
             server.smtp_port());
  std::fflush(stdout);
}

Status serve(const Configuration& configuration) {
  // Blocked before any thread starts, so that only this thread takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  raise_file_descriptor_limit();

  SystemClock clock;
  TRY(auto installation, Installation::open(configuration, clock, Opening::read_write));
  TRY(auto server, Server::start(*installation));
  say_where_to_go(configuration, *server);
  int signal = 0;
  sigwait(&signals, &signal);
  log::info("stopping", {{"signal", signal}});
  // A second signal ends the process at once; whatever was acknowledged is durable.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  server.reset();
  installation.reset();
  log::info("stopped");
  return {};
}

}  // namespace

int run_serve(const Configuration& configuration) {
  auto status = serve(configuration);
  return status ? static_cast<int>(exit_ok) : report(status.error());
}

}  // namespace answerable::app
