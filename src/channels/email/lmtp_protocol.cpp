#include "channels/email/lmtp_protocol.h"

#include <algorithm>
#include <charconv>

#include "base/ensure.h"
#include "base/utf8.h"
#include "channels/email/smtp_reply.h"

namespace answerable::channels {

LmtpProtocol::LmtpProtocol(LmtpOptions options, LmtpHost& host) : options_(std::move(options)), host_(host) {}

void LmtpProtocol::open() {
  reply("220 " + options_.hostname + (options_.is_smtp ? " ESMTP" : " LMTP") + " ready\r\n");
}

void LmtpProtocol::reply(std::string_view line) {
  if (slots_.empty())
    output_ += line;
  else
    slots_.push_back({0, 0, std::string(line)});
}

void LmtpProtocol::reply_error(std::string_view line) {
  reply(line);
  if (++errors_ <= options_.errors_max) return;
  reply("421 4.7.0 Too many errors\r\n");
  closing_ = true;
}

void LmtpProtocol::flush() {
  while (!slots_.empty() && slots_.front().id == 0) {
    output_ += slots_.front().text;
    slots_.pop_front();
  }
}

void LmtpProtocol::on_tls() {
  wants_tls_ = false;
  is_secure_ = true;
  has_hello_ = false;  // RFC 3207: start over
  reset_transaction();
}

bool LmtpProtocol::take_wants_tls() {
  if (!wants_tls_ || !slots_.empty()) return false;
  wants_tls_ = false;
  return true;
}

void LmtpProtocol::on_idle() {
  reply("421 4.4.2 " + options_.hostname + " has waited too long\r\n");
  closing_ = true;
}

std::size_t LmtpProtocol::feed(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && !closing_ && !wants_tls_) {
    // A message in transfer is read to its end; the next one waits until there is room.
    if (phase_ == Phase::command && is_full()) break;
    auto rest = bytes.substr(at);
    std::size_t used = 0;
    switch (phase_) {
      case Phase::command: used = feed_command(rest); break;
      case Phase::data: used = feed_data(rest); break;
      case Phase::chunk: used = feed_chunk(rest); break;
      case Phase::skip_line: used = feed_skip(rest); break;
    }
    if (used == 0) break;
    at += used;
  }
  return at;
}

std::size_t LmtpProtocol::feed_command(std::string_view bytes) {
  auto end = bytes.find('\n');
  if (end == std::string_view::npos) {
    if (bytes.size() < options_.line_bytes_max) return 0;
    phase_ = Phase::skip_line;
    return bytes.size() - (bytes.back() == '\r' ? 1 : 0);
  }
  auto line = bytes.substr(0, end + 1);
  if (line.size() > options_.line_bytes_max) {
    reply_error("500 5.5.6 Line too long\r\n");
  } else if (line.size() < 2 || line[line.size() - 2] != '\r') {
    reply_error("500 5.5.2 Lines end in CR LF\r\n");
  } else {
    on_command(line.substr(0, line.size() - 2));
  }
  return end + 1;
}

std::size_t LmtpProtocol::feed_skip(std::string_view bytes) {
  auto end = bytes.find('\n');
  if (end == std::string_view::npos) return bytes.size();
  phase_ = Phase::command;
  reply_error("500 5.5.6 Line too long\r\n");
  return end + 1;
}

void LmtpProtocol::on_command(std::string_view line) {
  auto command = parse_smtp_command(line);
  if (!command) return reply_error("501 5.5.4 " + command.error().detail + "\r\n");
  if (line.size() + 2 > options_.command_bytes_max && command->parameters.empty())
    return reply_error("500 5.5.6 Line too long\r\n");
  run(*command);
}

void LmtpProtocol::run(const SmtpCommand& command) {
  using Verb = SmtpCommand::Verb;
  if (in_chunks_ && command.verb != Verb::bdat && command.verb != Verb::rset && command.verb != Verb::noop &&
      command.verb != Verb::quit)
    return reply_error("503 5.5.1 BDAT or RSET is what can come now\r\n");
  switch (command.verb) {
    case Verb::helo:
    case Verb::ehlo:
    case Verb::lhlo: return on_hello(command);
    case Verb::mail: return on_mail(command);
    case Verb::rcpt: return on_rcpt(command);
    case Verb::data: return on_data();
    case Verb::bdat: return on_bdat(command);
    case Verb::rset: reset_transaction(); return reply("250 2.0.0 Forgotten\r\n");
    case Verb::noop: return reply("250 2.0.0 OK\r\n");
    case Verb::vrfy: return reply_error("252 2.1.5 Send mail to find out\r\n");
    case Verb::starttls: return on_starttls();
    case Verb::quit:
      reply("221 2.0.0 Bye\r\n");
      closing_ = true;
      return;
    case Verb::unknown: return reply_error("500 5.5.1 Unknown command\r\n");
  }
}

