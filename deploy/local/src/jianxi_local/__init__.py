"""The local platform: embedded servers, supervised services, and the verbs of `./jianxi`."""
