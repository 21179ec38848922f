# What the adapter for Discord says: what may be missing and where to click, what a gate changes, and
# what has to be said before the engine can. Words of menus are those of Discord's English app.

discord-missing-speak = I cannot see this channel, or cannot write in it. On Discord, right-click it and choose Edit Channel, then Permissions. Add my role (Circlekeeper). Allow "View Channel" and "Send Messages".
discord-missing-roles-mute = I lack the permission "Manage Roles". I need it for the gate **mute**: to give a role to people once they agreed. On Discord: **Server Settings**, **Roles**, choose my role (**Circlekeeper**), **Permissions**, switch on "Manage Roles".
discord-missing-roles-door = I need the permission "Manage Roles" for the gate **door** too: to let people in once they agreed. It is the same switch.
discord-missing-bits = I lack some of the permissions that I need to hand on, such as "Send Messages", "Add Reactions", "Create Public Threads", "Connect" or "Speak". On Discord: **Server Settings**, **Roles**, choose my role (**Circlekeeper**), **Permissions**, switch them on. Until then the gate leaves open what I lack.
discord-missing-order = My role stands below the role of this group, so I may not give it to anybody. On Discord: **Server Settings**, **Roles**, drag my role (**Circlekeeper**) above it.
discord-missing-take-down = I lack the permission "Manage Messages" here. I need it to take down what people write who have not agreed, where their power lets them write all the same. On Discord: **Server Settings**, **Roles**, choose my role, **Permissions**, switch on "Manage Messages".
discord-missing-entrance = For the gate **door** I need a channel that newcomers can see, for the doorbell. Type `/setup start` and choose one; everybody must be allowed to view it, and I to write there.
discord-missing-members = For the gate **door** I need to know who is here, or people who are inside would be shut out. The person who runs me can switch that on: in the developer portal, **Bot**, "Server Members Intent".
discord-missing-role = The role of this group was deleted, so those who agreed have lost what it gave them. To have it made again: `/setup start`, then apply. Or take the gate down: `/group open`.
discord-missing-overwrites = Somebody changed the permissions of the channel, so that the gate does not hold any more. To have it put back: `/setup start`, then apply. If it was meant, take the gate down: `/group open`.

discord-note-administrators = People with the permission "Administrator", and the owner of the server, see and may do everything: no gate holds them. You find them in **Server Settings**, **Members**.
discord-note-synced = The permissions of this channel are synced with its category. The gate ends that. Please do not press "Sync Now" in the channel's **Permissions** afterwards: it would take the gate away.
discord-note-screening = This server asks newcomers to accept its rules first (**Server Settings**, **Safety Setup**, or **Access**). Until they have, I let nobody take part.
discord-note-onboarding = This server shows newcomers channels by their answers (**Server Settings**, **Onboarding**). Please check that no answer gives the role of this group.
discord-note-threads = There are threads below this channel. The gate covers them too. Private threads can be seen only by those who were added to them, and by moderators.
discord-note-announcements = This is an announcement channel. What is published here can go to other servers. A plain channel is better for a group. To change it, choose Edit Channel, then Overview. Switch off "Announcement Channel".
discord-note-stage = The voice channel is a stage. Calls there are not encrypted from end to end; in ordinary voice channels they are.
discord-note-call-unseen = I cannot see the voice channel "{ $channel }". So I see no calls there, and no recorders. On Discord, right-click it, choose **Edit Channel**, then **Permissions**. Add my role (**Circlekeeper**) and allow "View Channel".
discord-note-recorders = In the voice channel "{ $channel }" I can tell you of recorder bots, but cannot stop them. I need the permission "Deafen Members" or "Move Members" for that. On Discord: **Server Settings**, **Roles**, choose my role (**Circlekeeper**), **Permissions**, switch them on.
discord-note-status = If you like, I can write above the voice channel "{ $channel }" that nobody may record. Discord wants the permission "Manage Channel" for that, so I do not ask for it by myself. Right-click the voice channel, **Edit Channel**, **Permissions**, add my role (**Circlekeeper**), and allow "Manage Channel" and "Set Voice Channel Status" there alone. All else works without.
discord-note-members = I do not get the list of who is on this server. So I notice people only when they use me, write, or join a call; I hear nothing of who comes and goes, or of roles that are given by hand. With the gate **mute** I take down what newcomers write, and let everybody be who joined the server before. The person who runs me can change that: in the developer portal, **Bot**, "Server Members Intent".

