# Reports and cases. For somebody who is afraid, and for a volunteer who has never done this.
# Never blame, never a promise that cannot be kept, always the next step.

cmd-report = Tells facilitators in private that something left this group. Named or not, as you choose.
cmd-case-show = With your code: shows where your report stands.
cmd-case-add = With your code: adds something to your report, or answers a question.
cmd-case-withdraw = With your code: takes your report back, and deletes its words.
cmd-cases-list = Shows the reports that wait for you, and by when.
cmd-cases-show = Shows one case with its history.
cmd-cases-acknowledge = Says that you look after this case now.
cmd-cases-note = Writes a note for the other facilitators of this case.
cmd-cases-ask = Asks the person who reported something. Only their code opens it.
cmd-cases-step = Leads you through what helps now, step by step.
cmd-cases-address = Tells the group the facts, without names, after showing you the words.
cmd-cases-renew = Asks everyone who agreed to do so once more, after showing what changes.
cmd-cases-handover = Hands the case to another facilitator who may see it.
cmd-cases-recuse = Steps back from a case: you will not see it any more.
cmd-cases-mute = Takes nothing more from the person who wrote this report. You do not learn who it is.
cmd-cases-close = Closes a case. Say what was done: the person who reported can read it.
cmd-cases-ready = Says that you look after reports, for the next 30 days.

option-answer = Your answer to the question that I asked last.
option-code = The six words that you were given.
option-case = The name of the case: two words with a hyphen.
option-words = The words, as they are to be read.
option-done = done, skip or back.

setting-escalate_after = How long a report may wait for somebody before I point to the outside contact.
setting-case_retention = How long a case is kept after it was closed.

breach-seen = You typed this in the room. I take it down if I can, but people who were reading may have seen it. If a code was in it, they may have seen that too. From here on only you can see what I say.

## Before anything is written

breach-intro = **You can tell facilitators here that something left this group.** Thank you for speaking up. You can stop at any time. Nothing is sent before you say so.
breach-no-crisis = I am not a crisis service, and nobody may read this today. If you need help now:
breach-no-crisis-general = I am not a crisis service, and nobody may read this today. If you or somebody else is in danger, please call your local emergency number.
breach-intro-who = These people will be able to read your report, and whoever becomes a facilitator here later. Nobody else in the group will:
breach-intro-leave-out = You can leave out any of them. They will then see nothing of it: not even that there is a report.
breach-unstaffed = **Please note:** fewer than two people here have said this month that they look after reports. It may take long until somebody reads yours.
breach-intro-anonymous =
    You choose later whether your name is on it. If you stay anonymous, I keep your report under six secret words and not under your name. Facilitators cannot ask me who wrote it. Neither can I: once it is sent, I do not know.
    
    Some could still know. The chat platform sees that you write to me. Somebody who runs me and wants to do harm could change my program and watch. And if only you know what you tell, people may guess. What I ask you is kept for 24 hours at most while you write, sealed, so that you can take a break.
breach-intro-how = I ask a few short questions. You can skip all but the first. Please tell what got out, and not anyone's health story.
breach-nobody-here = Right now there is no facilitator here who could read a report, so I cannot take one.
breach-outside = You can also turn to somebody outside this group:
breach-outside-none = This group has not named anybody outside whom you could turn to. Somebody you trust can help you think about what to do.

breach-resumed = You began a report. Here is where you were. I keep it for about { $hours ->
    [one] 1 more hour
   *[other] { $hours } more hours
}, then it is gone.
breach-no-draft = There is no report under way. To begin one: { CMD("report") }
breach-not-a-choice = I did not understand that answer. Please choose one of these, or type its word or its number.
breach-too-long = That is too long for me: { $most } characters at most. Please make it shorter.

## The questions

breach-ask-kind = **What happened?**
breach-ask-when = **When was it, and where?** A rough answer is fine.
breach-ask-harmed = **Who is harmed by it?**
breach-ask-wish = **What do you wish for?** Facilitators read it as a wish. I cannot promise that it comes true.
breach-ask-words = **In your own words: what was shared, and how do you know?** Please leave out what anyone told about their health.
breach-ask-typed = Just write it to me ({ $most } characters at most), or skip it.
breach-ask-form = You can write { $most } characters at most, or skip it.
breach-ask-without = **Should somebody not see this?** For example because it is about them. They will see nothing of it.
breach-ask-without-how = Write the numbers, with commas between. You can also name others in this group: then they will see nothing of it if they become facilitators later.
breach-ask-name = **With your name, or without?** There is no right answer. With your name, facilitators can talk to you, and I tell you when there is news. Without it, nobody can write to you: you look for yourself, with your code.
breach-ask-review = **This is your report.** Please read it once more.

