"""What the page says to the visitor when something cannot be done: calm, with a next step.

What the *bot* says is not here: it comes from the engine, rendered.
"""

from typing import Final

EMPTY: Final = "Nothing was sent, because nothing was written. Write something first."
TOO_LONG: Final = (
    "That is too long: {long} characters. Up to {most} can be sent at once. "
    "Your words are still in the box: shorten them, or send them in two parts."
)
TOO_FAST: Final = "That was a lot at once. The page waits a moment and then goes on. Nothing is lost."
NO_NAME: Final = "A person needs a name. Write one first."
NAME_TOO_LONG: Final = "That name is too long. Up to {most} characters can be used."
ROOM_FULL: Final = "There are {most} people here, and no more fit in. You can rename one of them."
NOT_INSIDE: Final = "{name} is not in the room now. Let {name} come back first."
AWAY: Final = "{name} is away now. Choose “Come back to the screen” first."
MUTED: Final = (
    "{name} cannot speak in this room yet: the room is muted for everyone who has not agreed. "
    "Look at the private words in this pane, or type {command}."
)
CALL_MUTED: Final = (
    "{name} cannot join the call yet: the room is muted for everyone who has not agreed. "
    "Look at the private words in this pane, or type {command}."
)
NO_PRIVATE: Final = (
    "You have switched private messages off, so there is nobody to write to in private. "
    "Switch them on again under “What this platform can do”."
)
GONE: Final = "That is not here any more. Type a command instead."
NOT_POSSIBLE: Final = "That cannot be done now. The page shows how things are."
TOO_FAR: Final = "The clock goes forward only, by up to 400 days at once."
TROUBLE: Final = (
    "What just happened could not be kept on the disk. "
    "Make room on the disk, or close what else uses the folder; it is tried again every second."
)
STRANGE: Final = "The page sent something that was not understood. Load the page again."

CAME_IN: Final = "{name} came in."
ASKS_TO_COME_IN: Final = "{name} asks to come in."
INVITED: Final = "{name} may come in now."
JOINED_CALL: Final = "{name} joined the call."
LEFT_CALL: Final = "{name} left the call."
LEFT: Final = "{name} left."
SHOWN_OUT: Final = "{name} is not in the room any more."
NOT_LET_IN: Final = "{name} was not let in."
RENAMED: Final = "{before} is now called {name}."
KEEPER_LEFT: Final = "Circlekeeper left the room."
KEEPER_CAME: Final = "Circlekeeper was added by {name}."
LET_IN: Final = "{name} was let in by {by}."

DEAFENED: Final = "Circlekeeper stopped {name} from hearing the call. It is still there."
HEARS_AGAIN: Final = "{name} can hear the call again."
SHARES: Final = "{name} shares a screen in the call."
SHARES_NOT: Final = "{name} stopped sharing a screen."
STATUS: Final = "Circlekeeper wrote over the call: “{line}”"
STATUS_GONE: Final = "Circlekeeper took its line over the call away."
