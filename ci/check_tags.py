"""Says which tags in comments, like [queue.put.full], name neither a clause of spec/clauses nor clauses below that name."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TAG = re.compile(r"\[([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)\]")


def main():
    clauses = set()
    for path in (ROOT / "spec/clauses").glob("*.md"):
        for clause in re.findall(r"^## (\S+)", path.read_text(), re.MULTILINE):
            words = clause.split(".")
            clauses |= {".".join(words[:count]) for count in range(1, len(words) + 1)}
    wrong = []
    tags = 0
    for folder in ("platform", "reference"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".h", ".cc"):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                for tag in TAG.findall(line.partition("//")[2]):
                    tags += 1
                    if tag not in clauses:
                        wrong.append(f"{path.relative_to(ROOT)}:{number}: there is no clause {tag}")
    print("\n".join(wrong) if wrong else f"{tags} tags name clauses")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
