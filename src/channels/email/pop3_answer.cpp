#include "channels/email/pop3_answer.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/utf8.h"

namespace answerable::channels {

namespace {

std::unexpected<Error> bad_listing(const std::string& what) {
  return fail(ErrorKind::unavailable, "pop3_listing", "The server's list of mails cannot be used: " + what);
}

// "12 text": the number and what follows it.
struct Line {
  std::uint32_t number = 0;
  std::string_view rest;
};

std::optional<Line> read_line(std::string_view text) {
  Line line;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line.number);
  if (error != std::errc() || line.number == 0) return std::nullopt;
  line.rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (!line.rest.empty() && line.rest.front() != ' ') return std::nullopt;
  while (line.rest.starts_with(' ')) line.rest.remove_prefix(1);
  while (line.rest.ends_with(' ')) line.rest.remove_suffix(1);
  return line;
}

// F: Status(const Line&)
template <class F>
Status each_line(std::string_view text, F&& act) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto words = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (words.ends_with('\r')) words.remove_suffix(1);
    if (words.empty()) continue;
    const auto line = read_line(words);
    if (!line) return bad_listing("\"" + one_line(words, 100) + "\".");
    TRY_STATUS(act(*line));
  }
  return {};
}

std::string name_of(std::string_view uid) {
  const bool is_plain =
      uid.size() <= pop3_uid_bytes_max && std::ranges::all_of(uid, [](unsigned char c) { return c > ' ' && c < 0x7F; });
  if (is_plain) return std::string(uid);
  const auto hash = sha256(uid);
  return "sha256:" + to_hex(as_bytes(hash));
}

Result<std::map<std::uint32_t, std::size_t>> read_sizes(std::string_view list) {
  std::map<std::uint32_t, std::size_t> sizes;
  TRY_STATUS(each_line(list, [&](const Line& line) -> Status {
    std::size_t bytes = 0;
    std::from_chars(line.rest.data(), line.rest.data() + line.rest.size(), bytes);
    if (!sizes.emplace(line.number, bytes).second)
      return bad_listing("it has number " + std::to_string(line.number) + " twice.");
    return {};
  }));
  return sizes;
}

void number_equal_uids(std::vector<Pop3Mail>& mails) {
  std::map<std::string, std::vector<Pop3Mail*>> by_uid;
  for (auto& mail : mails) by_uid[mail.key].push_back(&mail);
  for (auto& [uid, same] : by_uid)
    for (std::size_t i = 0; same.size() > 1 && i < same.size(); ++i) {
      same[i]->is_unique = false;
      if (i > 0) same[i]->key += " " + std::to_string(i + 1);
    }
}

}  // namespace

void Pop3Answer::end_line() {
  if (line_.ends_with('\r')) line_.pop_back();
  is_good_ = line_.starts_with("+OK");
  if (!is_good_ && !line_.starts_with("-ERR"))
    state_ = State::broken;
  else
    state_ = is_good_ && has_content_ ? State::content : State::complete;
}

std::size_t Pop3Answer::feed(std::string_view bytes) {
  std::size_t used = 0;
  if (state_ == State::line) {
    const auto end = bytes.find('\n');
    line_ += bytes.substr(0, end);
    used = end == std::string_view::npos ? bytes.size() : end + 1;
    if (line_.size() > pop3_line_bytes_max) {
      line_.resize(pop3_line_bytes_max);
      state_ = State::broken;
    } else if (end != std::string_view::npos) {
      end_line();
    }
  }
  if (state_ == State::content) {
    used += content_.feed(bytes.substr(used));
    if (content_.is_complete()) state_ = State::complete;
  }
  return used;
}

bool is_passing_refusal(std::string_view line) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"[IN-USE]", "[LOGIN-DELAY]", "[SYS/TEMP]"},
                             [&](auto code) { return line.find(code) != std::string_view::npos; });
}

Result<std::vector<Pop3Mail>> read_pop3_listing(std::string_view uidl, std::string_view list) {
  TRY(const auto sizes, read_sizes(list));
  std::map<std::uint32_t, std::string> names;
  TRY_STATUS(each_line(uidl, [&](const Line& line) -> Status {
    if (line.rest.empty())
      return fail(ErrorKind::unavailable, "pop3_uid_missing",
                  "The server gives mail number " + std::to_string(line.number) + " no UID (UIDL).");
    if (!names.emplace(line.number, name_of(line.rest)).second)
      return bad_listing("it has number " + std::to_string(line.number) + " twice.");
    return {};
  }));
  for (const auto& [number, bytes] : sizes)
    if (!names.contains(number))
      return fail(ErrorKind::unavailable, "pop3_uid_missing",
                  "The server gives mail number " + std::to_string(number) + " no UID (UIDL).");
  std::vector<Pop3Mail> mails;
  for (auto& [number, name] : names) {
    const auto size = sizes.find(number);
    mails.push_back({number, std::move(name), size == sizes.end() ? 0 : size->second});
  }
  number_equal_uids(mails);
  return mails;
}

}  // namespace answerable::channels
