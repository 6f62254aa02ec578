#!/usr/bin/env python3
"""Says where the sources do not keep the layout that readers rely on:

- a tag in a comment, like [queue.put.full], names a clause of spec/clauses, or all clauses below that name;
- what one system has in platform/, the others have under the same name: a noun of platform/ stands once for all, or in posix/ and windows/,
  or in linux/, macos/ and windows/; a part of posix/ that is different on Linux stands in linux/ and macos/.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TAG = re.compile(r"\[([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)\]")


def clauses():
    known = set()
    for path in (ROOT / "spec/clauses").glob("*.md"):
        for clause in re.findall(r"^## (\S+)", path.read_text(), re.MULTILINE):
            words = clause.split(".")
            known |= {".".join(words[:count]) for count in range(1, len(words) + 1)}
    return known


def wrong_tags():
    known = clauses()
    for folder in ("platform", "reference"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".h", ".cc"):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                for tag in TAG.findall(line.partition("//")[2]):
                    if tag not in known:
                        yield f"{path.relative_to(ROOT)}:{number}: there is no clause {tag}"


def missing_twins():
    platform = ROOT / "platform"

    def folders(stem, names):
        return {name for name in names if (platform / name / f"{stem}.cc").exists()}

    for header in sorted(platform.glob("*.h")):
        found = folders(header.stem, ("posix", "linux", "macos", "windows"))
        complete = "windows" in found and ("posix" in found or {"linux", "macos"} <= found)
        if found and not complete:
            yield f"platform/{header.name}: a source is in {', '.join(sorted(found))} only"
    for header in sorted((platform / "posix").glob("*.h")):
        found = folders(header.stem, ("linux", "macos"))
        if len(found) == 1:
            yield f"platform/posix/{header.name}: a source is in {found.pop()} only"


def main():
    wrong = [*wrong_tags(), *missing_twins()]
    print("\n".join(wrong) if wrong else "the layout is kept")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
