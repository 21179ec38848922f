# What the group feature says. Plain, calm, short; always with the next step; never blame.

cmd-group-show = Shows the group's settings, and what each one means.
cmd-group-set = Changes one setting, after showing what it changes for whom.
cmd-facilitator-list = Shows who is a facilitator.
cmd-facilitator-add = Names somebody as a facilitator. I ask them in private.
cmd-facilitator-accept = Says yes to being a facilitator.
cmd-facilitator-remove = Takes somebody from the facilitators, or steps back yourself.
cmd-setup = Sets up several things in one line, such as: gate mute grace 7d contact "Ann, 555 0100".
cmd-setup-show = Shows how this room stands.
cmd-setup-start = Sets up this group, one question at a time.
cmd-setup-skip = Goes on to the next question of the set-up.
cmd-setup-apply = Puts into effect what you chose in the set-up.
cmd-setup-cancel = Ends the set-up. Nothing has changed.
cmd-setup-undo = Puts the room back as it was before the set-up.

option-key = The name of the setting, such as gate or contact.
option-value = Its new value. For a text, "none" makes it empty.
option-who = The person: their full id, or a name that only one person here has.
option-values = Settings and values, one after the other. Put texts of several words in quotes.
option-leave = Write "leave" if I should also leave the room.

setting-language = The language that I speak here.
setting-timezone = The time zone of the group, such as Europe/Berlin. Times are shown in it.
setting-quiet_hours = When I send no reminders, such as 22:00-08:00. "none" for no quiet hours.
setting-contact = Whom members can ask about this group, in your own words.
setting-outside_contact = Whom members can turn to outside this group, if they do not want to ask a facilitator.

bad-choice = There are these values: { $choices }.
bad-duration = Please write a number and a unit, such as 90s, 15m, 72h or 14d.
bad-duration-short = That is too short here.
bad-duration-long = That is too long here.
bad-number = Please write a whole number.
bad-number-range = Please write a whole number from { $least } to { $most }.
bad-timezone = I do not know this time zone. Please write it like this: Europe/Berlin or America/New_York.
bad-hours = Please write two times, such as 22:00-08:00, or "none".
bad-text-long = That is too long. Please use { $most } characters at most.

# Choices

group-choice-confirm = Yes, do it
group-choice-accept = Yes, I will be a facilitator
group-choice-start = Set up this group
group-choice-me = I am a facilitator
group-choice-skip = Go on
group-choice-door = Door: agree before coming in
group-choice-mute = Mute: agree before writing
group-choice-notice = Notice: ask only
group-choice-apply = Apply
group-choice-cancel = Stop, change nothing

# group

group-show = These are the settings of this group:
group-show-meanings = What they mean:
group-meaning = **{ $key }** { $meaning }
group-show-next = To change one, type { CMD("group set KEY VALUE") }. I show you first what it changes for others.
group-bad-value = I cannot use this value for { $key }. Nothing has changed.
group-set-line = { $key }: { $before } → { $after }
group-set-same = { $key } is { $value } already. Nothing has changed.
group-set-done = Done.
group-set-done-before-setup = I keep this. Nobody is asked anything before the set-up is finished: { CMD("setup start") }.
group-set-by-other = { $who } changed a setting of this group:
group-gate-impossible = I cannot hold the gate "{ $gate }" in this room. I lack a power that it needs.

group-effect-asks-again = I will ask { $people ->
    [one] 1 person
   *[other] { $people } people
  } in this room again. What each can do now stays the same while they have time to answer ({ $grace }), and nobody is muted or removed when it ends.
group-effect-time = This counts for { $people ->
    [one] 1 person
   *[other] { $people } people
  } in this room. Nobody is muted or removed by it.
group-effect-members = This changes something for { $people ->
    [one] 1 person
   *[other] { $people } people
  } in this room. I tell the room in one line.
group-effect-hearing = I will hold this room's keys, so everything that is said here passes through my program and the computer that it runs on. I look only for commands, and keep none of it. I tell the room. If you are not sure, leave it off: everything works in private as well.
group-effect-deaf = I throw this room's keys away and cannot read it any more. Commands then come to me in private. I tell the room.
group-hearing-impossible = This is only for encrypted rooms on Matrix. Nothing has changed.
group-effect-notice = { $people ->
    [one] 1 person
   *[other] { $people } people
  } can read and write here, agreed or not. I only ask.
