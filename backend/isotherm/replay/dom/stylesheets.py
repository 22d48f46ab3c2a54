"""A style sheet as text, with the rule changes that a recording brings later."""

from dataclasses import dataclass

MAX_CSS = 8_000_000
"""Characters kept of one style sheet."""


def split_rules(css: str) -> list[str]:
    """Cut CSS text into its top-level rules, as `sheet.cssRules` would number them."""
    rules: list[str] = []
    start = index = depth = 0
    length = len(css)
    while index < length:
        char = css[index]
        if char in "\"'":
            index = _end_of_string(css, index)
        elif css.startswith("/*", index):
            end = css.find("*/", index + 2)
            index = length if end < 0 else end + 1
        elif char == "\\":
            index += 1
        elif char == "{":
            depth += 1
        elif (char == "}" and depth <= 1) or (char == ";" and depth == 0):
            depth = 0
            rules.append(css[start : index + 1].strip())
            start = index + 1
        elif char == "}":
            depth -= 1
        index += 1
    rest = css[start:].strip()
    if rest and not rest.startswith("/*"):
        rules.append(rest)
    return [rule for rule in rules if rule]


def _end_of_string(css: str, start: int) -> int:
    """Return the index of the quote that closes the string opened at `start`."""
    index = start + 1
    while index < len(css) and css[index] != css[start]:
        index += 2 if css[index] == "\\" else 1
    return index


def _block(rule: str) -> tuple[str, str] | None:
    """Split `head { body }`; None for statements without a block."""
    opening = rule.find("{")
    if opening < 0:
        return None
    closing = rule.rfind("}")
    return rule[:opening], rule[opening + 1 : closing if closing > opening else len(rule)]


@dataclass(slots=True, eq=False)
class Sheet:
    """One style sheet: of a link or style element, or adopted by a document or shadow root."""

    text: str
    media: str = ""
    disabled: bool = False

    def insert_rule(self, rule: str, path: list[int]) -> None:
        """Insert at an index, or at a path of indices into nested blocks; wrong ones append."""
        self._edit(path, rule)

    def delete_rule(self, path: list[int]) -> None:
        """Delete the rule at an index or path; a rule that is not there is left alone."""
        self._edit(path, None)

    def set_declaration(self, path: list[int], name: str, value: str | None) -> None:
        """Set (or with None remove) one property of the style rule at the path."""
        levels = self._descend(path)
        if not levels or not 0 <= path[-1] < len(levels[-1][1]):
            return
        rules = levels[-1][1]
        parts = _block(rules[path[-1]])
        if parts is None:
            return
        head, body = parts
        kept = [
            part
            for part in _declarations(body)
            if part.partition(":")[0].strip().lower() != name.lower()
        ]
        if value is not None:
            kept.append(f"{name}: {value}")
        rules[path[-1]] = f"{head}{{ {'; '.join(kept)} }}"
        self._rebuild(levels)

    def _edit(self, path: list[int], rule: str | None) -> None:
        levels = self._descend(path)
        if not levels:
            return
        rules, index = levels[-1][1], path[-1]
        if rule is not None:
            rules.insert(index if 0 <= index <= len(rules) else len(rules), rule)
        elif 0 <= index < len(rules):
            del rules[index]
        self._rebuild(levels)

    def _descend(self, path: list[int]) -> list[tuple[str, list[str]]]:
        """Return (head, rules) of every level down to the one that `path[-1]` counts in."""
        if not path or len(path) > 16:
            return []
        levels = [("", split_rules(self.text))]
        for index in path[:-1]:
            rules = levels[-1][1]
            parts = _block(rules[index]) if 0 <= index < len(rules) else None
            if parts is None:
                return []
            levels.append((parts[0], split_rules(parts[1])))
        for level, index in enumerate(path[:-1]):
            levels[level][1][index] = ""  # filled again from below
        return levels

    def _rebuild(self, levels: list[tuple[str, list[str]]]) -> None:
        text = ""
        for level in range(len(levels) - 1, -1, -1):
            head, rules = levels[level]
            if level < len(levels) - 1:
                rules[rules.index("")] = text
            joined = "\n".join(rules)
            text = f"{head}{{ {joined} }}" if level else joined
        self.text = text[:MAX_CSS]


def _declarations(body: str) -> list[str]:
    """Split a declaration block at the semicolons outside strings and parentheses."""
    parts: list[str] = []
    start = index = depth = 0
    while index < len(body):
        char = body[index]
        if char in "\"'":
            index = _end_of_string(body, index)
        elif char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char == ";" and not depth:
            parts.append(body[start:index].strip())
            start = index + 1
        index += 1
    parts.append(body[start:].strip())
    return [part for part in parts if part]
