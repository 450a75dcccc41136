#include "channels/email/guarded_stream.h"

#include <cstdlib>
#include <utility>

namespace answerable::channels {

namespace {

struct Guarded {
  mailstream_low* inner;
  ImapGuard guard;
};

Guarded& of(const mailstream_low* low) { return *static_cast<Guarded*>(low->data); }

ssize_t guarded_read(mailstream_low* low, void* buffer, size_t size) {
  const auto got = mailstream_low_read(of(low).inner, buffer, size);
  // libetpan reads on for ever when a connection ends within a literal: its end is an error here.
  if (got <= 0) return -1;
  return of(low).guard.take({static_cast<const char*>(buffer), static_cast<std::size_t>(got)}) ? got : -1;
}

ssize_t guarded_write(mailstream_low* low, const void* bytes, size_t size) {
  of(low).guard.begin_answer();
  return mailstream_low_write(of(low).inner, bytes, size);
}

void guarded_free(mailstream_low* low) {
  mailstream_low_free(of(low).inner);
  delete static_cast<Guarded*>(low->data);
  std::free(low);  // libetpan's own
}

mailstream_low_driver driver{
    .mailstream_read = guarded_read,
    .mailstream_write = guarded_write,
    .mailstream_close = [](mailstream_low* low) { return mailstream_low_close(of(low).inner); },
    .mailstream_get_fd = [](mailstream_low* low) { return mailstream_low_get_fd(of(low).inner); },
    .mailstream_free = guarded_free,
    .mailstream_cancel = [](mailstream_low* low) { mailstream_low_cancel(of(low).inner); },
    .mailstream_get_cancel = [](mailstream_low* low) { return mailstream_low_get_cancel(of(low).inner); },
    .mailstream_get_certificate_chain =
        [](mailstream_low* low) { return mailstream_low_get_certificate_chain(of(low).inner); },
    .mailstream_setup_idle = [](mailstream_low* low) { return mailstream_low_setup_idle(of(low).inner); },
    .mailstream_unsetup_idle = [](mailstream_low* low) { return mailstream_low_unsetup_idle(of(low).inner); },
    .mailstream_interrupt_idle = [](mailstream_low* low) { return mailstream_low_interrupt_idle(of(low).inner); },
};

}  // namespace

void guard_stream(mailstream* stream, const ImapGuardLimits& limits) {
  auto* guarded = new Guarded{mailstream_get_low(stream), ImapGuard(limits)};
  mailstream_set_low(stream, mailstream_low_new(guarded, &driver));
}

std::string complaint_of(const mailstream* stream) {
  if (stream == nullptr || stream->low == nullptr || stream->low->driver != &driver) return {};
  return of(stream->low).guard.complaint();
}

}  // namespace answerable::channels
