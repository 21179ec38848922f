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

engine-code-in-room = You typed a code in a room. I take it down if I can, but people who were reading may have seen it. Please give it to me here, where only you can see it, for example { CMD("case show CODE") }.
engine-one-at-a-time = That was too much at once for me, and I left this one out. Please wait for my answer, then send it again.
engine-too-many-codes = That was too many codes that I do not know. Please wait an hour, and check the six words meanwhile: all in small letters, with spaces between. If you need help right now, type { CMD("urgent") }.

engine-yes-or-no = I was not sure what you mean, so nothing has changed. To agree to the ground rules, type { CMD("consent agree") }. To say no, type { CMD("consent decline") }. To read them again, type { CMD("consent") }.
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

engine-deaf = This room is encrypted, and I cannot read it. So write to me privately: what you type in the room I cannot see, nor help to hide.

engine-cannot-read-encrypted =
    I could not read your message, so nothing has been done: the key to it did not reach me. Nobody else has read it either.
    
    Please send it again. If that does not help, type `/discardsession` in this chat (in Element, nobody sees that), and send it once more; or write to me from another device.
engine-cannot-read-withheld =
    I could not read your message, so nothing has been done: your app did not give me the key to it. Some apps keep it back from devices that they do not know as safe.
    
    Please send it again, or write to me from another app. If it stays like this, tell a facilitator: the person who runs me can look into it.
engine-cannot-read-unverified =
    I did not act on your message, for your safety: it came from a device that your other devices do not vouch for.
    
    If it was you: open your app's settings, verify that device, and send the message again. Or write from a device that is verified. If it was not you, sign that device out in the settings.
engine-cannot-read-unencrypted =
    Your message was not encrypted, though this chat has to be. For your safety I did not act on it.
    
    Please send it again from an app that encrypts, such as Element. { CMD("urgent") } and { CMD("rules") } work in any case.
engine-pictures =
    Your app is comparing pictures with me, to make sure that you write to this very bot. Mine are, in this order:
    
    { $pictures }
    
    If your app shows the same, choose "They match" there. If not, choose "They don't match", and tell the person who runs me. To be quite sure, have that person read the pictures to you: they stand in my log.
engine-cannot-read-other = I can read only plain text here. Please type what you want to do. { CMD("help") } shows what there is.
engine-cannot-read-edited = You changed a message. I act only on new messages. Please type it again as a new one.

engine-went-wrong = Something went wrong on my side, and I did nothing. Please try again. If it happens again, tell a facilitator.
engine-went-wrong-inside = Something went wrong on my side, and I could not act on something that happened in this group. Please look at the room yourself, and tell the person who runs me.
