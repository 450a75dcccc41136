// The collection of what nobody needs any more, on both engines: rows in their time, blobs when no row refers to them.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <thread>

#include "access/session.h"
#include "app/installation.h"
#include "channels/webchat/collect.h"
#include "channels/webchat/limits.h"
#include "contract/desk.h"
#include "conversations/add_note.h"
#include "conversations/attachments.h"
#include "conversations/send_reply.h"
#include "http/api.h"
#include "http/schema.h"
#include "intake/limits.h"
#include "intake/quarantine.h"
#include "outbox/attempt.h"
#include "store/papers_test.h"

using namespace answerable;
using contract::Desk;
namespace webchat = channels::webchat;

namespace {

using DeleteSome = Result<std::int64_t> (*)(store::Transaction&, int);

std::int64_t collect(contract::Bed& bed, DeleteSome some, int limit = 500) {
  return bed.db().write([&](store::Transaction& tx) { return some(tx, limit); }).value();
}

void execute(contract::Bed& bed, store::Sql sql, store::Values values) {
  REQUIRE(bed.db().write([&](store::Transaction& tx) { return tx.execute(sql, values); }));
}

std::string mail_with_file(const std::string& name, const std::string& text) {
  return "From: zoe@example.com\r\nTo: help@example.org\r\nMessage-ID: <" + name +
         "@example.com>\r\nMIME-Version: 1.0\r\n" + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" +
         text +
         "\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment\r\n\r\n"
         "of " +
         name + "\r\n--b--\r\n";
}

// A desk with the few things that these tests do with it.
struct Office : Desk {
  using Desk::Desk;

  AttachmentId upload(const std::string& content) {
    auto stored = blobs->put(content).value();
    auto job = [&](store::Transaction& tx) {
      return conversations::create_upload(tx, actor,
                                          {.filename = "a.txt",
                                           .content_type = "text/plain",
                                           .size = static_cast<std::int64_t>(content.size()),
                                           .blob = stored.digest});
    };
    return bed.db().write(job).value().id;
  }
  webchat::StoredFile upload(const webchat::VisitorSession& visitor, const std::string& content) {
    return chat.upload(visitor, {"a.txt", "text/plain", content}, "192.0.2.7").value();
  }
  void say(const webchat::VisitorSession& visitor, const std::string& id, std::vector<webchat::FileId> files) {
    std::promise<std::string> answered;
    chat.receive(visitor, {id, "hello", std::move(files)}, nullptr, "192.0.2.1",
                 [&](Result<webchat::Numbered> is) { answered.set_value(is ? "" : is.error().code); });
    CHECK(answered.get_future().get() == "");
    intake->wait_until_idle();
  }
  void reply(ConversationId conversation, const std::string& text, std::vector<AttachmentId> uploads) {
    auto replied = bed.db().write([&](store::Transaction& tx) {
      return conversations::send_reply(tx, actor,
                                       {.conversation = conversation, .text = text, .attachments = std::move(uploads)});
    });
    REQUIRE_MESSAGE(replied.has_value(), replied.error().code);
    CHECK(dispatcher->run_once().value() == 1);
  }
  store::SweptBlobs sweep() {
    const auto columns = app::all_blob_columns();
    store::SweptBlobs swept;
    auto each = [&](const auto& see) {
      return bed.db().read([&](store::Session& session) { return store::each_blob(session, columns, see); });
    };
    CHECK(blobs->sweep({.put_before = Time{std::numeric_limits<std::int64_t>::max()}, .each_referred = each}, swept));
    return swept;
  }
  ConversationId conversation_of_mail() {
    auto found = bed.db().query([](store::Session& session) {
      return session.find("select id from conversations where channel_kind = 'email' limit 1", {},
                          [](const store::Row& row) { return row.id<ConversationId>(0); });
    });
    return found.value().value();
  }
  std::int64_t dangling() {
    std::int64_t count = 0;
    CHECK(bed.db().read([&](store::Session& session) {
      return store::each_blob(session, app::all_blob_columns(), [&](const Digest& digest) -> Status {
        count += blobs->get(digest) ? 0 : 1;
        return {};
      });
    }));
    return count;
  }
  bool has(const std::string& content) { return blobs->get(sha256(content)).has_value(); }
};

}  // namespace

