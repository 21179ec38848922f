### Consent: every word that it says. Short: a tired or frightened person reads this on a phone.

## Commands

cmd-consent-show = Shows where you stand, and lets you read and answer the agreement.
cmd-consent-understood = Says that you have read the limits and are old enough.
cmd-consent-agree = Agrees to the agreement that you were shown.
cmd-consent-decline = Says no. You can change your mind at any time.
cmd-consent-withdraw = Takes your agreement back, at once.
cmd-consent-undo = Undoes taking it back, within 10 minutes.
cmd-consent-receipt = Shows your consent receipt again.
cmd-consent-talk = Tells the facilitators that you would like to talk with one of them.
cmd-rules = Shows the ground rules of this group.

## Settings

setting-agreement = Words of your own that are added to the agreement (`none` for none). A change asks everyone again.
setting-facilitator_duty = What facilitators have to report. With none, nothing is set here. With org_policy, what the rules of their group or body say. With mandated, what the law says. A change asks everyone again.
setting-grace = How long people who are already here have to answer. When it ends, facilitators see a number. Nobody is muted or removed.
setting-limits = Which limits of privacy are shown before the agreement. A change asks everyone again.
setting-min_age = The least age for taking part, never under 13. A change asks everyone again.
setting-renew = How long an agreement lasts before I ask again.

## Choices

consent-choice-start = Read and answer
consent-choice-understood = I have read this, go on
consent-choice-agree = I agree
consent-choice-decline = No, thank you
consent-choice-withdraw = Take my agreement back
consent-choice-undo = Undo, I still agree
consent-choice-receipt = Show my receipt
consent-choice-talk = I'd like to talk with a facilitator
consent-choice-look-again = Read it again

## Being asked

consent-welcome =
    Welcome. This is a peer-support group. Everyone promises to keep private what is said and who is here.

    Please read this first. You are free to say no.
consent-welcome-door =
    Welcome. You asked to come in to a peer-support group. Everyone promises to keep private what is said and who is here.

    Please read this first. If you agree, I let you in. You are free to say no.
consent-welcome-before =
    Hello. This group now asks everyone to keep private what is said and who is here, also those who are already here.

    There is time until { $until }. Nothing is taken from you before you answer, and you are free to say no.
consent-again = Something has changed in this group, so I ask you again.
consent-renewal = It has been a while since you agreed. So that it stays your own choice, I ask you again.
consent-still-holds = What you agreed to before holds until { $until }, so there is no hurry.

consent-news-agreement = **New:** the words of the agreement.
consent-news-limits = **New:** the limits of what can stay private.
consent-news-duty = **New:** what facilitators may have to report.
consent-news-age = **New:** the least age for taking part.
consent-news-facilitator = **New:** somebody else is a facilitator now.
consent-news-renewal = **Once more:** facilitators ask everyone to renew what we promised each other.
consent-news-hearing = **New:** this group lets me hear commands in this encrypted room. For that I hold its keys, and what is said passes through my program. I look only for commands, and keep none of it.
consent-news-bridge = **New:** this room is now linked to another network, where it can be read too.

consent-crisis = This is not a crisis service. **If you need help right now:** { $contact }
consent-crisis-none = This is not a crisis service. **If you are in danger, call your local emergency number.** { CMD("urgent") } works at any time.

# Each limit begins with a line break of its own; one that the group left out is empty.
consent-limits = **What may not stay private**{ $harm_self }{ $harm_others }{ $child_abuse }{ $vulnerable_adult_abuse }{ $court_order }{ $members_not_guaranteed }{ $no_legal_privilege }{ $technical_access }
consent-limit-harm-self = { "\u000A" }• Someone is in danger of ending their life: a facilitator may call for help.
consent-limit-harm-others = { "\u000A" }• Someone may badly hurt another person: a facilitator may call for help or warn them.
consent-limit-child-abuse = { "\u000A" }• A child is being hurt: a facilitator may have to report it.
consent-limit-vulnerable-adult-abuse = { "\u000A" }• An adult who cannot protect themselves is being hurt: a facilitator may have to report it.
consent-limit-court-order = { "\u000A" }• A court can order people to tell what was said here.
consent-limit-members-not-guaranteed = { "\u000A" }• Members promise to keep things private. Nobody can guarantee that all of them do.
consent-limit-no-legal-privilege = { "\u000A" }• The law does not protect this like a talk with a doctor or a lawyer.
consent-limit-technical-access = { "\u000A" }• The chat service, whoever runs me, linked networks and backups may hold what is written here.

consent-duty-none = No duty to report is set here; facilitators may still report.
consent-duty-org-policy = Facilitators here follow the rules of their organisation, and may have to report some things to it.
consent-duty-mandated = Facilitators here must report some things by law, such as harm to a child.

consent-awaited = { $count ->
    [one] One more person
   *[other] { $count } more people
} may become a facilitator here soon.

consent-no-false-security = I cannot stop anyone from remembering, copying or telling. You cannot check from here what my operator runs.
consent-data = If you go on, I keep that you are here, your answer and its time. { CMD("forget") } erases it. { $operator } runs me.
consent-hearing = This room is encrypted, and this group lets me hear commands in it: I hold its keys, and what is said passes through my program. I keep none of it.
consent-shows-notice = I tell nobody how you answer.
consent-shows-mute = I tell nobody how you answer. But only people who have agreed may write here, and the room itself can show who may.
consent-shows-door = I tell nobody how you answer. But newcomers come in only after they agree, so being here can show it.
consent-limits-next = Please go on only if you have read this and are { $age } or older. If you are younger, say no: a facilitator can help you find a better place.

consent-boxes = Tick each one that you have read
consent-box-age = I am { $age } or older.

