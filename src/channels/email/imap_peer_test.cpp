#include "channels/email/imap_peer_test.h"

namespace answerable::channels {

// "1,3:5,7:*" as libetpan writes it.
bool ImapPeer::is_in(std::uint32_t uid, const std::string& set) const {
  const auto last = mails.empty() ? 0 : mails.rbegin()->first;
  for (std::size_t at = 0; at < set.size();) {
    auto number = [&] {
      if (set[at] == '*') return ++at, last;
      std::size_t used = 0;
      auto value = static_cast<std::uint32_t>(std::stoul(set.substr(at), &used));
      at += used;
      return value;
    };
    auto first = number();
    auto second = first;
    if (at < set.size() && set[at] == ':') ++at, second = number();
    if (first > second) std::swap(first, second);
    if (uid >= first && uid <= second) return true;
    ++at;
  }
  return false;
}

std::string ImapPeer::sequence_of(std::uint32_t uid) const {
  return std::to_string(std::distance(mails.begin(), mails.find(uid)) + 1);
}

std::string ImapPeer::next_uid() const {
  return std::to_string(uid_next != 0 ? uid_next : mails.empty() ? 1 : mails.rbegin()->first + 1);
}

std::string ImapPeer::fetch(const std::string& set, const std::string& what) const {
  std::string answer;
  for (const auto& [uid, text] : mails) {
    if (!is_in(uid, set)) continue;
    answer += "* " + sequence_of(uid) + " FETCH (UID " + std::to_string(uid);
    if (what.find("RFC822.SIZE") != std::string::npos) answer += " RFC822.SIZE " + std::to_string(text.size());
    if (const auto at = what.find("BODY.PEEK[]<"); at != std::string::npos) {
      const auto offset = std::stoul(what.substr(at + 12));
      const auto length = std::stoul(what.substr(what.find('.', at + 12) + 1));
      const auto part = offset < text.size() ? text.substr(offset, length) : "";
      answer += " BODY[]<" + std::to_string(offset) + "> " + literal(part);
    } else if (what.find("BODY.PEEK[]") != std::string::npos) {
      answer += " BODY[] " + literal(text);
    }
    if (auto at = what.find("BODY.PEEK[HEADER.FIELDS "); at != std::string::npos)
      answer += " BODY[HEADER.FIELDS " + what.substr(at + 24, what.find(']', at) - at - 23) + " " +
                literal(text.substr(0, text.find("\r\n\r\n") + 4));
    answer += ")\r\n";
  }
  return answer;
}

std::string ImapPeer::search(const std::string& set) const {
  std::string answer = "* SEARCH";
  for (const auto& [uid, text] : mails)
    if (set.empty() || is_in(uid, set)) answer += " " + std::to_string(uid);
  return answer + "\r\n";
}

void ImapPeer::expunge(const std::string& set, std::string& answer) {
  for (auto at = mails.begin(); at != mails.end();) {
    if (is_in(at->first, set)) {
      answer += "* " + sequence_of(at->first) + " EXPUNGE\r\n";
      at = mails.erase(at);
    } else {
      ++at;
    }
  }
}

void ImapPeer::answer_usually(ImapAsk& ask) {
  ask.done = ask.tag + " OK done\r\n";
  if (ask.verb == "CAPABILITY") ask.before = "* CAPABILITY " + capabilities + "\r\n";
  if (ask.verb == "ENABLE") ask.before = "* ENABLED " + ask.words + "\r\n";
  if (ask.verb == "SELECT" || ask.verb == "EXAMINE")
    ask.before = "* " + std::to_string(mails.size()) + " EXISTS\r\n* OK [UIDVALIDITY " + std::to_string(validity) +
                 "] valid\r\n* OK [UIDNEXT " + next_uid() + "] next\r\n";
  auto word = [&](std::size_t number) {
    std::size_t at = 0;
    for (; number > 0 && at != std::string::npos; --number) at = ask.words.find(' ', at) + 1;
    return ask.words.substr(at, ask.words.find(' ', at) - at);
  };
  if (ask.verb == "UID SEARCH") ask.before = search(word(0) == "UID" ? word(1) : "");
  if (ask.verb == "UID FETCH") ask.before = fetch(word(0), ask.words);
  if (ask.verb == "UID MOVE") expunge(word(0), ask.before);
  if (ask.verb == "STATUS")
    ask.before = "* STATUS \"INBOX\" (MESSAGES " + std::to_string(mails.size()) + " UIDNEXT " + next_uid() +
                 " UIDVALIDITY " + std::to_string(validity) +
                 (ask.words.find("MODSEQ") != std::string::npos ? " HIGHESTMODSEQ " + std::to_string(modseq) : "") +
                 ")\r\n";
  if (ask.verb == "LOGOUT") ask.before = "* BYE later\r\n";
}

ImapAsk ImapPeer::parse(const std::string& line) {
  ImapAsk ask;
  auto blank = std::min(line.find(' '), line.size());
  ask.tag = line.substr(0, blank);
  auto rest = line.substr(std::min(line.size(), blank + 1));
  auto end = rest.find(' ');
  if (rest.starts_with("UID ")) end = rest.find(' ', 4);
  ask.verb = rest.substr(0, end);
  ask.words = end == std::string::npos ? "" : rest.substr(end + 1);
  return ask;
}

// False: the connection is at its end.
bool ImapPeer::say(TestSocket& peer, const std::string& bytes) {
  auto length = bytes.size();
  const bool ends = connections == 1 && cut_after && sent + length >= *cut_after;
  if (ends) length = *cut_after - sent;
  peer.send(std::string_view(bytes).substr(0, length));
  sent += length;
  if (ends && cuts_hard) peer.reset();
  return !ends && !bytes.empty();
}

void ImapPeer::talk(TestSocket& peer) {
  ImapAsk greeting;
  {
    std::lock_guard lock(mutex);
    ++connections;
    sent = 0;
    greeting.connection = connections - 1;
    greeting.before = "* OK here\r\n";
    twist(greeting);
  }
  if (!say(peer, greeting.before)) return;
  for (int number = 1;; ++number) {
    auto line = peer.read_until("\r\n");
    if (!line.ends_with("\r\n")) return;
    line.resize(line.size() - 2);
    ImapAsk ask = parse(line);
    std::string answer;
    {
      std::lock_guard lock(mutex);
      ask.connection = greeting.connection;
      ask.number = number;
      log.push_back(ask.verb + " " + ask.words);
      answer_usually(ask);
      if (ask.verb == "IDLE") ask.before = "+ idling\r\n";
      twist(ask);
      answer = ask.before + (ask.verb == "IDLE" ? "" : ask.done);
    }
    if (!say(peer, answer)) return;
    if (ask.verb != "IDLE" || !ask.before.starts_with("+")) continue;
    if (!peer.read_until("\r\n").starts_with("DONE") || !say(peer, ask.done)) return;
  }
}

}  // namespace answerable::channels
