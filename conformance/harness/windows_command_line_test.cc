#include "conformance/harness/windows_command_line.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace mp::conformance {
namespace {

// As CommandLineToArgvW() is documented: 2n backslashes and a quote are n backslashes and an end of quoting, 2n+1 are n and a quote.
std::vector<std::string> taken_apart(const std::string& line) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < line.size();) {
    std::string word;
    bool is_quoted = false;
    for (; at < line.size() && (is_quoted || (line[at] != ' ' && line[at] != '\t')); ++at) {
      std::size_t backslashes = 0;
      while (at < line.size() && line[at] == '\\') ++backslashes, ++at;
      const bool before_quote = at < line.size() && line[at] == '"';
      word.append(before_quote ? backslashes / 2 : backslashes, '\\');
      if (before_quote && backslashes % 2 == 0) {
        is_quoted = !is_quoted;
      } else if (at < line.size() && (is_quoted || before_quote || (line[at] != ' ' && line[at] != '\t'))) {
        word += line[at];
      } else {
        break;
      }
    }
    words.push_back(word);
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
  }
  return words;
}

TEST(WindowsCommandLine, LeavesPlainWordsAlone) {
  EXPECT_EQ(windows_command_line({R"(C:\py\python.exe)", "-x", R"(\\server\a\)"}),
            R"(C:\py\python.exe -x \\server\a\)");
}

TEST(WindowsCommandLine, KeepsEmptyWords) { EXPECT_EQ(windows_command_line({"a", "", "b", ""}), R"(a "" b "")"); }

TEST(WindowsCommandLine, QuotesEveryKindOfBlank) {
  EXPECT_EQ(windows_command_line({"a b", "c\td", "e\nf"}), "\"a b\" \"c\td\" \"e\nf\"");
}

TEST(WindowsCommandLine, QuotesWhatWouldBeLookedUpAmongFiles) {
  EXPECT_EQ(windows_command_line({"*.h", "?"}), R"("*.h" "?")");
}

TEST(WindowsCommandLine, DoublesBackslashesBeforeAQuoteOnly) {
  EXPECT_EQ(windows_command_line({R"(say "no")"}), R"("say \"no\"")");
  EXPECT_EQ(windows_command_line({R"(a\"b)"}), R"("a\\\"b")");
  EXPECT_EQ(windows_command_line({R"(C:\my dir\)"}), R"("C:\my dir\\")");
}

TEST(WindowsCommandLine, IsTakenApartIntoTheSameWords) {
  const std::string letters = "a \t\"\\*";
  std::vector<std::string> words = {""};
  for (std::size_t from = 0, length = 0; length < 4; ++length) {
    for (const std::size_t to = words.size(); from < to; ++from) {
      for (const char c : letters) words.push_back(words[from] + c);
    }
  }
  EXPECT_EQ(taken_apart(windows_command_line(words)), words);
}

}  // namespace
}  // namespace mp::conformance