consent-limits-first = Before the agreement come its limits. Please read them first.
consent-changed-since = This has changed since you were shown it. Here is how it is now. Nothing was agreed.
consent-look-again = You said no, and that is all right. Here it is again, so that you can look at it in your own time.

consent-look-again-withdrawn = You took your agreement back, and that is all right. Here it is again, so that you can look at it in your own time.
consent-outside = You are not in this group now. To come in, ask to join the room in your app. Then I write to you, and you can read and answer. If you need help right now: { CMD("urgent") }.

## The agreement

consent-understood = Thank you. This is the agreement:
consent-agreement-head = This is the agreement:
consent-agreement-next = To take it back later, one step is enough: { CMD("consent withdraw") }.
consent-ask-group = Questions? You can ask: { $contact }
consent-ask-operator = Questions? You can ask { $operator }: { $contact }

## Answers

consent-given = Thank you. You have agreed. It holds until { $until }. Then I ask you again.
consent-given-door = You can come in now. If you do not see the room yet, look for an invitation in your app.
consent-given-mute = You can write in the group now.
consent-given-next = Here is your receipt. To see it again: { CMD("consent receipt") }. To take your agreement back: { CMD("consent withdraw") }.
consent-stands = You have agreed, on { $at }, to version { $version } of the agreement. It holds until { $until }.

consent-decline-agreed = You have agreed already. If you no longer want that, you can take it back in one step.
consent-declined-stays = That is all right. Nothing is taken from you now, and I tell nobody.
consent-declined-mute = That is all right, and I tell nobody. You can read here. To write, you would need to agree.
consent-declined-door = That is all right, and I tell nobody. The door stays closed for now. You can ask to come in again whenever you like.
consent-declined-outside = I will not write to you about it again unless you ask to come in. If you need help now: { CMD("urgent") }.
consent-declined-again = That is all right, and I tell nobody. You said no to what is new.
consent-declined-until = What you agreed to before holds until { $until }. Nobody is muted or removed when that day comes.
consent-declined-next = I do not ask you again unless the text changes. You can come back to it at any time: { CMD("consent") }. If you need help now: { CMD("urgent") }.

consent-talk-told = I have told the facilitators that you would like to talk, and nothing else. One of them will write to you.
consent-talk-already = The facilitators know already that you would like to talk. If you need help now: { CMD("urgent") }.
consent-talk-nobody = There is no other facilitator here whom I could tell. If you need help now: { CMD("urgent") }.
consent-talk-alert = { $who } has asked me to tell you that they would like to talk with a facilitator. Please write to them in private, soon. I do not know what it is about.

consent-withdrawn = Your agreement is taken back, from now on. You do not have to say why, and I tell nobody.
consent-withdrawn-notice = Nothing is taken from you: you can stay, read and write here.
consent-withdrawn-mute = You can stay and read here. You cannot write here until you agree again, or a facilitator lets you.
consent-withdrawn-door = In this group this means leaving. In 10 minutes I let you out, with no word to the room. What others told you here is still private.
consent-withdrawn-outside = You are not in the group now, so nothing else changes.
consent-withdrawn-undo = You can undo this within { $time }: { CMD("consent undo") }. Later you can agree again at any time: { CMD("consent") }.
consent-withdrawn-already = You have taken your agreement back already. There is nothing more to do. To agree again, type { CMD("consent") }.
consent-withdraw-nothing = You have not agreed to anything here, so there is nothing to take back. To see where you stand, type { CMD("consent") }.
consent-undone = All right. Your agreement holds as before, until { $until }.
consent-undo-nothing = There is nothing to undo. To see where you stand, type { CMD("consent") }.
consent-undo-late = The 10 minutes are over. You can agree again at any time: { CMD("consent") }.

consent-not-set-up = This group is not set up yet, so there is nothing to agree to. I will write to you when it is. A facilitator can begin with { CMD("setup start") }.

## The receipt

consent-receipt-none = You have no receipt yet, because you have not agreed to anything here. To read and answer the agreement, type { CMD("consent") }.
consent-receipt-given = **Your consent receipt.** You have agreed.
consent-receipt-withdrawn = **Your consent receipt.** You have taken your agreement back.
consent-receipt-expired = **Your consent receipt.** Your agreement has run out. To renew it, type { CMD("consent") }.
consent-receipt-says = It names version { $version } of the agreement. The SHA-256 of that file is `{ $sha }`.
consent-receipt-json = The receipt (consent-receipt.json):
consent-receipt-text = The agreement that it names (agreement.md):

## The rules

consent-rules-head = **The ground rules of this group**, in the words that its members agree to:
consent-rules-next = If something got out, you can report it in private, with your name or without: { CMD("report") }. To see where you stand yourself, write to me in private: { CMD("consent") }. If you need help right now: { CMD("urgent") }.

## To the room and to facilitators

consent-room-asked = Hello everyone. This group now asks each of you to agree to keep private what is said and who is here. I am writing to each of you alone. Nothing changes for you before you answer, and I tell nobody how you answer. No message from me? Then you can begin yourself:
consent-doorbell = A note for everyone: you can write to me in private at any time, to read or answer this group's agreement. You can begin here:
consent-bell =
    This is the doorbell of a peer-support group. Everyone in the group promises to keep private what is said and who is here.

    To read what it is about, and to answer, press the button. Only you see what comes then, and you are free to say no. If you need help right now, type { CMD("urgent") }.
consent-unreachable-door = Somebody is asking to come in, and I cannot write to them in private. Please look at who is waiting at the door.

consent-reminder = A gentle reminder: you have not answered this group's agreement yet. A no is fine too. Take the time that you need.
consent-reminder-until = A gentle reminder: this group's agreement is still waiting for your answer, until { $until }. A no is fine too. Nobody is muted or removed when that day comes.
