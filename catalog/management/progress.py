"""A progress bar for commands that take long."""

from django.core.management.base import OutputWrapper

BAR_WIDTH = 40  # characters


class ProgressBar:
    """One line per kind of record: a bar drawn over itself at a terminal, else a line when the kind is finished."""

    def __init__(self, out: OutputWrapper):
        self.out = out
        self.last_drawn: tuple[str, int] | None = None

    def update(self, kind: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` records of a kind are finished."""
        filled = BAR_WIDTH * done // total if total else BAR_WIDTH
        is_finished = done >= total
        if (kind, filled) == self.last_drawn and not is_finished:
            return
        self.last_drawn = kind, filled
        if self.out.isatty():
            bar = "█" * filled + "·" * (BAR_WIDTH - filled)
            self.out.write(f"\r{kind:<10} {bar} {done:,} of {total:,}", ending="\n" if is_finished else "")
            self.out.flush()
        elif is_finished:
            self.out.write(f"{kind:<10} {total:,}")
