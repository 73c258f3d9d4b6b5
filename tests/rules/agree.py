"""Works out rules by the words of docs/forms.md alone, and says where that differs from what it was told.

Reads JSON lines: what is given, and rules with the values that the server found. Shares nothing with the server: its own
reader, its own arithmetic (whole numbers of any length, and `fractions` for divisions). Needs Python 3.9 and nothing else.

A value is written as one text: "b" undetermined, "x" not applicable, "n:1.5" a number, "m:150" pounds in pence,
"y:true", "t:text", "d:2026-04-01".
"""

import json
import re
import sys
from fractions import Fraction

LARGEST = 79_228_162_514_264_337_593_543_950_335
PLACES = 28
SHOWN = 20

BLANK = ("b", None)
NA = ("x", None)
TRUE = ("y", True)
FALSE = ("y", False)

TOKEN = re.compile(
    r"""\s*(?:(?P<pounds>£\d+(?:\.\d+)?)|(?P<number>\d+(?:\.\d+)?)|(?P<text>"[^"]*"|'[^']*')"""
    r"""|(?P<word>[A-Za-z_][A-Za-z_0-9]*)|(?P<sign><=|>=|!=|[<>=+\-*/(),.]))"""
)
COMPARISONS = {"=", "!=", "<", "<=", ">", ">="}
GATHERING = {"sum", "count", "min", "max", "any", "all"}


def half_even(exact, scale):
    """`exact` times a power of ten, as a whole number: Fraction rounds half to even."""
    return round(exact * 10**scale)


def fitted(exact):
    """What a figure keeps of an exact value; None when it is too large."""
    if exact.denominator == 1 and abs(exact.numerator) <= LARGEST:
        return exact
    scale = PLACES
    while scale >= 0:
        whole = half_even(exact, scale)
        if abs(whole) <= LARGEST:
            return Fraction(whole, 10**scale)
        scale -= 1
    return None


def away(exact, places):
    """Rounded, a half away from nought."""
    shifted = abs(exact) * 10**places
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    return Fraction(whole if exact >= 0 else -whole, 10**places)


def tokens(source):
    found, at, end = [], 0, len(source.rstrip())
    while at < end:
        match = TOKEN.match(source, at)
        if match is None:
            raise ValueError(f"what is this: {source[at:]!r}")
        kind = match.lastgroup
        found.append((kind, match.group(kind)))
        at = match.end()
    found.append(("end", ""))
    return found


class Reader:
    """Recursive descent, one function for each level of the table in the document, the loosest first."""

    def __init__(self, source):
        self.tokens = tokens(source)
        self.at = 0

    def whole(self):
        tree = self.either()
        if self.tokens[self.at][0] != "end":
            raise ValueError(f"left over: {self.tokens[self.at:]}")
        return tree

    def takes(self, *texts):
        kind, text = self.tokens[self.at]
        if kind in ("word", "sign") and text in texts:
            self.at += 1
            return text
        return None

    def must(self, text):
        if not self.takes(text):
            raise ValueError(f"expected {text} before {self.tokens[self.at:]}")

    def either(self):
        left = self.both()
        while self.takes("or"):
            left = ("or", left, self.both())
        return left

    def both(self):
        left = self.negated()
        while self.takes("and"):
            left = ("and", left, self.negated())
        return left

    def negated(self):
        if self.takes("not"):
            return ("not", self.negated())
        return self.comparison()

    def comparison(self):
        left = self.sum()
        sign = self.takes(*COMPARISONS)
        if sign is None:
            return left
        right = self.sum()
        if self.tokens[self.at][1] in COMPARISONS and self.tokens[self.at][0] == "sign":
            raise ValueError("comparisons follow one another")
        return ("compare", sign, left, right)

    def sum(self):
        left = self.product()
        while sign := self.takes("+", "-"):
            left = ("arithmetic", sign, left, self.product())
        return left

    def product(self):
        left = self.signed()
        while sign := self.takes("*", "/"):
            left = ("arithmetic", sign, left, self.signed())
        return left

    def signed(self):
        if self.takes("-"):
            return ("minus", self.signed())
        return self.value()

    def value(self):
        if self.takes("("):
            inner = self.either()
            self.must(")")
            return inner
        # What follows `not` and `else` belongs to it wherever it stands.
        if self.takes("not"):
            return ("not", self.negated())
        if self.takes("if"):
            condition = self.either()
            self.must("then")
            yes = self.either()
            self.must("else")
            return ("if", condition, yes, self.either())
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return ("value", ("n", Fraction(text)))
        if kind == "pounds":
            return ("value", ("m", Fraction(text[1:]) * 100))
        if kind == "text":
            return ("value", ("t", text[1:-1]))
        if kind != "word":
            raise ValueError(f"{text!r} cannot stand here")
        if text in ("true", "false"):
            return ("value", ("y", text == "true"))
        if text == "blank":
            return ("value", BLANK)
        if self.takes("("):
            return self.call(text)
        if self.takes("."):
            text += "." + self.tokens[self.at][1]
            self.at += 1
        return ("name", text)

    def call(self, function):
        arguments = [self.either()]
        while self.takes(","):
            arguments.append(self.either())
        self.must(")")
        if function in GATHERING:
            return ("gather", function, arguments[0][1], arguments[1] if len(arguments) > 1 else None)
        if function == "round":
            return ("round", arguments[0], int(arguments[1][1][1]))
        return (function, arguments[0])


