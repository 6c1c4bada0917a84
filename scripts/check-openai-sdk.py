#!/usr/bin/env python3
"""Drives a sandbox with the real `openai` package, unchanged, and says what did not work.

    rushes sandbox --listen 127.0.0.1:9100 --data-dir /tmp/sandbox --speed 100
    scripts/sdk-environments
    ~/.cache/rushes/sdk/openai-3/bin/python scripts/check-openai-sdk.py http://127.0.0.1:9100/v1 sandbox

Exits with 0 when every call behaved as it does against the real service.
"""

import struct
import sys
import tempfile
import time
import warnings
import zlib

import openai

warnings.simplefilter("ignore", DeprecationWarning)


def png(width, height):
    """A grey PNG, so that the check needs no image library."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def refused(kind, call):
    """Calls, and returns the error of that kind; anything else is a failure."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}")


def main(base_url, key):
    client = openai.OpenAI(base_url=base_url, api_key=key)
    videos = client.videos
    tag = f"check {time.time_ns()}"

    video = videos.create(prompt=f"{tag} A red kite", model="sora-2", seconds="4", size="1280x720")
    assert video.status == "queued" and video.seconds == "4" and video.error is None, video
    print("create: multipart without a file")

    with_file = videos.create(prompt=f"{tag} file", size="720x1280", input_reference=("a.png", png(720, 1280), "image/png"))
    assert with_file.model == "sora-2" and with_file.size == "720x1280", with_file
    print("create: multipart with a file")

    done = videos.create_and_poll(prompt=f"{tag} polled", timeout=600)
    assert done.status == "completed" and done.progress == 100 and done.completed_at, done
    print("create_and_poll: completed")

    while (current := videos.retrieve(video.id)).status in ("queued", "in_progress"):
        time.sleep(0.2)
    assert current.status == "completed" and current.expires_at == current.completed_at + 3600, current
    print("retrieve: completed")

    content = videos.download_content(video.id)
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        content.write_to_file(file.name)
        data = open(file.name, "rb").read()
    assert content.response.headers["content-type"] == "video/mp4" and data[4:8] == b"ftyp", data[:16]
    assert int(content.response.headers["content-length"]) == len(data)
    thumbnail = videos.download_content(video.id, variant="thumbnail").read()
    assert thumbnail[8:12] == b"WEBP", thumbnail[:16]
    print(f"download_content: {len(data)} bytes of MP4, {len(thumbnail)} of WebP")

    ids = [entry.id for entry in videos.list(limit=2, order="asc")]
    assert len(ids) == len(set(ids)) and {video.id, with_file.id, done.id} <= set(ids), ids
    assert [entry.id for entry in videos.list(limit=2)] == ids[::-1]
    print(f"list: {len(ids)} videos in pages of two, both ways")

    failed = videos.create_and_poll(prompt=f"{tag} [sim:moderation]")
    assert failed.status == "failed" and failed.error.code == "moderation_blocked", failed
    print("a failed job carries its error")

    deletion = videos.delete(video.id)
    assert deletion.deleted and deletion.object == "video.deleted", deletion
    refused(openai.NotFoundError, lambda: videos.retrieve(video.id))
    refused(openai.NotFoundError, lambda: videos.delete(video.id))
    print("delete: gone, and gone only once")

    error = refused(openai.BadRequestError, lambda: videos.create(prompt="x", seconds="5"))
    assert error.param == "seconds" and error.code == "invalid_value", error
    refused(openai.BadRequestError, lambda: videos.create(prompt="x", size="640x480"))
    assert refused(openai.NotFoundError, lambda: videos.create(prompt="x", model="no-1")).code == "model_not_found"
    stranger = openai.OpenAI(base_url=base_url, api_key="not-" + key)
    assert refused(openai.AuthenticationError, lambda: stranger.videos.list()).code == "invalid_api_key"
    print("refusals: the SDK reads status, code and param")

    throttled = videos.create(prompt=f"{tag} [sim:429]")
    assert throttled.status == "queued", throttled
    print("429: the SDK's own retries get through")

    assert "sora-2" in [model.id for model in client.models.list()]
    assert client.models.retrieve("sora-2").object == "model"
    print("models: listed and read")
    print(f"all calls of openai {openai.__version__} behaved")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} BASE_URL KEY")
    main(sys.argv[1], sys.argv[2])
