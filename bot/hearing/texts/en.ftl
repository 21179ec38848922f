# Hearing commands in an encrypted room.

setting-hearing = Whether I hear commands that are typed in this encrypted room. With off, I throw the room's keys away and cannot read it. With commands, I hold its keys, and what is said passes through my program. Switching it on asks everyone again.

hearing-failed = I could not change whether I hear commands in this room. Until I can, it stays as it was: { CMD("privacy") } shows how it is. Please try { CMD("group set hearing off") } or { CMD("group set hearing commands") } again.
hearing-unheard = I cannot read what { $who } writes in this room: their device does not give me its key. Commands that they type here do not reach me, and I cannot take a private one down. In private they can write to me as before. Verifying their device in their app often helps.
