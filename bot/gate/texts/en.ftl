# What the gate says. Plain, calm, short; always with the next step; never blame.
# To facilitators: numbers and names of bots, never who agreed, declined or has not answered.

cmd-members-show = Shows how many people may take part, and how many not yet.
cmd-members-admit = Gives a guest pass to someone who cannot use me.
cmd-group-enforce = Applies the gate now to those who were here before and have not agreed.
cmd-group-open = Emergency: takes every gate down, at once.
option-time = How long, such as 72h. Leave it out for a pass without an end.
setting-gate = What people must do before they take part. `notice`: I ask, and nothing is enforced. `mute`: agree before speaking. `door`: agree before coming in.

gate-choice-enforce = See what enforcing would change
gate-choice-enforce-now = Enforce now
gate-choice-longer = 3 more days

# To somebody whose words were taken down
gate-taken-down = I took down what you just sent. In this group, people agree to keep things private before they speak. You did nothing wrong.

    Type { CMD("consent") } to read what it is about and to answer. It takes about two minutes. Then you can speak.

    If you need help right now, type { CMD("urgent") }. That always works.

# To somebody whom a facilitator's decision concerns
gate-enforced-mute = From now on, people in this group agree to keep things private before they speak. You can still read. To speak again, type { CMD("consent") } and answer.
gate-enforced-door = From now on, people in this group agree to keep things private before they take part. You are outside for now, and you can come back: ask to join the room again in your app. Then I show you what it is about, and you can answer.
gate-guest = A facilitator gave you a guest pass: you can take part here. You can still read what this group agrees to, and answer it: { CMD("consent") }.
gate-guest-until = A facilitator gave you a guest pass until { $until }: you can take part here. You can still read what this group agrees to, and answer it: { CMD("consent") }.
gate-admit-failed = Your place here is kept, but I could not open the room for you just now. The facilitators know, and I will try again by myself. You need not do anything.

# members
gate-members = People here: { $people }
    May take part: { $may }
    Not yet: { $rest }
gate-members-notice = People here: { $people }
    Have agreed: { $agreed }
    Not yet: { $rest }

    There is no gate, so everybody can take part. To put one up, type { CMD("group set gate mute") } or { CMD("group set gate door") }.
gate-members-knocking = { $count ->
    [one] 1 person is
   *[other] { $count } people are
} outside and would like to come in.
gate-members-enforce = { CMD("group enforce") } would change something for { $count ->
    [one] 1 person
   *[other] { $count } people
}. It shows what first.
gate-members-bots = Besides, there are { $bots ->
    [0] no bots
    [one] 1 bot
   *[other] { $bots } bots
} and { $ghosts ->
    [0] no people from other networks
    [one] 1 person from another network
   *[other] { $ghosts } people from other networks
} here. They cannot agree.
gate-members-full = Groups of { $least } to { $most } people tend to talk best. This one is a little larger.
gate-members-large = { $count } people are a lot for a group like this. With { $least } to { $most } people it is easier to trust each other. You could split the group, or add a facilitator.
gate-name-bot = Bot: { $who }
gate-name-ghost = From another network: { $who }
gate-name-more = And { $count } more.

gate-admitted = { $who } has a guest pass without an end, and can take part. To take it back, take the right to speak, or the place, in the room itself.
gate-admitted-until = { $who } has a guest pass until { $until }, and can take part. When it ends I tell you. Nobody is muted or removed by the clock: you choose then.
gate-admit-nobody = I cannot find that person in this room. They have to be here, or to have asked to come in. Then give the command again.
gate-admit-long = A guest pass lasts { $most } days at most. Please choose a shorter time, or leave it out.
gate-guest-over = The guest pass of { $who } has run out. Nothing has changed for anybody: I do not mute or remove people by the clock.

    You can give another one: { CMD("members admit") }. Or see what { CMD("group enforce") } would change. Or leave it as it is.

# group enforce
gate-enforce-meeting = A meeting is on, and nobody should fall silent in the middle of one. Please give this command again when it is over. Nothing has changed.
gate-enforce-notice = There is no gate, so there is nothing to enforce. Put one up first: { CMD("group set gate mute") } or { CMD("group set gate door") }. It guards newcomers. Then give this command again.
gate-enforce-nobody = There is nobody here for whom this would change anything.
gate-enforce-preview = This changes something for { $count ->
    [0] nobody
    [one] 1 person
   *[other] { $count } people
} who came in before and have not agreed so far.
gate-enforce-preview-bots = And for { $count ->
    [one] 1 bot or person from another network
   *[other] { $count } bots or people from other networks
}. They cannot agree. To keep one, first type { CMD("members admit") } and its name.
gate-enforce-what-mute = They can read, but not speak until they agree. I tell each of them in private how. Others can see in the room's settings who may speak. Guest passes stay.
gate-enforce-what-door = They are let out of the room, and can come back when they agree. I tell each of them in private how. Others see that they left. Guest passes stay.
gate-enforce-you-first = This would let you out as well, as you have not agreed so far. Please type { CMD("consent") } and answer first. Then give this command again. Nothing has changed.
gate-enforce-you = You are one of them. To go on taking part, type { CMD("consent") } and answer first.
gate-enforce-how = Nothing has changed yet. If you do nothing, nothing will.
gate-enforce-done = Done. It changed something for { $count ->
    [0] nobody but bots
    [one] 1 person
   *[other] { $count } people
}. Whoever agrees can take part again at once. To take the gate down: { CMD("group open") }.

