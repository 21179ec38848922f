# First words in a crisis: the contact itself comes before these.

cmd-urgent = I need help now: shows whom to call, at once.
setting-crisis_contact = Whom somebody can call who needs help now, in your own words. Shown first when anybody types `urgent`.

urgent-after = If you or somebody else may be in danger right now, please call your local emergency number first. You do not have to be alone with this.
urgent-general = If you or somebody else may be in danger right now, please call your local emergency number.

    If you want to talk to somebody now, look for a crisis line in your country: search the web for "crisis line" and the name of your country. Most are free, and you need not give your name.

    You can also tell somebody you trust that you need them now. You do not have to be alone with this.
