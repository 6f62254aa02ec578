#include "spec/clause_compiler/parser.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

#include "spec/clause_compiler/field.h"

namespace mp::spec {
namespace {

bool is_id(std::string_view id) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  bool after_letter = false;
  for (char c : id) {
    if (!letter(c) && !((c == '.' || c == '-') && after_letter)) return false;
    after_letter = letter(c);
  }
  return after_letter && id.find('.') != std::string_view::npos;
}

// queue.md -> "queue", start_method.md -> "start-method".
std::string noun_of(std::string_view file) {
  std::string noun = std::filesystem::path(file).stem().string();
  std::replace(noun.begin(), noun.end(), '_', '-');
  return noun;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t end = line.find_last_not_of(" \r");
  return end == std::string_view::npos ? std::string_view() : line.substr(0, end + 1);
}

// One pass over the lines of one file; `clause_` is the section that is being read, none while in the head.
class Parser {
 public:
  Parser(std::string_view file, std::vector<Complaint>& complaints)
      : file_(file), noun_(noun_of(file)), complaints_(complaints) {}

  std::vector<ParsedClause> read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++line_;
      read_line(trimmed(text.substr(0, end)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    finish();
    return std::move(clauses_);
  }

 private:
  void read_line(std::string_view line) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (std::any_of(line.begin(), line.end(), control))
      return complain(line_, "a tab or another control character; write blanks.");
    if (line.starts_with("## ")) return read_heading(line.substr(3));
    if (!clause_) return read_head(line);
    if (line.empty()) return;
    if (line.starts_with("#")) {
      return complain(line_, "\"" + std::string(line) +
                                 "\" is no heading of a clause; write `## id (level)`, and titles in the head.");
    }
    if (!in_fields_ && !looks_like_field(line)) return read_statement(line);
    in_fields_ = true;
    for (const Field& field : split_fields(line)) read_field(field);
  }

  void read_head(std::string_view line) {
    if (!line.starts_with("Profile:")) return;
    const Field field = split_fields(line).front();
    if (!profile_.empty()) return complain(line_, "the head sets the Profile a second time; delete one.");
    profile_ = field.value;
    if (const auto problem = check_profile(profile_)) complain(line_, *problem);
  }

  void read_heading(std::string_view heading) {
    finish();
    clause_.emplace();
    clause_->file = file_;
    clause_->line = line_;
    in_fields_ = false;
    seen_.clear();
    const std::size_t space = std::min(heading.find(' '), heading.size());
    clause_->id = heading.substr(0, space);
    read_level(heading.substr(space));
    check_id();
  }

  void read_level(std::string_view rest) {
    const bool framed = rest.size() > 3 && rest.starts_with(" (") && rest.ends_with(")");
    const auto level = framed ? level_of(rest.substr(2, rest.size() - 3)) : std::nullopt;
    if (level) {
      clause_->level = *level;
    } else {
      complain(line_, "the heading of \"" + clause_->id + "\" has no level; write `## id (must)`, or should, or may.");
    }
  }

  void check_id() {
    const std::string& id = clause_->id;
    if (!is_id(id)) {
      complain(line_,
               "\"" + id + "\" is no id; write two or more words of a-z, 0-9 and dashes, with dots between them.");
    } else if (id.substr(0, id.find('.')) != noun_) {
      complain(line_, "the id \"" + id + "\" does not begin with \"" + noun_ +
                          ".\"; move it to the file of its noun, or rename it.");
    }
  }

  void read_statement(std::string_view line) {
    line.remove_prefix(line.find_first_not_of(' '));
    if (!clause_->statement.empty()) clause_->statement += ' ';
    clause_->statement += line;
  }

  void read_field(const Field& field) {
    if (!field.key.empty() && !seen_.insert(field.key).second) {
      return complain(line_, "the field " + field.key + " stands twice in \"" + clause_->id + "\"; delete one.");
    }
    if (const auto problem = apply_field(field, *clause_)) complain(line_, *problem);
  }

  // What only the whole section shows; said at its heading.
  void finish() {
    if (!clause_) return;
    const std::string whose = "\"" + clause_->id + "\" ";
    const int line = clause_->line;
    if (clause_->profile.empty()) clause_->profile = profile_;
    if (clause_->statement.empty()) complain(line, whose + "has no statement; say what must be so before the fields.");
    if (!clause_->statement.empty() && !clause_->statement.ends_with('.')) {
      complain(line, whose + "has a statement that does not end with a full stop; finish the sentence.");
    }
    if (!seen_.contains("Source"))
      complain(line, whose + "has no Source; name the page, class and method that say so.");
    if (clause_->profile.empty())
      complain(line, whose + "has no Profile; add the field, or a line `Profile: name` to the head of the file.");
    check_fit();
    clauses_.push_back(std::move(*clause_));
    clause_.reset();
  }

  // Fields that contradict each other or the level.
  void check_fit() {
    const ParsedClause& clause = *clause_;
    const std::string whose = "\"" + clause.id + "\" ";
    if (clause.profile == "robust" && clause.level == Level::kMust) {
      complain(clause.line,
               whose + "is a must beyond the documentation; a clause of the profile robust is should or may.");
    }
    if (clause.answer == Answer::kRecorded && clause.level != Level::kMay) {
      complain(clause.line, whose + "is only recorded, so that nothing can break it; make it a may.");
    }
    if (!clause.since.empty() && !clause.until.empty() && later(clause.since, clause.until)) {
      complain(clause.line, whose + "ends before it begins; Since is the first edition, Until the last.");
    }
  }

  void complain(int line, std::string text) { complaints_.push_back({file_, line, std::move(text)}); }

  const std::string file_;
  const std::string noun_;
  std::vector<Complaint>& complaints_;
  std::vector<ParsedClause> clauses_;
  std::string profile_;
  std::optional<ParsedClause> clause_;
  std::set<std::string> seen_;  // fields of the section
  bool in_fields_ = false;
  int line_ = 0;
};

}  // namespace

std::vector<ParsedClause> parse(std::string_view file, std::string_view text, std::vector<Complaint>& complaints) {
  return Parser(file, complaints).read(text);
}

}  // namespace mp::spec
