// The requests of a client, also of one that does not keep to the rules, and their answers.
#include "reference/session.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "reference/error.h"
#include "reference/managed.h"
#include "reference/registry.h"

namespace mp {
namespace {

struct Rude {
  static Class<Rude> describe() {
    return Class<Rude>("Rude").method("throw_a_number()", [](Rude&) { throw 7; });
  }
};

// Its client dies while it is being made, or makes another one.
struct Slow {
  static Class<Slow> describe() {
    return Class<Slow>("Slow")
        .method("more()",
                [](Slow&) {
                  meanwhile();
                  return std::make_shared<managed::List>();
                })
        .returns_proxy("more", "list");
  }
  Slow() { meanwhile(); }

  inline static std::function<void()> meanwhile;
};

// A server without a listener, and the other end of a connection to it.
class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    Registry registry;
    registry.add<managed::List>("list");
    registry.add<managed::Queue>("Queue");
    registry.add<Rude>("Rude");
    registry.add<Slow>("Slow");
    objects_ = std::make_shared<Objects>(std::move(registry), Address("127.0.0.1", 1));
    connect();
  }
  ~SessionTest() override { hang_up(); }

  void connect() {
    auto [ours, theirs] = Pipe();
    client_ = ours;
    thread_ = std::thread([objects = objects_, connection = std::move(theirs)] {
      Session(objects, proxy_internal::PrivateConnection::adopt(connection), {}).run();
    });
  }
  // Returns when the session has ended.
  void hang_up() {
    client_.close();
    if (thread_.joinable()) thread_.join();
  }
  // What kind of answer comes to that.
  std::string kind_of(const Object& request) {
    client_.send(request);
    return kind();
  }
  std::string kind() { return client_.recv().get<Tuple>().items.at(0).as<std::string>(); }
  static Object to_server(const char* method, Object args = tuple()) {
    return tuple(nullptr, method, std::move(args), Dict());
  }
  void begin() { ASSERT_EQ(kind_of(to_server("accept_connection", tuple("a client"))), "#RETURN"); }
  std::string create(const char* type) {
    client_.send(to_server("create", tuple(type)));
    return client_.recv().get<Tuple>().items.at(1).get<Tuple>().items.at(0).as<std::string>();
  }

  std::shared_ptr<Objects> objects_;
  Connection client_;
  std::thread thread_;
};

TEST_F(SessionTest, AnswersRequestsThatMakeNoSense) {
  begin();
  const Object requests[] = {
      5,
      "text",
      tuple(),
      tuple(nullptr, "dummy", tuple()),
      tuple(nullptr, 7, tuple(), Dict()),
      tuple(nullptr, "dummy", 7, Dict()),
      tuple(nullptr, "dummy", tuple(), tuple()),
      tuple(nullptr, "dummy", tuple(), Dict{{1, 2}}),
      tuple(1.5, "append", tuple(), Dict()),
      tuple("no such object", "append", tuple(1), Dict()),
      to_server("no such function"),
      to_server("create"),
      to_server("create", tuple("no such type")),
      to_server("create", tuple(list(1))),
      to_server("create", tuple("list", 1, 2, 3)),
      to_server("incref"),
      to_server("incref", tuple("no such object")),
      to_server("decref", tuple(list())),
      to_server("adopt", tuple("no such object")),
      to_server("get_methods", tuple("no token")),
  };
  for (const Object& request : requests) EXPECT_EQ(kind_of(request), "#TRACEBACK") << request.repr();
  EXPECT_EQ(kind_of(to_server("dummy")), "#RETURN");
  EXPECT_EQ(objects_->size(), 0u);
}

// Each of these would take hours, or more memory than there is, if it were walked as if nothing were shared.
TEST_F(SessionTest, SmallRequestsMakeNoBoundlessWork) {
  begin();
  Object doubled = tuple();
  for (int i = 0; i < 40; ++i) doubled = tuple(doubled, doubled);
  EXPECT_EQ(kind_of(doubled), "#TRACEBACK");
  EXPECT_EQ(kind_of(tuple(doubled, "append", tuple(1), Dict())), "#TRACEBACK");
  EXPECT_EQ(kind_of(to_server("get_methods", tuple(doubled))), "#TRACEBACK");
  const std::string id = create("list");
  EXPECT_EQ(kind_of(tuple(id, "__mul__", tuple(1'000'000'000'000'000'000), Dict())), "#RETURN");
  EXPECT_EQ(kind_of(tuple(id, "__imul__", tuple(1'000'000'000'000'000'000), Dict())), "#RETURN");
  EXPECT_EQ(kind_of(tuple(id, "append", tuple(doubled), Dict())), "#RETURN");
  EXPECT_EQ(kind_of(tuple(id, "index", tuple(tuple(doubled)), Dict())), "#ERROR");
  EXPECT_EQ(kind_of(tuple(id, "__repr__", tuple(), Dict())), "#RETURN");
  EXPECT_EQ(kind_of(tuple(id, "index", tuple(doubled), Dict())), "#RETURN");  // arrives as another one that is equal
  EXPECT_EQ(kind_of(to_server("create", tuple("list", doubled))), "#RETURN");
}

