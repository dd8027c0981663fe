#!/usr/bin/env python3
"""A second verifier of audit packs, written from docs/audit-pack.md alone, with nothing but Python's standard library.

It exists so that nobody has to believe the first one: it shares no code with it, not even a language. It is slower and
says less, and must come to the same exit code: 0 verified, 1 tampered, 2 not established, 3 wrong usage.

    python3 verify_pack.py pack.zip [--policy keys.txt] [--since kept.note]...
"""

import base64
import hashlib
import json
import re
import struct
import sys
import zlib

MAX_UNPACKED = 1 << 30
SAFE = 2**53 - 1


class Tampered(Exception):
    """A contradiction from which the reading cannot go on."""


class NotEstablished(Exception):
    """Nothing to go on."""


class Usage(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).digest()


# --- Ed25519 (RFC 8032 section 5.1.7), affine results through extended coordinates -----------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * SQRT_M1 % P
    if (x * x - x2) % P != 0 or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def point(x, y):
    return (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = point(recover_x(BASE_Y, 0), BASE_Y)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(k, p):
    q = (0, 1, 1, 0)
    while k:
        if k & 1:
            q = add(q, p)
        p = add(p, p)
        k >>= 1
    return q


def decode_point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = recover_x(y, sign)
    return None if x is None else point(x, y)


def encode_point(p):
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed25519_verify(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, s = decode_point(public), int.from_bytes(signature[32:], "little")
    if a is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus_a = (P - a[0], a[1], a[2], P - a[3])
    return encode_point(add(multiply(s, BASE), multiply(k, minus_a))) == signature[:32]


# --- Text forms ------------------------------------------------------------------------------------------------------

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
KIND = r"[a-z][a-z0-9_.-]{0,63}"


def matches(shape, value):
    return isinstance(value, str) and re.fullmatch(shape, value, re.ASCII) is not None


def is_uuid(value):
    return matches(UUID, value)


def is_hex(value):
    return matches("[0-9a-f]{64}", value)


def is_count(value):
    return type(value) is int and 0 <= value <= SAFE


def b64(text, alphabet=None):
    """Bytes of exactly one spelling, or None."""
    try:
        if alphabet == "url":
            data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            return data if base64.urlsafe_b64encode(data).rstrip(b"=") == text.encode("ascii") else None
        data = base64.b64decode(text, validate=True)
        return data if base64.b64encode(data) == text.encode("ascii") else None
    except (ValueError, TypeError):
        return None


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def is_digest(value):
    return isinstance(value, str) and len(value) == 43 and b64(value, "url") is not None


def hashes(value):
    """A list of base64 hashes as bytes, or None."""
    if not isinstance(value, list):
        return None
    found = [b64(one) if isinstance(one, str) else None for one in value]
    return None if any(one is None or len(one) != 32 for one in found) else found


def is_instant(value):
    shape = r"(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z"
    if not matches(shape, value):
        return False
    year, month, day = int(value[:4]), int(value[5:7]), int(value[8:10])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return 1 <= month <= 12 and 1 <= day <= lengths[month - 1]


def number_text(value):
    """ECMAScript's way to write a double, as RFC 8785 wants it; repr() finds the same shortest digits."""
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + ("" if fraction == "0" else fraction)).lstrip("0")
    point_at = len(whole.lstrip("0")) + int(exponent or 0)
    if not whole.lstrip("0"):
        point_at = int(exponent or 0) - (len(fraction) - len(fraction.lstrip("0")))
    digits = digits.rstrip("0") or "0"
    sign = "-" if value < 0 else ""
    if len(digits) <= point_at <= 21:
        return sign + digits + "0" * (point_at - len(digits))
    if 0 < point_at <= 21:
        return sign + digits[:point_at] + "." + digits[point_at:]
    if -6 < point_at <= 0:
        return sign + "0." + "0" * -point_at + digits
    power = point_at - 1
    tail = "." + digits[1:] if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{'+' if power > 0 else '-'}{abs(power)}"


def canonical(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(canonical(one) for one in value) + "]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"


def depth_of(text):
    """Greatest nesting of brackets outside of strings."""
    depth = deepest = 0
    for mark in re.sub(r'"(?:[^"\\]|\\.)*"', "", text):
        depth += (mark in "[{") - (mark in "]}")
        deepest = max(deepest, depth)
    return deepest


def parse_json(data):
    """The value of canonical JSON bytes or text; raises ValueError for anything else."""

    def members(pairs):
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("name used twice")
        return found

    def integer(text):
        if text == "-0" or abs(int(text)) > SAFE:
            raise ValueError("integer out of range")
        return int(text)

    def real(text):
        value = float(text)
        if value != value or abs(value) == float("inf") or value == int(value):
            raise ValueError("a number that is not written canonically")
        return value

    def constant(text):
        raise ValueError(text)

    text = data.decode("utf-8") if isinstance(data, bytes) else data
    text.encode("utf-8")
    if depth_of(text) > 64:
        raise ValueError("nested too deeply")
    value = json.loads(text, object_pairs_hook=members, parse_int=integer, parse_float=real, parse_constant=constant)
    written = canonical(value)
    written.encode("utf-8")
    if written != text:
        raise ValueError("not canonical")
    return value


def has(value, required, optional=()):
    return isinstance(value, dict) and set(required) <= set(value) <= set(required) | set(optional)


# --- Zip -------------------------------------------------------------------------------------------------------------


def is_path(path):
    segments = path.split("/")
    return 1 <= len(path) <= 200 and all(matches("[A-Za-z0-9._-]+", one) and one not in (".", "..") for one in segments)


def check_extra(extra):
    at = 0
    while at < len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind in (0x0001, 0x7075):
            raise Tampered("zip64 or second name in a zip record")
        at += 4 + length


def read_zip(data):
    if len(data) < 22 or data[:4] not in (b"PK\3\4", b"PK\5\6"):
        raise NotEstablished("not a zip file")
    try:
        return read_records(data)
    except (struct.error, zlib.error, UnicodeDecodeError) as fault:
        raise Tampered(f"broken zip: {fault}") from fault


def read_records(data):
    end = len(data) - 22
    mark, disk, first, here, total, size, central, comment = struct.unpack_from("<4sHHHHIIH", data, end)
    if mark != b"PK\5\6" or disk or first or here != total or comment or central + size != end:
        raise Tampered("the zip does not end with its directory")
    records, at = [], central
    while at < end:
        fields = struct.unpack_from("<4sHHHHHHIIIHHHHHII", data, at)
        name_length, extra_length, comment_length = fields[10:13]
        name = data[at + 46 : at + 46 + name_length].decode("ascii")
        if fields[0] != b"PK\1\2" or fields[3] & ~0x80E or fields[4] not in (0, 8) or fields[13]:
            raise Tampered("a directory record is not lawful")
        check_extra(data[at + 46 + name_length : at + 46 + name_length + extra_length])
        records.append((fields[16], name, fields[3], fields[4], fields[7], fields[8], fields[9], fields[15] >> 16))
        at += 46 + name_length + extra_length + comment_length
    if at != end or len(records) != total:
        raise Tampered("the directory does not hold what it says")
    if sum(record[6] for record in records) > MAX_UNPACKED:
        raise NotEstablished("the zip unpacks to more than this verifier holds")
    return unpack_records(data, sorted(records), central)


def unpack_records(data, records, central):
    files, names, at = {}, set(), 0
    for record in records:
        name, mode = record[1], record[7]
        folder = name.endswith("/")
        path = name[:-1] if folder else name
        kind = mode & 0xF000
        if not is_path(path) or (kind and kind != (0x4000 if folder else 0x8000)):
            raise Tampered("a name or a kind of file that no pack has")
        if record[0] != at:
            raise Tampered("records do not follow each other")
        content, at = unpack(data, record, central)
        if path.lower() in names or (folder and content):
            raise Tampered("a name stands twice, or a folder has content")
        names.add(path.lower())
        if not folder:
            files[path] = content
    if at != central:
        raise Tampered("bytes stand before the directory")
    lowered = {path.lower() for path in files}
    for path in names:
        parts = path.split("/")
        if any("/".join(parts[:i]) in lowered for i in range(1, len(parts))):
            raise Tampered("a path is both file and folder")
    return files


def unpack(data, record, central):
    """Content of a record, and where the next one begins."""
    offset, name, flags, method, crc, packed, unpacked, _ = record
    local = struct.unpack_from("<4sHHHHHIIIHH", data, offset)
    name_end = offset + 30 + local[9]
    start = name_end + local[10]
    sizes = local[6:9]
    agrees = sizes == (crc, packed, unpacked) or (flags & 8 and sizes == (0, 0, 0))
    if local[0] != b"PK\3\4" or data[offset + 30 : name_end] != name.encode() or local[2] != flags:
        raise Tampered("a file and the directory disagree")
    if local[3] != method or not agrees or start + packed > central:
        raise Tampered("a file and the directory disagree")
    check_extra(data[name_end:start])
    end = start + packed
    content = data[start:end]
    if method == 8:
        stream = zlib.decompressobj(-15)
        content = stream.decompress(content, unpacked + 1)
        if not stream.eof or stream.unused_data:
            raise Tampered("packed bytes do not end where they should")
    if len(content) != unpacked or zlib.crc32(content) != crc:
        raise Tampered("a file is not what the directory says")
    if flags & 8:
        end += 4 if data[end : end + 4] == b"PK\7\10" and struct.unpack_from("<I", data, end + 4)[0] == crc else 0
        if struct.unpack_from("<III", data, end) != (crc, packed, unpacked):
            raise Tampered("a data descriptor disagrees")
        end += 12
    return content, end


# --- Keys, notes, checkpoints ----------------------------------------------------------------------------------------


def parse_vkey(text):
    """(name, id, type, public key) or None."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not parts[0] or re.search(r"[\s\x00-\x1f\x7f-\x9f]", parts[0]):
        return None
    name, key_id, data = parts[0], parts[1], b64(parts[2])
    if data is None or len(data) != 33 or data[0] not in (1, 4):
        return None
    expected = sha256(name.encode() + b"\n" + data)[:4].hex()
    return (name, key_id, data[0], data[1:]) if key_id == expected else None


class Policy:
    def __init__(self):
        self.logs, self.packs, self.witnesses = [], [], []
        self.names, self.grouped, self.quorum = {}, set(), None

    def reached(self, rule, signed):
        if rule is None or rule == "none":
            return True
        if rule[0] == "witness":
            return rule[1] in signed
        return sum(self.reached(one, signed) for one in rule[2]) >= rule[1]


def parse_policy(text):
    policy = Policy()
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text):
        raise ValueError("control characters")
    for number, line in enumerate(text.split("\n"), 1):
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if words and not words[0].startswith("#") and not read_policy_line(policy, words):
            raise ValueError(f"line {number} of the policy")
    return policy


def read_policy_line(policy, words):
    keyword, rest = words[0], words[1:]
    if keyword in ("log", "pack"):
        key = parse_vkey(rest[0]) if 1 <= len(rest) <= 2 else None
        if key is None or key[2] != 1:
            return False
        (policy.logs if keyword == "log" else policy.packs).append(key)
        return True
    if keyword == "witness":
        key = parse_vkey(rest[1]) if 2 <= len(rest) <= 3 else None
        if key is None or key[2] != 4 or rest[0] == "none" or rest[0] in policy.names:
            return False
        if any(other[3] == key[3] for other in policy.witnesses):
            return False
        policy.witnesses.append(key)
        policy.names[rest[0]] = ("witness", key)
        return True
    if keyword == "group":
        return read_group(policy, rest)
    if keyword == "quorum":
        if len(rest) != 1 or policy.quorum is not None or (rest[0] != "none" and rest[0] not in policy.names):
            return False
        policy.quorum = policy.names.get(rest[0], "none")
        return True
    key = parse_vkey(keyword) if not rest else None
    if key is None or key[2] != 1:
        return False
    policy.logs.append(key)
    policy.packs.append(key)
    return True


def read_group(policy, words):
    if len(words) < 3 or words[0] == "none" or words[0] in policy.names:
        return False
    members = words[2:]
    for member in members:
        if member not in policy.names or member in policy.grouped:
            return False
        policy.grouped.add(member)
    k = {"any": 1, "all": len(members)}.get(words[1]) or (int(words[1]) if matches("[1-9][0-9]{0,3}", words[1]) else 0)
    if not 1 <= k <= len(members):
        return False
    policy.names[words[0]] = ("group", k, [policy.names[member] for member in members])
    return True


def parse_note(data):
    """(text, [(name, key id, signature)])"""
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
    except UnicodeDecodeError as fault:
        raise Tampered("a note is not UTF-8") from fault
    body, blank, tail = text.rpartition("\n\n")
    if not blank or not tail.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", text):
        raise Tampered("a note is malformed")
    signatures = []
    for line in tail[:-1].split("\n"):
        parts = line.split(" ")
        data = b64(parts[2]) if len(parts) == 3 and parts[0] == "\u2014" else None
        if data is None or len(data) < 5 or not parts[1] or "+" in parts[1] or re.search(r"\s", parts[1]):
            raise Tampered("a signature line of a note is malformed")
        signatures.append((parts[1], data[:4].hex(), data[4:]))
    if len(signatures) > 100:
        raise Tampered("a note with more than 100 signatures")
    return body + "\n", signatures


def signers(note, keys):
    """The known keys that signed; a known key that did not sign what it seems to have signed is a contradiction."""
    text, found = note[0].encode(), []
    for name, key_id, signature in note[1]:
        known = {key for key in keys if key[:2] == (name, key_id)}
        if len(known) > 1:
            raise Tampered("two known keys cannot be told apart")
        for key in known:
            message = text
            if key[2] == 4:
                time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                message = b"cosignature/v1\ntime %d\n" % time + text
            if not ed25519_verify(key[3], message, signature):
                raise Tampered(f"bad signature of {name}")
            found.append(key)
    return found


def parse_checkpoint(text):
    """(origin, size, root)"""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not matches("0|[1-9][0-9]{0,15}", lines[1]):
        raise Tampered("not a checkpoint")
    root = b64(lines[2])
    if root is None or len(root) != 32 or int(lines[1]) > SAFE:
        raise Tampered("not a checkpoint")
    return lines[0], int(lines[1]), root


# --- Merkle trees ----------------------------------------------------------------------------------------------------


def leaf_hash(leaf):
    return sha256(b"\0" + leaf)


def node_hash(left, right):
    return sha256(b"\1" + left + right)


def blocks(start, stop):
    """(first, length) of the largest aligned blocks that make up [start, stop)."""
    found = []
    while start < stop:
        length = 1
        while start % (2 * length) == 0 and start + 2 * length <= stop:
            length *= 2
        found.append((start, length))
        start += length
    return found


def root_of(parts):
    """The root over [0, n) from (length, hash) of consecutive aligned blocks."""
    stack = []
    for length, value in parts:
        stack.append((length, value))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            right, left = stack.pop(), stack.pop()
            stack.append((2 * left[0], node_hash(left[1], right[1])))
    if not stack:
        return sha256(b"")
    value = stack.pop()[1]
    while stack:
        value = node_hash(stack.pop()[1], value)
    return value


def range_root(log, left, leaves, right):
    before, after = blocks(0, log["from"]), blocks(log["to"], log["end"])
    if len(left) != len(before) or len(right) != len(after):
        return None
    parts = [(length, value) for (_, length), value in zip(before, left)]
    parts += [(1, value) for value in leaves]
    return root_of(parts + [(length, value) for (_, length), value in zip(after, right)])


def split(size):
    return 1 << (size - 1).bit_length() - 1


def root_by_inclusion(index, size, value, proof):
    """Recursion of RFC 6962 section 2.1.1 read backwards; None for a proof of another length."""
    if size == 1:
        return value if not proof else None
    if not proof:
        return None
    k = split(size)
    if index < k:
        inner = root_by_inclusion(index, k, value, proof[:-1])
        return None if inner is None else node_hash(inner, proof[-1])
    inner = root_by_inclusion(index - k, size - k, value, proof[:-1])
    return None if inner is None else node_hash(proof[-1], inner)


def roots_by_consistency(old, new, proof, old_root, whole=True):
    """(older root, newer root) that a proof of RFC 6962 section 2.1.2 stands for, or None."""
    if old == new:
        if whole:
            return (old_root, old_root) if not proof else None
        return (proof[0], proof[0]) if len(proof) == 1 else None
    if not proof:
        return None
    k = split(new)
    if old <= k:
        inner = roots_by_consistency(old, k, proof[:-1], old_root, whole)
        return None if inner is None else (inner[0], node_hash(inner[1], proof[-1]))
    inner = roots_by_consistency(old - k, new - k, proof[:-1], old_root, False)
    return None if inner is None else (node_hash(proof[-1], inner[0]), node_hash(proof[-1], inner[1]))


def is_consistent(old, old_root, new, new_root, proof):
    if old == new:
        return old_root == new_root
    return proof is not None and roots_by_consistency(old, new, proof, old_root) == (old_root, new_root)


# --- The pack --------------------------------------------------------------------------------------------------------


class Pack:
    def __init__(self, files, policy):
        self.files, self.policy, self.used = files, policy, set()
        self.faults, self.gaps = [], []

    def fault(self, text):
        self.faults.append(text)

    def gap(self, text):
        self.gaps.append(text)

    def take(self, path):
        self.used.add(path)
        if path not in self.files:
            self.fault(f"{path} is missing")
        return self.files.get(path, b"")

    def lines(self, path):
        """Values of the lines; a line that is not canonical is None."""
        data = self.take(path)
        if data and not data.endswith(b"\n"):
            return [None]
        found = []
        for line in data.split(b"\n")[:-1]:
            try:
                found.append(parse_json(line))
            except (ValueError, RecursionError):
                found.append(None)
        return found


FORMAT = "fortnight/audit-pack/v1"
ROUTES = ("web", "cli", "api", "system", "link", "integration")


def is_leaf(leaf):
    names = ("actor", "at", "id", "log", "refs", "sd", "type", "v", "via")
    if not has(leaf, names, ("blobs", "prev_cp")) or leaf["v"] != 1 or isinstance(leaf["v"], bool):
        return False
    if not (is_uuid(leaf["id"]) and is_uuid(leaf["log"]) and is_instant(leaf["at"]) and leaf["via"] in ROUTES):
        return False
    word = "[a-z][a-z0-9_-]*"
    if not matches(rf"{word}(\.{word})+", leaf["type"]) or len(leaf["type"]) > 64:
        return False
    if not matches("a_[A-Za-z0-9_-]{1,64}", leaf["actor"]):
        return False
    refs, digests = leaf["refs"], leaf["sd"]
    if not isinstance(refs, list) or not isinstance(digests, list) or not all(is_digest(one) for one in digests):
        return False
    if not all(isinstance(r, list) and len(r) == 2 and matches(KIND, r[0]) and is_uuid(r[1]) for r in refs):
        return False
    if any(a >= b for a, b in zip(digests, digests[1:])):
        return False
    return are_blobs(leaf.get("blobs", [])) and is_seen(leaf.get("prev_cp", {"root": "A" * 43 + "=", "size": 0}))


def are_blobs(blobs):
    return isinstance(blobs, list) and all(
        has(one, ("h", "kind", "n")) and is_hex(one["h"]) and matches(KIND, one["kind"]) and is_count(one["n"])
        for one in blobs
    )


def is_seen(head):
    return has(head, ("root", "size")) and is_count(head["size"]) and hashes([head["root"]]) is not None


def is_manifest(manifest):
    names = ("created_at", "files", "format", "id", "logs", "period", "purpose", "requester", "scope", "v")
    if not has(manifest, names) or manifest["v"] != 1 or isinstance(manifest["v"], bool):
        return False
    texts = [manifest["purpose"], manifest["requester"]]
    if not isinstance(manifest["scope"], dict):
        return False
    texts += list(manifest["scope"].values())
    if not is_uuid(manifest["id"]) or not is_instant(manifest["created_at"]) or not all(isinstance(t, str) for t in texts):
        return False
    period, files, logs = manifest["period"], manifest["files"], manifest["logs"]
    if not has(period, ("from", "to")) or not is_instant(period["from"]) or not is_instant(period["to"]):
        return False
    if period["from"] >= period["to"] or not isinstance(files, list) or not isinstance(logs, list) or not logs:
        return False
    return are_files(files) and all(is_log(log) for log in logs) and len({log["log"] for log in logs}) == len(logs)


def are_files(files):
    for one in files:
        if not has(one, ("path", "sha256", "size")) or not isinstance(one["path"], str) or not is_path(one["path"]):
            return False
        if not is_hex(one["sha256"]) or not is_count(one["size"]) or one["path"] in ("manifest.json", "manifest.note"):
            return False
    paths = [one["path"] for one in files]
    return all(a < b for a, b in zip(paths, paths[1:])) and len({path.lower() for path in paths}) == len(paths)


def is_log(log):
    if not has(log, ("end", "from", "log", "origin", "start", "to")) or not is_uuid(log["log"]):
        return False
    if not all(is_count(log[name]) for name in ("end", "from", "start", "to")):
        return False
    if not isinstance(log["origin"], str) or not log["origin"].endswith("/" + log["log"]):
        return False
    return log["from"] <= log["to"] <= log["end"] and log["start"] <= log["end"]


def verify(pack, held):
    """Fills faults and gaps."""
    if "manifest.json" not in pack.files:
        raise NotEstablished("not an audit pack")
    data = pack.files["manifest.json"]
    try:
        manifest = parse_json(data)
    except (ValueError, RecursionError) as fault:
        raise Tampered(f"manifest.json: {fault}") from fault
    if isinstance(manifest, dict) and isinstance(manifest.get("format"), str) and manifest["format"] != FORMAT:
        raise NotEstablished("an unknown format")
    if not is_manifest(manifest) or manifest["format"] != FORMAT:
        raise Tampered("manifest.json has another shape")
    signed = check_note(pack, data)
    check_files(pack, manifest)
    logs = {}
    for log in manifest["logs"]:
        logs[log["origin"]] = check_log(pack, log, manifest["period"])
    retired = set().union(*(log["retired"] for log in logs.values()))
    check_signers(pack, signed, retired, "manifest.note")
    for note in held:
        check_held(pack, note, logs)
    for one in manifest["files"]:
        if one["path"].startswith(("log/", "blobs/")) and one["path"] not in pack.used:
            pack.fault(f"nothing refers to {one['path']}")


def check_note(pack, manifest):
    """The keys of the policy that signed the manifest."""
    if "manifest.note" not in pack.files:
        pack.gap("the manifest is not signed")
        return []
    try:
        note = parse_note(pack.files["manifest.note"])
        if note[0] != f"{FORMAT}\n{sha256(manifest).hex()}\n":
            raise Tampered("the signed hash is not that of the manifest")
        found = signers(note, pack.policy.packs)
        if not found:
            pack.gap("the manifest is signed by no key of the policy")
        return found
    except Tampered as fault:
        pack.fault(f"manifest.note: {fault}")
        return []


def check_signers(pack, signed, retired, what):
    if signed and all(key[3] in retired for key in signed):
        pack.fault(f"{what} is signed by a key that was retired before")


def check_files(pack, manifest):
    listed = {"manifest.json", "manifest.note"}
    for one in manifest["files"]:
        listed.add(one["path"])
        content = pack.files.get(one["path"])
        if content is None or len(content) != one["size"] or sha256(content).hex() != one["sha256"]:
            pack.fault(f"{one['path']} is absent or another than the manifest lists")
    for path in set(pack.files) - listed:
        pack.fault(f"{path} is not in the manifest")
    for path in ("README.html", "keys.txt", "actors.json"):
        pack.take(path)
    try:
        actors = parse_json(pack.files.get("actors.json", b""))
        good = isinstance(actors, dict) and all(has(a, ("name",)) and isinstance(a["name"], str) for a in actors.values())
    except (ValueError, RecursionError):
        good = False
    if not good:
        pack.fault("actors.json cannot be read")


def check_head(pack, log, path, size):
    """(size, root) of a checkpoint, or None; and the keys that signed it."""
    data = pack.take(path)
    keys = [key for key in pack.policy.logs if key[0] == log["origin"]]
    try:
        note = parse_note(data)
        origin, found, root = parse_checkpoint(note[0])
        if origin != log["origin"] or found != size:
            raise Tampered("another origin or size than the manifest says")
        signed = signers(note, keys + pack.policy.witnesses)
    except Tampered as fault:
        pack.fault(f"{path}: {fault}")
        return None, []
    if not any(key in keys for key in signed):
        pack.gap(f"{path} is signed by no log key of the policy")
    return (size, root), signed


def check_log(pack, log, period):
    folder = f"log/{log['log']}/"
    end, signed = check_head(pack, log, folder + "checkpoint.end", log["end"])
    start, start_signed = None, []
    if log["start"] > 0:
        start, start_signed = check_head(pack, log, folder + "checkpoint.start", log["start"])
    elif folder + "checkpoint.start" in pack.files:
        pack.take(folder + "checkpoint.start")
        pack.fault("a log that starts empty has a start checkpoint")
    if end and not pack.policy.reached(pack.policy.quorum, signed):
        pack.gap("too few witnesses")
    proofs = read_consistency(pack, log, folder)
    if start and end and not is_consistent(*start, *end, proofs.get(start[0])):
        pack.fault("the log did not simply grow from the start to the end checkpoint")
    population = read_population(pack, log, folder, end)
    disclosed = check_disclosures(pack, log, folder, population)
    check_blobs(pack, log, folder, population, disclosed)
    rotations = read_rotations(pack, population, disclosed)
    for head, keys, name in ((start, start_signed, "start"), (end, signed, "end")):
        own = [key for key in keys if key[0] == log["origin"]]
        check_signers(pack, own, retired_before(rotations, head[0]) if head else set(), f"checkpoint.{name}")
    check_sessions(pack, population, disclosed)
    check_seen(pack, log, population, proofs, start, end)
    check_observations(pack, folder, population, disclosed)
    check_period(pack, log, period, population["entries"])
    retired = retired_before(rotations, log["end"])
    return {"log": log, "start": start, "end": end, "proofs": proofs, "retired": retired, **population}


def read_rotations(pack, population, disclosed):
    """(index, old key, next key) of each rotation that both keys signed."""
    found = []
    for index, leaf in sorted([*population["entries"].items(), *population["later"].items()]):
        fields = disclosed.get(leaf["id"], {})
        if leaf["type"] != "key.rotated" or "statement" not in fields:
            continue
        try:
            if not isinstance(fields["statement"], str):
                raise Tampered("not a text")
            note = parse_note(fields["statement"])
            lines = note[0].split("\n")
            if len(lines) != 5 or lines[0] != "fortnight/key-rotation/v1" or lines[4] or not is_instant(lines[3]):
                raise Tampered("not a rotation")
            pair = hashes(lines[1:3])
            if pair is None or pair[0] == pair[1]:
                raise Tampered("no two keys")
            name = "fortnight/ledger-key"
            keys = [(name, sha256(name.encode() + b"\n\1" + key)[:4].hex(), 1, key) for key in pair]
            if not set(keys) <= set(signers(note, keys)):
                raise Tampered("not signed by both")
            found.append((index, *pair))
        except Tampered as fault:
            pack.fault(f"entry {index}: the rotation of a key: {fault}")
    return found


def retired_before(rotations, size):
    retired = set()
    for index, old, new in rotations:
        if index < size:
            retired.add(old)
            retired.discard(new)
    return retired


def read_consistency(pack, log, folder):
    proofs, before = {}, 0
    for line in pack.lines(folder + "consistency.ndjson"):
        proof = hashes(line["proof"]) if has(line, ("from", "proof")) else None
        if proof is None or not is_count(line["from"]) or not before < line["from"] < log["end"]:
            pack.fault("consistency.ndjson is malformed")
            break
        before = line["from"]
        proofs[before] = proof
    return proofs


def read_leaf(pack, log, data, index, ids):
    try:
        leaf = parse_json(data)
    except (ValueError, RecursionError):
        leaf = None
    if len(data) > 65535 or not is_leaf(leaf) or leaf["log"] != log["log"] or leaf["id"] in ids:
        pack.fault(f"entry {index} is not a leaf of this log, or stands twice")
        return None
    ids.add(leaf["id"])
    return leaf


def read_population(pack, log, folder, end):
    bundle, raw, at = pack.take(folder + "entries.bundle"), [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        raw.append(bundle[at + 2 : at + 2 + length])
        at += 2 + length
    try:
        edges = parse_json(pack.take(folder + "range.json"))
    except (ValueError, RecursionError):
        edges = None
    good = has(edges, ("left", "right", "v")) and edges["v"] == 1 and not isinstance(edges["v"], bool)
    left, right = (hashes(edges["left"]), hashes(edges["right"])) if good else (None, None)
    leaves = [leaf_hash(one) for one in raw]
    if at != len(bundle) or len(raw) != log["to"] - log["from"] or left is None or right is None:
        pack.fault("entries.bundle or range.json is malformed")
        return {"entries": {}, "later": {}, "left": None, "leaves": [], "whole": False}
    whole = bool(end) and range_root(log, left, leaves, right) == end[1]
    if end and not whole:
        pack.fault("the entries are not the whole population")
    ids, entries, later = set(), {}, {}
    for number, data in enumerate(raw):
        leaf = read_leaf(pack, log, data, log["from"] + number, ids)
        if leaf:
            entries[log["from"] + number] = leaf
    before = log["to"] - 1
    for line in pack.lines(folder + "later.ndjson"):
        proof = hashes(line["proof"]) if has(line, ("index", "leaf", "proof")) else None
        data = b64(line["leaf"]) if proof is not None and isinstance(line["leaf"], str) else None
        if data is None or not is_count(line["index"]) or line["index"] <= before:
            pack.fault("later.ndjson is malformed")
            break
        before = line["index"]
        proved = end and before < end[0] and root_by_inclusion(before, end[0], leaf_hash(data), proof) == end[1]
        leaf = read_leaf(pack, log, data, before, ids) if proved else None
        if not proved:
            pack.fault(f"later entry {before} is not proved")
        elif leaf:
            later[before] = leaf
    return {"entries": entries, "later": later, "left": left, "leaves": leaves, "whole": whole}


def parse_disclosure(text):
    """(name, value) or None."""
    try:
        parts = parse_json(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parts, list) or len(parts) != 3 or not isinstance(parts[0], str):
        return None
    salt = b64(parts[0], "url")
    if salt is None or not 16 <= len(salt) <= 32 or not isinstance(parts[1], str) or not parts[1]:
        return None
    return parts[1], parts[2]


def is_disclosure_line(line):
    state = line.get("state") if isinstance(line, dict) else None
    common = ("digest", "entry", "state")
    if state == "disclosed":
        good = has(line, common + ("text",)) and isinstance(line["text"], str)
    elif state == "withheld":
        good = has(line, common, ("name",))
    elif state in ("erased", "expired"):
        good = has(line, common + ("by",), ("name",)) and is_count(line["by"])
    else:
        return False
    return good and is_uuid(line["entry"]) and is_digest(line["digest"]) and isinstance(line.get("name", ""), str)


def check_disclosures(pack, log, folder, population):
    """Fields that are readable: {entry id: {name: value}}."""
    owner = {}
    for leaf in list(population["entries"].values()) + list(population["later"].values()):
        for digest in leaf["sd"]:
            owner[leaf["id"], digest] = leaf
    late = {leaf["id"] for leaf in population["later"].values()}
    lines, disclosed = {}, {}
    for line in pack.lines(folder + "disclosures.ndjson"):
        key = (line["entry"], line["digest"]) if is_disclosure_line(line) else None
        if key is None or key not in owner or key in lines or (key[0] in late and line["state"] != "disclosed"):
            pack.fault("a disclosure line is malformed, foreign or given twice")
            continue
        lines[key] = line
        if line["state"] != "disclosed":
            continue
        field = parse_disclosure(line["text"])
        if field is None or b64url(sha256(b"fortnight/disclosure/v1\n" + line["text"].encode())) != line["digest"]:
            pack.fault(f"a field of entry {line['entry']} is not the one recorded")
            continue
        fields = disclosed.setdefault(line["entry"], {})
        if field[0] in fields:
            pack.fault(f"entry {line['entry']} has a field twice")
        fields[field[0]] = field[1]
    for index, leaf in population["entries"].items():
        for digest in leaf["sd"]:
            line = lines.get((leaf["id"], digest))
            if line is None:
                pack.fault(f"entry {index}: field {digest} is missing")
            elif line["state"] in ("erased", "expired"):
                check_gone(pack, population, disclosed, index, line["by"], line["state"], "digests", digest)
    return disclosed


GONE = {"erased": "erasure.executed", "expired": "retention.expired", "redacted": "session.redacted"}


def check_gone(pack, population, disclosed, index, by, state, field, what):
    leaf = population["entries"].get(by) or population["later"].get(by)
    named = disclosed.get(leaf["id"], {}).get(field) if leaf else None
    if leaf and by > index and leaf["type"] == GONE[state] and isinstance(named, list) and what in named:
        return True
    pack.fault(f"entry {index}: {what} is said to be {state} by entry {by}, which does not say so")
    return False


def is_blob_line(line):
    state = line.get("state") if isinstance(line, dict) else None
    common = ("entry", "h", "state")
    if state in ("present", "withheld"):
        good = has(line, common)
    elif state in ("erased", "expired"):
        good = has(line, common + ("by",)) and is_count(line["by"])
    elif state == "redacted":
        good = has(line, common + ("by", "with")) and is_count(line["by"]) and is_hex(line["with"])
    else:
        return False
    return good and is_uuid(line["entry"]) and is_hex(line["h"])


def check_blobs(pack, log, folder, population, disclosed):
    carried = {(leaf["id"], blob["h"]) for leaf in population["entries"].values() for blob in leaf.get("blobs", [])}
    lines = {}
    for line in pack.lines(folder + "blobs.ndjson"):
        key = (line["entry"], line["h"]) if is_blob_line(line) else None
        if key is None or key not in carried or key in lines:
            pack.fault("a blob line is malformed, foreign or given twice")
        else:
            lines[key] = line
    casts, placed, waiting = {}, set(), []
    for index, leaf in sorted(population["entries"].items()):
        sessions = [ref[1] for ref in leaf["refs"] if ref[0] == "session"]
        for blob in leaf.get("blobs", []):
            line = lines.get((leaf["id"], blob["h"]))
            piece = check_blob(pack, population, disclosed, index, blob, line)
            if blob["kind"] == "cast.redacted" and line and line["state"] == "present":
                waiting.append(blob["h"])
            if blob["kind"] != "cast.chunk" or piece is None:
                continue
            if len(sessions) != 1:
                pack.fault(f"entry {index} has a chunk and not one session")
                continue
            if line["state"] == "redacted":
                placed.add(piece[0])
            casts.setdefault(sessions[0], []).append(piece)
    for h in waiting:
        if h not in placed:
            pack.fault(f"replacement {h} stands nowhere")
    for session, pieces in casts.items():
        data, at = pack.take(f"{folder}casts/{session}.cast"), 0
        for h, length in pieces:
            if sha256(data[at : at + length]).hex() != h or at + length > len(data):
                pack.fault(f"recording {session} is not the one recorded")
                break
            at += length
        else:
            if at != len(data):
                pack.fault(f"recording {session} goes on behind its last chunk")


def check_blob(pack, population, disclosed, index, blob, line):
    """(hash, length) of what stands in a recording for a chunk, or None."""
    h, kind = blob["h"], blob["kind"]
    if line is None:
        pack.fault(f"entry {index}: {kind} {h} is missing")
        return None
    state = line["state"]
    if state == "present" and kind in ("cast.chunk", "cast.redacted"):
        return h, blob["n"]
    if state == "present":
        data = pack.take("blobs/" + h)
        if len(data) != blob["n"] or sha256(data).hex() != h:
            pack.fault(f"blobs/{h} is not the one recorded")
    elif state in ("erased", "expired"):
        check_gone(pack, population, disclosed, index, line["by"], state, "blobs", h)
    elif state == "redacted":
        by = population["entries"].get(line["by"]) or population["later"].get(line["by"]) or {}
        stands = [b for b in by.get("blobs", []) if b["kind"] == "cast.redacted" and b["h"] == line["with"]]
        pair = [h, line["with"]]
        if kind not in ("cast.chunk", "cast.redacted") or not stands:
            pack.fault(f"entry {index}: chunk {h} has no replacement")
        elif check_gone(pack, population, disclosed, index, line["by"], state, "replaced", pair):
            return stands[0]["h"], stands[0]["n"]
    return None


def check_sessions(pack, population, disclosed):
    """What each recorder declared against the chunks that the log names."""
    told = {}
    for index, leaf in sorted(population["entries"].items()):
        sessions = [ref[1] for ref in leaf["refs"] if ref[0] == "session"]
        if not leaf["type"].startswith("session.") or len(sessions) != 1:
            continue
        known, named = told.get(sessions[0], (None, []))
        if leaf["type"] == "session.opened":
            known = (0, bytes(32))
        named = named + [blob["h"] for blob in leaf.get("blobs", []) if blob["kind"] == "cast.chunk"]
        fields = disclosed.get(leaf["id"], {})
        chunks, head = fields.get("chunks"), fields.get("head")
        if is_count(chunks) and is_hex(head):
            if known is not None:
                compare_chunks(pack, index, known, named, chunks, head)
            known, named = (chunks, bytes.fromhex(head)), []
        elif leaf["type"] == "session.closed":
            pack.gap(f"entry {index} does not show how many chunks there were")
        told[sessions[0]] = (known, named)


def compare_chunks(pack, index, known, named, chunks, head):
    missing = chunks - known[0] - len(named)
    value = known[1]
    for h in named:
        value = sha256(b"\3" + value + bytes.fromhex(h))
    if missing > 0:
        pack.gap(f"entry {index}: {missing} chunks of the recording are named nowhere")
    elif missing < 0 or value.hex() != head:
        pack.fault(f"entry {index}: the chunks named are not those declared")


def check_seen(pack, log, population, proofs, start, end):
    """Heads that writers of entries had seen."""
    seen = [(i, leaf["prev_cp"]) for i, leaf in population["entries"].items() if "prev_cp" in leaf]
    proved = end and population["left"] is not None and population["whole"]
    for index, head in seen:
        size, root = head["size"], b64(head["root"])
        agrees = None
        if proved and log["from"] <= size <= log["to"]:
            before = [(length, value) for (_, length), value in zip(blocks(0, log["from"]), population["left"])]
            agrees = root_of(before + [(1, one) for one in population["leaves"][: size - log["from"]]]) == root
        elif start and size == start[0]:
            agrees = root == start[1]
        elif end and size == end[0]:
            agrees = root == end[1]
        elif end and size in proofs:
            agrees = is_consistent(size, root, *end, proofs[size])
        if size > index or agrees is False:
            pack.fault(f"entry {index}: its writer had seen another log")


def is_window(window):
    if not has(window, ("count", "root", "spans", "v"), ("previous",)) or window["v"] != 1:
        return False
    if not is_digest(window["root"]) or ("previous" in window and not is_digest(window["previous"])):
        return False
    total = 0
    for span in window["spans"] if isinstance(window["spans"], list) else [None]:
        if not has(span, ("first", "last", "process")) or not isinstance(span["process"], str):
            return False
        if not is_count(span["first"]) or not is_count(span["last"]) or not 1 <= span["first"] <= span["last"]:
            return False
        total += span["last"] - span["first"] + 1
    return is_count(window["count"]) and window["count"] == total > 0


def check_observations(pack, folder, population, disclosed):
    windows, undisclosed = [], False
    for index, leaf in population["entries"].items():
        if leaf["type"] != "observations.sealed":
            continue
        fields = disclosed.get(leaf["id"], {})
        if "window" not in fields:
            undisclosed = True
        elif not is_window(fields["window"]):
            pack.fault(f"entry {index}: the window is malformed")
        else:
            windows.append(fields["window"])
            check_rows(pack, f"{folder}observations/{leaf['id']}.ndjson", fields["window"])
    previous = [window.get("previous") for window in windows]
    if len(set(previous)) != len(previous):
        pack.fault("two windows follow the same window")
    tag = b"fortnight/observation-window/v1\n"
    digests = {b64url(sha256(tag + canonical(window).encode())) for window in windows}
    if not undisclosed and sum(one is None or one not in digests for one in previous) > 1:
        pack.fault("the chain of windows is broken")


def check_rows(pack, path, window):
    if path not in pack.files:
        return
    rows, parts = [], []
    for line in pack.lines(path):
        data = b64(line["bytes"]) if has(line, ("bytes", "number", "process")) and isinstance(line["bytes"], str) else None
        if data is None or not is_count(line["number"]) or not isinstance(line["process"], str):
            pack.fault(f"{path} is malformed")
            return
        rows.append((line["process"], line["number"]))
        parts.append((1, leaf_hash(data)))
    expected = [(s["process"], n) for s in window["spans"] for n in range(s["first"], s["last"] + 1)]
    ordered = sorted(set(rows), key=lambda row: (row[0].encode("utf-16-be"), row[1]))
    if rows != expected or rows != ordered or b64url(root_of(parts)) != window["root"]:
        pack.fault(f"{path}: the rows are not those sealed")


def check_period(pack, log, period, entries):
    if log["from"] > 0:
        first = entries.get(log["from"])
        if not first or first["at"] >= period["from"]:
            pack.gap("the period is not bounded at its start")
    if log["to"] < log["end"]:
        last = entries.get(log["to"] - 1)
        if not last or last["at"] < period["to"]:
            pack.gap("the period is not bounded at its end")


def check_held(pack, data, logs):
    try:
        note = parse_note(data)
        origin, size, root = parse_checkpoint(note[0])
    except Tampered as fault:
        pack.gap(f"the checkpoint you kept: {fault}")
        return
    read = logs.get(origin)
    if read is None:
        pack.gap("the checkpoint you kept is of another log")
        return
    log, end = read["log"], read["end"]
    if end is None or size == 0:
        return
    if size > end[0]:
        pack.fault("the log has shrunk since the checkpoint you kept")
    elif size == end[0] or (read["start"] and size == read["start"][0]):
        known = end[1] if size == end[0] else read["start"][1]
        if known != root:
            pack.fault("the log was forked")
    elif log["from"] <= size <= log["to"] and read["left"] is not None:
        before = [(length, value) for (_, length), value in zip(blocks(0, log["from"]), read["left"])]
        leaves = [(1, value) for value in read["leaves"][: size - log["from"]]]
        if root_of(before + leaves) != root:
            pack.fault("the log was forked")
    elif size not in read["proofs"]:
        pack.gap("the pack has no proof from the checkpoint you kept")
    elif not is_consistent(size, root, *end, read["proofs"][size]):
        pack.fault("the log was forked")


# --- The program -----------------------------------------------------------------------------------------------------


def read_file(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as fault:
        raise Usage(f"{path} cannot be read: {fault.strerror}") from fault


def options(argv):
    packs, policies, held, at = [], [], [], 0
    while at < len(argv):
        word, _, value = argv[at].partition("=")
        if word in ("--policy", "--since"):
            if not value:
                at += 1
                value = argv[at] if at < len(argv) else ""
            if not value:
                raise Usage(f"{word} needs a value")
            (policies if word == "--policy" else held).append(value)
        elif word.startswith("-"):
            raise Usage(f"unknown option {word}")
        else:
            packs.append(argv[at])
        at += 1
    if len(packs) != 1 or len(policies) > 1:
        raise Usage(__doc__.strip().splitlines()[-1].strip())
    return packs[0], policies, [read_file(path) for path in held]


def read_policy(data):
    try:
        return parse_policy(data.decode("utf-8", "replace"))
    except ValueError as fault:
        raise Usage(f"the policy cannot be used: {fault}") from fault


def main(argv):
    faults, gaps = [], []
    try:
        path, policies, held = options(argv)
        data = read_file(path)
        policy = read_policy(read_file(policies[0])) if policies else None
        files = read_zip(data)
        if policy is None:
            gaps.append("self-consistent only, signer not trusted")
            try:
                policy = parse_policy(files.get("keys.txt", b"").decode("utf-8", "replace"))
            except ValueError as fault:
                gaps.append(f"keys.txt: {fault}")
                policy = Policy()
        pack = Pack(files, policy)
        pack.faults, pack.gaps = faults, gaps
        verify(pack, held)
    except Usage as fault:
        print(fault, file=sys.stderr)
        return 3
    except Tampered as fault:
        faults.append(str(fault))
    except NotEstablished as fault:
        gaps.append(str(fault))
    for text in faults:
        print("contradiction:  ", ascii(text))
    for text in gaps:
        print("not established:", ascii(text))
    print("TAMPERED" if faults else "NOT ESTABLISHED" if gaps else "OK")
    return 1 if faults else 2 if gaps else 0


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    sys.exit(main(sys.argv[1:]))