discord-change-role = I make a role "{ $role }" that has no power of its own, and give it to everybody who may take part. Everybody on this server can see who has it.
discord-change-mute = In #{ $channel } only that role may write, react and open threads. Everybody else can go on reading.
discord-change-mute-voice = In the voice channel "{ $channel }" only that role may join, speak and write.
discord-change-door = Only that role sees #{ $channel } and what was written there. Everybody who sees it now gets the role first.
discord-change-door-voice = Only that role sees the voice channel "{ $channel }" and may join it.
discord-change-no-voice = No voice channel was chosen, so calls are not covered.
discord-change-bell = I put one message with a button into #{ $channel }, the doorbell, and put it back if it is deleted.
discord-change-take-down = I take down what people write who have not agreed. For a moment others may see it.

discord-repair = On Discord: **Server Settings**, **Roles**, delete the role that begins with "In". Then right-click the channel, **Edit Channel**, **Permissions**, **Advanced permissions**, and set for @everyone what should hold again; do the same for the voice channel. Delete my doorbell message. Then remove me: **Server Settings**, **Integrations**.

discord-option-confirm = True: do it at once, without showing first what will change.
discord-option-group = Which group is meant, where you are in several.

discord-starting = I am just starting. Please try again in a few seconds. Nothing has happened yet.
discord-not-kept = I could not keep that just now, so I did nothing. Please try again in a minute. If it happens again, tell a facilitator.
discord-unknown-button = That button is from an earlier time, and I do not know any more what it was for. Nothing has happened. `/help` shows what you can do.
discord-nothing-more = That is done. There is nothing more to say about it.
discord-interrupted = I was interrupted while you waited. I cannot say whether what you did still counts, so please look: `/consent show`. Then give the command again if it is needed.
discord-form-again = To go on, open the form.
discord-form-open = Open the form
discord-which-group = You are in several groups. Which one do you mean?
discord-which-group-typed = You are in several groups: { $groups }. Please give the command again, and say which one you mean with the option `group`.
discord-no-such-group = I know no group called "{ $group }" that you and I share. Start to type its name in the option `group`, and I will complete it.
discord-no-group-here = There is no group in this channel, and you are in none on this server. Whoever manages the server can begin one here: `/setup start`. If you need help right now: `/urgent`.
discord-pending = This server asks you to accept its rules first. Discord shows you where: at the bottom of the server's window. Then come back and press the button again.
discord-boxes-missing = Some boxes are not ticked. You can go on when you have read and ticked each one. If you would rather not, that is all right: `/consent decline`.
discord-not-a-channel = Please go to an ordinary text channel of the server for that. A group is the text channel where `/setup start` is given.
discord-in-thread = This is a thread. A group is a whole text channel: please give the command in the channel above it, #{ $channel }. The gate then covers its threads too.
discord-in-forum = This is a post in a forum, and a forum cannot be guarded. Please make an ordinary text channel (the plus sign beside a category, **Text**), and give the command there.
discord-in-stage = This is a stage or a voice channel. A group begins in a text channel: give the command there, and choose this channel as its voice channel in the first step.
discord-in-announcements = This is an announcement channel. What is published here can go to other servers. Please make it a plain one first: choose Edit Channel, then Overview, and switch off "Announcement Channel". Then give the command again.
discord-cannot-see = I cannot see this channel. On Discord, right-click it and choose Edit Channel, then Permissions. Add my role (Circlekeeper). Allow "View Channel" and "Send Messages". Then give the command again.
discord-for-stewards = To begin a group here, you need the right "Manage Server" or "Manage Channels". Please ask somebody who has it.

discord-places =
    First, **the channels.** The group is this text channel. Two more can belong to it, and nothing is changed by choosing:

    - The group's voice channel, if it has one: { $voice }. The gate covers it too.
    - For the gate "door" a channel that newcomers can see: { $entrance }. The doorbell hangs there.

    Then press the button.
discord-places-voice = The group's voice channel
discord-places-entrance = A channel that newcomers can see
discord-places-none = none
discord-places-next = Go on
discord-places-taken = That voice channel belongs to another group already. Please choose another one.
discord-places-same = The doorbell needs a channel of its own. Under the gate "door", newcomers cannot see the group's channel.
discord-places-hidden = Everybody must see that channel, or newcomers cannot find the doorbell. On Discord, choose Edit Channel, then Permissions. Allow "View Channel" for @everyone. Or choose another channel.
discord-places-silent = I cannot write in that channel. On Discord: **Edit Channel**, **Permissions**, add my role (**Circlekeeper**), allow "View Channel" and "Send Messages". Or choose another one.
