# Recording: nobody may, unless every single person agreed. A no is a normal answer, and nobody's business.

cmd-recording-show = Shows whether anyone may record right now, and why.
cmd-recording-ask = Asks everyone here whether you may record. Only if every single person says yes.
cmd-recording-agree = Says yes to the question about recording.
cmd-recording-decline = Says no to the question about recording. Nobody hears that it was you.
cmd-recording-stop = Stops any recording at once. Needs no reason. When it is over: asks that it be deleted.
option-purpose = What the recording is for.
option-viewers = Who will see or hear it.
option-days = After how many days it is deleted.
setting-recorder_policy = What I do when I see a recorder. With `alert` I tell facilitators and the room. With `block` I also stop it, where that can be undone.

recording-no-now = **Nobody may record right now.** Not the call, not the screen, not what is written.
recording-no-why = That is the rule here. It changes only in a meeting, when somebody asks and every single person who is there says yes.
recording-asking-now = A question about recording is open until { $until }. Nobody may record while it is. After that, only if everyone has said yes.
recording-allowed-now = **Recording is allowed right now**: every single person here said yes. It ends with this meeting, when somebody new comes, or when anybody types { CMD("recording stop") }.

recording-sees-calls = **What I can see of recorders:** bots in the call that can hear, names that say they record, and shared screens. I see them only where the chat platform shows them to me.
recording-sees-no-calls = **What I can see of recorders:** nothing here. I am not shown who is in a call.
recording-cannot-see = **What I cannot see:** a phone held to the screen, a screen recorder, a clip made by somebody's own app (Discord calls them Clips), an AI note-taker on somebody's device, or a photo. No program can stop those. That is why we ask each other.

recording-what-call = **What would be recorded:** what is said in the call.
recording-what-text = **What would be recorded:** what is written in this room.
recording-purpose = **What for:** { $purpose }
recording-viewers = **Who will see it:** { $viewers }
recording-days = **How long it is kept:** { $lasting }, then it is deleted.
recording-keeper = **Who asks, and would keep it:** { $who }

recording-question = { $who } asks everyone here: may this meeting be recorded?
recording-question-free = You are free to say no. You need no reason, and nothing changes for you. Nobody hears who said no. If you say nothing, that counts as a no. If even one person does not agree, nobody records, and that is the usual result.
recording-question-until = Please answer by { $until }. You can change your answer until then.
recording-choice-agree = Yes, I agree
recording-choice-decline = No
recording-choice-look = Read the question
recording-choice-stop = Stop recording
recording-choice-delete = Have it deleted too

recording-asked = { $who } asks whether this meeting may be recorded. Everyone who is here now can answer in private until { $until }. Until then nobody may record. After that too, unless every single person says yes. To read the question, type { CMD("recording") }.
recording-you-asked = I have asked everyone who is here now. You hear the outcome with all others: { $until }. By asking you said yes yourself; you can take that back with { CMD("recording decline") }.
recording-agreed = **Everyone agreed.** This meeting may be recorded, but only like this:
recording-agreed-ends = It ends with this meeting, when somebody new comes, or when anybody types { CMD("recording stop") }. That needs no reason.
recording-not-agreed = Not everyone agreed to recording, so nobody may record. That is the usual result, and it is fine. We go on as before.
recording-stopped = **Recording ends now.** From this moment nobody may record. That is fine: it ends as soon as somebody new comes, or anybody would like it to. If you were recording, please stop it now.
recording-over-with-session = The permission to record has ended with the meeting. If you were recording, please stop it now.
recording-question-over = The question about recording has ended with the meeting. Nobody may record.