TEST_CASE("an upload that no message has taken goes after a day, in batches, and one that a message has taken stays") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Office office(bed);
    office.arrive(office.add_channel("email", "help@example.org", "{}"),
                  "From: zoe@example.com\r\nTo: help@example.org\r\nMessage-ID: <1@example.com>\r\n\r\nHello");
    auto taken = office.upload("taken");
    auto note = [&](AttachmentId id) {
      return bed.db().write([&](store::Transaction& tx) {
        return conversations::add_note(
            tx, office.actor, {.conversation = office.conversation_of_mail(), .text = "see", .attachments = {id}});
      });
    };
    CHECK(note(taken));
    auto late = office.upload("late");
    for (int i = 0; i < 4; ++i) office.upload("abandoned");
    bed.clock.advance_ms(conversations::upload_kept_ms - 1);
    CHECK(collect(bed, conversations::delete_abandoned_uploads) == 0);
    auto fresh = office.upload("fresh");
    bed.clock.advance_ms(1);
    CHECK(collect(bed, conversations::delete_abandoned_uploads, 3) == 3);
    CHECK(collect(bed, conversations::delete_abandoned_uploads, 3) == 2);
    CHECK(collect(bed, conversations::delete_abandoned_uploads, 3) == 0);
    CHECK(office.count("select count(*) from attachments where message_id is not null") == 1);
    CHECK(note(late).error().code == "no_attachment");
    CHECK(note(fresh));
  });
}

TEST_CASE("a chat's expired tokens, silent visitors and unattached files go, and whoever wrote or may return stays") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Office office(bed);
    auto channel = office.add_channel("webchat", "", R"({"allowed_origins":["*"]})");
    auto visit = [&](std::string_view token) {
      return office.chat.open_session(channel, token, "", "192.0.2.1").value();
    };
    auto wrote = visit("");
    auto sent = office.upload(wrote.session, "sent");
    office.upload(wrote.session, "not sent");
    office.say(wrote.session, "c-1", {sent.id});
    auto returns = visit("");
    visit("");
    bed.clock.advance_ms(webchat::unattached_file_kept_ms - 1);
    CHECK(collect(bed, webchat::delete_unattached_files) == 0);
    bed.clock.advance_ms(1);
    CHECK(collect(bed, webchat::delete_unattached_files) == 1);
    CHECK(office.chat.load(wrote.session, 0)->messages.at(0).files.size() == 1);
    visit(returns.token);  // for 90 days more
    bed.clock.advance_ms(webchat::token_ms - webchat::unattached_file_kept_ms);
    CHECK(collect(bed, webchat::delete_silent_visitors) == 1);
    CHECK(collect(bed, webchat::delete_expired_tokens, 1) == 1);
    CHECK(collect(bed, webchat::delete_expired_tokens, 1) == 1);
    CHECK(collect(bed, webchat::delete_expired_tokens, 1) == 0);
    CHECK(office.count("select count(*) from webchat_visitors") == 2);
    CHECK(visit(returns.token).session.visitor() == returns.session.visitor());
    CHECK(office.chat.find_session(channel, wrote.token).error().code == "token_invalid");
    CHECK(collect(bed, webchat::delete_unattached_files) == 0);
  });
}

TEST_CASE("files of transcripts from before the mark are marked as attached by the migration, and no others") {
  contract::on_each_engine({channels::schema().first(2)}, [](contract::Bed& bed) {
    const auto workspace = WorkspaceId::make(bed.clock);
    const auto visitor = VisitorId::make(bed.clock);
    const auto first = MessageId::make(bed.clock), second = MessageId::make(bed.clock),
               other = MessageId::make(bed.clock);
    for (const auto& file : {first, second, other})
      execute(
          bed,
          "insert into webchat_files (workspace_id, id, visitor_id, filename, content_type, size, blob, created_at) "
          "values ($1, $2, $3, 'a', 'text/plain', 1, $2, 0)",
          {workspace, file, visitor});
    execute(bed,
            "insert into webchat_transcript (workspace_id, visitor_id, seq, direction, text, author, files, at) "
            "values ($1, $2, 1, 'in', '', '', $3, 0)",
            {workspace, visitor, first.text() + " " + second.text()});
    REQUIRE(bed.db().migrate(channels::schema()));
    CHECK(collect(bed, webchat::delete_unattached_files) == 1);
    auto left = bed.db().query([](store::Session& session) {
      return session.all("select id from webchat_files order by id", {},
                         [](const store::Row& row) { return row.id<MessageId>(0); });
    });
    CHECK(left.value() == std::vector{first, second});
  });
}

