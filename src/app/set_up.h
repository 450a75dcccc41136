// Setting an installation up: what `answerable init` and the demo share. One transaction each, so that half a set-up
// never exists.
#pragma once

#include <string>

#include "app/installation.h"
#include "app/people.h"
#include "base/result.h"

namespace answerable::app {

struct FirstPeople {
  std::string workspace;
  std::string administrator_name, administrator_email, administrator_hash;
  std::string operator_email, operator_hash;  // empty: no operator is made
  bool must_change_password = true;           // the administrator
  bool must_change_operator_password = true;
  bool demands_second_factor = false;  // of everybody, operators too
};

// Errors: conflict "already_set_up" when there is a workspace.
Result<access::Workspace> set_up(Installation& installation, const FirstPeople& people);

struct DemoAccount {
  std::string email, password;
  std::string operator_email, operator_password;  // empty in a demo of before there was one
};
// An operator, and a workspace with an administrator and two agents, a web chat, a mail channel and some conversations,
// all made by the code that real ones are made by. The passwords are random and written to data_dir/demo-account (mode
// 0600) before anything else.
Result<DemoAccount> set_up_demo(Installation& installation);
// What set_up_demo wrote. Errors: not_found "no_demo".
Result<DemoAccount> load_demo_account(const std::string& data_dir);

}  // namespace answerable::app
