// The SMTP server of `mail.relay`, which takes the mail of channels without a server of their own, and ours.
#pragma once

#include <optional>

#include "app/configuration.h"
#include "base/result.h"
#include "channels/email/smtp_carrier.h"

namespace answerable::app {

// Nothing: none is configured. Errors: invalid "configuration_value", "secret_unreadable".
Result<std::optional<channels::Relay>> mail_relay(const Configuration& configuration);

}  // namespace answerable::app
