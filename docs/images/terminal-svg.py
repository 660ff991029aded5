#!/usr/bin/env python3
"""Turns coloured terminal output (standard input) into an SVG picture (standard output).

    cargo run --release -- demo --color always | docs/images/terminal-svg.py 'pgwh demo' > docs/images/demo.svg
"""

import html
import re
import sys

COLOURS = {"31": "#f7768e", "32": "#9ece6a", "33": "#e0af68", "36": "#7dcfff"}
SGR = r"\x1b\[[0-9;]*m"
WIDTH, HEIGHT, PAD, COLUMNS = 8.43, 19, 18, 104


def spans(line, state):
    """The pieces of a line with their SVG attributes; state is carried over line ends."""
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        sgr = re.fullmatch(r"\x1b\[([0-9;]*)m", piece)
        if sgr:
            for code in sgr.group(1).split(";"):
                if code in ("", "0"):
                    state.clear()
                elif code in COLOURS:
                    state["fill"] = COLOURS[code]
                elif code == "1":
                    state["font-weight"] = "bold"
                elif code == "2":
                    state["opacity"] = "0.6"
        elif piece:
            yield piece, " ".join(f'{k}="{v}"' for k, v in state.items())


def wrapped(line):
    """The line in pieces of at most COLUMNS, broken at spaces, as a terminal would not do."""
    plain = re.sub(SGR, "", line)
    indent = " " * (len(plain) - len(plain.lstrip(" ")) + 2)
    while len(re.sub(SGR, "", line)) > COLUMNS:
        seen, cut = 0, 0
        for piece in re.finditer(f"{SGR}|.", line):
            if len(piece.group()) == 1:
                seen += 1
                if piece.group() == " ":
                    cut = piece.start()
                if seen > COLUMNS:
                    break
        if line[:cut].strip() == "":
            break
        yield line[:cut]
        line = indent + line[cut + 1:]
    yield line


def main():
    text = f"$ {sys.argv[1]}\n" + sys.stdin.read().rstrip("\n")
    lines = [piece for line in text.split("\n") for piece in wrapped(line)]
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    width = max(map(len, plain)) * WIDTH + 2 * PAD
    height = len(lines) * HEIGHT + 2 * PAD + 24
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}">')
    print(f'<rect width="100%" height="100%" rx="8" fill="#1a1b26"/>')
    for n, colour in enumerate(("#f7768e", "#e0af68", "#9ece6a")):
        print(f'<circle cx="{PAD + 6 + n * 20}" cy="20" r="6" fill="{colour}"/>')
    print('<g font-family="ui-monospace,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="14" fill="#c0caf5">')
    state = {}
    for n, line in enumerate(lines):
        pieces = "".join(
            # Browsers collapse ordinary spaces.
            "<tspan {}>{}</tspan>".format(attrs, html.escape(text).replace(" ", "\u00a0"))
            for text, attrs in spans(line, state)
        )
        print(f'<text x="{PAD}" y="{PAD + 24 + 14 + n * HEIGHT}">{pieces}</text>')
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()
