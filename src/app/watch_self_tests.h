// The self-tests of the controls that watch over access: what they are to notice is played to the real detectors, and
// what follows is read from the real tables.
#pragma once

#include "policy/control.h"

namespace answerable::app {

// Each kind of attempt is noticed at its threshold, slows its source down and nobody else, and warns its workspace.
Status test_attempts(policy::Scratch& scratch);
// One code in two hands is noticed, one person with two devices is not; a person decides what follows.
Status test_shared_code(policy::Scratch& scratch);
// Who opens far more than the role needs is noticed, and held back beyond that; who works is not.
Status test_bulk_reading(policy::Scratch& scratch);
// The key of a program that is not approved, or no longer, opens nothing, and its use is a violation.
Status test_programs(policy::Scratch& scratch);
// No answer of the server may be shown within another site, and no other site can make a browser act here.
Status test_framing(policy::Scratch& scratch);

}  // namespace answerable::app