void LmtpProtocol::on_hello(const SmtpCommand& command) {
  const bool is_lhlo = command.verb == SmtpCommand::Verb::lhlo;
  if (is_lhlo == options_.is_smtp)
    return reply_error(options_.is_smtp ? "500 5.5.1 This is SMTP: say EHLO\r\n"
                                        : "500 5.5.1 This is LMTP: say LHLO\r\n");
  reset_transaction();
  has_hello_ = true;
  envelope_.helo = command.argument;
  if (command.verb == SmtpCommand::Verb::helo) return reply("250 " + options_.hostname + "\r\n");
  std::string lines = "250-" + options_.hostname + "\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE " +
                      std::to_string(options_.message_bytes_max) + "\r\n250-CHUNKING\r\n";
  if (options_.offers_starttls && !is_secure_) lines += "250-STARTTLS\r\n";
  reply(lines + "250 ENHANCEDSTATUSCODES\r\n");
}

bool LmtpProtocol::check_mail_parameters(const SmtpCommand& command) {
  for (const auto& [name, value] : command.parameters) {
    if (name == "SIZE") {
      auto parsed = std::from_chars(value.data(), value.data() + value.size(), announced_bytes_);
      if (parsed.ec != std::errc() || parsed.ptr != value.data() + value.size()) {
        reply_error("501 5.5.4 SIZE needs a number\r\n");
        return false;
      }
      if (announced_bytes_ > options_.message_bytes_max) {
        reply_error("552 5.3.4 The message is too large\r\n");
        return false;
      }
    } else if (name == "BODY") {
      if (value != "7BIT" && value != "8BITMIME") {
        reply_error("501 5.5.4 BODY is 7BIT or 8BITMIME\r\n");
        return false;
      }
    } else if (name != "SMTPUTF8") {
      reply_error("555 5.5.4 Unknown parameter\r\n");
      return false;
    }
  }
  return true;
}

void LmtpProtocol::on_mail(const SmtpCommand& command) {
  if (!has_hello_) return reply_error(options_.is_smtp ? "503 5.5.1 EHLO first\r\n" : "503 5.5.1 LHLO first\r\n");
  if (has_mail_) return reply_error("503 5.5.1 One sender at a time\r\n");
  announced_bytes_ = 0;
  if (!check_mail_parameters(command)) return;
  if (auto status = host_.check_room(announced_bytes_); !status) return reply(to_line(smtp_reply(status.error())));
  has_mail_ = true;
  envelope_.from = command.path;
  reply("250 2.1.0 OK\r\n");
}

void LmtpProtocol::on_rcpt(const SmtpCommand& command) {
  if (!has_mail_) return reply_error("503 5.5.1 MAIL first\r\n");
  if (!command.parameters.empty()) return reply_error("555 5.5.4 Unknown parameter\r\n");
  if (command.path.empty()) return reply_error("501 5.1.3 A recipient has an address\r\n");
  if (envelope_.to.size() >= options_.recipients_max)
    return reply("452 4.5.3 Too many recipients: send the rest in another transaction\r\n");
  if (auto status = host_.check_recipient(command.path); !status)
    return reply_error(to_line(smtp_reply(status.error())));
  envelope_.to.push_back(command.path);
  reply("250 2.1.5 OK\r\n");
}

void LmtpProtocol::on_data() {
  if (!has_mail_) return reply_error("503 5.5.1 MAIL first\r\n");
  if (envelope_.to.empty()) return reply_error("503 5.5.1 No recipient was accepted\r\n");
  ++transfers_;
  data_.emplace(options_.message_bytes_max);
  data_->expect(announced_bytes_);
  phase_ = Phase::data;
  reply("354 Go on, end with CR LF . CR LF\r\n");
}

void LmtpProtocol::hold_within_memory() {
  if (is_put_off_ || host_.hold(data_ ? data_->memory() : chunks_.capacity())) return;
  is_put_off_ = true;
  if (data_) data_->discard();
  std::string().swap(chunks_);
  host_.hold(0);
}

std::size_t LmtpProtocol::feed_data(std::string_view bytes) {
  auto used = data_->feed(bytes);
  hold_within_memory();
  if (data_->is_complete()) {
    phase_ = Phase::command;
    end_of_message(data_->is_too_large());
  }
  return used;
}

