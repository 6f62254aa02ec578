// Keys: what Listener, Client, deliver_challenge and answer_challenge make of them.
#include "conformance/suites/listener_moments.h"
#include "spec/clauses/listener.h"

namespace mp::conformance {
namespace {

const std::string kKey = "the key of the house";

// Both calls, at the same time, on the ends of a Pipe in two threads of one process.
struct Challenge {
  Challenge(Actor& actor, const std::string& delivered, const std::string& answered)
      : ends(Reply(actor.make("Pipe")).pair()),
        delivering(actor.thread("deliver").begin("deliver_challenge", ends.first, Bytes(delivered))),
        answering(actor.thread("answer").begin("answer_challenge", ends.second, Bytes(answered))) {}
  std::pair<Ref, Ref> ends;
  Pending delivering, answering;
};

// A call of one half on an end whose other end is ours.
struct Scripted {
  Scripted(Actor& actor, const char* function, const std::string& thread)
      : ends(Reply(actor.make("Pipe")).pair()),
        calling(actor.thread(thread).begin(function, ends.first, Bytes(kKey))) {}
  Ref ours() const { return ends.second; }
  std::pair<Ref, Ref> ends;
  Pending calling;
};

testing::AssertionResult holds_no_key(const Value& message) {
  if (message.bytes().find(kKey) == std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "the key is in " << printed(message);
}

}  // namespace

CLAUSE_TEST(listener_client_waits, UntilSomebodyAccepts) {
  Ref listener = main().make("Listener", with_key(kKey));
  Actor& child = start_process();
  Pending calling = child.begin(Step::make("Client", address_of(main(), listener), with_key(kKey)));
  EXPECT_BLOCKED(calling);
  Ref accepted = main().call(listener, "accept");
  expect_connected({main(), accepted, child, made(calling)});
}

CLAUSE_TEST(listener_auth_equal_keys, ConnectOverTcp) {
  Ref listener = main().make("Listener", Kwargs{{"family", kTcp}, {"authkey", Bytes(kKey)}});
  expect_connected(connect(main(), listener, start_process(), with_key(kKey)));
}

CLAUSE_TEST(listener_auth_equal_keys, ConnectInTheDefaultFamily) {
  Ref listener = main().make("Listener", with_key(kKey));
  expect_connected(connect(main(), listener, start_process(), with_key(kKey)));
}

CLAUSE_TEST(listener_auth_wrong_key_client, Raises) {
  Ref listener = main().make("Listener", with_key(kKey));
  Actor& child = start_process();
  Pending calling = child.begin(Step::make("Client", address_of(main(), listener), with_key("another")));
  expect_refused(main().call(listener, "accept"));
  EXPECT_RAISES(calling, "AuthenticationError");
}

CLAUSE_TEST(listener_auth_wrong_key_class, IsAProcessError) {
  Ref listener = main().make("Listener", with_key(kKey));
  Actor& child = start_process();
  Pending calling = child.begin(Step::make("Client", address_of(main(), listener), with_key("another")));
  EXPECT_RAISES(main().call(listener, "accept"), "ProcessError");
  EXPECT_RAISES(calling, "ProcessError");
}

CLAUSE_TEST(listener_auth_wrong_key_accept, Raises) {
  Ref listener = main().make("Listener", with_key(kKey));
  Actor& child = start_process();
  Pending calling = child.begin(Step::make("Client", address_of(main(), listener), with_key("another")));
  EXPECT_RAISES(main().call(listener, "accept"), "AuthenticationError");
  expect_refused(calling.reply());
}

CLAUSE_TEST(listener_auth_wrong_key_goes_on, AcceptsTheNext) {
  Ref listener = main().make("Listener", with_key(kKey));
  Actor& wrong = start_process();
  Actor& right = start_process();
  Pending calling = wrong.begin(Step::make("Client", address_of(main(), listener), with_key("another")));
  expect_refused(main().call(listener, "accept"));
  expect_refused(calling.reply());
  expect_connected(connect(main(), listener, right, with_key(kKey)));
}

CLAUSE_TEST(listener_auth_no_proof, IsRefused) {
  Ref listener = main().make("Listener", with_key(kKey));
  Actor& child = start_process();
  Ref client = child.make("Client", address_of(main(), listener));
  child.call(client, "send_bytes", Bytes("sixteen of bytes"));
  EXPECT_RAISES(main().call(listener, "accept"), "AuthenticationError");
}

CLAUSE_TEST(listener_auth_none, FirstMessageIsTheFirstSent) {
  Ref listener = main().make("Listener");
  Actor& child = start_process();
  Ref client = child.make("Client", address_of(main(), listener));
  child.call(client, "send_bytes", Bytes("first"));
  Ref accepted = made(main().call(listener, "accept"));
  EXPECT_EQ(main().call(accepted, "recv_bytes"), Bytes("first"));
  EXPECT_RETURNED(main().call(accepted, "send_bytes", Bytes("back")));
  EXPECT_EQ(child.call(client, "recv_bytes"), Bytes("back"));
}

CLAUSE_TEST(listener_auth_mutual, ListenerWithAnotherKeyIsRefused) {
  Ref listener = main().make("Listener");
  Actor& child = start_process();
  Pending calling = child.begin(Step::make("Client", address_of(main(), listener), with_key(kKey)));
  Ref accepted = main().call(listener, "accept");
  main().call("deliver_challenge", accepted, Bytes(kKey));
  Pending answering = main().begin("answer_challenge", accepted, Bytes("another"));
  EXPECT_RAISES(calling, "AuthenticationError");
}

CLAUSE_TEST(listener_auth_empty_key, IsAKey) {
  Ref listener = main().make("Listener", with_key(""));
  Actor& child = start_process();
  Pending calling = child.begin(Step::make("Client", address_of(main(), listener), with_key("")));
  Ref accepted = made(main().call(listener, "accept"));
  expect_connected({main(), accepted, child, made(calling)});
}

CLAUSE_TEST(listener_auth_key_length, ShortAndLongOnesConnect) {
  Actor& child = start_process();
  for (const std::size_t length : {1, 64, 65, 10'000}) {
    const std::string key(length, 'k');
    Ref listener = made(main().make("Listener", with_key(key)));
    expect_connected(connect(main(), listener, child, with_key(key)));
  }
}

CLAUSE_TEST(listener_auth_key_length, TheLastByteCounts) {
  const std::string key(1000, 'k');
  Ref listener = main().make("Listener", with_key(key + "a"));
  Actor& child = start_process();
  Pending calling = child.begin(Step::make("Client", address_of(main(), listener), with_key(key + "b")));
  EXPECT_RAISES(main().call(listener, "accept"), "AuthenticationError");
  EXPECT_RAISES(calling, "AuthenticationError");
}

CLAUSE_TEST(listener_auth_key_type, TextIsRefused) {
  EXPECT_RAISES(main().make("Listener", Kwargs{{"authkey", "a text"}}), "Exception");
  Ref listener = main().make("Listener");
  EXPECT_RAISES(main().make("Client", address_of(main(), listener), Kwargs{{"authkey", "a text"}}), "Exception");
}

// Everything that goes from one half to the other passes through our hands.
CLAUSE_TEST(listener_auth_key_stays_home, InNoMessage) {
  Scripted deliverer(main(), "deliver_challenge", "deliver");
  Scripted answerer(main(), "answer_challenge", "answer");
  const auto hand_on = [this](const Scripted& from, const Scripted& to) {
    const Value message = see(main().call(from.ours(), "recv_bytes"));
    EXPECT_TRUE(holds_no_key(message));
    main().call(to.ours(), "send_bytes", message);
  };
  hand_on(deliverer, answerer);  // the challenge
  hand_on(answerer, deliverer);  // its digest
  hand_on(deliverer, answerer);  // the welcome
  EXPECT_RETURNED(deliverer.calling);
  EXPECT_RETURNED(answerer.calling);
}

CLAUSE_TEST(listener_deliver_challenge_right, BothReturnAndTheConnectionGoesOn) {
  Challenge challenge(main(), kKey, kKey);
  EXPECT_RETURNED(challenge.delivering);
  EXPECT_RETURNED(challenge.answering);
  expect_connected({main(), challenge.ends.first, main(), challenge.ends.second});
}

CLAUSE_TEST(listener_deliver_challenge_random, EachMessageIsAnother) {
  Scripted first(main(), "deliver_challenge", "first");
  Scripted second(main(), "deliver_challenge", "second");
  const Value one = see(main().call(first.ours(), "recv_bytes"));
  const Value other = see(main().call(second.ours(), "recv_bytes"));
  EXPECT_FALSE(one == other) << printed(one);
  for (const Scripted* each : {&first, &second}) {
    main().call(each->ours(), "send_bytes", Bytes("no digest"));
    expect_refused(each->calling.reply());
  }
}

CLAUSE_TEST(listener_deliver_challenge_wrong, RaisesForAnotherKey) {
  Challenge challenge(main(), kKey, "another");
  EXPECT_RAISES(challenge.delivering, "AuthenticationError");
  expect_refused(challenge.answering.reply());
}

CLAUSE_TEST(listener_deliver_challenge_wrong, RaisesForSomethingElse) {
  Scripted deliverer(main(), "deliver_challenge", "deliver");
  main().call(deliverer.ours(), "recv_bytes");
  main().call(deliverer.ours(), "send_bytes", Bytes("no digest"));
  EXPECT_RAISES(deliverer.calling, "AuthenticationError");
}

CLAUSE_TEST(listener_answer_challenge_not_welcome, RaisesForAnotherKey) {
  Challenge challenge(main(), kKey, "another");
  EXPECT_RAISES(challenge.answering, "AuthenticationError");
  expect_refused(challenge.delivering.reply());
}

// The challenge is a real one, taken from another connection; what follows it is not a welcome.
CLAUSE_TEST(listener_answer_challenge_not_welcome, RaisesForSomethingElse) {
  Scripted deliverer(main(), "deliver_challenge", "deliver");
  Scripted answerer(main(), "answer_challenge", "answer");
  const Value message = main().call(deliverer.ours(), "recv_bytes");
  main().call(answerer.ours(), "send_bytes", message);
  const Value digest = main().call(answerer.ours(), "recv_bytes");
  main().call(answerer.ours(), "send_bytes", digest);
  EXPECT_RAISES(answerer.calling, "AuthenticationError");
  main().call(deliverer.ours(), "send_bytes", digest);
  main().call(deliverer.ours(), "recv_bytes");
}

}  // namespace mp::conformance
