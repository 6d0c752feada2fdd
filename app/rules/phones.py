"""Telephone numbers in any spelling. The plans themselves are `phonenumbers`' knowledge, not ours."""

from __future__ import annotations

import re

from app.rules.folding import digits_in

# Nearly every number in China, known without asking for it: that takes 0.1 ms, a million times at a desk's first start.
_CHINESE_MOBILE = re.compile(r"(?:\+?86 ?)?(1[3-9][0-9] ?[0-9]{4} ?[0-9]{4})")
_MIN_DIGITS = 3
_MAX_DIGITS = 20


def phone_keys(number: str, region: str) -> frozenset[str]:
    """The digit strings under which `number` is found: national and international, without prefix signs."""
    plain = digits_in(number)
    if region == "CN" and (mobile := _CHINESE_MOBILE.fullmatch(number)):
        national = mobile[1].replace(" ", "")
        return frozenset({plain, national, f"86{national}"})
    import phonenumbers  # noqa: PLC0415 - 20 ms that only those who index or dial pay for

    keys = {plain} if _MIN_DIGITS <= len(plain) <= _MAX_DIGITS else set()
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return frozenset(keys)
    national = phonenumbers.national_significant_number(parsed)
    return frozenset(keys | {national, f"{parsed.country_code}{national}"})


def spellings(number: str, region: str = "CN") -> frozenset[str]:
    """Every digit string that `number` may have been written as, with prefix signs and without."""
    keys = phone_keys(number, region)
    return keys | {f"{prefix}{one}" for one in keys for prefix in ("0", "00")} | {digits_in(number)}


def shown_phone(number: str) -> str:
    """A mobile number the way people read it aloud, 138 0013 8000; anything else as it came."""
    plain = digits_in(number)
    is_foreign = number.lstrip().startswith("+")
    if len(plain) == 11 and plain.startswith("1") and not is_foreign:  # noqa: PLR2004 - the Chinese mobile plan
        return f"{plain[:3]} {plain[3:7]} {plain[7:]}"
    return number
