#!/usr/bin/python3
"""Verifies the DKIM signature of a mail by Debian's python3-dkim, with a TXT record from a file instead of the DNS.
verify_dkim.py MAIL RECORD: exit 0 when it is good, 3 when it is not; 1 is a mistake of this program."""
import sys

import dkim

with open(sys.argv[1], "rb") as mail, open(sys.argv[2], "rb") as record:
    text = record.read()
    is_good = dkim.verify(mail.read(), dnsfunc=lambda name, timeout=5: text)
sys.exit(0 if is_good else 3)