# group open
gate-open-done = Every gate is off. Everybody here can speak, and I have said so in the room. To guard newcomers again later, type { CMD("group set gate mute") } or { CMD("group set gate door") }.
gate-open-already = There was no gate. To be safe I asked the room to let everybody speak once more.
gate-open-room = The facilitators have opened this room: everybody here can speak. What you agreed to about privacy still holds. Please keep what is said here private.

# Grace is over: a number, never who
gate-grace-over = The time to answer is over. { $count ->
    [one] 1 person here has
   *[other] { $count } people here have
} not agreed so far. Nothing has changed for them: I do not mute or remove people by the clock.
gate-grace-over-next = You can see what { CMD("group enforce") } would change. Or you can wait, and talk about it in the group. Both are fine.
gate-grace-over-notice = There is no gate, so nothing is enforced. You can leave it so, talk about it in the group, or put up a gate: { CMD("group set gate mute") } or { CMD("group set gate door") }.

# By hand
gate-by-hand-mute = { $who } can speak here because somebody changed it by hand. I leave it so. If they have not agreed, it counts as a guest pass until you decide: { CMD("members admit") } gives one with an end, or take the right to speak back by hand.
gate-by-hand-door = { $who } came in because somebody let them in by hand. I leave it so. If they have not agreed, it counts as a guest pass until you decide: { CMD("members admit") } gives one with an end, or show them out by hand.
gate-came-meanwhile = { $count ->
    [one] 1 person was
   *[other] { $count } people were
} let in by hand while I was away. I leave it so. It counts as a guest pass until you decide.
gate-came-past = Somebody came in past the door, because the room itself let them in. I leave it so. It counts as a guest pass until you decide. Please look in the room's settings who may come in, and type { CMD("setup") } to see how the room stands.
gate-taken-by-hand = Somebody took the right to speak from { $who } by hand. I leave it so. To give it back, type { CMD("members admit") } and their name, or do it by hand.

# Bots and ghosts
gate-bots = In this room there are { $bots ->
    [0] no bots
    [one] 1 bot
   *[other] { $bots } bots
} and { $ghosts ->
    [0] no people from other networks
    [one] 1 person from another network
   *[other] { $ghosts } people from other networks
}. They cannot agree.
gate-bots-next = For now they can go on as before, like everybody who was here. { CMD("group enforce") } would end that. To let one stay for good, type { CMD("members admit") } and its name.

gate-bot-taken-down = I took down what { $who } sent: bots and people from other networks cannot agree. To let this one speak, type { CMD("members admit") } and its name.

# Something is missing
gate-cannot-mute = I cannot hold the gate `mute` as it should be: I lack a power in this room. Nobody who agreed is held back by this on purpose, but people who have not agreed may be able to speak. Please mend this:
gate-cannot-door = I cannot hold the gate `door`: I lack a power in this room. People may be able to come in without agreeing, and I may not be able to let in those who did. Please mend this:
gate-cannot-take-down = The gate is `mute`, and I cannot take messages down here. So it does not hold as it should. Please mend this:
gate-failed-take-down = I could not take a message down that I should have taken down. Please look at the room yourself.
gate-failed-speech = I could not change who may speak in this room. Please look at the room's settings yourself.
gate-failed-door = I could not let somebody in or out as I should have. Please look at the room yourself.
gate-failed-up = I could not put up the gate. It does not protect the room now. I will try again when I can.
gate-failed-open = I could not take the gate down. Some people may still be unable to speak. I will try again when I can; please do it by hand now.
gate-failed-restore = I could not put the room's settings back as they were. Please do it by hand.
gate-trouble-power = The reason: I lack a power in this room. How to give it to me:
gate-trouble-later = The reason: I cannot reach the server right now. If it does not pass, tell the person who runs me.
gate-trouble-other = The reason: the server refused it. If it happens again, tell the person who runs me.

# What the gate protects and shows, for `privacy`
gate-privacy-notice = **The gate.** There is none: everybody here can read and write, also people who have not agreed.
gate-privacy-levels = **The gate** is `mute`: people agree before they speak. Everybody here can read, also { $count ->
    [0] somebody who would not agree. At my last count everybody had agreed; I count once a day.
    [one] 1 person who has not agreed. I count once a day.
   *[other] { $count } people who have not agreed. I count once a day.
} The room's settings show everybody who may speak, and so they may show who has agreed.
gate-privacy-takedown = **The gate** is `mute`: people agree before they speak. Everybody here can read, also { $count ->
    [0] somebody who would not agree. At my last count everybody had agreed; I count once a day.
    [one] 1 person who has not agreed. I count once a day.
   *[other] { $count } people who have not agreed. I count once a day.
} I take down what somebody sends who has not agreed. For a moment it can be read, and everybody sees that it was taken down.
gate-privacy-door = **The gate** is `door`: people agree before they come in. People from before, and guests, can be inside without having agreed. Who asks to come in, who comes and who leaves can be seen by everybody here.
gate-privacy-broken = **The gate** that this group chose does not hold right now, because I lack a power here. The facilitators know. People who have not agreed may be here, and may speak.
