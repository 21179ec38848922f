# What is seen, what is kept, and how to have it erased. True words, also where they are not comfortable.

cmd-privacy = Shows what I can see and keep here, and who else can see the room.
cmd-mydata = Sends you everything that I keep about you in this group.
cmd-forget = Erases everything that I keep about you in this group, after showing what changes.

privacy-sees-encrypted = **What I can see.** This room is encrypted. I throw its keys away, so I cannot read what is said here. I see who is here, who comes and goes, and who sends something when.
privacy-sees-encrypted-hearing = **What I can see.** This room is encrypted, and I hold a key to it, because this group lets me hear commands. What is said passes through my program. I look only for commands to me, and keep none of it.
privacy-sees-open = **What I can see.** This room is not encrypted, so what is said here reaches my program. I look only at messages that start with `{ $prefix }` or that name me. I keep no message, not even those. I also see who is here, who comes and goes, and who sends something when.
privacy-sees-no-words = **What I can see.** I am not given what is said here, only commands to me. I see who is here, who comes and goes, and who sends something when.
privacy-sees-direct = What you write to me in private I read to answer you. I keep your answers to the agreement, not your messages. Your messages stay in that chat, and on the chat platform, until you delete them there.

privacy-fingerprint = To check that you write to this very bot, compare the key of my device (in Element: my profile, then "Sessions"): `{ $key }`. The person who runs me can see it too, in `circlekeeper doctor`.

privacy-keeps = **What I keep.** This is about you, in this group, under your account, and sealed with a key. I keep whether and when you agreed, and to which text. I keep your receipts, whether you may take part, and whether you are a facilitator. I keep when I last wrote to you about it. For a day I keep that you asked for a pause. While everyone is asked about recording, I keep your answer. What you agreed to be recorded I keep until 30 days after that recording must be gone. While you write a report, I keep what you have written so far, for 24 hours at most. Once it is sent it lies under a code and not under you, unless you put your name on it. I keep no messages, no list of who came to a meeting, and no list of who talks with whom.

privacy-else = **Who else can see this room:**
privacy-else-people = { $count ->
    [one] 1 person who is here. They
   *[other] All { $count } people who are here. They
} can remember, copy or tell what they read. I cannot stop that.
privacy-else-server = Those who run the chat servers: they can read what is said here, because this room is not encrypted.
privacy-else-server-encrypted = Those who run the chat servers: they see who is here and when something is sent, but not what is said.
privacy-else-world = **Everybody:** this room can be read by people who are not in it.
privacy-else-public = Anybody can find this room or come in without asking.
privacy-else-past = Newcomers can read what was said before they came.
privacy-else-no-past = Newcomers cannot read what was said before they came.
privacy-else-bridge = Another network: this room is connected to { $network }. What is said here is copied there.
privacy-else-more-bridges = And { $count ->
    [one] 1 more network
   *[other] { $count } more networks
}.
privacy-else-bot = A bot: { $who }. I do not know what it does with what it sees.
privacy-else-more-bots = And { $count ->
    [one] 1 more bot
   *[other] { $count } more bots
}.
privacy-else-ghosts = { $count ->
    [one] 1 person
   *[other] { $count } people
} who read along from another network.

privacy-operator = **Who runs me:** { $name }. You can write to { $contact }.
privacy-operator-url = More about it: { $url }
privacy-cannot-check = All this is how my program is made. Nobody can check from a chat which program somebody really runs. If that matters to you, ask those who run me.
privacy-next = To see what I keep about you, type { CMD("mydata") }. To have it erased, type { CMD("forget") }.

privacy-mydata = Here is everything that I keep about you in this group, as a file: mydata.json.
privacy-mydata-nothing = I keep nothing about you in this group.
privacy-mydata-never = Reports about a breach are never part of this. They are kept apart, under a code and not under a person, so that nobody can be found by them.

privacy-forget-nothing = I keep nothing about you in this group, so there is nothing to erase.
privacy-forget-preview = This erases everything that I keep about you in this group: your agreement, your receipts and all else. It cannot be undone. You can get a copy first: { CMD("mydata") }.
privacy-forget-notice = Without your agreement you can go on reading and writing here. I may ask you again if the group puts up a gate.
privacy-forget-mute = Without an agreement you can read here, but not speak. You can agree again at any time.
privacy-forget-door = Without an agreement you cannot stay in this room: you are let out at once, with no word to the others. They see that you left. You can ask to come in again at any time.
privacy-forget-outside = You are not in this room, so nothing else changes for you.
privacy-forget-facilitator = You will not be a facilitator of this group any more.
privacy-forget-last-facilitator = **You are the only facilitator.** Please name another one first: { CMD("facilitator add") }. Otherwise nobody can look after this group's settings.
privacy-forget-how = Nothing is erased yet. If you do nothing, nothing will be.
privacy-choice-forget = Erase it now
privacy-forgotten = Done. I have erased everything that I kept about you in this group. Reports about a breach, if you made any, are kept apart from you and are not touched. If you come back, { CMD("consent") } starts anew.
privacy-backups = I make no backups myself. Those who run me may have made copies of their own, sealed with the key; { CMD("privacy") } says whom you can ask how long they keep them.
privacy-backups-until = Those who run me keep copies of my records, sealed with a key, and say that they delete each after { $days ->
    [one] 1 day
   *[other] { $days } days
}. Until then, what is erased here is still in the copies that were made before.
privacy-backups-none = Those who run me say that they make no copies of my records. So nothing of this is left anywhere else.
