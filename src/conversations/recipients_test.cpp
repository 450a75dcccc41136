// Whom a reply and a forward go to, who is on which side, and what of a message is shown.
#include <doctest/doctest.h>

#include "conversations/add_note.h"
#include "conversations/fold_message.h"
#include "conversations/forward.h"
#include "conversations/participants.h"
#include "conversations/send_reply.h"
#include "conversations/testing.h"
#include "conversations/thread.h"
#include "outbox/attempt.h"
#include "policy/suspend.h"

using namespace answerable;
using namespace answerable::conversations;

namespace {

using Addresses = std::vector<std::string>;

struct Bed : CompanyBed {
  Appended arrived = company.receive({.subject = "Lamp",
                                      .text = "It does not light.\n\n> What is it?",
                                      .external_id = "q1@mail.example",
                                      .cc = {"Rosa <rosa@example.org>"},
                                      .reply_text = "It does not light."});

  Message reply(NewReply reply) {
    reply.conversation = arrived.conversation;
    return company.write([&](store::Transaction& tx) { return send_reply(tx, company.alice, reply); });
  }
  Message pass_on(NewForward wanted) {
    if (wanted.message.is_nil()) wanted.message = arrived.message;
    return company.write([&](store::Transaction& tx) { return forward(tx, company.alice, wanted); });
  }
  std::string error_of(NewForward wanted) {
    if (wanted.message.is_nil()) wanted.message = arrived.message;
    return company.error_of([&](store::Transaction& tx) { return forward(tx, company.alice, wanted); });
  }
  Message load(MessageId id) {
    return company.read([&](store::Session& session) { return load_message(session, company.workspace, id); });
  }
  Message receive(Mail mail) {
    mail.conversation = arrived.conversation;
    return load(company.receive(mail).message);
  }
  // What leaves next.
  outbox::OutboundMessage leave() {
    auto claimed = company.write([](store::Transaction& tx) { return outbox::claim_due(tx, "node-1", 1); });
    REQUIRE(claimed.size() == 1);
    const auto& delivery = claimed[0].delivery;
    outbox::Rendered rendered{.bytes = "bytes", .external_id = delivery.message.message.text() + "@acme.example"};
    company.write([&](store::Transaction& tx) {
      return outbox::begin_attempt(
          tx,
          {.delivery = delivery.id, .workspace = company.workspace, .fence = delivery.fence, .rendered = &rendered});
    });
    company.write([&](store::Transaction& tx) {
      return outbox::record_attempt(tx, {.workspace = company.workspace,
                                         .delivery = delivery.id,
                                         .fence = delivery.fence,
                                         .result = {.outcome = outbox::Outcome::sent}});
    });
    return delivery.message;
  }
  Message fold(std::optional<std::int64_t> lines) {
    return company.write(
        [&](store::Transaction& tx) { return fold_message(tx, company.alice, arrived.message, lines); });
  }
};

}  // namespace

TEST_CASE("To, Cc and Bcc of a reply are kept, and leave") {
  Bed bed;
  auto message = bed.reply({.text = "Hm.", .to = {"rosa@example.org"}, .cc = {"anna@example.org"}, .bcc = {"b@x.net"}});
  CHECK(message.bcc == Addresses{"b@x.net"});
  CHECK_FALSE(message.is_third_party);
  const auto out = bed.leave();
  CHECK(out.to == Addresses{"rosa@example.org"});
  CHECK(out.cc == Addresses{"anna@example.org"});
  CHECK(out.bcc == Addresses{"b@x.net"});
  CHECK(out.recipient_name.empty());
  bed.reply({.text = "Hm.", .to = {"Anna@example.org"}});
  CHECK(bed.leave().recipient_name == "Anna");
}

