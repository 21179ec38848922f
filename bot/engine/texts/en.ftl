# What the engine itself says. Plain, calm, short; always with the next step; never blame.

engine-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
engine-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
engine-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
engine-seconds = { $count ->
    [one] 1 second
   *[other] { $count } seconds
}

cmd-help = Shows what you can do here.
option-command = The command that you want to know about.

engine-help-intro = This is what you can do here:
engine-help-line = **{ CMD($command) }** { $does }
engine-help-end = If you need help right now, type { CMD("urgent") }.
engine-help-unknown = I know no such command for you. Type { CMD("help") } to see what you can do here.

engine-form-title = { $command }
engine-form-typed = Please type it like this: { CMD($usage) }

engine-unknown = I do not know that command. Type { CMD("help") } to see what you can do here.
engine-unknown-near = I do not know that command. Did you mean { CMD($near) }? Nothing has happened yet.
engine-unknown-sub = After { CMD($name) } I know these words: { $subs }. Nothing has happened yet.
engine-usage = Something is missing, or too much. Please type it like this: { CMD($usage) }
engine-bad-number = I need a whole number for "{ $option }", such as 30.
engine-bad-duration = I need a length of time for "{ $option }", such as 90s, 15m, 72h or 14d.
engine-bad-choice = For "{ $option }" there are these values: { $choices }.
engine-too-long = That is too long for me: { $most } characters at most. Please make it shorter and send it again.
engine-no-such-person = I cannot tell whom you mean: in this room I find nobody like that, or more than one. Please write their full id, such as @name:server, or a name that only one person here has.

engine-not-understood = I did not understand that. If you need help right now, type { CMD("urgent") }. { CMD("consent") } lets you read and answer the agreement, and { CMD("help") } shows all that you can do here.
engine-no-group = You and I share no group at the moment. If you were invited to one, come in or ask to come in there first. If you want to add me to a room, invite me there.
engine-which-group = You and I share several groups. Which one do you mean?

    { $groups }

    Answer with the number. Or say it in front next time: { CMD("in GROUP help") }
engine-no-such-group = I know no group called "{ $group }" that you and I share. Type your command without the group, and I will list them.
engine-in-here = You wrote that for the group "{ $group }", but in another room, so I did nothing. Please write it to me in our direct chat, where I can tell your groups apart.
engine-in-usage = Please write the group and then the command: { CMD("in GROUP help") }
engine-nothing-to-confirm = There is nothing to confirm right now. Please give the command again; I will show you what it changes first.

engine-not-in-group = This works only for members of this group.
engine-for-facilitators = Only facilitators of this group can do that. You can ask one of them.
engine-no-facilitators = This group has no facilitator yet. Somebody who manages the room can begin with { CMD("setup start") }.
engine-for-stewards = Only a facilitator, or somebody who manages this room, can do that.

engine-cannot-read-encrypted = I could not read your message: it came encrypted, and I have no key for it. Please write to me in a chat without encryption.
engine-cannot-read-unencrypted = This chat is encrypted, but your message was not. For your safety I did not act on it. Please send it again from an app with encryption on.
engine-cannot-read-other = I can read only plain text here. Please type what you want to do. { CMD("help") } shows what there is.
engine-cannot-read-edited = You changed a message. I act only on new messages. Please type it again as a new one.

engine-went-wrong = Something went wrong on my side, and I did nothing. Please try again. If it happens again, tell a facilitator.
engine-went-wrong-inside = Something went wrong on my side, and I could not act on something that happened in this group. Please look at the room yourself, and tell the person who runs me.
