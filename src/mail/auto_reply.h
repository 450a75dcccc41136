// Recognises mail that no person wrote (RFC 3834 and practice): it is shown, and never answered automatically. Pure.
#pragma once

#include "mail/message.h"

namespace answerable::mail {

bool is_auto_submitted(const ParsedMessage& message);
// Return-Path: <>. Reports and automatic answers have it (RFC 5321, 4.5.5), and nobody can be answered there.
bool has_null_sender(const ParsedMessage& message);

}  // namespace answerable::mail