TEST_CASE("whom a reply answers, and what it quotes, is sought among the newest participants_looked_at_max messages") {
  Bed bed;
  bed.receive({.from = "rosa@example.org", .text = "Still dark."});
  auto fill = [&](int count) {
    bed.company.write([&](store::Transaction& tx) -> Result<bool> {
      for (int i = 0; i < count; ++i)
        TRY_STATUS(add_note(tx, bed.company.alice, {.conversation = bed.arrived.conversation, .text = "Noted."}));
      return true;
    });
  };
  fill(participants_looked_at_max - 1);
  bed.reply({.text = "We look.", .quotes = true});
  auto answered = bed.leave();
  CHECK(answered.to == Addresses{"rosa@example.org"});
  CHECK(answered.quoted.has_value());
  bed.reply({.text = "We still look.", .quotes = true});  // now the reply stands between
  answered = bed.leave();
  CHECK(answered.to == Addresses{"anna@example.org"});
  CHECK_FALSE(answered.quoted.has_value());
}

TEST_CASE("what is answered is quoted to those who have seen it, and to nobody who is new or of another side") {
  Bed bed;
  auto quoted_in = [&](NewReply reply) {
    reply.text = "Hm.";
    bed.reply(reply);
    const auto out = bed.leave();
    return out.quoted ? out.quoted->text : "";
  };
  CHECK(quoted_in({}) == "It does not light.");
  CHECK(quoted_in({.cc = {"ROSA@example.org"}}) == "It does not light.");
  CHECK(quoted_in({.cc = {"new@example.org"}}) == "");
  CHECK(quoted_in({.bcc = {"new@example.org"}}) == "");
  bed.pass_on({.to = {"maker@example.net"}, .text = "Can you help?"});
  CHECK_FALSE(bed.leave().quoted);
  bed.receive({.from = "maker@example.net", .text = "Send it to us."});
  CHECK(quoted_in({}) == "It does not light.");
  CHECK(quoted_in({.to = {"maker@example.net"}}) == "Send it to us.");
}

TEST_CASE(
    "a message that is passed on has the words above it, its new text and its files, and begins a thread of its own") {
  Bed bed;
  auto pdf = sha256("pdf");
  auto later =
      bed.receive({.text = "The invoice.",
                   .attachments = {{.filename = "i.pdf", .content_type = "application/pdf", .size = 7, .blob = pdf}}});
  auto message = bed.pass_on({.message = later.id, .to = {"maker@example.net"}, .text = "Can you help?"});
  CHECK(message.forwarded == later.id);
  CHECK(message.is_third_party);
  CHECK(message.reply_text == "Can you help?");
  const auto out = bed.leave();
  CHECK(out.subject == "Fwd: A question");
  CHECK(out.in_reply_to.empty());
  CHECK(out.references.empty());
  CHECK(out.text.starts_with(
      "Can you help?\n\n---------- Forwarded message ----------\nFrom: Anna <anna@example.org>\n"));
  CHECK(out.text.ends_with("\n\nThe invoice."));
  CHECK_FALSE(out.text.contains("It does not light."));
  REQUIRE(out.attachments.size() == 1);
  CHECK(out.attachments[0].blob == pdf);
  CHECK(bed.load(later.id).attachments.size() == 1);
  CHECK(bed.load(message.id).attachments.size() == 1);
}

TEST_CASE(
    "the conversation up to a message goes on without notes' and third parties' words, quotes only if asked for") {
  Bed bed;
  bed.clock.advance_ms(1);
  auto ours = bed.reply({.text = "We ask."});
  bed.clock.advance_ms(1);
  bed.pass_on({.to = {"maker@example.net"}, .text = "First maker"});
  bed.clock.advance_ms(1);
  bed.receive({.text = "Later."});
  auto message = bed.pass_on({.message = ours.id, .with_earlier = true, .to = {"other@example.net"}});
  CHECK(message.text.contains("It does not light."));
  CHECK(message.text.contains("We ask."));
  CHECK(message.text.find("It does not light.") < message.text.find("We ask."));
  CHECK_FALSE(message.text.contains("First maker"));
  CHECK_FALSE(message.text.contains("Later."));
  CHECK_FALSE(message.text.contains("> What is it?"));
  CHECK(bed.pass_on({.with_quotes = true, .to = {"other@example.net"}}).text.contains("> What is it?"));
}