group-effect-mute = { $people ->
    [one] 1 person is in this room and keeps
   *[other] { $people } people are in this room and keep
  } what they can do now. Newcomers cannot write before they agree. Everybody in the room can read, also those who have not agreed.
group-effect-mute-levels = I do this with the room's power levels. Those can be seen by everybody here, so they show who has agreed.
group-effect-mute-takedown = I cannot change power levels here, so I take down what somebody writes before they agreed. For a moment others may see it.
group-effect-door = { $people ->
    [one] 1 person is in this room and stays.
   *[other] { $people } people are in this room and stay.
  } Newcomers have to ask to come in, and I let them in when they have agreed. So nobody who has not agreed can read along, except those who are inside now.

group-announce-gate-notice = In this group everybody is asked to agree to the ground rules. Nobody is kept from writing.
group-announce-gate-mute = In this group newcomers agree to the ground rules before they write. Everybody who is here now keeps writing.
group-announce-gate-door = In this group newcomers agree to the ground rules before they come in. Everybody who is here now stays.
group-announce-hearing = This group lets me hear commands in this room now. For that I hold the room's keys, and what is said here passes through my program. I look only for commands, and keep none of it. I ask each of you again in private. A facilitator can switch it off at any time.
group-announce-deaf = I do not hear this room any more: I have thrown its keys away and cannot read what is said here. Please give commands to me privately. What you type in the room I cannot see, nor help to hide.
group-announce-setting = Something has changed in how this group works: { $meaning } You can read the ground rules with { CMD("rules") }.

# facilitator

group-facilitators = { $count ->
    [0] This group has no facilitator yet.
    [one] This group has 1 facilitator:
   *[other] This group has { $count } facilitators:
  }
group-facilitator-line = - { $who }
group-facilitator-named = - { $who }: asked, has not answered yet
group-facilitators-next = To name somebody, type { CMD("facilitator add WHO") }.
group-facilitator-not-bot = A bot cannot be a facilitator. Please name a person.
group-facilitator-not-inside = { $who } is not in this room. Please invite them first, then name them again.
group-facilitator-already = { $who } is a facilitator already.
group-facilitator-asked-already = I have asked { $who } already and wait for the answer.
group-facilitator-asked = I am asking { $who } in private. They are a facilitator as soon as they say yes.
group-facilitator-question =
    You have been named as a facilitator of this group.

    Facilitators get my alerts, can change the group's settings, and see in numbers who may take part, never who said no. You agree to the ground rules like everybody else.

    If you would rather not, you need not do anything: I do not ask again, and the question ends in { $days } days.
group-facilitator-in-private = Please say that to me in private: type { CMD("facilitator accept") } in our direct chat.
group-facilitator-you-are-already = You are a facilitator of this group already. { CMD("help") } shows what you can do.
group-facilitator-not-named = Nobody has named you as a facilitator of this group, or the question has ended. You can ask a facilitator to name you.
group-facilitator-welcome = You are a facilitator of this group now. I will send you alerts in private.
group-facilitator-next = { CMD("help") } shows what you can do, and { CMD("group") } how this group is set.
group-facilitator-next-setup = This group is not set up yet. The next step is { CMD("setup start") }.
group-facilitator-new = { $who } is a facilitator of this group now.
group-facilitator-unnamed = { $who } had not answered yet. The question is taken back.
group-facilitator-is-none = { $who } is not a facilitator of this group. { CMD("facilitator") } shows who is.
group-facilitator-remove = { $who } will not be a facilitator any more and gets no more alerts. { $left ->
    [one] 1 facilitator stays.
   *[other] { $left } facilitators stay.
  } They stay in the room. I tell them and the other facilitators.
group-facilitator-step-back = You will not be a facilitator any more and get no more alerts. { $left ->
    [one] 1 facilitator stays.
   *[other] { $left } facilitators stay.
  }
group-facilitator-last =
    You are the last facilitator. If you step back, nobody gets my alerts, nobody can change the settings, and nobody can let somebody in as a guest. The gate stays as it is.

    It is better to name somebody first: { CMD("facilitator add WHO") }. If you step back all the same, somebody who manages the room can begin again with { CMD("setup start") }.
