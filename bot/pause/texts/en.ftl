# A pause, asked for by anybody, without a name.

cmd-pause = Stops the room for a moment. Nobody hears that it was you.
cmd-pause-mute = Stops more pauses for today from the one who misuses them. It does not show who that is.
option-pause = The code in the message about that pause.

pause-room = **Let us pause for a moment.** Somebody here asked for it; that is always fine, and needs no reason. Please stop, take a breath, and remember: what is said here, and who is here, stays here. Nobody records. Be kind. The facilitators have been asked to look in.
pause-facilitators = Somebody asked for a pause. Please look at the room, and ask how everyone is. Please do not try to find out who it was.
pause-facilitators-mute = If pauses are misused, this keeps that person from asking for more until tomorrow. You will not learn who it is, and they can still talk to you. The code of this pause: { $code }
pause-choice-mute = No more pauses from them today
pause-done = Done. The room has been asked to pause, and facilitators to look in. Nobody was told that it was you. If you need help right now, type { CMD("urgent") }.
pause-just-now = The room was asked to pause a moment ago, so I did not ask again. The facilitators know. If you need help right now, type { CMD("urgent") }.
pause-once = You asked for a pause a short while ago. You can ask again from { $at }. To talk to somebody before that, write to a facilitator. If you need help right now, type { CMD("urgent") }.
pause-muted = You cannot ask for a pause until { $until }: the facilitators stopped pauses from the person who asked for one too often. They do not know that it is you. You can write to a facilitator at any time. If you need help right now, type { CMD("urgent") }.
pause-outside = This works only for people who are in the room.
pause-not-set-up = This group is not set up yet, so there is nobody whom I could ask to look in. If you need help right now, type { CMD("urgent") }.
pause-mute-done = Done. The person who asked for that pause cannot ask for another one until { $until }. I do not show who it is. They can still talk to you.
pause-mute-unknown = I know no pause with that code. It may be more than a day ago. Please use the code from the message about the pause.