TEST_CASE("a formatted message is passed on as it was formatted, with its pictures in their places") {
  Bed bed;
  const auto arrived = bed.receive({.text = "Look: [p]",
                                    .attachments = {{.filename = "p.png",
                                                     .content_type = "image/png",
                                                     .disposition = "inline",
                                                     .content_id = "p@x",
                                                     .size = 1,
                                                     .blob = {}}},
                                    .html_safe = "<p>Look: <img data-cid=\"p@x\"></p>"});
  const auto message = bed.pass_on({.message = arrived.id, .to = {"maker@example.net"}, .text = "Well?"});
  REQUIRE(message.attachments.size() == 1);
  const auto& picture = message.attachments[0];
  CHECK(picture.is_inline);
  CHECK(message.html.contains("<p>Look: <img data-cid=\"" + picture.content_id + "\"></p>"));
  const auto out = bed.leave();
  CHECK(out.html == message.html);
  CHECK(out.attachments.at(0).content_id == picture.content_id);
  CHECK(bed.pass_on({.to = {"maker@example.net"}}).html.empty());
}

TEST_CASE("what can be passed on, to whom and how much has its bounds") {
  Bed bed;
  CHECK(bed.error_of({.to = {"anna@example.org"}}) == "recipient_takes_part");
  CHECK(bed.error_of({.to = {"maker@example.net"}, .cc = {"ROSA@example.org"}}) == "recipient_takes_part");
  CHECK(bed.error_of({.to = {}}) == "no_recipient");
  CHECK(bed.error_of({.to = Addresses(100, "m@example.net")}) == "");
  CHECK(bed.error_of({.to = Addresses(100, "m@example.net"), .bcc = {"n@example.net"}}) == "too_many_recipients");
  CHECK(bed.error_of({.to = {"m@example.net"}, .undo_seconds = 31}) == "bad_undo_seconds");
  CHECK(bed.error_of({.to = {"m@example.net"}, .text = std::string(message_text_max_bytes + 1, 'x')}) ==
        "text_too_long");
  CHECK(bed.error_of({.to = {"m@example.net"}, .text = std::string(message_text_max_bytes, 'x')}) == "text_too_long");
  auto with_files = [&](std::size_t count, std::int64_t size) {
    const std::vector<NewAttachment> files(count, {.filename = "f", .content_type = "a/b", .size = size});
    return bed.error_of({.message = bed.receive({.attachments = files}).id, .to = {"m@example.net"}});
  };
  CHECK(with_files(attachments_per_message_max, 1) == "");
  CHECK(with_files(attachments_per_message_max + 1, 1) == "too_many_attachments");
  CHECK(with_files(1, forwarded_bytes_max) == "");
  CHECK(with_files(2, forwarded_bytes_max / 2 + 1) == "forward_too_large");
  auto taken_back = bed.reply({.text = "Oops", .undo_seconds = 10});
  bed.company.write([&](store::Transaction& tx) { return undo_send(tx, bed.company.alice, taken_back.id); });
  CHECK(bed.error_of({.message = taken_back.id, .to = {"m@example.net"}}) == "not_forwardable");
  bed.company.write([&](store::Transaction& tx) {
    return policy::suspend(tx, bed.company.administrator,
                           {.workspace = bed.company.workspace, .cause = "test", .reason = "A test."});
  });
  CHECK(bed.error_of({.to = {"m@example.net"}}) == "sending_suspended");
}

TEST_CASE("at most forwarded_messages_max messages go on at once") {
  Bed bed;
  auto last = bed.load(bed.arrived.message);
  for (int i = 1; i < forwarded_messages_max; ++i) {
    bed.clock.advance_ms(1);
    last = bed.receive({.text = "More."});
  }
  CHECK(bed.error_of({.message = last.id, .with_earlier = true, .to = {"m@example.net"}}) == "");
  bed.clock.advance_ms(1);
  last = bed.receive({.text = "Too much."});
  CHECK(bed.error_of({.message = last.id, .with_earlier = true, .to = {"m@example.net"}}) == "too_many_messages");
}

