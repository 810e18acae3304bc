"""An operator's commands over the messaging: ``python -m common.ops <verb>``; on a local platform ``./jianxi events <verb>``."""
