#include "conformance/harness/guard_orders.h"

#include <filesystem>
#include <system_error>

namespace mp::conformance {

using Json = nlohmann::json;

void GuardOrders::feed(std::string_view bytes) {
  lines_.feed(bytes);
  while (const auto line = lines_.next()) obey(Json::parse(*line));
}

void GuardOrders::obey(const Json& order) {
  const auto pid = [&](const char* name) { return order[name].get<std::int64_t>(); };
  if (order.contains("command")) {
    start(order["command"], order["environment"]);
  } else if (order.contains("kill")) {
    say({{"killed", kill(pid("kill"), order["signal"].get<int>())}});
  } else if (order.contains("pause")) {
    say({{"paused", pause(pid("pause"))}});
  } else if (order.contains("resume")) {
    say({{"resumed", resume(pid("resume"))}});
  } else if (order.contains("look")) {
    Json threads = Json::array();
    for (const SeenThread& thread : look(pid("look"))) {
      threads.push_back({{"state", std::string(1, thread.state)}, {"where", thread.where}, {"turns", thread.turns}});
    }
    say({{"threads", threads}});
  } else if (order.contains("finish")) {
    finish(order["finish"].get<double>());
  } else {
    say({{"output", output()}});
  }
}

void GuardOrders::started(std::int64_t pid, const std::string& isolation) {
  say({{"started", pid}, {"isolation", isolation}});
}

void GuardOrders::failed(const Json& command, const std::string& why) {
  say({{"failed", "cannot be started: '" + command[0].get<std::string>() + "': " + why}});
}

void GuardOrders::ended(std::optional<int> status, const Words& processes, const Words& shared_memory,
                        const std::string& directory) {
  Json files = Json::array();
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error))
    files.push_back(entry.path().string());
  say({{"ended", status ? Json(*status) : Json()},
       {"processes", processes},
       {"shared_memory", shared_memory},
       {"files", files}});
}

void GuardOrders::say(const Json& answer) { write(answer.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"); }

}  // namespace mp::conformance
