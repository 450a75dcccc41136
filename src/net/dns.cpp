#include "net/dns.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>
#include <unordered_map>

#include "base/ensure.h"

namespace answerable::net {

namespace {

using Outcome = TxtAnswer::Outcome;

constexpr std::int64_t minute_ms = 60'000;
constexpr int tries = 2;

void start_library() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  ensure(status == ARES_SUCCESS, "c-ares starts");
}

// One question's own channel: nothing is shared between threads.
class Channel {
 public:
  explicit Channel(const DnsOptions& of) {
    start_library();
    ares_options options{};
    options.timeout = static_cast<int>(std::max<std::int64_t>(1, of.question_ms_max / tries));
    options.tries = tries;
    status_ = ares_init_options(&channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
    if (status_ == ARES_SUCCESS && !of.servers.empty())
      status_ = ares_set_servers_ports_csv(channel_, of.servers.c_str());
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() {
    if (channel_ != nullptr) ares_destroy(channel_);
  }
  bool is_ready() const { return status_ == ARES_SUCCESS; }
  ares_channel get() const { return channel_; }

 private:
  ares_channel channel_ = nullptr;
  int status_ = ARES_ENOTINITIALIZED;
};

struct Question {
  const DnsOptions& options;
  TxtAnswer answer;
  bool is_done = false;
};

void read_records(const unsigned char* reply, int size, Question& question) {
  ares_txt_ext* first = nullptr;
  const int status = ares_parse_txt_reply_ext(reply, size, &first);
  auto& answer = question.answer;
  if (status == ARES_ENODATA) answer.outcome = Outcome::absent;
  if (status != ARES_SUCCESS) return;
  for (const auto* part = first; part != nullptr; part = part->next) {
    if (part->record_start != 0) {
      if (answer.records.size() >= question.options.records_max) break;
      answer.records.emplace_back();
    }
    if (answer.records.empty()) continue;
    answer.records.back().append(reinterpret_cast<const char*>(part->txt), part->length);
  }
  ares_free_data(first);
  std::erase_if(answer.records, [&](const auto& one) { return one.size() > question.options.record_bytes_max; });
  answer.outcome = answer.records.empty() ? Outcome::absent : Outcome::found;
}

void on_answer(void* argument, int status, int /*timeouts*/, unsigned char* reply, int size) {
  auto& question = *static_cast<Question*>(argument);
  question.is_done = true;
  if (status == ARES_SUCCESS) return read_records(reply, size, question);
  if (status == ARES_ENOTFOUND || status == ARES_ENODATA) question.answer.outcome = Outcome::absent;
}

// Waits for the channel's sockets once, at most `ms`.
void turn(ares_channel channel, std::int64_t ms) {
  std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
  const int wanted = ares_getsock(channel, sockets.data(), static_cast<int>(sockets.size()));
  std::vector<pollfd> waiting;
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    const auto bit = static_cast<unsigned>(i);
    short events = 0;
    if ((static_cast<unsigned>(wanted) & (1U << bit)) != 0) events |= POLLIN;
    if ((static_cast<unsigned>(wanted) & (1U << (bit + ARES_GETSOCK_MAXNUM))) != 0) events |= POLLOUT;
    if (events != 0) waiting.push_back({sockets[i], events, 0});
  }
  timeval most{.tv_sec = ms / 1000, .tv_usec = static_cast<suseconds_t>((ms % 1000) * 1000)}, next{};
  const auto* until = ares_timeout(channel, &most, &next);
  const auto wait_ms = until->tv_sec * 1000 + until->tv_usec / 1000 + 1;
  ::poll(waiting.data(), waiting.size(), static_cast<int>(wait_ms));
  if (std::ranges::none_of(waiting, [](const pollfd& one) { return one.revents != 0; }))
    return ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  for (const auto& one : waiting) {
    const bool is_in = (one.revents & (POLLIN | POLLERR | POLLHUP)) != 0, is_out = (one.revents & POLLOUT) != 0;
    if (is_in || is_out) ares_process_fd(channel, is_in ? one.fd : ARES_SOCKET_BAD, is_out ? one.fd : ARES_SOCKET_BAD);
  }
}

// Real time, whatever clock the program goes by: it is about waiting.
std::int64_t real_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

TxtAnswer ask(const DnsOptions& options, const std::string& name, std::int64_t ms_max) {
  Question question{options, {}};
  Channel channel(options);  // after what its callback writes to, so that it goes first
  if (!channel.is_ready()) return question.answer;
  ares_query(channel.get(), name.c_str(), ns_c_in, ns_t_txt, on_answer, &question);
  const auto deadline = real_ms() + ms_max;
  for (auto now = real_ms(); !question.is_done && now < deadline; now = real_ms()) turn(channel.get(), deadline - now);
  return question.answer;
}

class CachingResolver final : public TxtResolver {
 public:
  CachingResolver(DnsOptions options, const Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        patience_ms_(options_.patience_ms),
        refilled_ms_(clock.monotonic_ms()) {}

  TxtAnswer find_txt(const std::string& name) override {
    const auto started = real_ms();
    {
      std::lock_guard lock(mutex_);
      const auto now = clock_.monotonic_ms();
      if (const auto known = kept_.find(name); known != kept_.end() && known->second.until_ms > now)
        return known->second.answer;
      refill(now);
      if (patience_ms_ <= 0) return {};
    }
    auto answer = ask(options_, name, options_.question_ms_max);
    std::lock_guard lock(mutex_);
    const bool has_failed = answer.outcome == Outcome::failed;
    if (has_failed) patience_ms_ -= real_ms() - started;
    keep(name, answer, clock_.monotonic_ms() + (has_failed ? options_.keep_failed_ms : options_.keep_ms));
    return answer;
  }

 private:
  struct Kept {
    TxtAnswer answer;
    std::int64_t until_ms = 0;
  };

  void keep(const std::string& name, const TxtAnswer& answer, std::int64_t until_ms) {
    constexpr std::size_t entry_bytes = 200;  // about what a map needs around the bytes
    auto bytes = name.size() + entry_bytes;
    for (const auto& record : answer.records) bytes += record.size();
    if (kept_bytes_ + bytes > options_.kept_bytes_max) {
      kept_.clear();
      kept_bytes_ = 0;
    }
    kept_[name] = {answer, until_ms};
    kept_bytes_ += bytes;
  }

  // Whole milliseconds only; what is less waits for the next time.
  void refill(std::int64_t now) {
    const auto gained = (now - refilled_ms_) * options_.patience_ms / minute_ms;
    if (gained <= 0) return;
    patience_ms_ = std::min(patience_ms_ + gained, options_.patience_ms);
    refilled_ms_ = now;
  }

  const DnsOptions options_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Kept> kept_;
  std::size_t kept_bytes_ = 0;
  std::int64_t patience_ms_;
  std::int64_t refilled_ms_;
};

}  // namespace

Result<std::unique_ptr<TxtResolver>> make_txt_resolver(const DnsOptions& options, const Clock& clock) {
  const Channel channel(options);
  if (!channel.is_ready())
    return fail(ErrorKind::invalid, "dns_servers",
                "The DNS servers cannot be read: name addresses with their ports, as in 127.0.0.1:53,[::1]:53.");
  return std::make_unique<CachingResolver>(options, clock);
}

}  // namespace answerable::net
