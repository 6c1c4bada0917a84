#!/usr/bin/env bash
# Sends a signed webhook to a receiver with curl and openssl, as Rushes would.
#
#     WEBHOOK_SECRET=whsec_... ./send.sh URL BODY-FILE
set -euo pipefail

url=$1 body=$2
id=evt_$(openssl rand -hex 13)
timestamp=$(date +%s)

# The key is what the base64 stands for, not the text.
key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=$({ printf '%s.%s.' "$id" "$timestamp" && cat "$body"; } |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)

# --data-binary sends the bytes as they are; --data would take line ends out.
curl --silent --show-error --fail --max-time 5 --output /dev/null --write-out '%{http_code}\n' \
    --header "content-type: application/json" --header "webhook-id: $id" \
    --header "webhook-timestamp: $timestamp" --header "webhook-signature: v1,$signature" \
    --data-binary "@$body" "$url"
