"""Texts that are made to keep a renderer busy, 100 kB each."""

SIZE = 100_000
_WHOLE = {
    "quotes": ">" * SIZE,
    "quotes, line by line": ("> " * 300 + "a\n") * 160,
    "lists": "- " * 50_000,
    "quotes and lists": ">- " * 33_000,
    "indented lists": "".join("  " * depth + "- a\n" for depth in range(300)),
    "brackets": "[" * SIZE,
    "pictures": "![[" * 33_000,
    "links": "[a](https://x.y)" * 6000,
    "references": "[a]: https://" + "x" * 50_000 + "\n\n" + "[a] " * 12_000,
    "emphasis": "*a **a " * 14_000,
    "words in emphasis": "a**b" * 25_000,
    "ticks": "".join("`" * number + "x" for number in range(1, 440)),
    "ampersands": "&" * SIZE,
    "less": "<" * SIZE,
    "tags": "<a " * 33_000,
    "addresses": "<https://a>" * 9000,
    "almost addresses": "<https://" + "a" * SIZE,
    "quotation marks": '"' * SIZE,
    "headings": "# a\n" * 25_000,
    "rules": "---\n" * 25_000,
    "marks": "a\u0301" * 50_000,
}
BOMBS = {name: written[:SIZE] for name, written in _WHOLE.items()}