class Given:
    """What a rule may read: the return's own values, those of the place it stands in, and the rows."""

    def __init__(self, told):
        read = lambda values: {name: value_of(text) for name, text in values.items()}
        self.names = read(told["names"])
        self.place = read(told["place"])
        self.rows = [read(row) for row in told["rows"]]
        self.kinds = told["kinds"]
        self.sections = set(told["sections"])
        self.percentages = told["percentages"]

    def look(self, name, row):
        parts = self.percentages.get(name)
        if parts is not None:
            return percentage(*(self.look(part, row) for part in parts))
        for values in (self.place if row is None else row, self.names):
            if name in values:
                return values[name]
        raise ValueError(f"nothing is called {name}")


def value_of(text):
    kind, _, rest = text.partition(":")
    if kind in ("n", "m"):
        return (kind, Fraction(rest))
    if kind == "y":
        return (kind, rest == "true")
    return (kind, rest or None) if kind in ("b", "x") else (kind, rest)


def figure(kind, exact):
    kept = fitted(exact)
    return BLANK if kept is None else (kind, kept)


def arithmetic(sign, left, right):
    if left == BLANK or right == BLANK:
        return BLANK
    if left == NA or right == NA:
        return NA
    (a_kind, a), (b_kind, b) = left, right
    if sign in "+-":
        return figure(a_kind, a + b if sign == "+" else a - b)
    if sign == "*":
        return figure("m" if "m" in (a_kind, b_kind) else "n", a * b)
    if b == 0:
        return NA
    return figure("m" if a_kind == "m" and b_kind == "n" else "n", a / b)


def percentage(of, per):
    """Of a ratio and of a measure: over nobody, and of what is not applicable, there is none."""
    if BLANK in (of, per):
        return BLANK
    if NA in (of, per) or per[1] == 0:
        return NA
    # Pounds of pounds are a plain number.
    return arithmetic("/", arithmetic("*", ("n", of[1]), ("n", Fraction(100))), ("n", per[1]))


def settled(values, decisive):
    """`or` when true settles it, `and` when false does."""
    values = list(values)
    if ("y", decisive) in values:
        return ("y", decisive)
    return ("y", not decisive) if all(value[0] == "y" for value in values) else BLANK