breach-kind-sharing = Something was told outside the group
breach-kind-screenshot = A screenshot or a copy was made
breach-kind-recording = Something was recorded
breach-kind-identity = Somebody was told who is in this group
breach-kind-gossip = People were talked about behind their back
breach-kind-lookup = Somebody was looked up or searched for
breach-kind-other = Something else
breach-harmed-me = Me
breach-harmed-another = Somebody else
breach-harmed-several = Several people
breach-wish-stop = That it stops
breach-wish-talk = That somebody talks with the person who did it
breach-wish-remind = That everybody is reminded of the rules
breach-wish-ask = That I am asked before anything is done

breach-choice-write = Write it
breach-choice-skip = Skip this
breach-choice-back = Go back
breach-choice-cancel = Stop and delete it
breach-choice-nobody = Leave out nobody
breach-choice-anonymous = Without my name
breach-choice-named = With my name
breach-choice-send = Send it
breach-choice-clear = I have the code: take this down

breach-person = { $number }. { $who }

breach-told-kind = What happened: { $kind }
breach-told-when = When and where:
breach-told-harmed = Who is harmed: "{ $who }"
breach-told-wish = The wish: "{ $wish }"
breach-told-words = In their words:

breach-review-named = **Your name will stand on it.**
breach-review-anonymous = **Your name will not stand on it.** Is there anything in it that only you can know? Then people may guess that it was you. You can go back and change it.
breach-review-who = These people can read it. So can anybody who starts to guide this group later:
breach-review-one = That is one person alone. If they cannot look after it, nobody will. You can go back and leave out fewer people, or turn to somebody outside the group.
breach-review-code = **Your code:** `{ $code }`

    Write it down on paper now. With these six words you can see where your report stands, from any account. I show them once more after you send it, and I do not keep them. Nobody can give them to you again.
breach-readers-changed = **Nothing is sent yet.** Since you read this, somebody else has become able to read your report. Please look once more at who it is. You can go back and leave them out.
breach-nobody-left = You left out everybody who could read it, so I cannot send it. You can go back and change that, or stop.

## Sent, or not

breach-sent = **Your report is sent.** Your code, for the last time: `{ $code }`
breach-sent-anonymous = Nobody can write to you about it. Please look now and then, for example in three days: { CMD("case show CODE") }, with your six words in the place of CODE.
breach-sent-named = I tell you when there is news. You can look at any time: { CMD("case show CODE") }, with your six words in the place of CODE.
breach-sent-clock = Somebody should have it in hand by { $by }. I remind them if they do not.
breach-sent-down = I take down all that we both wrote here since you began, as far as I am allowed to. When you have written down the code, you can have this taken down too.
breach-cancelled = Done. I deleted your report, and sent nothing. I take down what we both wrote here, as far as I am allowed to. If you change your mind: { CMD("report") }
breach-cleared = I take down what we both wrote here in the last 24 hours, as far as I am allowed to.
breach-unsay-failed = Some of what we wrote here I could not take down: this chat does not let me. Please delete your own messages in it yourself, or leave the chat. I keep no copy of them.
breach-too-many = I take { $most } reports an hour from one person, so that nobody floods the people who help. Yours is not lost: send it later today with { CMD("report") }. If you need help now: { CMD("urgent") }

## With the code

breach-case-unknown = I find no report with this code. Please check the six words, and type them with spaces between. If they are right, the report may have been deleted when its time was over.
breach-case-deleted = This report was closed, and its words were deleted when their time was over. To tell something new: { CMD("report") }
breach-case-head = **Your report**
breach-case-how = To add something or to answer: { CMD("case add CODE WORDS") }. To take it back: { CMD("case withdraw CODE") }.
breach-case-look = Nobody can write to you about it, so please look again in three days.
breach-case-look-named = I tell you when there is news.
breach-case-nobody = Right now nobody in this group can see your report any more.
breach-add-full = I can take nothing more for this report. What you wrote before stays as it is.
breach-added = Added. The people who look after your report hear at the next full hour that there is something new.
breach-withdrawn = Your report is taken back, and its words are deleted. Facilitators can see from now on only that there was a report, and that it was taken back.
breach-withdrawn-soon = Your report is taken back. At the next full hour its words are deleted. From then on facilitators can see only that there was a report, and that it was taken back. It is not earlier, because the minute could tell who you are.
breach-withdraw-closed = This report is closed already. Its words are deleted when their time is over.

