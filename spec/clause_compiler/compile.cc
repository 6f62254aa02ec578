#include "spec/clause_compiler/compile.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <utility>

#include "spec/clause_compiler/parser.h"
#include "spec/clause_compiler/writer.h"

namespace mp::spec {
namespace {

using Clauses = std::vector<ParsedClause>;

std::string read(const std::string& file, std::vector<Complaint>& complaints) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || !text) complaints.push_back({file, 0, "cannot be read, or is empty; name a file of clauses."});
  return text.str();
}

Clauses read_all(const std::vector<std::string>& files, std::vector<Complaint>& complaints) {
  Clauses all;
  for (const std::string& file : files) {
    for (ParsedClause& clause : parse(file, read(file, complaints), complaints)) all.push_back(std::move(clause));
  }
  check_together(all, complaints);
  std::sort(all.begin(), all.end(), [](const ParsedClause& a, const ParsedClause& b) { return a.id < b.id; });
  return all;
}

bool write(const std::filesystem::path& file, const std::function<void(std::ostream&)>& writer, std::ostream& errors) {
  std::ofstream out(file, std::ios::binary);
  writer(out);
  out.close();
  if (!out) errors << file.generic_string() << ": cannot be written; is the folder there and the disk not full?\n";
  return !out.fail();
}

}  // namespace

int compile(const std::vector<std::string>& arguments, std::ostream& errors) {
  if (arguments.size() < 3) {
    errors << "usage: clause_compiler SOURCE FOLDER FILE.md...\n";
    return 1;
  }
  std::vector<Complaint> complaints;
  const Clauses clauses = read_all({arguments.begin() + 2, arguments.end()}, complaints);
  for (const Complaint& complaint : complaints) {
    errors << complaint.file << ":" << complaint.line << ": " << complaint.text << '\n';
  }
  if (!complaints.empty()) return 1;
  bool written = write(arguments[0], [&](std::ostream& out) { write_source(clauses, out); }, errors);
  for (const std::string& noun : nouns_of(clauses)) {
    const auto header = [&](std::ostream& out) { write_header(noun, clauses, out); };
    written = written && write(std::filesystem::path(arguments[1]) / (noun + ".h"), header, errors);
  }
  return written ? 0 : 1;
}

}  // namespace mp::spec
