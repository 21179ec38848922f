"""All that an adapter's author has to read: ids, events, effects, capabilities, ports, errors.

Only frozen values cross this boundary: never a client, a message object, a callback or a
platform's own id type.
"""