breach-state-new = It is waiting for somebody to take it in hand, until { $by } at the latest.
breach-state-late = It has been waiting since { $since }, longer than it should.
breach-state-open = Somebody has it in hand.
breach-state-closed = It is closed.
breach-state-withdrawn = It was taken back.
breach-clock-outcome = There should be an outcome by { $by }.
breach-clock-deleted = It will be deleted on { $on }, unless something is added.

breach-for-reporter-added = You wrote:
breach-for-reporter-asked = A facilitator asks you:
breach-for-reporter-closed = What was done:
breach-for-reporter-acknowledged = A facilitator has read it and looks after it.
breach-for-reporter-addressed = The group was told, without names.

## Notices: without any content

breach-notice = There is something new at the case desk. Please look, in private: { CMD("cases") }
breach-notice-reporter = There is something new for you to read. Look with your code: { CMD("case show CODE") }
breach-reminder = A report has been waiting for three working days. Please look, in private: { CMD("cases") }
breach-escalated = A report has been waiting too long. Please look today, or ask the other facilitators to: { CMD("cases") }
breach-escalated-contact = A report has been waiting too long. Please look today, or ask the other facilitators to: { CMD("cases") }. If nobody can, please get help outside the group: { $contact }
breach-overdue = A case should have an outcome by now. Please look, in private: { CMD("cases") }
breach-ask-ready = Do you still look after reports in this group? If you can, please say so. Members are told when fewer than two people do.
breach-ready = Thank you. For the next 30 days members are told that you look after reports. I ask again then.
breach-choice-ready = Yes, I look after reports

## The case desk

breach-desk-head = **The case desk.** { $count ->
    [0] No case is open.
    [one] 1 case is open.
   *[other] { $count } cases are open.
}
breach-desk-line = **{ $label }**: { $kind }
breach-desk-empty = There is nothing to do right now.
breach-desk-how = To open one: { CMD("cases show CASE") }
breach-desk-unstaffed = Fewer than two of you have said this month that they look after reports. Members are told so before they write.
breach-desk-unknown = I find no such case for you. Type { CMD("cases") } to see yours.
breach-desk-over = This case is over, and is kept only until it is deleted.
breach-desk-full = This case is as long as a case can be. You can close it: { CMD("cases close CASE WORDS") }
breach-desk-case = **{ $label }**
breach-from = From: { $who }
breach-from-nobody = From somebody who gave no name. Please do not try to find out who it is, and do not guess with others.
breach-holder = In the hands of { $who }.
breach-history = **What happened since**
breach-desk-next = You can write a note: { CMD("cases note") }. To ask the person who reported: { CMD("cases ask") }. To tell the group: { CMD("cases address") }. To hand the case on: { CMD("cases handover") }. To step back: { CMD("cases recuse") }. To close it: { CMD("cases close") }.

breach-entry-added = The person who reported added:
breach-entry-asked = { $on }, { $by } asked:
breach-entry-note = { $on }, { $by } noted:
breach-entry-acknowledged = { $on }: { $by } took it in hand.
breach-entry-handover = { $on }: { $by } handed it to { $to }.
breach-entry-step = { $on }: { $by } did this step: { $step }
breach-entry-addressed = { $on }: { $by } told the group.
breach-entry-renewed = { $on }: { $by } asked everyone to renew the agreement.
breach-entry-closed = { $on }: { $by } closed and approved it:

breach-choice-acknowledge = I look after it
breach-choice-step = What helps now?
breach-choice-done = Done
breach-choice-later = Leave it out
breach-choice-address = Post it
breach-choice-renew = Ask everyone to renew the agreement
breach-choice-recuse = Step back
breach-choice-mute = Take nothing more