TEST_CASE("a third party's answer is marked, a plain reply goes past it, and no id of one side reaches the other") {
  Bed bed;
  bed.pass_on({.to = {"maker@example.net"}, .text = "Can you help?"});
  const auto forwarded = bed.leave();
  auto answer = bed.receive(
      {.from = "maker@example.net", .subject = "Re: Fwd: Lamp", .text = "New bulb.", .external_id = "m1@example.net"});
  CHECK(answer.is_third_party);
  bed.reply({.text = "A new bulb helps."});
  const auto to_customer = bed.leave();
  CHECK(to_customer.to == Addresses{"anna@example.org"});
  CHECK(to_customer.in_reply_to == "q1@mail.example");
  CHECK(to_customer.references == Addresses{"q1@mail.example"});
  auto to_maker = bed.reply({.text = "Which?", .to = {"maker@example.net"}});
  CHECK(to_maker.is_third_party);
  const auto out = bed.leave();
  CHECK(out.subject == "Re: Fwd: Lamp");
  CHECK(out.in_reply_to == "m1@example.net");
  CHECK(out.references == Addresses{forwarded.message.text() + "@acme.example", "m1@example.net"});
  // To another one, nothing of the first.
  bed.pass_on({.to = {"other@example.net"}});
  bed.leave();
  bed.reply({.text = "And you?", .to = {"other@example.net"}});
  CHECK(bed.leave().references.size() == 1);
  // Together with the customer it is of the customer's side, from now on.
  CHECK_FALSE(bed.reply({.text = "Meet.", .to = {"anna@example.org"}, .cc = {"maker@example.net"}}).is_third_party);
  CHECK_FALSE(bed.receive({.from = "maker@example.net"}).is_third_party);
}

TEST_CASE("who answers in the place of a third party is one, and who answers the customer's mail is not") {
  Bed bed;
  bed.pass_on({.to = {"maker@example.net"}});
  const auto forwarded = bed.leave();
  const auto id = forwarded.message.text() + "@acme.example";
  CHECK(bed.receive({.from = "colleague@example.net", .in_reply_to = id}).is_third_party);
  CHECK_FALSE(bed.receive({.from = "rosa@example.org", .in_reply_to = id}).is_third_party);
  CHECK_FALSE(bed.receive({.from = "lea@example.org", .in_reply_to = "q1@mail.example"}).is_third_party);
}

TEST_CASE("an agent says what of one message is shown, and takes it back, in one event and one entry each") {
  Bed bed;
  CHECK(bed.load(bed.arrived.message).reply_text == "It does not light.");
  auto before = bed.company.last_seq();
  CHECK(bed.fold(shown_lines_all).reply_text == "It does not light.\n\n> What is it?");
  CHECK(bed.fold(shown_lines_all).shown_lines == 0);
  auto events = bed.company.events(before);
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == "message_changed");
  CHECK(events[0].message == bed.arrived.message);
  CHECK(bed.fold(2).reply_text == "It does not light.");
  CHECK(bed.fold(3).reply_text == "It does not light.\n\n> What is it?");
  CHECK(bed.fold(std::nullopt).reply_text == "It does not light.");
  auto error_of = [&](MessageId id, std::int64_t lines) {
    return bed.company.error_of([&](store::Transaction& tx) { return fold_message(tx, bed.company.alice, id, lines); });
  };
  CHECK(error_of(bed.arrived.message, 4) == "bad_shown_lines");
  CHECK(error_of(bed.arrived.message, -1) == "bad_shown_lines");
  CHECK(error_of(bed.reply({.text = "Hm."}).id, 1) == "not_foldable");
  CHECK(error_of(MessageId::make(bed.clock), 1) == "no_message");
}

TEST_CASE("lines are counted as they are shown") {
  CHECK(line_count("") == 0);
  CHECK(line_count("a") == 1);
  CHECK(line_count("a\n") == 1);
  CHECK(line_count("a\n\nb") == 3);
  CHECK(shown_part("a\nb\nc", 2) == "a\nb");
  CHECK(shown_part("a\n\nc", 2) == "a");
  CHECK(shown_part("a\nb\n", 2) == "a\nb\n");
  CHECK(shown_part("a\nb", 9) == "a\nb");
  CHECK(shown_part("", 1).empty());
}
