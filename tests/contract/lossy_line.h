// A line to PostgreSQL that ends between a commit and its answer: the server has done it, and nobody here knows.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/ensure.h"
#include "contract/engines.h"
#include "store/testing.h"

namespace answerable::contract {

class LossyLine {
 public:
  // `location` of a server on a Unix socket, as tests/lib/postgres.sh starts it.
  explicit LossyLine(std::string location) : location_(std::move(location)) {
    constexpr std::string_view key = "host=";
    const auto at = location_.find(key);
    ensure(at != std::string::npos, "a server on a Unix socket");
    const auto end = std::min(location_.find_first_of("& ", at), location_.size());
    server_ = location_.substr(at + key.size(), end - at - key.size()) + socket_name;
    location_.replace(at + key.size(), end - at - key.size(), folder_.path());
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = address_of(folder_.path() + socket_name);
    ensure(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "a socket of its own");
    ensure(::listen(listener_, 16) == 0, "a socket that listens");
    acceptor_ = std::thread([this] {
      for (int peer = 0; (peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;)
        lines_.emplace_back([this, peer] { carry(peer); });
    });
  }
  // The databases that use it are closed before.
  ~LossyLine() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& line : lines_) line.join();
    ::close(listener_);
  }
  LossyLine(const LossyLine&) = delete;
  LossyLine& operator=(const LossyLine&) = delete;

  const std::string& location() const { return location_; }
  // Of the next commit, or of one after it.
  void lose_answer_to_commit(int after = 0) { let_pass_ = after; }

 private:
  static constexpr const char* socket_name = "/.s.PGSQL.5432";

  static sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    ensure(path.size() < sizeof address.sun_path, "a short path");
    path.copy(address.sun_path, path.size());
    return address;
  }

  void carry(int client) {
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = address_of(server_);
    ensure(::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "the server is there");
    bool is_lost = false;
    pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    while (!is_lost && ::poll(both, 2, -1) > 0) {
      const bool is_question = both[0].revents != 0;
      char buffer[65'536];
      const auto got = ::recv(is_question ? client : server, buffer, sizeof buffer, 0);
      if (got <= 0) break;
      const std::string_view bytes(buffer, static_cast<std::size_t>(got));
      (void)::send(is_question ? server : client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      // The answer is waited for and thrown away: what was asked is done.
      if (is_question && bytes.contains("commit") && let_pass_ >= 0 && let_pass_-- == 0)
        is_lost = ::recv(server, buffer, sizeof buffer, 0) > 0;
    }
    ::close(client);
    ::close(server);
  }

  store::TemporaryFolder folder_;
  std::string location_, server_;
  int listener_ = -1;
  std::atomic<int> let_pass_ = -1;  // commits until the answer is lost; below 0: none is
  std::thread acceptor_;
  std::vector<std::thread> lines_;  // of the acceptor, until it has ended
};

// on_postgres() over such a line; the database is closed before it ends.
inline void on_lossy_postgres(store::Schemas schemas, const std::function<void(Bed&, LossyLine&)>& test) {
  on_postgres(schemas, [&](Bed& bed) {
    LossyLine line(bed.options.location);
    bed.options.location = line.location();
    bed.reopen();
    // Also after a check that ends the test: the line waits for its connections.
    const std::unique_ptr<Bed, void (*)(Bed*)> closed(&bed, [](Bed* open) { open->close(); });
    test(bed, line);
  });
}

}  // namespace answerable::contract
