# What a test platform says about powers that the bot lacks.
test-missing-levels = Give me the power to change levels: room settings, roles.
test-missing-door = Give me the power to change who can come in: room settings, roles.
test-missing-take-down = Give me the power to take messages down: room settings, roles.
test-repair = To undo it by hand: room settings, roles.
