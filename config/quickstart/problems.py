"""What went wrong, for the person at the terminal."""


class Problem(Exception):
    """One sentence: what is wrong and the way out. Shown as it is, never with a traceback."""


class Stop(BaseException):
    """Somebody asked us to end, by Ctrl-C or a signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
