#include "channels/email/pop3_peer_test.h"

namespace answerable::channels {

std::string Pop3Peer::content(const std::string& text) const {
  std::string stuffed;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '.' && (at == 0 || text[at - 1] == '\n')) stuffed += '.';
    stuffed += text[at];
  }
  return "+OK here it is\r\n" + stuffed + ".\r\n";
}

std::string Pop3Peer::usual_answer(const Pop3Ask& ask) const {
  const auto number = static_cast<std::size_t>(std::atoi(ask.words.c_str()));
  const bool is_there = number >= 1 && number <= mails.size();
  if (ask.verb == "CAPA") return "+OK\r\n" + capabilities + ".\r\n";
  if (ask.verb == "UIDL" || ask.verb == "LIST") {
    std::string lines = "+OK " + std::to_string(mails.size()) + " mails\r\n";
    for (std::size_t i = 0; i < mails.size(); ++i)
      lines += std::to_string(i + 1) + " " +
               (ask.verb == "UIDL" ? mails[i].uid : std::to_string(mails[i].text.size())) + "\r\n";
    return lines + ".\r\n";
  }
  if (ask.verb == "RETR") return is_there ? content(mails[number - 1].text) : "-ERR no such mail\r\n";
  if (ask.verb == "TOP")
    return is_there ? content(mails[number - 1].text.substr(0, mails[number - 1].text.find("\r\n\r\n") + 4))
                    : "-ERR no such mail\r\n";
  return "+OK done\r\n";
}

void Pop3Peer::act(const Pop3Ask& ask) {
  if (ask.answer.starts_with("-")) return;
  const auto number = static_cast<std::size_t>(std::atoi(ask.words.c_str()));
  if (ask.verb == "DELE" && number >= 1 && number <= mails.size()) marked_.push_back(number - 1);
  if (ask.verb != "QUIT") return;
  std::ranges::sort(marked_, std::greater<>());
  for (auto at : marked_) mails.erase(mails.begin() + static_cast<std::ptrdiff_t>(at));
  marked_.clear();
}

// False: the connection is at its end.
bool Pop3Peer::say(TestSocket& peer, const std::string& bytes) {
  auto length = bytes.size();
  const bool ends = connections == 1 && cut_after && sent + length >= *cut_after;
  if (ends) length = *cut_after - sent;
  peer.send(std::string_view(bytes).substr(0, length));
  sent += length;
  if (ends && cuts_hard) peer.reset();
  return !ends && !bytes.empty();
}

void Pop3Peer::talk(TestSocket& peer) {
  Pop3Ask ask;
  {
    std::lock_guard lock(mutex);
    ask.connection = connections++;
    sent = 0;
    marked_.clear();
    ask.answer = "+OK here\r\n";
    twist(ask);
  }
  while (say(peer, ask.answer)) {
    auto line = peer.read_until("\r\n");
    if (!line.ends_with("\r\n")) return;
    line.resize(line.size() - 2);
    std::lock_guard lock(mutex);
    ++ask.number;
    ask.verb = line.substr(0, line.find(' '));
    ask.words = line.size() > ask.verb.size() ? line.substr(ask.verb.size() + 1) : "";
    log.push_back(line);
    ask.answer = usual_answer(ask);
    twist(ask);
    act(ask);
  }
}

}  // namespace answerable::channels
