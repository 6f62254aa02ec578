#include "reference/log.h"

#include "conformance/adapters/reference/adapter.h"
#include "conformance/adapters/reference/makers.h"

namespace mp::conformance {
namespace {

// All are the same one, so it has one handle.
std::shared_ptr<Logger> with_one_handle(const Logger& logger) {
  static Logger one = logger;
  return borrowed(&one);
}

int level_in(Args& args) { return static_cast<int>(args.integer("level")); }

}  // namespace

void offer_log(Adapter& adapter) {
  adapter.type<Logger>("Logger")
      .method("setLevel(level)", [](Logger& logger, Args& args) { logger.set_level(level_in(args)); })
      .method("log(level, msg)", [](Logger& logger, Args& args) { logger.log(level_in(args), args.text("msg")); })
      .method("debug(msg)", [](Logger& logger, Args& args) { logger.debug(args.text("msg")); })
      .method("info(msg)", [](Logger& logger, Args& args) { logger.info(args.text("msg")); })
      .method("warning(msg)", [](Logger& logger, Args& args) { logger.warning(args.text("msg")); })
      .method("error(msg)", [](Logger& logger, Args& args) { logger.error(args.text("msg")); })
      .method("critical(msg)", [](Logger& logger, Args& args) { logger.critical(args.text("msg")); })
      .get("level", [](Logger& logger, Args&) { return logger.level(); });
  offer_function(adapter, "get_logger()", [](const auto& from, Args&) { return with_one_handle(from.get_logger()); });
  offer_function(adapter, "log_to_stderr(level=None)", [](const auto& from, Args& args) {
    return with_one_handle(from.log_to_stderr(args["level"].is_none() ? std::nullopt : std::optional(level_in(args))));
  });
}

}  // namespace mp::conformance
