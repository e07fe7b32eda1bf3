"""The films of the sandbox: real MP4 files, made without an encoder."""
