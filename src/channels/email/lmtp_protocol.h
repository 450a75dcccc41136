// One LMTP (RFC 2033) or SMTP (RFC 5321) connection as a state machine without I/O: bytes in, replies out. PIPELINING,
// 8BITMIME, SMTPUTF8, SIZE, ENHANCEDSTATUSCODES, CHUNKING, STARTTLS. Many messages may be in flight: replies keep the
// order of the commands, and the reply to a message waits for its storage. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/email/dot_reader.h"
#include "channels/email/smtp_command.h"

namespace answerable::channels {

struct LmtpOptions {
  bool is_smtp = false;
  std::string hostname = "localhost";
  bool offers_starttls = false;
  std::size_t message_bytes_max = 50UL * 1024 * 1024;
  std::size_t recipients_max = 100;
  std::size_t command_bytes_max = 512;  // with CRLF, of commands without parameters (RFC 5321 section 4.5.3.1.4)
  std::size_t line_bytes_max = 2'000;   // with CRLF, of MAIL and RCPT with the parameters of extensions
  int errors_max = 20;                  // then the connection is closed
  std::size_t in_flight_max = 128;      // messages that wait for their storage; then nothing more is read
  std::size_t in_flight_bytes_max = 8UL * 1024 * 1024;
  std::size_t connections_per_peer_max = 200;  // from one address, so that none takes all there are
  std::size_t messages_per_peer_max = 60'000;  // within a minute, from one address
  std::size_t memory_max = 512UL << 20;  // of messages in transfer, over all connections; small ones are not counted
  std::size_t small_bytes_max = 64UL << 10;
  // What is slower than this much a second, after the first while, ends with its connection: it would keep its seat for
  // days.
  std::int64_t patience_ms = 300'000;
  std::int64_t bytes_per_second_min = 1'024;
};

struct MailEnvelope {
  std::string from;  // empty: the null reverse-path
  std::vector<std::string> to;
  std::string helo;
};

// What the protocol needs of the world.
class LmtpHost {
 public:
  virtual ~LmtpHost() = default;
  // Errors: not_found for an address that nobody has here.
  virtual Status check_recipient(std::string_view address) = 0;
  // Before a message of so many bytes (0: not announced) is sent. An error refuses its transaction: the peer keeps it.
  virtual Status check_room(std::size_t) { return {}; }
  // The message in transfer takes so many bytes of memory (0: there is none any more). False: they are not to be had;
  // it is read to its end, thrown away and put off.
  virtual bool hold(std::size_t) { return true; }
  // Answered by one LmtpProtocol::settle(id, …) later or at once.
  virtual void deliver(std::uint64_t id, MailEnvelope envelope, std::string raw) = 0;
};

class LmtpProtocol {
 public:
  LmtpProtocol(LmtpOptions options, LmtpHost& host);

  void open();  // the greeting
  // Returns how many bytes were consumed. Less than all: a line is not complete, or it waits (is_waiting).
  std::size_t feed(std::string_view bytes);
  // One status for each recipient of the delivery, in order.
  void settle(std::uint64_t id, const std::vector<Status>& statuses);
  void on_tls();
  void on_idle();

  std::string take_output() { return std::move(output_); }
  bool is_waiting() const { return is_full() || ((wants_tls_ || closing_) && !slots_.empty()); }
  bool wants_close() const { return closing_ && slots_.empty(); }
  // The number of the message in transfer, from 1, and how much of it has come; 0 when there is none.
  std::uint64_t transfer() const { return data_ || in_chunks_ ? transfers_ : 0; }
  std::size_t transferred() const { return data_ ? data_->bytes() : chunks_bytes_; }
  // True once, when STARTTLS was granted and its reply is in the output.
  bool take_wants_tls();

 private:
  enum class Phase : std::uint8_t { command, data, chunk, skip_line };
  struct Slot {
    std::uint64_t id = 0;  // 0: the text is there
    std::size_t bytes = 0;
    std::string text;
  };

  std::size_t feed_command(std::string_view bytes);
  std::size_t feed_data(std::string_view bytes);
  std::size_t feed_chunk(std::string_view bytes);
  std::size_t feed_skip(std::string_view bytes);
  void on_command(std::string_view line);
  void run(const SmtpCommand& command);
  void on_hello(const SmtpCommand& command);
  void on_mail(const SmtpCommand& command);
  void on_rcpt(const SmtpCommand& command);
  void on_data();
  void on_bdat(const SmtpCommand& command);
  void on_starttls();
  bool check_mail_parameters(const SmtpCommand& command);
  void hold_within_memory();
  void refuse_message(std::string_view line);
  void end_of_message(bool is_too_large);
  void end_of_chunk();
  void reset_transaction();
  void reply(std::string_view line);
  void reply_error(std::string_view line);
  void flush();
  bool is_full() const {
    return in_flight_ >= options_.in_flight_max || in_flight_bytes_ >= options_.in_flight_bytes_max;
  }

  const LmtpOptions options_;
  LmtpHost& host_;
  std::string output_;
  std::deque<Slot> slots_;  // replies that wait for an earlier one
  std::uint64_t next_id_ = 1, transfers_ = 0;
  std::size_t in_flight_ = 0, in_flight_bytes_ = 0;
  Phase phase_ = Phase::command;
  bool has_hello_ = false, is_secure_ = false, wants_tls_ = false, closing_ = false;
  int errors_ = 0;

  // The transaction.
  bool has_mail_ = false;
  MailEnvelope envelope_;
  std::size_t announced_bytes_ = 0;
  std::optional<DotReader> data_;
  bool in_chunks_ = false, chunk_is_last_ = false, chunk_is_refused_ = false;
  std::uint64_t chunk_left_ = 0;
  std::string chunks_;
  std::size_t chunks_bytes_ = 0;
  bool chunks_too_large_ = false;
  bool is_put_off_ = false;  // for want of memory
};

}  // namespace answerable::channels