group-facilitator-stepped-back = You are not a facilitator any more. Thank you for what you did.
group-facilitator-removed = { $who } is not a facilitator any more.
group-facilitator-you-are-none = You are not a facilitator of this group any more, so you get no more alerts. You are still a member. If this is a surprise, ask another facilitator.
group-facilitator-gone = { $who } is not a facilitator of this group any more.
group-facilitator-nobody = This group has no facilitator now, so nobody gets my alerts. You manage this room: you can name somebody with { CMD("facilitator add WHO") }, or begin again with { CMD("setup start") }.

# Long form

group-misread-quote = There is a quote that is opened and never closed. Please close it and send it again. Nothing has changed.
group-misread-key = I know no setting called "{ $word }". Nothing has changed. The settings are: { $keys }.
group-misread-key-nearest = I know no setting called "{ $word }". Did you mean "{ $nearest }"? Nothing has changed.
group-misread-sub = I know no setting called "{ $word }". Did you mean { CMD($nearest) }? Nothing has changed.
group-misread-value = After "{ $word }" there is no value. Please write one and send it again. Nothing has changed.
group-misread-twice = "{ $word }" is there twice. Please write it once. Nothing has changed.
group-misread-quotes = I do not know what to do with "{ $word }". If it is part of a text, put the whole text in quotes, such as: contact "Ann, 555 0100". Nothing has changed.
group-misread-who = I cannot tell whom you mean with "{ $word }": in this room I find nobody like that, or more than one. Please write their full id, such as @name:server, or a name that only one person here has. Nothing has changed.

# Set-up

group-setup-not-yet = This group is not set up. I ask nobody anything and hold no gate.
group-setup-since = This group was set up on { $at }.
group-setup-numbers = Gate: { $gate }. People here: { $people }. Facilitators: { $facilitators }.
group-setup-next-start = The next step is { CMD("setup start") }. Nothing changes before you see it all and say yes.
group-setup-begun = You are in the middle of a set-up, and nothing of it has changed anything yet. { CMD("setup start") } goes on with it, { CMD("setup cancel") } ends it.
group-setup-next-again = { CMD("setup start") } goes through it again, { CMD("group set KEY VALUE") } changes one thing, { CMD("setup undo") } puts the room back as it was.
group-not-asked = I do not ask { $bots ->
    [0] any bot
    [one] 1 other bot
   *[other] { $bots } other bots
  } and { $ghosts ->
    [0] no stand-in
    [one] 1 stand-in
   *[other] { $ghosts } stand-ins
  } of people on other networks: they cannot agree.
group-lacks = Some powers are missing:
group-lacks-nothing = I have all the powers that I need for this.
group-seen-by-world = People who are not in this room can read it. That is a setting of the room; I cannot protect what is said here while it is so.
group-seen-public = Anybody can find this room or come in without asking.
group-seen-past = Newcomers can read what was said before they came.
group-seen-bridge = This room is linked to another network ({ $network }). What is said here goes there too.
group-large = There are { $people } people here. Groups of 6 to 10 make it easier to trust each other. This is advice, nothing is blocked.
group-encrypted-deaf =
    This room is encrypted, and I guard it without reading it: I throw its keys away. So commands come to me in private. What is typed in the room by mistake I cannot see, nor help to hide.
group-encrypted-hearing =
    This room is encrypted, and this group lets me hear commands in it: I hold its keys, and what is said passes through my program. { CMD("group set hearing off") } ends that.

group-guide-step = Step { $step } of { $steps }
group-guide-facilitators =
    Who are the facilitators? They get my alerts, can change the settings, and let guests in. At least two are best. Power in the room alone makes nobody a facilitator.

    For yourself and others, write their ids, with commas: { CMD("setup facilitators me, @name:server") }. Others are asked in private once you apply.
group-guide-gate = What should people do before they take part? The gate is "{ $gate }" now. Nobody who is here now is muted or removed by your choice.
group-guide-door = **door** (best for newcomers): they ask to come in, agree in private, and are let in. It protects what is said from people who have not agreed. It shows that whoever comes in from now on has agreed, and nothing about anybody else.
group-guide-mute = **mute**: people come in, and can write when they have agreed. It protects less: { $people ->
    [one] the 1 person who is here now, and
   *[other] all { $people } people who are here now, and
  } everybody who comes in, can read without having agreed. It also shows everybody here who has agreed.
group-guide-mute-takedown = **mute**: people come in, and what they write before they have agreed is taken down. It protects less: { $people ->
    [one] the 1 person who is here now, and
   *[other] all { $people } people who are here now, and
  } everybody who comes in, can read without having agreed. I cannot change power levels here, so for a moment others may see what I take down, and that somebody has not agreed.