TEST_CASE("answers kept for repetition, ended sessions and unused devices go in batches") {
  contract::on_each_engine({access::schema(), http::schema()}, [](contract::Bed& bed) {
    const auto now = bed.clock.now();
    const auto day = access::day_ms;
    for (int i = 0; i < 3; ++i) {
      const auto hash = sha256(std::to_string(i));
      const auto age = i * 400 * day;
      execute(bed, "insert into idempotency_keys values ($1, 'user', $2, $2, 200, '', $3)",
              {WorkspaceId(), store::Bytes{as_bytes(hash)}, now - age});
      execute(bed, "insert into known_devices (token_hash, user_id, last_used_at) values ($1, $2, $3)",
              {store::Bytes{as_bytes(hash)}, UserId(), now - age});
      execute(
          bed,
          "insert into sessions (token_hash, id, workspace_id, user_id, created_at, last_seen_at, ends_at, user_agent, "
          "address) values ($1, $2, $3, $4, $5, $5, $6, '', '')",
          {store::Bytes{as_bytes(hash)}, SessionId(), WorkspaceId(), UserId(), now - age, now - age + day});
    }
    for (auto some :
         {http::delete_old_idempotency_keys, access::delete_ended_sessions, access::delete_unused_devices}) {
      CHECK(collect(bed, some, 1) == 1);
      CHECK(collect(bed, some, 5) == 1);
      CHECK(collect(bed, some, 5) == 0);
    }
  });
}

TEST_CASE("all that rows of any kind refer to survives a sweep, can be read, sent and replayed, and the rest goes") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Office office(bed);
    const std::string long_text(intake::raw_in_row_max + 1, 't');
    const std::string unreachable = R"({"smtp":{"host":"127.0.0.1","security":"none","port":1}})";
    const auto mail = mail_with_file("one", long_text);
    office.arrive(office.add_channel("email", "help@example.org", unreachable), mail);
    office.reply(office.conversation_of_mail(), long_text, {office.upload("of the reply")});
    CHECK(office.count("select count(*) from deliveries where rendered_blob is not null") == 1);
    auto channel = office.add_channel("webchat", "", R"({"allowed_origins":["*"]})");
    auto visitor = office.chat.open_session(channel, "", "", "192.0.2.1").value();
    auto file = office.upload(visitor.session, "of the chat");
    REQUIRE(bed.db().write([&](store::Transaction& tx) {
      return update_channel(tx, office.directory, office.actor, channel.id, {.state = intake::ChannelState::disabled});
    }));
    office.say(visitor.session, "c-1", {file.id});  // into quarantine
    office.upload(visitor.session, "of no chat");
    office.upload("of no message");
    office.blobs->put("of nobody").value();
    bed.clock.advance_ms(conversations::upload_kept_ms);
    CHECK(collect(bed, conversations::delete_abandoned_uploads) == 1);
    CHECK(collect(bed, webchat::delete_unattached_files) == 1);

    CHECK(office.sweep().files == 3);
    for (const auto* gone : {"of no chat", "of no message", "of nobody"}) CHECK(!office.has(gone));
    for (const auto* kept : {"of one", "of the reply", "of the chat"}) CHECK(office.has(kept));
    CHECK(office.has(mail));
    auto quarantined = bed.db().query(
        [&](store::Session& session) { return intake::list_quarantine(session, office.workspace, std::nullopt, 10); });
    REQUIRE(quarantined->items.size() == 1);
    CHECK(office.intake->replay(office.actor, quarantined->items[0].id));
    office.intake->wait_until_idle();
    CHECK(office.count("select count(*) from attachments") == 3);
    office.dispatcher->run_once().value();
    CHECK(office.count("select count(*) from deliveries where last_error like 'blob%'") == 0);
    CHECK(office.sweep().files == 0);
  });
}