void LmtpProtocol::on_bdat(const SmtpCommand& command) {
  chunk_is_refused_ = !has_mail_ || envelope_.to.empty();
  chunk_is_last_ = command.is_last_chunk;
  chunk_left_ = command.chunk_bytes;
  if (!chunk_is_refused_) {
    if (!in_chunks_) {
      ++transfers_;
      chunks_.reserve(std::min<std::size_t>(command.chunk_bytes, 1U << 20));
    }
    in_chunks_ = true;
    if (command.chunk_bytes > options_.message_bytes_max ||
        chunks_bytes_ + command.chunk_bytes > options_.message_bytes_max)
      chunks_too_large_ = true;
    if (chunks_too_large_) std::string().swap(chunks_);
  }
  phase_ = Phase::chunk;
  if (chunk_left_ == 0) end_of_chunk();
}

std::size_t LmtpProtocol::feed_chunk(std::string_view bytes) {
  auto used = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), chunk_left_));
  if (!chunk_is_refused_) {
    chunks_bytes_ += used;
    if (!chunks_too_large_ && !is_put_off_) chunks_.append(bytes.substr(0, used));
    hold_within_memory();
  }
  chunk_left_ -= used;
  if (chunk_left_ == 0) end_of_chunk();
  return used;
}

void LmtpProtocol::end_of_chunk() {
  phase_ = Phase::command;
  if (chunk_is_refused_) return reply_error("503 5.5.1 No recipient was accepted\r\n");
  if (chunk_is_last_) return end_of_message(chunks_too_large_);
  if (chunks_too_large_) return reply_error("552 5.3.4 The message is too large\r\n");
  reply("250 2.0.0 Go on\r\n");
}

// RFC 2033: one reply for each recipient.
void LmtpProtocol::refuse_message(std::string_view line) {
  const auto recipients = envelope_.to.size();
  for (std::size_t i = 0; i < (options_.is_smtp ? 1 : recipients); ++i) reply(line);
  reset_transaction();
}

void LmtpProtocol::end_of_message(bool is_too_large) {
  if (is_put_off_) return refuse_message("452 4.3.1 Too much mail comes in at once: try again later\r\n");
  if (is_too_large) {
    ++errors_;
    return refuse_message("552 5.3.4 The message is too large\r\n");
  }
  auto raw = data_ ? data_->take_content() : std::move(chunks_);
  auto envelope = std::move(envelope_);
  auto helo = envelope.helo;
  reset_transaction();
  envelope_.helo = std::move(helo);
  const auto id = next_id_++;
  slots_.push_back({id, raw.size(), {}});
  ++in_flight_;
  in_flight_bytes_ += raw.size();
  host_.deliver(id, std::move(envelope), std::move(raw));
}

void LmtpProtocol::settle(std::uint64_t id, const std::vector<Status>& statuses) {
  auto slot = std::ranges::find(slots_, id, &Slot::id);
  ensure(slot != slots_.end() && !statuses.empty(), "a delivery is settled once");
  --in_flight_;
  in_flight_bytes_ -= slot->bytes;
  slot->id = 0;
  const Status* worst = nullptr;
  for (const auto& status : statuses) {
    if (!options_.is_smtp) slot->text += status ? "250 2.0.0 Stored\r\n" : to_line(smtp_reply(status.error()));
    // SMTP has one reply for all: a failure makes the peer come again; who has it already recognises the copy.
    if (!status && (worst == nullptr || smtp_reply(status.error()).code < smtp_reply(worst->error()).code))
      worst = &status;
  }
  if (options_.is_smtp) slot->text = worst == nullptr ? "250 2.0.0 Stored\r\n" : to_line(smtp_reply(worst->error()));
  flush();
}

void LmtpProtocol::on_starttls() {
  if (!options_.offers_starttls || is_secure_) return reply_error("502 5.5.1 Not offered\r\n");
  reply("220 2.0.0 Go ahead\r\n");
  wants_tls_ = true;
}

void LmtpProtocol::reset_transaction() {
  has_mail_ = false;
  auto helo = std::move(envelope_.helo);
  envelope_ = {};
  envelope_.helo = std::move(helo);
  announced_bytes_ = 0;
  data_.reset();
  in_chunks_ = chunks_too_large_ = is_put_off_ = false;
  chunks_bytes_ = 0;
  std::string().swap(chunks_);
  host_.hold(0);
}

}  // namespace answerable::channels