group-guide-notice = **notice**: everybody is asked in private. Nothing is enforced, nothing is shown, and nobody is kept out.
group-guide-agreement =
    What do members agree to? I have a standard text; { CMD("rules") } shows it. For your own, type { CMD("setup agreement TEXT") }.

    My text about the limits of privacy always comes first. You can change it later with { CMD("group set limits VALUE") }.
group-guide-contact =
    Whom can members ask about this group? Type it in your own words: { CMD("setup contact TEXT") }. You can leave this out and add it later.
group-guide-crisis =
    Whom can somebody call who needs help right now? I am not a crisis service, so this is what I show first when anybody types { CMD("urgent") }. Type it in your own words: { CMD("setup crisis_contact TEXT") }.
group-guide-outside =
    Whom outside this group can members turn to, if they do not want to ask a facilitator? Type it in your own words: { CMD("setup outside_contact TEXT") }. You can leave this out and add it later.
group-guide-facilitators-form =
    Who are the facilitators? They get my alerts, can change the settings, and let guests in. At least two are best. Power on the platform alone makes nobody a facilitator.

    Pick them, yourself too if you want to be one. Others are asked in private once you apply.
group-guide-agreement-form =
    What do members agree to? I have a standard text; { CMD("rules") } shows it. You can add words of your own.

    My text about the limits of privacy always comes first. You can change it later with { CMD("group set limits VALUE") }.
group-guide-contacts-form =
    Whom can members ask about this group? Whom can somebody call who needs help right now? Whom outside this group can they turn to, if they do not want to ask a facilitator?

    I am not a crisis service, so what you write for those who need help is what I show first when anybody types { CMD("urgent") }.
group-choice-pick = Pick the facilitators
group-choice-write = Write our own words
group-choice-contacts = Write the contacts
group-form-facilitators = The facilitators
group-form-agreement = Words that we add to the agreement
group-form-contact = Whom to ask about this group
group-form-crisis = Whom to call for help right now
group-form-outside = Whom to turn to outside this group
group-guide-noted = Noted: { $what }. You see it all before anything changes.
group-guide-now = Now it is: { $value }
group-guide-apply = Nothing has changed yet. If this is right, type { CMD("setup apply") } or `confirm`. To change something, answer that question again, such as { CMD("setup gate notice") }.
group-guide-apply-form = Nothing has changed yet. If this is right, press **Apply**. To change something, answer that question again: its buttons still work.
group-guide-nothing = There is nothing to apply yet. Begin with { CMD("setup start") }.
group-guide-cancelled = The set-up is ended, and nothing has changed. You can begin again with { CMD("setup start") }.

group-plan = This is what will change:
group-plan-asked = { $people ->
    [one] 1 person who is here will be asked in private and has
   *[other] { $people } people who are here will be asked in private and have
  } { $grace } to answer. Nobody is muted or removed when that time ends: facilitators see a number and choose.
group-plan-asked-soon = { $people ->
    [one] 1 person who is here will be asked in private.
   *[other] { $people } people who are here will be asked in private.
  } Nobody is muted or removed if they do not answer.
group-plan-me = You will be a facilitator.
group-plan-named = { $who } will be asked in private to be a facilitator.
group-plan-no-crisis = There is no crisis contact yet. Members who type { CMD("urgent") } will find only general advice. You can add one: { CMD("setup crisis_contact TEXT") }.
group-plan-nobody = Nobody will be a facilitator, so nobody gets my alerts. To be one yourself, type { CMD("setup facilitators me") }.
group-plan-nobody-yet = Nobody is a facilitator before one of those named says yes. Until then nobody gets my alerts.

group-setup-done = The group is set up. From now on I ask everybody here in private, and newcomers when they come.
group-setup-done-again = The set-up is changed.
group-setup-done-next = { CMD("setup") } shows how the room stands, { CMD("setup undo") } puts it back as it was.
group-setup-by-other = { $who } changed the set-up of this group. { CMD("group") } shows the settings now.

group-repair-why = Please keep this message. If I am ever gone or broken, somebody who manages the room can undo by hand what I changed:
group-repair = In the room's settings, under roles and permissions, set "send messages" back to the default role, and take back the extra power of single people. Under security or access, choose again who may come in. Then remove me from the room.