TEST_CASE("a chat's file and a large mail whose rows still wait for the writer survive a sweep") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Office office(bed);
    auto mailbox = office.add_channel("email", "help@example.org", "{}");
    auto channel = office.add_channel("webchat", "", R"({"allowed_origins":["*"]})");
    auto visitor = office.chat.open_session(channel, "", "", "192.0.2.1").value();
    auto sweep_before_the_row = [&](const std::function<void()>& act) {
      std::optional<store::BusyWriter> busy(bed.db());
      std::thread actor(act);
      busy->wait_for_company();
      CHECK(office.sweep().files == 0);
      busy.reset();
      actor.join();
    };
    sweep_before_the_row([&] { office.upload(visitor.session, "of the chat"); });
    sweep_before_the_row([&] { office.arrive(mailbox, mail_with_file("one", std::string(100'000, 't'))); });
    CHECK(office.count("select count(*) from spool where blob is not null") == 1);
    CHECK(office.count("select count(*) from webchat_files") == 1);
    CHECK(office.dangling() == 0);
  });
}

TEST_CASE("mails, chats and replies that come while sweeps go on keep what belongs to them") {
  contract::on_each_engine(ANSWERABLE_ALL_SCHEMAS, [](contract::Bed& bed) {
    Office office(bed);
    const std::string unreachable = R"({"smtp":{"host":"127.0.0.1","security":"none","port":1}})";
    auto mailbox = office.add_channel("email", "help@example.org", unreachable);
    auto channel = office.add_channel("webchat", "", R"({"allowed_origins":["*"]})");
    std::atomic<bool> is_over = false;
    std::thread sweeper([&] {
      while (!is_over) office.sweep();
    });
    for (int i = 0; i < 15; ++i) {
      const auto number = std::to_string(i);
      office.arrive(mailbox, mail_with_file(number, std::string(i % 2 == 0 ? intake::raw_in_row_max : 1, 't')));
      auto visitor = office.chat.open_session(channel, "", "", "192.0.2.1").value();
      office.say(visitor.session, "c-1", {office.upload(visitor.session, "of chat " + number).id});
    }
    office.reply(office.conversation_of_mail(), std::string(outbox::rendered_inline_max, 't'), {});
    is_over = true;
    sweeper.join();
    CHECK(office.count("select count(*) from spool where blob is not null") == 8);
    CHECK(office.count("select count(*) from attachments") == 30);
    CHECK(office.count("select count(*) from deliveries where rendered_blob is not null") == 1);
    CHECK(office.dangling() == 0);
  });
}

TEST_CASE("puts, copies and deletions race with sweeps on both engines and no row ever loses its blob") {
  contract::on_each_engine({store::papers_schema}, [](contract::Bed& bed) {
    store::TemporaryFolder folder;
    auto blobs = store::open_blobs(folder.path() + "/blobs", std::string(32, 'k')).value();
    SystemClock clock;
    store::Papers papers(bed.db(), *blobs, clock);
    store::race(papers, *blobs, 60);
    CHECK(papers.lost == 0);
    CHECK(papers.failures == 0);
    CHECK(papers.dangling() == 0);
  });
}

TEST_CASE("every reference is seen once, across pages and workspaces") {
  contract::on_each_engine({store::papers_schema}, [](contract::Bed& bed) {
    constexpr int each = store::blob_page_rows + 1;
    REQUIRE(bed.db().write([&](store::Transaction& tx) -> Status {
      for (const auto& workspace : {WorkspaceId(), WorkspaceId::make(bed.clock)}) {
        for (int i = 0; i < each; ++i) {
          const auto digest = sha256(std::to_string(i));
          TRY_STATUS(tx.execute("insert into papers (workspace_id, id, blob) values ($1, $2, $3)",
                                {workspace, MessageId::make(bed.clock), store::Bytes{as_bytes(digest)}}));
        }
      }
      return {};
    }));
    std::map<Digest, int> seen;
    CHECK(bed.db().read([&](store::Session& session) {
      return store::each_blob(session, store::papers_columns, [&](const Digest& digest) -> Status {
        ++seen[digest];
        return {};
      });
    }));
    CHECK(seen.size() == each);
    CHECK(std::ranges::all_of(seen, [](const auto& entry) { return entry.second == 2; }));
  });
}