recording-no-session = You can ask this only while a meeting is on. Nobody may record until then. A facilitator opens a meeting with { CMD("session start") }.
recording-asked-already = This is being asked already. The outcome comes on { $until }. To read the question, type { CMD("recording") }.
recording-once = Everyone was asked once in this meeting, and that is enough: asking again would press people. You can ask in another meeting.
recording-too-long = Please use { $most } characters at most for what it is for, and for who will see it.
recording-bad-days = A recording can be kept from { $least } to { $most } days. Please try again with a number in between.
recording-agree-first = Before you can ask this, please agree to keep what is said here private yourself: { CMD("consent") }
recording-join-first = There is a call now, so the question is about the call. Please join it first.
recording-too-few = I ask this only when at least { $fewest } people are here. With fewer, a no could be guessed. So nobody may record this time. You can ask again when more people are here.
recording-cannot-ask-all = I cannot ask everyone: somebody can see this room from another network or from outside. So nobody may record here.
recording-person-as-bot = Somebody here has agreed to keep what is said private, and is listed as a bot in this room's settings. I cannot ask a bot, and nobody may be left out. So nobody may record here. Please have the list mended, then ask again.
recording-not-asked = I take { $who } for a bot, so I do not ask it. If that is a person, please type { CMD("recording stop") }: then nobody may record.
recording-not-all-agreed = Not everyone here has agreed to keep what is said private. Until they have, recording cannot be allowed. You can ask again later.
recording-nothing-asked = Nothing is being asked right now, and nobody may record unless { CMD("recording") } says so.
recording-too-late = The time to answer is over. The room hears the outcome now.
recording-not-you = This question went to those who were here when it was asked, so there is nothing for you to answer.
recording-said-yes = Thank you. I have noted your yes.
recording-said-no = Thank you. I have noted your no. Nobody hears that it was you.
recording-change-mind = You can change your answer until { $until }.

recording-you-stopped = Done. Nobody may record from now on, and the room has been told. It was not told that it was you.
recording-you-can-delete = If you also want deleted what was recorded so far, type { CMD("recording stop") } once more.
recording-stop-noted = Noted. Recording will not be allowed. The room hears it at { $until }, in the usual words, and not that it was you.
recording-nothing-to-stop = Nobody may record right now, so there is nothing to stop. If you think that somebody does, you can type { CMD("pause") }, or talk to a facilitator.
recording-withdrawn = Done. You have taken back that you agreed. I told the person who keeps the recording to delete it, but not that it was you. I cannot check whether they do.
recording-delete = Somebody has taken back that they agreed to the recording of { $at } (for: { $purpose }). Please delete it now, with every copy, and ask those who saw it to do the same. If you never made one, you need do nothing.
recording-delete-today = The recording of { $at } (for: { $purpose }) was to be kept until today. Please delete it now, with every copy. If you never made one, you need do nothing.

recording-call-started = A call has started. **Nobody may record it**, unless every single person agreed first. That goes for AI note-takers too. { CMD("recording") } shows what holds right now.
recording-call-line = Some came into the call a little later. **Nobody may record it**, unless every single person agreed first. { CMD("recording") } shows what holds right now.
recording-call-late = You have joined the call. Please know: nobody may record it, unless every single person agreed first. That goes for screenshots and AI note-takers too. { CMD("recording") } shows what holds right now.
recording-status-no = Nobody may record
recording-status-yes = Recording: everyone agreed

recording-room = Something here may be recording: { $name }. Nobody has agreed to that. The facilitators have been asked to look. Until they have, please say only what you are at ease with.
recording-room-stopped = Something here may have been recording: { $name }. Nobody had agreed to that. I have stopped it, and asked the facilitators to look.
recording-alert-recorder = A bot in the call can record: { $name }. Nobody has agreed to that. Does somebody know about it?
recording-alert-marked = A name in the call says that it is recording: { $name }. Nobody has agreed to that. Does somebody know about it?
recording-alert-listening = A bot in the call can hear what is said: { $name }. Nobody has agreed to recording. Does somebody know about it?
recording-alert-screen = Somebody shares a screen or a camera picture: { $name }. Is that all right for everyone? Others could be seen in it.
recording-alert-widget = A call in this room runs in a place that I cannot see into: { $name }. Anybody there could record, and I would not know. Does the group want that?
recording-alert-next = Please ask in the room, calmly, and without blame. If it should not be here, remove it. For me to stop such things myself, where I can: { CMD("group set recorder_policy block") }
recording-alert-screen-next = I do nothing about it. Please ask them in the call.
recording-alert-stopped = I have stopped it, and removed nothing. To let it go on: { CMD("group set recorder_policy alert") }. It may also go on when everyone agrees to a recording of the call.
recording-let-on-by-hand = { $name }, which I had stopped, goes on: somebody with power here did that by hand. I leave it as it is. If that is not right, please talk to them.
recording-block-failed = I could not stop a recorder. Please look into the call and remove it by hand.
recording-unblock-failed = I could not let a recorder go on that I had stopped. Please do it by hand: in Discord, undo "server deafen"; elsewhere, add it again.
