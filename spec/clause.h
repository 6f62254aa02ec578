#ifndef SPEC_CLAUSE_H_
#define SPEC_CLAUSE_H_

#include <span>
#include <string>
#include <string_view>

namespace mp::spec {

enum class Level { kMust, kShould, kMay };

// What kind of answer a clause allows.
enum class Answer {
  kExact,      // exactly one
  kOneOf,      // one of several
  kNotBefore,  // a lower bound of time
  kWithin,     // an upper bound of time, judged against a control
  kEventually,
  kMustNotHang,
  kRecorded,  // whatever is seen is only recorded
};

// The words that spec/clauses/*.md uses: "must", "not-before".
std::string_view to_string(Level level);
std::string_view to_string(Answer answer);

// The name of a clause's constant: "queue.put.full" -> "queue_put_full".
std::string constant_name(std::string_view id);

// One documented behaviour. The clause compiler makes a constant of each section of spec/clauses/*.md; its name is
// constant_name(id), so a clause id that does not exist does not compile.
struct Clause {
  std::string_view id;  // "queue.put.full"
  Level level;
  std::string_view statement;  // our own words
  std::string_view source;     // "multiprocessing, class Queue, put"
  std::string_view profile;    // "queue"; see spec/README.md
  std::string_view since;      // edition of the documentation, "" if it was always so
  std::string_view until;      // last edition that says so, "" if it still does
  std::string_view systems;    // "all", or names with blanks between: "linux macos"
  std::string_view methods;    // start methods: "all", or "fork forkserver"
  Answer answer;
  std::string_view unobservable;  // why no test can see it, "" if one can
  std::string_view place;         // where it is written: "spec/clauses/queue.md:31"
};

// All of them, in the order of their ids. Defined by the generated source: depend on //spec:clauses.
std::span<const Clause* const> all_clauses();

}  // namespace mp::spec

#endif  // SPEC_CLAUSE_H_