TEST_F(SessionTest, AnswersBytesThatAreNoObject) {
  begin();
  for (const std::string bytes : {"", "junk", ".", "\x80\x04", "cos\nsystem\n(S'true'\ntR."}) {
    client_.send_bytes(bytes);
    EXPECT_EQ(kind(), "#TRACEBACK") << bytes;
  }
  EXPECT_EQ(kind_of(to_server("dummy")), "#RETURN");
}

TEST_F(SessionTest, EndsAfterAFirstRequestThatMakesNoSense) {
  EXPECT_EQ(kind_of(list(1, 2)), "#TRACEBACK");
  EXPECT_THROW(client_.recv(), EOFError);
}

TEST_F(SessionTest, CallsOnlyWhatIsExposed) {
  begin();
  const std::string id = create("list");
  EXPECT_EQ(kind_of(tuple(id, "append", tuple(1), Dict())), "#RETURN");
  EXPECT_EQ(kind_of(tuple(id, "append", tuple(), Dict())), "#ERROR");
  EXPECT_EQ(kind_of(tuple(id, "__class__", tuple(), Dict())), "#TRACEBACK");
}

TEST_F(SessionTest, GivesBackWhatItsClientHad) {
  begin();
  const std::string id = create("list");
  EXPECT_EQ(kind_of(to_server("incref", tuple(id))), "#RETURN");
  EXPECT_EQ(objects_->size(), 1u);
  hang_up();
  EXPECT_EQ(objects_->size(), 0u);
}

// A client that says so more often than it has it, and one that gives back what is not his.
TEST_F(SessionTest, GivesBackNoMoreThanThereIs) {
  begin();
  const std::string id = create("list");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(kind_of(to_server("adopt", tuple(id))), "#RETURN");
  objects_->decref(id, nullptr);
  EXPECT_EQ(objects_->size(), 0u);
  hang_up();
  connect();
  begin();
  EXPECT_EQ(kind_of(to_server("dummy")), "#RETURN");
}

// Nobody knows what it means; the server goes on.
TEST_F(SessionTest, EndsWithWhatIsNoException) {
  begin();
  const std::string id = create("Rude");
  client_.send(tuple(id, "throw_a_number", tuple(), Dict()));
  EXPECT_THROW(client_.recv(), EOFError);
  hang_up();
  EXPECT_EQ(objects_->size(), 0u);
}

TEST_F(SessionTest, KeepsNothingThatItMadeForAClientThatDiedMeanwhile) {
  Slow::meanwhile = [this] { client_.close(); };
  client_.send(to_server("create", tuple("Slow")));
  thread_.join();
  EXPECT_EQ(objects_->size(), 0u);
}

TEST_F(SessionTest, KeepsNothingThatAMethodGaveForAClientThatDiedMeanwhile) {
  begin();
  Slow::meanwhile = [] {};
  const std::string id = create("Slow");
  Slow::meanwhile = [this] { client_.close(); };
  client_.send(tuple(id, "more", tuple(), Dict()));
  thread_.join();
  EXPECT_EQ(objects_->size(), 0u);
}

// A client of Python takes it over by requests of their own.
TEST_F(SessionTest, LeavesToItsClientWhatItWasToldOf) {
  create("list");
  hang_up();
  EXPECT_EQ(objects_->size(), 1u);
  connect();
  EXPECT_EQ(kind_of(to_server("adopt", tuple("any"))), "#TRACEBACK");
}

TEST_F(SessionTest, EndsWithAClientThatHangsUpWhileItWaits) {
  begin();
  const std::string id = create("Queue");
  client_.send(tuple(id, "get", tuple(), Dict()));
  hang_up();
  EXPECT_EQ(objects_->size(), 0u);
}

}  // namespace
}  // namespace mp