breach-acknowledged = Thank you. The case is in your hands now, and the person who reported can see that somebody has read it. You do not have to know what to do: I lead you step by step.
breach-acknowledged-before = { $by } has it in hand already. You can both read it and write notes.
breach-acknowledge-first = Please take the case in hand first, so that the person who reported sees that somebody has read it.
breach-noted = Noted, for the facilitators of this case only.
breach-asked = Your question waits for the person who reported. They see it when they look with their code. I cannot tell them.
breach-asked-named = Your question waits for the person who reported. At the next full hour I tell them that there is something to read.
breach-handed-over = Handed to { $who }. They hear of it at the next full hour.
breach-handover-cannot = I cannot hand this case to that person. It has to be a facilitator who is in this group and may see the case.
breach-recuse-preview = You will not see this case any more, and this cannot be undone. { $count ->
    [0] Nobody
    [one] 1 other facilitator
   *[other] { $count } other facilitators
} can see it. Stepping back is right when it is about you, or about somebody close to you.
breach-recuse-alone = **Then nobody in this group can look after it.** The person who reported is pointed to the outside contact when they look.
breach-recused = Done. You will not see this case any more.
breach-mute-preview = I will take nothing more from the person who wrote this report. They can still read where it stands. You do not learn who it is. This cannot be undone. Please use it only if what they write is meant to harm.
breach-muted = Done. Nothing more can be added to this case from outside the desk.
breach-closed = Closed. The person who reported can read what you wrote. I keep the case until its time is over, then only that there was one.

breach-address-preview = This is what everybody in the room will read:
breach-address-how = To use your own words, without any name: { CMD("cases address CASE WORDS") }. The name of this case is { $label }. Nothing is posted yet.
breach-address-words =
    We have heard that something from this group was told outside it. We are looking after it.
    
    What is said here stays here, and so does who is here. Your own story is yours to tell. Others' stories are not. Most of the time this happens without bad intent. Please do not guess who it was, or who spoke up.
breach-renew-preview = I will ask everybody who agreed, in private, to do so once more. Nobody loses anything before the group's grace has passed. Nothing has happened yet.
breach-renewing = Done. I ask everybody who agreed, in private and outside quiet hours.
breach-address-report = If you want to tell us something yourself, you can do it in private: { CMD("report") }
breach-addressed = Posted. The person who reported can see that the group was told.

## The steps, and words to say

breach-step-head = **Step { $number } of { $count }, case { $label }**
breach-step-words = Words that you can use as they are, or change:
breach-steps-over = You went through all steps. When all is done, close the case and say what was done: { CMD("cases close CASE WORDS") }. Its name is { $label }.

breach-step-name-harmed = asked the person who was harmed
breach-step-name-guess = thought about who could be guessed
breach-step-name-contain = kept it from spreading
breach-step-name-named = heard the person who was named
breach-step-name-group = told the group
breach-step-name-remedy = agreed on what should follow
breach-step-name-follow = looked again

breach-step-harmed = **Ask the person who was harmed first.** Are they safe? What do they wish for? Do nothing that they do not want, unless somebody is in danger. If you do not know who it is, ask through the case: { CMD("cases ask CASE WORDS") }.
breach-step-say-harmed = "I am sorry that this happened. Thank you that you told us. Are you safe right now? What would help you? We will not do anything in your name without asking you. You do not have to meet anybody."
breach-step-guess = **Think about who could be guessed.** Who knows what the report tells? If you talk about it, would people guess who spoke up? Change the words until they cannot. Talk about it only with facilitators who may see this case.
breach-step-say-guess = "Before we talk to anybody: could they tell from this who wrote it? What can we leave out?"
breach-step-contain = **Keep it from spreading.** Can a post, a picture or a recording be taken down? Ask kindly whoever has it. Ask them not to pass it on.
breach-step-say-contain = "Something from a private group has reached you. Please delete it and do not pass it on. It would help the person whom it is about. We are not asking who gave it to you."
breach-step-named = **Hear the person who was named.** Talk in private and ask before you judge. Do not say who reported, and do not let them guess. Nobody has to meet anybody.
breach-step-say-named = "We have heard that something from our group was told outside it, and that you may know of it. We would like to hear how you see it. We cannot talk about who told us. What happened, as far as you know?"
breach-step-group = **Tell the group the facts, without names.** Only if it helps, and only what the person who was harmed agrees to. I have words for you, and show them first: { CMD("cases address CASE") }
breach-step-say-group = "We have heard that something from this group was told outside it. We are looking after it. Please do not guess who it was, or who spoke up."
breach-step-remedy = **Agree on what should follow.** For example a talk, a reminder of the rules, an apology, a pause, or leaving the group. Leaving should not be the first step, and never without having talked.
breach-step-say-remedy = "This is what we have agreed on, and until when. We will look again together in two weeks. If it is too much for you, please tell us."
breach-step-follow = **Look again after some days.** Is the person who was harmed all right? Did what you agreed on happen? How are you yourself? You can ask another facilitator for support.
breach-step-say-follow = "I wanted to ask how you are, now that some days have passed. Is there anything that we missed?"
