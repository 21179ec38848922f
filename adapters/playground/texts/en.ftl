# What the bot says about this platform when something is switched off in the page.
playground-missing-take-down = **Taking messages down.** I need it to hold the gate `mute`, and to hide private words that somebody typed in the room. In the page, open “What this platform can do” and switch on “Take messages down”.
playground-missing-levels = **Muting by the room itself.** Without it I hold `mute` by taking messages down. In the page, open “What this platform can do” and switch on “Mute by the room itself”.
playground-missing-join-rules = **Keeping the door.** I need it for the gate `door`. In the page, open “What this platform can do” and switch on “Keep people outside until they are let in”.
