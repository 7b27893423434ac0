"""A bar that shows how far a long command is."""

WIDTH = 40


class ProgressBar:
    """A line for each kind: drawn over at a terminal, written once when it is done elsewhere."""

    def __init__(self, out):
        self.out, self.shown = out, None

    def update(self, kind, done, total):
        """``done`` of ``total`` records of a kind are dealt with."""
        step = WIDTH * done // total if total else WIDTH
        finished = done >= total
        if (kind, step) == self.shown and not finished:
            return
        self.shown = kind, step
        if self.out.isatty():
            bar = "█" * step + "·" * (WIDTH - step)
            self.out.write(f"\r{kind:<10} {bar} {done:,} of {total:,}", ending="\n" if finished else "")
            self.out.flush()
        elif finished:
            self.out.write(f"{kind:<10} {total:,}")
