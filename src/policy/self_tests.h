// The self-tests of the controls of this folder.
#pragma once

#include "policy/control.h"

namespace answerable::policy {

// An order to pay goes from notice to suspension at its bounds, and payment ends it.
Status test_payment_deadline(Scratch& scratch);
// The message after the last of the period is refused, and the next period begins anew.
Status test_entitlements(Scratch& scratch);
// The rules on content that an installation starts with find what they are for, and nothing in ordinary words.
Status test_card_numbers(Scratch& scratch);
Status test_secrets(Scratch& scratch);
Status test_identical(Scratch& scratch);
Status test_impersonation(Scratch& scratch);
// A rule on words, patterns and links of the operator holds in every workspace, and violates its clause.
Status test_words(Scratch& scratch);
// The ladder of each clause of the default policy is climbed to its end, and a cured suspension ends by itself.
Status test_ladders(Scratch& scratch);

}  // namespace answerable::policy
