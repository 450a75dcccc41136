// The self-tests of the controls of this folder.
#pragma once

#include "policy/control.h"

namespace answerable::policy {

// An order to pay goes from notice to suspension at its bounds, and payment ends it.
Status test_payment_deadline(Scratch& scratch);
// The message after the last of the period is refused, and the next period begins anew.
Status test_entitlements(Scratch& scratch);
// The ladder of each clause of the default policy is climbed to its end, and a cured suspension ends by itself.
Status test_ladders(Scratch& scratch);

}  // namespace answerable::policy
