#ifndef CONFORMANCE_HARNESS_SELECTION_H_
#define CONFORMANCE_HARNESS_SELECTION_H_

#include <string>
#include <string_view>
#include <vector>

namespace mp::conformance {

// `*` stands for any text, `?` for one character, everything else for itself.
bool glob_matches(std::string_view glob, std::string_view text);

// True when the glob names the clause or the test: the whole name, or a beginning of it that ends before a dot, so that
// "queue" and "queue.put" name all that lies below them.
bool names(std::string_view glob, std::string_view clause, std::string_view test);

// Which tests the user asked for: those that one of the globs names, and none of the globs behind a "!".
class Selection {
 public:
  Selection() = default;  // everything
  explicit Selection(std::vector<std::string> globs);

  bool has(std::string_view clause, std::string_view test) const;
  const std::vector<std::string>& wanted() const { return wanted_; }

 private:
  std::vector<std::string> wanted_;  // none: everything
  std::vector<std::string> unwanted_;
};

}  // namespace mp::conformance

#endif  // CONFORMANCE_HARNESS_SELECTION_H_
