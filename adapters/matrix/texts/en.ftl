# The powers that the bot may lack in a Matrix room, what each is for, and where to click in Element.
matrix-missing-levels = I cannot change power levels here. I need that to let people speak once they agreed (gate **mute**). In Element: room settings, **Roles & Permissions**, give me the level `100` (Admin).
matrix-missing-take-down = I cannot remove messages here. I need that to take down private commands, and words of people who have not agreed yet. In Element: room settings, **Roles & Permissions**, give me the level `50` (Moderator) or more.
matrix-missing-invite = I cannot invite people here. I need that to let people in once they agreed (gate **door**). In Element: room settings, **Roles & Permissions**, "Invite users": choose a level that I have, or give me the level `100` (Admin).
matrix-missing-remove = I cannot remove people here. I need that to turn down a request to join (gate **door**). In Element: room settings, **Roles & Permissions**, give me the level `50` (Moderator) or more.
matrix-missing-join-rules = I cannot change who may join this room. I need that for the gate **door**. In Element: room settings, **Roles & Permissions**, give me the level `100` (Admin).
matrix-missing-speak = I cannot write in this room. In Element: room settings, **Roles & Permissions**, "Send messages": choose a level that I have, or give me a higher one.
