// What the policy does as time passes: alarms of incidents are told, suspensions whose cause is cured end, orders to
// pay go from notice to suspension, notices leave by mail.
#pragma once

#include <optional>
#include <vector>

#include "app/housekeeper.h"
#include "app/installation.h"
#include "base/result.h"
#include "channels/email/smtp_carrier.h"
#include "policy/scanner.h"

namespace answerable::app {

// Reads first: without anything to do nothing is written. A second after the cure the service has resumed.
Status follow_policy(store::Database& database);

// What may take long: notices through the relay every few seconds (without one they wait in the database, and stand in
// the workspace's page all the same), and the self-tests of all controls once a day. `installation` outlives them.
std::vector<Housekeeper::Task> policy_tasks(Installation& installation, std::optional<channels::Relay> relay,
                                            policy::Scanner* scanner);

}  // namespace answerable::app
