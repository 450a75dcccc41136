#include "routing/assign.h"

#include <doctest/doctest.h>

#include "access/user.h"
#include "conversations/list.h"
#include "conversations/testing.h"

using namespace answerable;
using namespace answerable::routing;

namespace {

struct Bed : conversations::CompanyBed {
  ConversationId id = company.receive().conversation;

  std::string take_as(const access::Actor& who) {
    return company.error_of([&](store::Transaction& tx) { return take(tx, who, id); });
  }
  std::string assign_to(UserId whom) {
    return company.error_of([&](store::Transaction& tx) { return assign(tx, company.alice, id, whom); });
  }
  UserId assignee() {
    return company
        .read([&](store::Session& session) { return conversations::load_item(session, company.workspace, id); })
        .assignee;
  }
  conversations::ViewCounts counts(const access::Actor& who) {
    return company.read([&](store::Session& session) { return conversations::count_views(session, who); });
  }
};

}  // namespace

TEST_CASE("of two who take a conversation, the first has it and the second learns so") {
  Bed bed;
  auto before = bed.company.last_seq();
  CHECK(bed.take_as(bed.company.alice) == "");
  CHECK(bed.take_as(bed.company.bob) == "already_assigned");
  CHECK(bed.take_as(bed.company.alice) == "");
  CHECK(bed.assignee() == bed.company.alice.user);
  CHECK(bed.company.last_seq() == before + 1);
  CHECK(bed.counts(bed.company.alice).mine == 1);
  CHECK(bed.counts(bed.company.bob).mine == 0);
  CHECK(bed.counts(bed.company.bob).unassigned == 0);
}

TEST_CASE("a conversation is handed over, and given back") {
  Bed bed;
  CHECK(bed.assign_to(bed.company.bob.user) == "");
  CHECK(bed.counts(bed.company.bob).mine == 1);
  CHECK(bed.assign_to(bed.company.alice.user) == "");
  CHECK(bed.assignee() == bed.company.alice.user);
  CHECK(bed.assign_to({}) == "");
  CHECK(bed.assignee().is_nil());
  CHECK(bed.counts(bed.company.alice).unassigned == 1);
}

TEST_CASE("only an active colleague of the same workspace can be given a conversation") {
  Bed bed;
  CHECK(bed.assign_to(UserId::make(bed.clock)) == "no_such_agent");
  conversations::Company other(*bed.db, bed.clock);
  CHECK(bed.assign_to(other.alice.user) == "no_such_agent");
  bed.company.write([&](store::Transaction& tx) {
    return access::update_user(tx, access::system_actor(bed.company.workspace), bed.company.bob.user,
                               {.is_active = false});
  });
  CHECK(bed.assign_to(bed.company.bob.user) == "no_such_agent");
}

TEST_CASE("a program and a stranger cannot take") {
  Bed bed;
  auto program = bed.company.alice;
  program.kind = access::Actor::Kind::api_key;
  program.user = {};
  CHECK(bed.take_as(program) == "not_a_person");
  auto stranger = bed.company.alice;
  stranger.workspace = WorkspaceId::make(bed.clock);
  CHECK(bed.take_as(stranger) == "no_conversation");
}
