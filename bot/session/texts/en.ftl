# Meetings: how they begin, how they end, and when the next one is.

cmd-session-start = Opens a meeting: with the pledge, that nobody records, and who can see this room.
cmd-session-end = Closes the meeting, with a reminder and the date of the next one.
cmd-session-plan = Plans when you meet, once or again and again, and tells the room.
cmd-session-cancel = Cancels the next planned meeting. With the word `all`: the whole plan.
cmd-session-next = Shows when we meet next.
option-minutes = How many minutes the meeting lasts.
option-topic = What the meeting is about, in a few words.
option-when = When you meet first, such as 2026-03-05 19:00, or Thursday 19:00.
option-repeat = How often you meet: once, daily, weekly, fortnightly or monthly. Fortnightly is every two weeks. Monthly keeps the day of the week, such as the first Tuesday.
option-all = Type the word all to cancel the whole plan.

session-open = **Our meeting begins.** It lasts { $lasting }.
session-open-topic = **Our meeting begins.** It lasts { $lasting }. Today: { $topic }
session-pledge = **Our pledge.** What is said here, and who is here, stays here. Be in a private place: if someone comes in, stop your video and mute. Wear headphones and keep your screen unseen. Use first names. No recording, no screenshots, no AI note-takers. Do not look members up.
session-no-recording = **Nobody may record**, unless every single person here agrees first. { CMD("recording") } shows what holds right now.
session-who-sees = **Who can see this room:** { $people ->
    [one] 1 person is here.
   *[other] { $people } people are here.
} { $rest ->
    [0] All of them have agreed to keep what is said private.
    [one] 1 of them has not agreed yet to keep what is said private.
   *[other] { $rest } of them have not agreed yet to keep what is said private.
}
session-sees-bot = A bot is here too: { $who }.
session-sees-more-bots = And { $count ->
    [one] 1 more bot is here.
   *[other] { $count } more bots are here.
}
session-sees-bridge = This room is connected to another network, { $network }: what is said here is copied there.
session-sees-ghosts = { $count ->
    [one] 1 person reads along from another network.
   *[other] { $count } people read along from another network.
}
session-sees-world = **People who are not in this room can read it.**
session-sees-public = Anybody can find this room or come in without asking.
session-crisis = **If you need help right now:** { CMD("urgent") } shows whom you can call.
session-crisis-contact = **If you need help right now:**
session-late-line = Welcome to those who came a little later. What is said here, and who is here, stays here. Nobody may record, unless every single person agrees first. { CMD("rules") } shows what we agreed to.
session-late = Welcome, a meeting is on. This is how we keep it safe:

session-closed = **Our meeting is over.** Thank you for being here. What was said, and who was here, stays here: also when we talk with friends, and online. Your own story is yours to tell. Please be kind to yourself now.
session-report = Did something get out that was said here? You can tell those who guide us, in private, with your name or without: { CMD("report") }
session-closed-alone = **Our meeting is over**: its time has passed. What was said, and who was here, stays here. Your own story is yours to tell.
session-next-date = We meet next on { $when }.
session-no-next = No next meeting is planned yet.
session-is-on = A meeting is on now. It lasts until about { $until }.
session-every-day = We meet every day.
session-every-week = We meet every week.
session-every-fortnight = We meet every two weeks.
session-every-month = We meet once a month, on the same weekday.

session-started = The meeting is open. To close it, type { CMD("session end") }. If you forget, it closes by itself { $over } after its time.
session-already = A meeting is on already, so I did not open another one. To close it, type { CMD("session end") }.
session-ended = The meeting is closed. Thank you for guiding it.
session-none = No meeting is on. To open one, type { CMD("session start") }.
session-not-set-up = This group is not set up yet, so there are no meetings to open. Somebody who manages the room can begin with { CMD("setup start") }.
session-bad-minutes = A meeting can last from { $least } to { $most } minutes. Please try again with a number in between.
session-long-topic = That is a long topic. Please use { $most } characters at most.
session-ended-alone = Nobody closed the last meeting, so I did. If you are still together, type { CMD("session start") }.
session-failed = I could not write to the room just now. Please look whether I am still in it and may speak there, and tell the others yourself what they need to know.

session-unclear = I do not know when you mean. Please write a date and a time, such as 2026-03-05 19:00, or a weekday and a time, such as Thursday 19:00. The time counts in { $zone }.
session-past = That time is over already. Please choose one that is still to come. The time counts in { $zone }.
session-far = That is more than two years ahead. Please check the year.
session-plan-preview = I will plan these meetings, and tell the room ({ $people } people):
session-plan-date = { $when }
session-plan-replaces = They take the place of the plan that there is now.
session-plan-zone = The times count in { $zone }. If that is not where you meet, type { CMD("group set timezone") } with the name of your place first.
session-plan-how = Nothing is planned yet.
session-planned = Planned. I will remind the room before each meeting, and you when it is time to open it.
session-planned-room = A new plan for our meetings:
session-choice-confirm = Yes, plan it
session-choice-cancel = Yes, cancel
session-choice-start = Open the meeting
session-no-plan = No meeting is planned. To plan one, type { CMD("session plan") }.
session-cancel-preview = I will cancel the meeting on { $when }, and tell the room ({ $people } people). The meetings after it stay.
session-cancel-preview-last = I will cancel the meeting on { $when }, and tell the room ({ $people } people). It is the only one that is planned.
session-cancel-preview-all = I will cancel all planned meetings, and tell the room ({ $people } people). The next one would be on { $when }.
session-cancelled = Done. The room has been told.
session-cancelled-room = The meeting on { $when } is cancelled.
session-cancelled-room-all = The planned meetings are cancelled, the next one on { $when } too.

session-remind = A reminder: we meet on { $when }. If you cannot come, that is fine.
session-remind-soon = We meet soon: on { $when }. Please find a private place, and have your headphones ready.
session-remind-open = It is time to open the meeting: { CMD("session start") }
