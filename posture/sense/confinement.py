"""The worker locks itself in: from then on it opens no connection, starts nothing, writes no file.

Pictures and films are read by large libraries; whoever could take them over with a forged one gets
no further than this process. Linux only, by seccomp (3.17) and Landlock (5.13), where the kernel
has them; neither needs a privilege, and neither can be undone. Numbers are the kernel's own:
seccomp(2), landlock(7), arch/*/include/generated/uapi/asm/unistd_64.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS = 38
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_SET_MODE_FILTER, _GET_ACTION_AVAIL, _ALL_THREADS = 1, 2, 1

# Opcodes of the filter's machine: load a word, mask it, jump if equal, at least, or any bit set;
# return.
_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
# Where struct seccomp_data keeps the call, the processor and the lower half of each argument.
_CALL, _PROCESSOR, _FIRST_ARGUMENT = 0, 4, 16
# Calls above are those of another ABI on the same processor (x32).
_FOREIGN_CALLS = 0x40000000
_O_CREAT, _O_TMPFILE = 0o100, 0o20000000
_AF_INET, _AF_INET6, _SOCK_STREAM, _SOCK_TYPES = 2, 10, 1, 0xF


@dataclass(frozen=True, slots=True)
class _Processor:
    """Its name for the filter, and which column of the tables below is its own."""

    audit: int
    column: int
    seccomp: int


_PROCESSORS = {
    "x86_64": _Processor(0xC000003E, 0, 317),
    "aarch64": _Processor(0xC00000B7, 1, 277),
}
# Number on x86_64, on aarch64; None: it has no such call.
_Numbers = tuple[int | None, int | None]
_SOCKET: _Numbers = (41, 198)
# The flags are the second and the third argument.
_OPEN: _Numbers = (2, None)
_OPENAT: _Numbers = (257, 56)
# Its flags are out of a filter's reach; told that there is no such call, libraries use the other.
_OPENAT2: _Numbers = (437, 437)
_REFUSED: dict[str, _Numbers] = {
    # Other ways to the network, and round this filter.
    "socketpair": (53, 199), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # Other programs.
    "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438),
    # The system itself.
    "bpf": (321, 280), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "mount": (165, 40),
    "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "open_by_handle_at": (304, 265), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104),
    # Files made, moved, removed or changed by name.
    "creat": (85, None), "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "unlink": (87, None),
    "unlinkat": (263, 35), "link": (86, None), "linkat": (265, 37), "symlink": (88, None),
    "symlinkat": (266, 36), "mknod": (133, None), "mknodat": (259, 33), "truncate": (76, 45),
    "chmod": (90, None), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "lchown": (94, None), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6),
}  # fmt: skip

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_GET_VERSION = 1
_RULE_BELOW_PATH, _RULE_PORT = 1, 2
# Rights by the version of Landlock that brought them; reading and listing are left alone.
_EXECUTE, _WRITE_FILE, _REMOVE_AND_MAKE = 1 << 0, 1 << 1, 0x1FF0
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_ON_DEVICES = _WRITE_FILE | _TRUNCATE
_BIND_AND_CONNECT, _CONNECT = 3, 2
_SIGNALS_AND_ABSTRACT_SOCKETS = 3
# Cameras come and go there.
_DEVICES = "/dev"


@dataclass(frozen=True, slots=True)
class Locks:
    """What holds: ``seccomp``; ``landlock``: its version, 0 = none."""

    seccomp: bool = False
    landlock: int = 0


def offered() -> Locks:
    """What this system has."""
    if sys.platform != "linux":
        return Locks()
    return Locks(_has_seccomp(), _landlock_version())


def confine(port: int | None = None) -> Locks:
    """Lock this process in and return what holds. Never raises; there is no way back.

    ``port``: of the stream on this computer that is read; None: no connection at all. Call it
    while the process has one thread: what Landlock refuses, it refuses the threads made later.
    """
    if sys.platform != "linux" or _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return Locks()
    try:
        version = _restrict_files(port)
    except OSError:
        version = 0
    return Locks(_filter_calls(inet=port is not None), version)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    """A system call. Raises OSError."""
    returned: int = _libc().syscall(number, *arguments)
    if returned < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return returned


# -- seccomp


def _processor() -> _Processor | None:
    # A 32-bit interpreter has other numbers.
    return _PROCESSORS.get(os.uname().machine) if sys.maxsize > 2**32 else None


def _has_seccomp() -> bool:
    processor = _processor()
    if processor is None:
        return False
    action = ctypes.c_uint32(_ERRNO)
    try:
        _call(processor.seccomp, _GET_ACTION_AVAIL, 0, ctypes.byref(action))
    except OSError:
        return False
    return True


def _filter_calls(*, inet: bool) -> bool:
    processor = _processor()
    if processor is None:
        return False
    program = b"".join(_program(processor, inet=inet))
    instructions = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    try:
        _call(processor.seccomp, _SET_MODE_FILTER, _ALL_THREADS, ctypes.c_char_p(head))
    except OSError:
        return False
    return True


def _program(processor: _Processor, *, inet: bool) -> Sequence[bytes]:
    """The filter: each step is an instruction; a jump counts the instructions it leaves out."""
    refuse = _step(_RETURN, _ERRNO | errno.EPERM)
    steps = [
        _step(_LOAD, _PROCESSOR),
        _step(_EQUAL, processor.audit, yes=1),
        refuse,
        _step(_LOAD, _CALL),
        _step(_AT_LEAST, _FOREIGN_CALLS, no=1),
        refuse,
    ]
    for numbers in _REFUSED.values():
        steps += _if_call(processor, numbers, [refuse])
    steps += _if_call(processor, _OPENAT2, [_step(_RETURN, _ERRNO | errno.ENOSYS)])
    steps += _if_call(processor, _OPEN, _unless_it_makes_a_file(1, refuse))
    steps += _if_call(processor, _OPENAT, _unless_it_makes_a_file(2, refuse))
    steps += _if_call(processor, _SOCKET, _if_tcp(refuse) if inet else [refuse])
    return [*steps, _step(_RETURN, _ALLOW)]


def _if_call(processor: _Processor, numbers: _Numbers, then: list[bytes]) -> list[bytes]:
    """*then* must end with a return."""
    number = numbers[processor.column]
    return [] if number is None else [_step(_EQUAL, number, no=len(then)), *then]


def _unless_it_makes_a_file(argument: int, refuse: bytes) -> list[bytes]:
    return [
        _step(_LOAD, _FIRST_ARGUMENT + 8 * argument),
        _step(_ANY_BIT, _O_CREAT | _O_TMPFILE, no=1),
        refuse,
        _step(_RETURN, _ALLOW),
    ]


def _if_tcp(refuse: bytes) -> list[bytes]:
    return [
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_EQUAL, _AF_INET, yes=2),
        _step(_EQUAL, _AF_INET6, yes=1),
        refuse,
        _step(_LOAD, _FIRST_ARGUMENT + 8),
        _step(_AND, _SOCK_TYPES),
        _step(_EQUAL, _SOCK_STREAM, yes=1),
        refuse,
        _step(_RETURN, _ALLOW),
    ]


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


# -- Landlock


def _landlock_version() -> int:
    try:
        return _call(_CREATE_RULESET, None, ctypes.c_size_t(0), _GET_VERSION)
    except OSError:
        return 0


def _restrict_files(port: int | None) -> int:
    """Files may be read, devices used. Raises OSError."""
    version = _landlock_version()
    if not version:
        return 0
    files = _EXECUTE | _WRITE_FILE | _REMOVE_AND_MAKE
    files |= (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    attributes = struct.pack("Q", files)
    if version >= 4:
        attributes += struct.pack("Q", _BIND_AND_CONNECT)
    if version >= 6:
        attributes += struct.pack("Q", _SIGNALS_AND_ABSTRACT_SOCKETS)
    rules = _call(_CREATE_RULESET, ctypes.c_char_p(attributes), ctypes.c_size_t(len(attributes)), 0)
    try:
        devices = os.open(_DEVICES, os.O_PATH | os.O_CLOEXEC)
        try:
            _allow(rules, _RULE_BELOW_PATH, struct.pack("=Qi", files & _ON_DEVICES, devices))
        finally:
            os.close(devices)
        if version >= 4 and port is not None:
            _allow(rules, _RULE_PORT, struct.pack("QQ", _CONNECT, port))
        _call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    return version


def _allow(rules: int, kind: int, attributes: bytes) -> None:
    _call(_ADD_RULE, rules, kind, ctypes.c_char_p(attributes), 0)
