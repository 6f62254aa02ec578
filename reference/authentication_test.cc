#include "reference/authentication.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <thread>
#include <vector>

#include "platform/digest.h"
#include "reference/error.h"

namespace mp {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using platform::DigestKind;
using Role = Handshake::Role;
using State = Handshake::State;

constexpr std::size_t kMark = std::string_view("#CHALLENGE#").size();

// What the digest is made of: all that follows the mark.
std::string challenge_in(const std::string& message) { return message.substr(kMark); }

std::string hmac(DigestKind kind, const std::string& key, const std::string& message) {
  return platform::keyed_digest(kind, key, message).value();
}

// Hands the messages of each to the other until nobody has any.
void talk(Handshake& listener, Handshake& client) {
  std::string message = listener.opening();
  for (bool to_client = true; !message.empty(); to_client = !to_client)
    message = (to_client ? client : listener).next(message);
}

TEST(Handshake, ListenerOpensAndClientWaits) {
  EXPECT_TRUE(Handshake(Role::kListener, "key").opening().starts_with("#CHALLENGE#{sha256}"));
  EXPECT_TRUE(Handshake(Role::kDeliver, "key").opening().starts_with("#CHALLENGE#{sha256}"));
  EXPECT_EQ(Handshake(Role::kClient, "key").opening(), "");
  EXPECT_EQ(Handshake(Role::kAnswer, "key").opening(), "");
}

TEST(Handshake, EqualKeysAgree) {
  for (const std::string& key : {"key"s, ""s, std::string(1, '\0'), std::string(10'000, 'k')}) {
    Handshake listener(Role::kListener, key), client(Role::kClient, key);
    talk(listener, client);
    EXPECT_EQ(listener.state(), State::kDone) << listener.reason();
    EXPECT_EQ(client.state(), State::kDone) << client.reason();
  }
}

TEST(Handshake, DifferentKeysAreRefusedAtBothEnds) {
  Handshake listener(Role::kListener, "key"), client(Role::kClient, "another");
  talk(listener, client);
  EXPECT_EQ(listener.state(), State::kRefused);
  EXPECT_EQ(client.state(), State::kRefused);
}

TEST(Handshake, EachChallengeIsNew) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(Handshake(Role::kDeliver, "key").opening());
  EXPECT_EQ(seen.size(), 100u);
}

TEST(Handshake, OpeningIsLongerThanAnOldOneSoThatNewEditionsKnowItFromThose) {
  EXPECT_GT(challenge_in(Handshake(Role::kDeliver, "key").opening()).size(), 20u);
  EXPECT_LE(Handshake(Role::kDeliver, "key").opening().size(), Handshake::kLongest);
}

// What an edition before 3.12 answers.
TEST(Handshake, DeliverTakesTheOldDigestOfTheWholeChallenge) {
  Handshake deliver(Role::kDeliver, "key");
  EXPECT_EQ(deliver.next(hmac(DigestKind::kMd5, "key", challenge_in(deliver.opening()))), "#WELCOME#");
  EXPECT_EQ(deliver.state(), State::kDone);
}

// Not every system offers SHA-3.
TEST(Handshake, DeliverTakesEveryNamedDigestThatItKnows) {
  const std::pair<std::string, DigestKind> kinds[] = {{"{md5}", DigestKind::kMd5},
                                                      {"{sha256}", DigestKind::kSha256},
                                                      {"{sha384}", DigestKind::kSha384},
                                                      {"{sha3_256}", DigestKind::kSha3_256},
                                                      {"{sha3_384}", DigestKind::kSha3_384}};
  for (const auto& [mark, kind] : kinds) {
    Handshake deliver(Role::kDeliver, "key");
    const auto digest = platform::keyed_digest(kind, "key", challenge_in(deliver.opening()));
    EXPECT_EQ(deliver.next(mark + digest.value_or("a digest")), digest ? "#WELCOME#" : "#FAILURE#") << mark;
    EXPECT_EQ(deliver.state(), digest ? State::kDone : State::kRefused);
  }
}

TEST(Handshake, DeliverRefusesAndSaysSo) {
  Handshake any(Role::kDeliver, "key");
  const std::string right = hmac(DigestKind::kSha256, "key", challenge_in(any.opening()));
  const std::string wrong[] = {"",
                               "x",
                               "#WELCOME#",
                               "{sha256}",
                               "{sha256",
                               "{}",
                               "{sha1}" + right,
                               right,
                               "{sha256}" + right,  // of another challenge
                               "{md5}" + right,
                               std::string(16, '\0'),
                               std::string(256, '{'),
                               any.opening()};
  for (const std::string& digest : wrong) {
    Handshake deliver(Role::kDeliver, "key");
    EXPECT_EQ(deliver.next(digest), "#FAILURE#") << digest;
    EXPECT_EQ(deliver.state(), State::kRefused);
    EXPECT_NE(deliver.reason(), "");
    EXPECT_EQ(deliver.next("more"), "");
  }
}

TEST(Handshake, DeliverRefusesAPartOfTheRightDigest) {
  Handshake deliver(Role::kDeliver, "key");
  const std::string right = hmac(DigestKind::kSha256, "key", challenge_in(deliver.opening()));
  EXPECT_EQ(deliver.next("{sha256}" + right.substr(0, 31)), "#FAILURE#");
}

TEST(Handshake, DeliverRefusesItsOwnChallengeReflected) {
  Handshake deliver(Role::kDeliver, "key");
  EXPECT_EQ(deliver.next(challenge_in(deliver.opening())), "#FAILURE#");
}

// What an edition before 3.12 sends.
TEST(Handshake, AnswersAnOldChallengeWithTheOldDigest) {
  const std::string challenge = "twenty random bytes!";
  Handshake answer(Role::kAnswer, "key");
  EXPECT_EQ(answer.next("#CHALLENGE#" + challenge), hmac(DigestKind::kMd5, "key", challenge));
  EXPECT_EQ(answer.next("#WELCOME#"), "");
  EXPECT_EQ(answer.state(), State::kDone);
}

TEST(Handshake, AnswersANewChallengeWithTheDigestThatItNames) {
  for (const auto& [mark, kind] :
       {std::pair("{sha256}", DigestKind::kSha256), std::pair("{sha384}", DigestKind::kSha384)}) {
    const std::string challenge = mark + std::string(40, 'r');
    Handshake answer(Role::kAnswer, "key");
    EXPECT_EQ(answer.next("#CHALLENGE#" + challenge), mark + hmac(kind, "key", challenge));
    EXPECT_EQ(answer.state(), State::kWaiting);
  }
}

TEST(Handshake, AnswersNothingButChallenges) {
  const std::string wrong[] = {"",
                               "#CHALLENGE",
                               "#CHALLENGE#",
                               "#CHALLENGE#short",
                               "#challenge#twenty random bytes!",
                               "#WELCOME#",
                               "#CHALLENGE#{sha256}short",
                               "#CHALLENGE#{sha1}" + std::string(40, 'r'),
                               "#CHALLENGE#" + std::string(40, 'r'),
                               std::string(256, '#')};
  for (const std::string& message : wrong) {
    Handshake answer(Role::kAnswer, "key");
    EXPECT_EQ(answer.next(message), "") << message;
    EXPECT_EQ(answer.state(), State::kRefused) << message;
  }
}

TEST(Handshake, AnswerWantsAWelcome) {
  for (const std::string message : {"#FAILURE#", "", "#WELCOME", "#WELCOME##"}) {
    Handshake answer(Role::kAnswer, "key");
    answer.next("#CHALLENGE#twenty random bytes!");
    EXPECT_EQ(answer.next(message), "");
    EXPECT_EQ(answer.state(), State::kRefused) << message;
  }
}

TEST(Handshake, ClientIsNotContentWithAListenerThatWelcomesEverybody) {
  Handshake client(Role::kClient, "key");
  client.next("#CHALLENGE#twenty random bytes!");
  EXPECT_TRUE(client.next("#WELCOME#").starts_with("#CHALLENGE#"));
  EXPECT_EQ(client.state(), State::kWaiting);
  EXPECT_EQ(client.next("sixteen of bytes"), "#FAILURE#");
  EXPECT_EQ(client.state(), State::kRefused);
}

TEST(DeliverChallenge, AndAnswerChallengeAgree) {
  auto [ours, theirs] = Pipe();
  std::thread other([end = theirs] { answer_challenge(end, "key"); });
  deliver_challenge(ours, "key");
  other.join();
  ours.send("goes on");
  EXPECT_EQ(theirs.recv(), "goes on");
}

TEST(DeliverChallenge, WithAnotherKeyFailsAtBothEnds) {
  auto [ours, theirs] = Pipe();
  std::thread other([end = theirs] { EXPECT_THROW(answer_challenge(end, "another"), AuthenticationError); });
  EXPECT_THROW(deliver_challenge(ours, "key"), AuthenticationError);
  other.join();
}

TEST(DeliverChallenge, EndsForWhoeverTheOtherIs) {
  using Other = void (*)(const Connection&);
  const Other others[] = {
      [](const Connection&) {},  // is silent
      [](const Connection& end) { end.close(); },
      [](const Connection& end) { end.send_bytes(std::string(257, 'x')); },
      [](const Connection& end) { end.send("an object"); },
  };
  for (const Other other : others) {
    auto [ours, theirs] = Pipe();
    other(theirs);
    EXPECT_THROW(deliver_challenge(ours, "key", 20ms), AuthenticationError);
  }
}

TEST(AnswerChallenge, EndsForWhoeverTheOtherIs) {
  auto [ours, theirs] = Pipe();
  EXPECT_THROW(answer_challenge(ours, "key", 20ms), AuthenticationError);
  theirs.send_bytes("#CHALLENGE#twenty random bytes!");
  EXPECT_THROW(answer_challenge(ours, "key", 20ms), AuthenticationError);  // no welcome comes
  theirs.close();
  EXPECT_THROW(answer_challenge(ours, "key"), AuthenticationError);
  ours.close();
  EXPECT_THROW(answer_challenge(ours, "key"), OSError);
}

}  // namespace
}  // namespace mp
