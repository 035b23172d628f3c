"""The words of quantities, as the lexicon has them and as they are understood."""

from service.domain.quantity import LEXICON, LEXICON_VERSION, amount, tidy
from service.domain.wording import say_interval

EXAMPLES = {"N": "12", "M": "18"}


def quantities() -> str:
    lines = [
        "# Words of quantities",
        "",
        f"A `quantity` may be words of this lexicon (version {LEXICON_VERSION}); N and M are",
        "numbers in digits or in words (`twelve`, `a dozen`, `two hundred`). The words are kept as",
        "they were posted. What is not here is refused by name.",
        "",
        "| words | for example | is understood as | best |",
        "|---|---|---|---|",
    ]
    for phrase in LEXICON["phrases"]:
        words = ", ".join(f"`{one}`" for one in phrase["words"])
        example = phrase["words"][0]
        for letter, number in EXAMPLES.items():
            example = example.replace(letter, number)
        held = amount(example)
        high = None if held.high is None else tidy(held.high)
        best = "" if held.best is None else str(tidy(held.best))
        lines.append(f"| {words} | `{example}` | {say_interval(tidy(held.low), high)} | {best} |")
    return "\n".join(lines)