def compared(sign, left, right):
    if left[0] in "bx" or right[0] in "bx":
        return BLANK
    a, b = left[1], right[1]
    truth = {"=": a == b, "!=": a != b} if sign in ("=", "!=") else {
        "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
    return ("y", truth[sign])


def kind_of(tree, given):
    """Whether a figure is pounds or a number, for the nought of a sum over no rows."""
    what = tree[0]
    if what == "value":
        return tree[1][0]
    if what == "name":
        return given.kinds.get(tree[1], "n")
    if what in ("minus", "abs", "round"):
        return kind_of(tree[1], given)
    if what == "arithmetic":
        a, b = kind_of(tree[2], given), kind_of(tree[3], given)
        if tree[1] == "/":
            return "m" if a == "m" and b == "n" else "n"
        return "m" if "m" in (a, b) else "n"
    if what == "if":
        yes = kind_of(tree[2], given)
        return kind_of(tree[3], given) if yes == "b" else yes
    return kind_of(tree[3], given) if what == "gather" and tree[1] in ("sum", "min", "max") else "n"


def gather(tree, given):
    _, how, section, of = tree
    if section not in given.sections:
        raise ValueError(f"{section} is no section")
    if of is None:
        return ("n", Fraction(len(given.rows)))
    values = [value for row in given.rows if (value := work_out(of, given, row)) != NA]
    if how in ("any", "all"):
        return settled(values, how == "any")
    if how == "sum" and given.rows and not values:
        return NA
    if how in ("min", "max") and not values:
        return NA
    if BLANK in values:
        return BLANK
    if how == "count":
        return ("n", Fraction(values.count(TRUE)))
    if how in ("min", "max"):
        return (min if how == "min" else max)(values, key=lambda value: value[1])
    total = (kind_of(of, given), Fraction(0))
    for value in values:
        total = arithmetic("+", total, value)
    return total


def work_out(tree, given, row=None):
    what = tree[0]
    if what == "value":
        return tree[1]
    if what == "name":
        return given.look(tree[1], row)
    if what == "gather":
        return gather(tree, given)
    if what == "if":
        condition = work_out(tree[1], given, row)
        if condition[0] != "y":
            return BLANK
        return work_out(tree[2 if condition[1] else 3], given, row)
    if what in ("and", "or"):
        return settled((work_out(side, given, row) for side in tree[1:]), what == "or")
    if what in ("arithmetic", "compare"):
        left, right = (work_out(side, given, row) for side in tree[2:])
        return (arithmetic if what == "arithmetic" else compared)(tree[1], left, right)
    inner = work_out(tree[1], given, row)
    if what == "not":
        return ("y", not inner[1]) if inner[0] == "y" else BLANK
    if what == "is_blank":
        return ("y", inner == BLANK)
    if inner[0] not in "nm":
        return inner
    kind, exact = inner
    if what == "minus":
        return (kind, -exact)
    if what == "abs":
        return (kind, abs(exact))
    if what == "round":
        return figure(kind, away(exact, tree[2]) if kind == "n" else away(exact / 100, tree[2]) * 100)
    raise ValueError(f"no function {what}")


def used(told, source):
    """What was given, without what the rule does not name; a percentage names its two counts."""
    words = set(re.findall(r"[a-z_][a-z_.]*", source))
    for name in words & set(told["percentages"]):
        words |= set(told["percentages"][name])
    kept = lambda values: {name: text for name, text in values.items() if name in words}
    return json.dumps([kept(told["names"]), kept(told["place"]), [kept(row) for row in told["rows"]]])


def main():
    rules = differing = 0
    for line in sys.stdin:
        told = json.loads(line)
        given = Given(told)
        for source, text in told["rules"]:
            rules += 1
            try:
                mine = work_out(Reader(source).whole(), given)
            except (ValueError, TypeError, IndexError, KeyError) as fault:
                mine = ("?", f"{type(fault).__name__}: {fault}")
            if mine != value_of(text):
                differing += 1
                if differing <= SHOWN:
                    print(f"{source}\n  the server: {text}\n  here: {mine[0]}:{mine[1]}\n  given {used(told, source)}")
    print(f"{rules} rules, {differing} differ")
    return 1 if differing or not rules else 0


if __name__ == "__main__":
    sys.exit(main())
