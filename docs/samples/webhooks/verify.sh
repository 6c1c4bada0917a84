#!/usr/bin/env bash
# Verifies a webhook of Rushes by hand, with openssl alone.
#
#     WEBHOOK_SECRET=whsec_... ./verify.sh WEBHOOK-ID WEBHOOK-TIMESTAMP 'WEBHOOK-SIGNATURE' BODY-FILE
#
# The body is the file's bytes as they came. The age of the timestamp is yours to judge; receivers take five minutes.
set -euo pipefail

id=$1 timestamp=$2 signatures=$3 body=$4

# The key is what the base64 stands for, not the text.
key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
expected=$({ printf '%s.%s.' "$id" "$timestamp" && cat "$body"; } |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)

# There are several while the secret is being changed; one that fits is enough.
for signature in $signatures; do
    if [ "$signature" = "v1,$expected" ]; then
        echo authentic
        exit 0
    fi
done
echo "not authentic; expected v1,$expected" >&2
exit 1