group-undo-nothing = This group is not set up, so there is nothing to undo. To have me leave, type { CMD("setup undo leave") }.
group-undo-powerless = I cannot put the room back as it was: I lack a power that I need to take down the gate "{ $gate }". Nothing has changed. Please give it to me, and type { CMD("setup undo") } again. Or change the room's settings by hand, and have me leave: { CMD("setup undo leave") }.
group-undo-preview = The room goes back to what it was before the first set-up: who may write, who may come in. { $people ->
    [one] 1 person here
   *[other] { $people } people here
  } can then do what the room itself lets them. I ask nobody for consent any more. Your texts and contacts, and who is a facilitator, stay for another set-up.
group-undo-unknown = I do not know how the room was before, so I only take my gate away. Please look at the room's settings afterwards.
group-undo-leave = I leave the room as well. What I keep about this group is erased { $days } days later, unless you add me again.
group-undo-done = Done: I put the room back as it was before. If something is in the way, I tell you. Please look at the room's settings once. To begin again, type { CMD("setup start") }.
group-undo-left = Done. I am leaving the room. What I keep about this group is erased in { $days } days, unless I am added again.
group-undo-by-other = { $who } undid the set-up of this group. I ask nobody any more and hold no gate.
group-announce-undone = The set-up of this group was undone. I ask nobody for consent any more, and everybody can do what the room itself lets them.

# Coming and going

group-intro =
    Hello. I am Circlekeeper, a bot for peer-support groups. You added me to this room.

    I ask every member in private to agree to ground rules, and can keep the door or the floor for those who have agreed. Until somebody finishes the set-up, I ask nobody anything and change nothing.
group-intro-limits =
    What I cannot do: I cannot stop anyone from remembering, copying or telling. I am not a crisis service. And nobody can check from here what the person who runs me does; { CMD("privacy") } says what I can see.
group-intro-lacks = I still lack some powers. Each gate needs some of them:
group-intro-next = The next step is { CMD("setup start") }: a few short questions, and nothing changes before you say yes.
group-intro-next-other = You do not manage this room, so somebody who does has to go on: they write to me in private and type { CMD("setup start") }.
group-back = I am in this room again. The group is set up as it was; what had not been erased is still there. { CMD("setup") } shows how the room stands.
group-announce-here = Circlekeeper is here now. It asks nothing of anybody yet. It changes nothing before somebody who manages this room sets it up.
group-lost = I am not in the room "{ $group }" any more, so I hold no gate there and ask nobody. What I keep about this group is erased in { $days } days, unless I am added again. To have me back, add me again as you did before.
group-moved = This room was upgraded to a new one, and I moved along. Settings, facilitators and what people agreed to are the same as before. Please check with { CMD("setup") } that I have my powers in the new room.

# What changed in the room

group-watch-powers = Some powers that I need for the gate "{ $gate }" are missing now, so I may not be able to hold it:
group-watch-powers-next = When you have given them back, I go on by myself. { CMD("setup") } shows how the room stands.
group-watch-powers-back = I have all the powers again that I need for the gate.
group-watch-bot = There is a bot in the room that was not here before: { $bot }. It may be able to read what is said. If you do not know it, ask who added it, or remove it.
group-watch-bridge = This room is linked to another network now ({ $network }). What is said here goes there too. If nobody wanted this, remove the bridge's bot from the room.
group-watch-owner = This server has a new owner. Whoever owns it sees everything here, and can change what I may do. If this is a surprise, ask in the group before you rely on it.
group-watch-told-room = I have told the room.
group-watch-encrypted = Somebody switched encryption on in this room. That is good for privacy, and it cannot be switched off again. Everything goes on as before: agreements, the gate, private words with me.
group-watch-bridge-gone = The link to another network ({ $network }) is gone.
group-watch-world-closed = People who are not in this room cannot read it any more.
group-watch-not-public = People cannot find this room or come in without asking any more.
group-watch-past-hidden = Newcomers cannot read any more what was said before they came.
group-announce-bridge = This room is linked to another network now ({ $network }). What is said here can be read there too. Your facilitators know.

group-failed-question = I could not reach { $who } in private to ask whether they will be a facilitator. Please tell them to write { CMD("facilitator accept") } to me.
group-failed-announce = I could not write to the room. Please check that I may write there: { CMD("setup") } shows what is missing.
group-failed-leave = I could not leave the room by myself. Please remove me in the room's settings.
